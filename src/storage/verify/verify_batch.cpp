#include "storage/verify/verify_batch.hpp"

#include <optional>
#include <set>

#include "storage/rules/actions.hpp"
#include "storage/verify/verify_transaction.hpp"

namespace payments {
namespace {

using Rows = LedgerRows;

using ledger::TransactionRecord;

// Rows of another table in the order of the transactions they belong to, read alongside these:
// column 0 is the transaction's id. Rows of one that does not exist are found by walking past it.
// Foreign keys forbid such rows, but they can be switched off, and a file can be damaged.
class JoinedRows {
public:
    JoinedRows(std::unique_ptr<Rows> rows, std::string what)
        : rows_(std::move(rows)), what_(std::move(what)) {
        step();
    }

    // Calls `read` for each row of transaction `id`.
    template <class Read>
    void each_of(std::int64_t id, LedgerReport& report, Read read) {
        pass_until(id, report);
        for (; here_ == id; step()) read(*rows_);
    }
    // Rows before those of `id` are of transactions that are missing.
    void pass_until(std::int64_t id, LedgerReport& report) {
        for (std::int64_t missing = 0; here_ && *here_ < id; step()) {
            if (*here_ != missing) report.differences.push_back({*here_, what_ + " without it"});
            missing = *here_;
        }
    }

private:
    void step() {
        here_.reset();
        if (rows_->next()) here_ = rows_->integer(0);
    }

    std::unique_ptr<Rows> rows_;
    std::string what_;
    std::optional<std::int64_t> here_;
};

class BatchVerifier {
public:
    BatchVerifier(
        LedgerReader& source, const std::function<void()>& passed, TotalsOf& added, FoundPart& found
    )
        : source_(source), passed_(passed), added_(added), found_(found), report_(found.report) {}

    void read(std::int64_t after, std::int64_t to) {
        for (auto known = source_.query("SELECT id FROM scopes"); known->next();)
            scopes_.insert(known->integer(0));
        static const auto all = "SELECT " + std::string{from_row::transaction_columns} +
                                ", live, holds_fee, watched, concerns FROM transactions"
                                " WHERE id > $1 AND id <= $2 ORDER BY id";
        static const auto facts_sql = "SELECT transaction_id, seq, identity, hash, " +
                                      std::string{from_row::entry_columns} +
                                      " FROM facts WHERE transaction_id > $1"
                                      " AND transaction_id <= $2 ORDER BY transaction_id, seq";
        JoinedRows facts{source_.query(facts_sql, {after, to}), "it is missing: there are facts"};
        JoinedRows messages{
            source_.query(
                "SELECT " + std::string{message_columns} +
                    " FROM notifications WHERE transaction_id > $1 AND transaction_id <= $2"
                    " ORDER BY transaction_id, id",
                {after, to}
            ),
            "it is missing: there are messages"};
        JoinedRows matches{
            source_.query(
                "SELECT m.transaction_id, newest_message, at, m.hash, n.hash, identity,"
                " notification_id, n.body IS NULL FROM matches AS m LEFT JOIN notifications AS n"
                " ON n.id = notification_id AND n.transaction_id IS NULL"
                " WHERE m.transaction_id > $1 AND m.transaction_id <= $2"
                " ORDER BY m.transaction_id, newest_message, m.id",
                {after, to}
            ),
            "it is missing: there are matches"};
        JoinedRows events{
            source_.query(
                "SELECT transaction_id, type, status_before, refunded_before, status_after,"
                " refunded_after, at FROM outbox WHERE transaction_id > $1"
                " AND transaction_id <= $2 ORDER BY transaction_id, id",
                {after, to}
            ),
            "it is missing: there are outgoing events"};
        JoinedRows erased{erasures(after, to), "it is missing: there are erasures"};
        const auto rows = source_.query(all, {after, to});
        while (rows->next()) {
            const auto id = rows->integer(0);
            erased_ = {};
            erased.each_of(id, report_, [&](const Rows& row) { erased_.add(erased_by(row, 1)); });
            try {
                verify_transaction_row(*rows, facts, messages, matches, events);
            } catch (const from_row::Damaged& damaged) {
                // Its other rows are passed over, or they would be told as those of a transaction
                // that is missing.
                add(id, damaged.what());
                const auto skip = [](const Rows&) {};
                facts.each_of(id, report_, skip);
                messages.each_of(id, report_, skip);
                matches.each_of(id, report_, skip);
                events.each_of(id, report_, skip);
            }
            ++report_.transactions;
            passed_();
        }
        facts.pass_until(last_transaction, report_);
        messages.pass_until(last_transaction, report_);
        matches.pass_until(last_transaction, report_);
        events.pass_until(last_transaction, report_);
        erased.pass_until(last_transaction, report_);
    }

private:
    std::unique_ptr<Rows> erasures(std::int64_t after, std::int64_t to) {
        return source_.query(
            "SELECT transaction_id, details FROM actions WHERE kind = 'erase'"
            " AND coalesce(transaction_id, 0) > $1 AND coalesce(transaction_id, 0) <= $2"
            " AND transaction_id IS NOT NULL ORDER BY coalesce(transaction_id, 0), seq",
            {after, to}
        );
    }

    void verify_transaction_row(
        const Rows& row, JoinedRows& facts, JoinedRows& messages, JoinedRows& matches,
        JoinedRows& events
    ) {
        TransactionRecord record{from_row::attempt_row(row)};
        // Behind the columns of from_row::transaction_columns.
        constexpr int flags = from_row::transaction_column_count;
        record.live = row.flag(flags);
        record.holds_fee = row.flag(flags + 1);
        record.watched = row.flag(flags + 2);
        record.concerns = row.text(flags + 3);
        auto& transaction = record.row.transaction;
        const auto id = transaction.id;
        facts.each_of(id, report_, [&](const Rows& fact) {
            ++report_.facts;
            record.links.push_back({fact.integer(1), fact.text(2), fact.text(3)});
            transaction.entries.push_back(from_row::event(fact, 4));
        });
        if (transaction.scope_id && !scopes_.contains(*transaction.scope_id))
            add(id, "nothing says which scope number " + std::to_string(*transaction.scope_id) +
                        " is, so few may see it");
        verify_messages(record.row, messages, matches);
        events.each_of(id, report_, [&](const Rows& event) {
            record.events.push_back(event_row(event));
        });
        for (auto& difference : ledger::verify_transaction(record)) add(id, std::move(difference));
        if (report_.differences.empty()) add_transaction(record.row, {&added_, 1});
        // Of two that could be paid, as when a late message revived one, only one is called live.
        if (!record.live && is_live(transaction.status) && !has_live_attempt(transaction))
            add(id, "it could still be paid, yet is not live");
    }

    // Messages that came when it was known, and those that were matched later, in one chain.
    void verify_messages(
        const ledger::AttemptRow& attempt, JoinedRows& messages, JoinedRows& matches
    ) {
        const auto id = attempt.transaction.id;
        std::vector<LaterMatch> later;
        matches.each_of(id, report_, [&](const Rows& row) { later.push_back(match_row(row)); });
        std::string hash;
        auto next = later.begin();
        const auto pass_matches = [&](std::int64_t message) {
            for (; next != later.end() && next->newest_message < message; ++next)
                hash = verify_match(*next, hash, id);
        };
        messages.each_of(id, report_, [&](const Rows& message) {
            pass_matches(message.integer(7));
            hash = payments::verify_message(message, hash, id, erased_, report_);
        });
        pass_matches(last_transaction);
        if (attempt.messages_hash != hash) add(id, "its messages do not end where the chain does");
    }

    struct LaterMatch {
        std::int64_t newest_message;
        Time at;
        std::string hash, message_hash, label;
        std::int64_t message;
        bool is_erased;
    };
    static LaterMatch match_row(const Rows& row) {
        const bool is_there = !row.is_null(4);
        return {
            row.integer(1),
            row.time(2),
            row.text(3),
            row.text(4),
            "the match of message " + (is_there ? row.text(5) : "number " + row.text(6)),
            row.integer(6),
            is_there && row.flag(7)};
    }
    std::string verify_match(
        const LaterMatch& match, const std::string& previous, std::int64_t id
    ) {
        if (match.message_hash.empty())
            add(id, match.label + " is about none that was unmatched");
        else if (match.hash != ledger::match_hash(previous, id, match.message_hash, match.at))
            add(id, match.label + " breaks the hash chain");
        // It may have been erased as one about nothing, just before it was matched.
        if (match.is_erased && !erased_.messages.contains(match.message))
            found_.erased_otherwise.emplace_back(id, match.message);
        return match.hash;
    }

    ledger::StoredEvent event_row(const Rows& row) {
        const TransactionState before{from_row::sound(status_of(row.text(2))), row.integer(3)};
        const TransactionState after{from_row::sound(status_of(row.text(4))), row.integer(5)};
        return {row.text(1), before, after, row.time(6)};
    }

    bool has_live_attempt(const Transaction& other) {
        const auto rows = source_.query(
            "SELECT id, fee_type FROM transactions WHERE ticket_id = $1 AND live", {other.ticket_id}
        );
        while (rows->next())
            if (rows->integer(0) != other.id && rows->text(1) == other.code.fee_type) return true;
        return false;
    }

    void add(std::int64_t id, std::string detail) {
        report_.differences.push_back({id, std::move(detail)});
    }

    LedgerReader& source_;
    const std::function<void()>& passed_;
    TotalsOf& added_;
    FoundPart& found_;
    LedgerReport& report_;
    std::set<std::int64_t> scopes_;  // numbers on record, as the batch sees them
    ledger::ErasedRows erased_;      // of the transaction that is being verified
};

}  // namespace

void verify_batch(
    LedgerReader& source, std::int64_t after, std::int64_t to, const std::function<void()>& passed,
    TotalsOf& added, FoundPart& found
) {
    BatchVerifier{source, passed, added, found}.read(after, to);
}

std::string verify_message(
    const Rows& row, std::string_view previous, std::int64_t id, const ledger::ErasedRows& erased,
    LedgerReport& report
) {
    ++report.messages;
    auto stored = row.text(6);
    const auto processor = processor_of(row.text(1));
    if (!processor) {
        report.differences.push_back({id, "message " + row.text(2) + " is of no known processor"});
        return stored;
    }
    const SignedMessage message{*processor, row.text(2), row.text(4), row.text(5)};
    if (row.is_null(5) && id != 0) check_erased(id, row.integer(7), erased, report);
    const auto body = row.is_null(5) ? row.text(8) : ledger::body_hash(message.body);
    auto difference = ledger::verify_message_link(previous, message, body, row.time(3), stored);
    if (!difference.empty()) report.differences.push_back({id, std::move(difference)});
    return stored;
}

void check_erased(
    std::int64_t id, std::int64_t message, const ledger::ErasedRows& erased, LedgerReport& report
) {
    if (erased.messages.contains(message)) return;
    report.differences.push_back(
        {id, "the body of message number " + std::to_string(message) +
                 " is gone, and nothing says who erased it"}
    );
}

ledger::ErasedRows erased_by(const Rows& row, int column) {
    return ledger::erased_rows(ledger::read_details(row.text(column)).value_or(ActionDetails{}));
}

}  // namespace payments
