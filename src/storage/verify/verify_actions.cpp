#include "storage/verify/verify_actions.hpp"

#include <map>

#include "storage/rules/actions.hpp"

namespace payments {
namespace {

// Behind what ledger::action_row() reads.
constexpr int sha256_column = ledger::action_column_count;
constexpr int hash_column = sha256_column + 1;

std::string label(const Action& action) { return "action " + std::to_string(action.id); }

// Walks all chains, one after the other.
class ActionsVerifier {
public:
    ActionsVerifier(LedgerReader& source, LedgerReport& report)
        : source_(source), report_(report) {}

    void run() {
        source_.begin();
        read_chains();
        compare_ends();
        find_strays();
        source_.end();
    }

private:
    void read_chains() {
        static const auto sql = "SELECT " + std::string{ledger::action_columns} +
                                ", details_sha256, hash FROM actions"
                                " ORDER BY coalesce(transaction_id, 0), seq";
        const auto rows = source_.query(sql);
        while (rows->next()) verify(*rows);
    }

    void verify(const LedgerRows& row) {
        ++report_.actions;
        const auto action = ledger::action_row(row);
        const auto chain = action.transaction_id.value_or(0);
        auto& end = ends_[chain];
        if (action.seq != end.length + 1)
            add(chain, label(action) + " is not number " + std::to_string(end.length + 1) +
                           " of its chain");
        constexpr int details_column = ledger::action_column_count - 1;
        const bool is_erased = row.is_null(details_column);
        const auto text = row.text(details_column);
        if (!is_erased && !ledger::read_details(text))
            add(chain, label(action) + " has details that cannot be read");
        const auto details = is_erased ? row.text(sha256_column) : ledger::body_hash(text);
        auto stored = row.text(hash_column);
        if (stored != ledger::action_hash(end.hash, action, details))
            add(chain, label(action) + " breaks the hash chain");
        end = {action.seq, std::move(stored)};
    }

    void compare_ends() {
        const auto rows = source_.query(
            "SELECT transaction_id, length, hash FROM action_chains ORDER BY transaction_id"
        );
        while (rows->next()) {
            const auto chain = rows->integer(0);
            const auto found = ends_.extract(chain);
            const auto end = found ? found.mapped() : ledger::ActionsEnd{};
            if (end.length != rows->integer(1) || end.hash != rows->text(2))
                add(chain, "its actions do not end where the chain does");
        }
        for (const auto& [chain, end] : ends_) add(chain, "nothing says where its actions end");
    }

    void find_strays() {
        const auto rows = source_.query(
            "SELECT DISTINCT transaction_id FROM actions WHERE transaction_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = transaction_id)"
        );
        while (rows->next()) add(rows->integer(0), "it is missing: there are actions without it");
    }

    void add(std::int64_t chain, std::string detail) {
        report_.differences.push_back({chain, std::move(detail)});
    }

    LedgerReader& source_;
    LedgerReport& report_;
    std::map<std::int64_t, ledger::ActionsEnd> ends_;
};

}  // namespace

void verify_actions(LedgerReader& source, LedgerReport& report) {
    ActionsVerifier{source, report}.run();
}

}  // namespace payments
