#include "storage/audit/ledger_verifier.hpp"

#include <limits>

#include "storage/audit/verify_transaction.hpp"
#include "storage/rules/books.hpp"
#include "storage/rules/rows.hpp"

namespace payments {
namespace {

using Rows = LedgerRows;

using ledger::TransactionRecord;

constexpr std::int64_t together = 5'000;  // transactions read as they are at one moment
constexpr std::int64_t told_every = 250;
constexpr auto last_id = std::numeric_limits<std::int64_t>::max();

std::string number_of(std::int64_t id) { return "TR" + std::to_string(id); }

// The rows that belong to transactions, in their order: column 0 is the transaction's id. Rows of
// one that does not exist are found by walking past it.
class JoinedRows {
public:
    JoinedRows(std::unique_ptr<Rows> rows, std::string what)
        : rows_(std::move(rows)), what_(std::move(what)) {
        step();
    }

    // Calls `read` for each row of transaction `id`.
    template <class Read>
    void each_of(std::int64_t id, LedgerReport& audit, Read read) {
        pass_until(id, audit);
        for (; here_ == id; step()) read(*rows_);
    }
    // Rows before those of `id` are of transactions that are missing.
    void pass_until(std::int64_t id, LedgerReport& audit) {
        for (std::int64_t told = 0; here_ && *here_ < id; step()) {
            if (*here_ != told) audit.differences.push_back({*here_, what_ + " without it"});
            told = *here_;
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
        : source_(source), options_(options), audit_(found) {}

    void run() {
        const auto count = source_.query("SELECT count(*) FROM transactions");
        if (count->next()) progress_.of = count->integer(0);
        std::int64_t after = std::numeric_limits<std::int64_t>::min();
        while (after != last_id) {
            source_.begin();
            const auto to = end_of_group(after);
            read_group(after, to);
            source_.end();
            after = to;
        }
        check_unmatched();
        check_ids();
        for (auto& damage : source_.damage()) add(0, std::move(damage));
        tell();
    }

private:
    // The id that ends the group which begins after `after`.
    std::int64_t end_of_group(std::int64_t after) {
        const auto rows = source_.query(
            "SELECT id FROM transactions WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2",
            {after, together - 1}
        );
        return rows->next() ? rows->integer(0) : last_id;
    }

    void read_group(std::int64_t after, std::int64_t to) {
        static const auto all = "SELECT " + std::string{from_row::transaction_columns} +
                                ", live, holds_fee, watched FROM transactions"
                                " WHERE id > $1 AND id <= $2 ORDER BY id";
        static const auto facts_sql = "SELECT transaction_id, seq, identity, hash, " +
                                      std::string{from_row::entry_columns} +
                                      " FROM facts WHERE transaction_id > $1"
                                      " AND transaction_id <= $2 ORDER BY transaction_id, seq";
        JoinedRows facts{source_.query(facts_sql, {after, to}), "it is missing: there are facts"};
        JoinedRows messages{
            source_.query(
                "SELECT transaction_id, processor, identity, received_at, signature, body, hash,"
                " id FROM notifications WHERE transaction_id > $1 AND transaction_id <= $2"
                " ORDER BY transaction_id, id",
                {after, to}
            ),
            "it is missing: there are messages"};
        JoinedRows matches{
            source_.query(
                "SELECT m.transaction_id, newest_message, at, m.hash, n.hash, identity,"
                " notification_id FROM matches AS m LEFT JOIN notifications AS n"
                " ON n.id = notification_id AND n.transaction_id IS NULL"
                " WHERE m.transaction_id > $1 AND m.transaction_id <= $2"
                " ORDER BY m.transaction_id, newest_message, m.id",
                {after, to}
            ),
            "it is missing: there are matches"};
        JoinedRows told{
            source_.query(
                "SELECT transaction_id, type, status_before, refunded_before, status_after,"
                " refunded_after, at FROM outbox WHERE transaction_id > $1"
                " AND transaction_id <= $2 ORDER BY transaction_id, id",
                {after, to}
            ),
            "it is missing: there are outgoing events"};
        const auto rows = source_.query(all, {after, to});
        while (rows->next()) {
            const auto id = rows->integer(0);
            try {
                verify(*rows, facts, messages, matches, told);
            } catch (const from_row::Damaged& damaged) {
                add(id, damaged.what());
                const auto skip = [](const Rows&) {};
                facts.each_of(id, audit_, skip);
                messages.each_of(id, audit_, skip);
                matches.each_of(id, audit_, skip);
                told.each_of(id, audit_, skip);
            }
            ++audit_.transactions;
            if (++progress_.transactions % told_every == 0) tell();
        }
        facts.pass_until(last_id, audit_);
        messages.pass_until(last_id, audit_);
        matches.pass_until(last_id, audit_);
        told.pass_until(last_id, audit_);
    }

    void verify(
        const Rows& row, JoinedRows& facts, JoinedRows& messages, JoinedRows& matches,
        JoinedRows& told
    ) {
        TransactionRecord written{from_row::kept(row)};
        written.live = row.flag(21);
        written.holds_fee = row.flag(22);
        written.watched = row.flag(23);
        auto& transaction = written.kept.transaction;
        const auto id = transaction.id;
        facts.each_of(id, audit_, [&](const Rows& fact) {
            ++audit_.facts;
            written.links.push_back({fact.integer(1), fact.text(2), fact.text(3)});
            transaction.entries.push_back(from_row::event(fact, 4));
        });
        verify_messages(written.kept, messages, matches);
        told.each_of(id, audit_, [&](const Rows& event) {
            written.told.push_back(told_row(event));
        });
        for (auto& difference : ledger::differences(written)) add(id, std::move(difference));
        if (!written.live && is_live(transaction.status) && !has_live_attempt(transaction))
            add(id, "it could still be paid, yet is not live");
    }

    // Messages that came when it was known, and those that were matched later, in one chain.
    void verify_messages(
        const ledger::AttemptRow& kept, JoinedRows& messages, JoinedRows& matches
    ) {
        const auto id = kept.transaction.id;
        std::vector<LaterMatch> later;
        matches.each_of(id, audit_, [&](const Rows& row) { later.push_back(match_row(row)); });
        std::string hash;
        auto next = later.begin();
        const auto pass_matches = [&](std::int64_t message) {
            for (; next != later.end() && next->newest_message < message; ++next)
                hash = verify_match(*next, hash, id);
        };
        messages.each_of(id, audit_, [&](const Rows& message) {
            pass_matches(message.integer(7));
            hash = verify_message(message, hash, id);
        });
        pass_matches(last_id);
        if (kept.messages_hash != hash) add(id, "its messages do not end where the chain does");
    }

    struct LaterMatch {
        std::int64_t newest_message;
        Time at;
        std::string hash, message_hash, label;
    };
    static LaterMatch match_row(const Rows& row) {
        const bool is_there = !row.is_null(4);
        return {
            row.integer(1), row.time(2), row.text(3), row.text(4),
            "the match of message " + (is_there ? row.text(5) : "number " + row.text(6))};
    }
    std::string verify_match(
        const LaterMatch& match, const std::string& previous, std::int64_t id
    ) {
        if (match.message_hash.empty())
            add(id, match.label + " is about none that was unmatched");
        else if (match.hash != ledger::match_hash(previous, id, match.message_hash, match.at))
            add(id, match.label + " breaks the hash chain");
        return match.hash;
    }

    // One message of a chain, its columns from 1 on; returns its stored hash.
    std::string verify_message(const Rows& row, std::string_view previous, std::int64_t id) {
        ++audit_.messages;
        auto stored = row.text(6);
        const auto processor = processor_of(row.text(1));
        if (!processor) {
            add(id, "message " + row.text(2) + " is of no known processor");
            return stored;
        }
        const SignedMessage message{*processor, row.text(2), row.text(4), row.text(5)};
        auto difference = ledger::message_difference(previous, message, row.time(3), stored);
        if (!difference.empty()) add(id, std::move(difference));
        return stored;
    }

    ledger::StoredEvent told_row(const Rows& row) {
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
            "SELECT transaction_id, processor, identity, received_at, signature, body, hash"
            " FROM notifications WHERE transaction_id IS NULL ORDER BY id"
        );
        while (rows->next()) verify_message(*rows, "", 0);

        const auto forgotten = source_.query(
            "SELECT identity FROM notifications AS n WHERE transaction_id IS NULL"
            " AND unmatched_reason = '" +
            std::string{ledger::no_such_transaction} +
            "'"
            " AND NOT EXISTS (SELECT 1 FROM unmatched WHERE notification_id = n.id)"
            " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)"
        );
        while (forgotten->next())
            add(0, "message " + forgotten->text(0) + " is neither matched nor to be tried again");
        const auto settled = source_.query(
            "SELECT coalesce(identity, 'number ' || notification_id) FROM unmatched"
            " LEFT JOIN notifications AS n ON n.id = notification_id"
            " WHERE n.id IS NULL OR n.transaction_id IS NOT NULL"
            " OR notification_id IN (SELECT notification_id FROM matches)"
        );
        while (settled->next())
            add(0, "message " + settled->text(0) + " is to be tried again, but there is no need");
    }

    // What only the whole database shows. The indexes that forbid these may be the damage.
    void check_ids() {
        each_pair(
            "SELECT processor || '''s id ' || provider_id, min(id), max(id) FROM transactions"
            " WHERE provider_id <> '' GROUP BY processor, provider_id HAVING count(*) > 1"
        );
        each_pair(
            "SELECT processor || '''s refund ' || subject, min(transaction_id),"
            " max(transaction_id) FROM (SELECT processor, subject, transaction_id FROM facts"
            " JOIN transactions ON id = transaction_id WHERE kind = 'refunded') AS refunds"
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

    // Rows of what, and of two transactions that both have it.
    void each_pair(const std::string& sql) {
        const auto rows = source_.query(sql);
        while (rows->next())
            add(rows->integer(2), number_of(rows->integer(1)) + " has it too: " + rows->text(0));
    }

    void add(std::int64_t id, std::string detail) {
        audit_.differences.push_back({id, std::move(detail)});
    }
    void tell() const {
        if (options_.progress) options_.progress(progress_);
    }

    LedgerReader& source_;
    const VerifyOptions& options_;
    LedgerReport& audit_;
    VerifyProgress progress_;
};

}  // namespace

LedgerReport audit(LedgerReader& source, const VerifyOptions& options) {
    LedgerReport found;
    try {
        LedgerVerifier{source, options, found}.run();
    } catch (const StoreDown& damaged) {
        found.differences.push_back({0, damaged.what()});
    }
    return found;
}

}  // namespace payments
