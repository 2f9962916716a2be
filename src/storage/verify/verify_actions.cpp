#include "storage/verify/verify_actions.hpp"

#include <limits>
#include <map>
#include <set>

#include "storage/rules/actions.hpp"
#include "storage/rules/erasures.hpp"

namespace payments {
namespace {

// Behind what ledger::action_row() reads.
constexpr int sha256_column = ledger::action_column_count;
constexpr int hash_column = sha256_column + 1;

std::string label(const Action& action) { return "action " + std::to_string(action.id); }

// So many rows, and the rest of the last one's chain, are read as they are at one moment.
constexpr std::int64_t actions_together = 5'000;
constexpr auto last_chain = std::numeric_limits<std::int64_t>::max();

// Walks all chains, one after the other.
class ActionsVerifier {
public:
    ActionsVerifier(LedgerReader& source, LedgerReport& report)
        : source_(source), report_(report) {}

    void run() {
        std::int64_t after = std::numeric_limits<std::int64_t>::min();
        while (after != last_chain) {
            source_.begin();
            const auto to = end_of_batch(after);
            read_chains(after, to);
            compare_ends(after, to);
            source_.end();
            after = to;
        }
        find_strays();  // one statement, which sees one moment by itself
    }

private:
    // The chain that ends the batch which begins after the chain `after`.
    std::int64_t end_of_batch(std::int64_t after) {
        const auto rows = source_.query(
            "SELECT coalesce(transaction_id, 0) FROM actions WHERE coalesce(transaction_id, 0) > $1"
            " ORDER BY coalesce(transaction_id, 0), seq LIMIT 1 OFFSET $2",
            {after, actions_together - 1}
        );
        return rows->next() ? rows->integer(0) : last_chain;
    }

    void read_chains(std::int64_t after, std::int64_t to) {
        static const auto sql = "SELECT " + std::string{ledger::action_columns} +
                                ", details_sha256, hash FROM actions"
                                " WHERE coalesce(transaction_id, 0) > $1"
                                " AND coalesce(transaction_id, 0) <= $2"
                                " ORDER BY coalesce(transaction_id, 0), seq";
        const auto rows = source_.query(sql, {after, to});
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
        if (action.kind == name(ActionKind::review)) verify_review(chain, action, is_erased);
        if (is_erased)
            gone_[chain].insert(action.id);
        else if (action.kind == name(ActionKind::erase))
            said_[chain].add(ledger::erased_rows(action.details));
        const auto details = is_erased ? row.text(sha256_column) : ledger::body_hash(text);
        auto stored = row.text(hash_column);
        if (stored != ledger::action_hash(end.hash, action, details))
            add(chain, label(action) + " breaks the hash chain");
        end = {action.seq, std::move(stored)};
    }

    // What the worklist shows follows from it.
    void verify_review(std::int64_t chain, const Action& action, bool is_erased) {
        const auto entry = ReviewName::parse(action.about);
        const bool names_its_own =
            entry && (entry->kind == ReviewKind::unmatched_message ? chain == 0
                      : entry->kind == ReviewKind::dead_letter     ? chain != 0
                                                                   : entry->number == chain);
        if (!names_its_own) add(chain, label(action) + " is about no entry of its chain");
        if (!is_erased && !handled_of(action))
            add(chain, label(action) + " does not say what was done with its entry");
    }

    void compare_ends(std::int64_t after, std::int64_t to) {
        const auto rows = source_.query(
            "SELECT transaction_id, length, hash FROM action_chains WHERE transaction_id > $1"
            " AND transaction_id <= $2 ORDER BY transaction_id",
            {after, to}
        );
        while (rows->next()) {
            const auto chain = rows->integer(0);
            const auto found = ends_.extract(chain);
            const auto end = found ? found.mapped() : ledger::ActionsEnd{};
            if (end.length != rows->integer(1) || end.hash != rows->text(2))
                add(chain, "its actions do not end where the chain does");
        }
        for (const auto& [chain, end] : ends_) add(chain, "nothing says where its actions end");
        ends_.clear();
        for (const auto& [chain, numbers] : gone_)
            for (const auto number : numbers)
                if (!said_[chain].actions.contains(number))
                    add(chain, "the details of action " + std::to_string(number) +
                                   " are gone, and nothing says who erased them");
        gone_.clear();
        said_.clear();
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
    // Of the chains of a batch.
    std::map<std::int64_t, ledger::ActionsEnd> ends_;
    std::map<std::int64_t, std::set<std::int64_t>> gone_;  // actions whose details are
    std::map<std::int64_t, ledger::ErasedRows> said_;      // what actions say to have erased
};

}  // namespace

void verify_actions(LedgerReader& source, LedgerReport& report) {
    ActionsVerifier{source, report}.run();
}

}  // namespace payments
