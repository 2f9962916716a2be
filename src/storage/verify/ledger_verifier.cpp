#include "storage/verify/ledger_verifier.hpp"

#include <limits>
#include <set>

#include "storage/rules/actions.hpp"
#include "storage/rules/books.hpp"
#include "storage/rules/erasures.hpp"
#include "storage/rules/rows.hpp"
#include "storage/verify/verify_actions.hpp"
#include "storage/verify/verify_settlements.hpp"
#include "storage/verify/verify_totals.hpp"
#include "storage/verify/verify_transaction.hpp"

namespace payments {
namespace {

using Rows = LedgerRows;

using ledger::TransactionRecord;

// Transactions read as they are at one moment. A longer snapshot would keep SQLite from emptying
// its write-ahead log, and PostgreSQL from removing old rows.
constexpr std::int64_t batch_size = 5'000;
constexpr std::int64_t progress_every = 250;
constexpr auto last_id = std::numeric_limits<std::int64_t>::max();

std::string number_of(std::int64_t id) { return "TR" + std::to_string(id); }

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

class LedgerVerifier {
public:
    LedgerVerifier(LedgerReader& source, const VerifyOptions& options, LedgerReport& found)
        : source_(source), options_(options), report_(found) {}

    void run() {
        const auto count = source_.query("SELECT count(*) FROM transactions");
        if (count->next()) progress_.of = count->integer(0);
        std::int64_t after = std::numeric_limits<std::int64_t>::min();
        while (after != last_id) {
            source_.begin();
            const auto to = end_of_batch(after);
            read_batch(after, to);
            source_.end();
            after = to;
        }
        // Behind the batches each is one statement, which sees one moment by itself.
        check_unmatched();
        check_erasures();
        check_ids();
        verify_actions(source_, report_);
        verify_settlements(source_, report_);
        // Sums follow from all that: what is wrong there would be told twice.
        if (report_.differences.empty()) verify_totals(source_, std::move(added_), report_);
        for (auto& damage : source_.damage()) add(0, std::move(damage));
        report_progress();
    }

private:
    // The id that ends the batch which begins after `after`.
    std::int64_t end_of_batch(std::int64_t after) {
        const auto rows = source_.query(
            "SELECT id FROM transactions WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2",
            {after, batch_size - 1}
        );
        return rows->next() ? rows->integer(0) : last_id;
    }

    void read_batch(std::int64_t after, std::int64_t to) {
        scopes_.clear();
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
                "SELECT transaction_id, processor, identity, received_at, signature, body, hash,"
                " id, body_sha256 FROM notifications WHERE transaction_id > $1 AND transaction_id "
                "<= $2"
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
            if (++progress_.transactions % progress_every == 0) report_progress();
        }
        facts.pass_until(last_id, report_);
        messages.pass_until(last_id, report_);
        matches.pass_until(last_id, report_);
        events.pass_until(last_id, report_);
        erased.pass_until(last_id, report_);
    }

    std::unique_ptr<Rows> erasures(std::int64_t after, std::int64_t to) {
        return source_.query(
            "SELECT transaction_id, details FROM actions WHERE kind = 'erase'"
            " AND coalesce(transaction_id, 0) > $1 AND coalesce(transaction_id, 0) <= $2"
            " AND transaction_id IS NOT NULL ORDER BY coalesce(transaction_id, 0), seq",
            {after, to}
        );
    }
    // What an action says that it erased; one whose own details are gone says nothing.
    static ledger::ErasedRows erased_by(const Rows& row, int column) {
        return ledger::erased_rows(ledger::read_details(row.text(column)).value_or(ActionDetails{})
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
            hash = verify_message(message, hash, id);
        });
        pass_matches(last_id);
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
            erased_otherwise_.emplace_back(id, match.message);
        return match.hash;
    }

    // One message of a chain, its columns from 1 on; returns its stored hash.
    std::string verify_message(const Rows& row, std::string_view previous, std::int64_t id) {
        ++report_.messages;
        auto stored = row.text(6);
        const auto processor = processor_of(row.text(1));
        if (!processor) {
            add(id, "message " + row.text(2) + " is of no known processor");
            return stored;
        }
        const SignedMessage message{*processor, row.text(2), row.text(4), row.text(5)};
        if (row.is_null(5) && id != 0) check_erased(id, row.integer(7), erased_);
        const auto body = row.is_null(5) ? row.text(8) : ledger::body_hash(message.body);
        auto difference = ledger::verify_message_link(previous, message, body, row.time(3), stored);
        if (!difference.empty()) add(id, std::move(difference));
        return stored;
    }

    // A body is gone only when somebody is on record as having erased it.
    void check_erased(std::int64_t id, std::int64_t message, const ledger::ErasedRows& erased) {
        if (!erased.messages.contains(message))
            add(id, "the body of message number " + std::to_string(message) +
                        " is gone, and nothing says who erased it");
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

    void check_unmatched() {
        const auto rows = source_.query(
            "SELECT transaction_id, processor, identity, received_at, signature, body, hash, id,"
            " body_sha256 FROM notifications WHERE transaction_id IS NULL ORDER BY id"
        );
        while (rows->next()) verify_message(*rows, "", 0);
        check_erased_unmatched();

        // In neither table it would never be read again, and there may be money behind it.
        const auto lost = source_.query(
            "SELECT identity FROM notifications AS n WHERE transaction_id IS NULL"
            " AND body IS NOT NULL AND unmatched_reason = '" +
            std::string{ledger::no_such_transaction} +
            "'"
            " AND NOT EXISTS (SELECT 1 FROM unmatched WHERE notification_id = n.id)"
            " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)"
        );
        while (lost->next())
            add(0, "message " + lost->text(0) + " is neither matched nor to be tried again");
        const auto settled = source_.query(
            "SELECT coalesce(identity, 'number ' || notification_id) FROM unmatched"
            " LEFT JOIN notifications AS n ON n.id = notification_id"
            " WHERE n.id IS NULL OR n.transaction_id IS NOT NULL"
            " OR notification_id IN (SELECT notification_id FROM matches)"
        );
        while (settled->next())
            add(0, "message " + settled->text(0) + " is to be tried again, but there is no need");
    }

    // Those that were found to be about a transaction are looked at with it, where its own actions
    // do not name them.
    void check_erased_unmatched() {
        ledger::ErasedRows erased;
        const auto actions = source_.query(
            "SELECT details FROM actions WHERE coalesce(transaction_id, 0) = 0 AND kind = 'erase'"
        );
        while (actions->next()) erased.add(erased_by(*actions, 0));
        const auto rows = source_.query(
            "SELECT id FROM notifications AS n WHERE transaction_id IS NULL AND body IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)"
        );
        while (rows->next()) check_erased(0, rows->integer(0), erased);
        for (const auto& [id, message] : erased_otherwise_) check_erased(id, message, erased);
    }

    // What was erased stays so, and both say the same of it: the actions and the row of what is to
    // be done.
    void check_erasures() {
        add_each(
            "SELECT id FROM transactions JOIN erasures ON transaction_id = id"
            " WHERE erased_at IS NOT NULL AND (email <> '' OR metas <> '{}')",
            "its personal data were erased, yet it holds some"
        );
        add_each(
            "SELECT e.transaction_id FROM erasures AS e WHERE erased_at IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM actions AS a WHERE coalesce(a.transaction_id, 0) = e.transaction_id"
            " AND a.kind = 'erase')",
            "it is said to be erased, and nothing says who did it"
        );
        add_each(
            "SELECT DISTINCT a.transaction_id FROM actions AS a WHERE a.kind = 'erase'"
            " AND a.transaction_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erasures AS e"
            " WHERE e.transaction_id = a.transaction_id AND erased_at IS NOT NULL)",
            "somebody erased its personal data, and its row of that is gone"
        );
    }

    // The same of each transaction that `select` gives.
    void add_each(const std::string& select, const std::string& what) {
        const auto rows = source_.query(select);
        while (rows->next()) add(rows->integer(0), what);
    }

    // What only the whole database shows. Indexes forbid all of this, but they may be what is
    // damaged.
    void check_ids() {
        each_pair(
            "SELECT processor || '''s id ' || provider_id, min(id), max(id) FROM transactions"
            " WHERE provider_id <> '' GROUP BY processor, provider_id HAVING count(*) > 1"
        );
        each_pair(
            "SELECT processor || '''s refund ' || subject, min(transaction_id),"
            " max(transaction_id) FROM (SELECT processor, subject, transaction_id FROM facts"
            " JOIN transactions ON id = transaction_id WHERE kind IN ('refunded',"
            " 'refund_pending')) AS refunds"
            " GROUP BY processor, subject HAVING min(transaction_id) <> max(transaction_id)"
        );
        each_pair(
            "SELECT 'the live attempt for ' || fee_type || ' of ticket ' || ticket_id,"
            " min(id), max(id) FROM transactions WHERE live GROUP BY ticket_id, fee_type"
            " HAVING count(*) > 1"
        );
        const auto twice = source_.query(
            "SELECT identity, CAST(count(*) AS TEXT) FROM notifications GROUP BY processor,"
            " identity HAVING count(*) > 1"
        );
        while (twice->next())
            add(0, "message " + twice->text(0) + " is kept " + twice->text(1) + " times");
    }

    // Each row: what there may be only once, and the numbers of two transactions that have it.
    void each_pair(const std::string& sql) {
        const auto rows = source_.query(sql);
        while (rows->next())
            add(rows->integer(2), number_of(rows->integer(1)) + " has it too: " + rows->text(0));
    }

    void add(std::int64_t id, std::string detail) {
        report_.differences.push_back({id, std::move(detail)});
    }
    void report_progress() const {
        if (options_.progress) options_.progress(progress_);
    }

    LedgerReader& source_;
    const VerifyOptions& options_;
    LedgerReport& report_;
    VerifyProgress progress_;
    TotalsOf added_ = no_totals();   // what the transactions count for
    std::set<std::int64_t> scopes_;  // numbers on record, as the batch sees them
    ledger::ErasedRows erased_;      // of the transaction that is being verified
    std::vector<std::pair<std::int64_t, std::int64_t>> erased_otherwise_;  // transaction, message
};

}  // namespace

LedgerReport verify_ledger(LedgerReader& source, const VerifyOptions& options) {
    LedgerReport found;
    try {
        LedgerVerifier{source, options, found}.run();
    } catch (const from_row::Damaged& damaged) {
        found.differences.push_back({0, damaged.what()});
    }
    return found;
}

}  // namespace payments
