#include "storage/verify/verify_whole.hpp"

#include "storage/rules/books.hpp"
#include "storage/rules/erasures.hpp"
#include "storage/verify/verify_batch.hpp"

namespace payments {
namespace {

std::string number_of(std::int64_t id) { return "TR" + std::to_string(id); }

using ErasedOtherwise = std::vector<std::pair<std::int64_t, std::int64_t>>;

class WholeVerifier {
public:
    WholeVerifier(LedgerReader& source, LedgerReport& report) : source_(source), report_(report) {}

    void check_unmatched(const ErasedOtherwise& erased_otherwise) {
        const auto rows = source_.query(
            "SELECT " + std::string{message_columns} +
            " FROM notifications WHERE transaction_id IS NULL ORDER BY id"
        );
        while (rows->next()) verify_message(*rows, "", 0, {}, report_);
        check_erased_unmatched(erased_otherwise);

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

private:
    // Those that were found to be about a transaction are looked at with it, where its own actions
    // do not name them.
    void check_erased_unmatched(const ErasedOtherwise& erased_otherwise) {
        ledger::ErasedRows erased;
        const auto actions = source_.query(
            "SELECT details FROM actions WHERE coalesce(transaction_id, 0) = 0 AND kind = 'erase'"
        );
        while (actions->next()) erased.add(erased_by(*actions, 0));
        const auto rows = source_.query(
            "SELECT id FROM notifications AS n WHERE transaction_id IS NULL AND body IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)"
        );
        while (rows->next()) check_erased(0, rows->integer(0), erased, report_);
        for (const auto& [id, message] : erased_otherwise)
            check_erased(id, message, erased, report_);
    }

    // The same of each transaction that `select` gives.
    void add_each(const std::string& select, const std::string& what) {
        const auto rows = source_.query(select);
        while (rows->next()) add(rows->integer(0), what);
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

    LedgerReader& source_;
    LedgerReport& report_;
};

}  // namespace

void verify_unmatched(
    LedgerReader& source, const ErasedOtherwise& erased_otherwise, LedgerReport& report
) {
    WholeVerifier{source, report}.check_unmatched(erased_otherwise);
}

void verify_erasures(LedgerReader& source, LedgerReport& report) {
    WholeVerifier{source, report}.check_erasures();
}

void verify_ids(LedgerReader& source, LedgerReport& report) {
    WholeVerifier{source, report}.check_ids();
}

}  // namespace payments
