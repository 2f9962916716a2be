#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"

// Where tickets are, as both stores keep it: table scopes has each triple of flag, year and event
// once, and transactions point to it (docs/finding.md, 1). Any thread.
namespace payments::ledger {

// The first 63 bits of the SHA-256 of the triple. Made of it alone: a number that one process keeps
// in memory is right whatever database it is used with, also one that was restored from an older
// copy. Never 0. Pure.
std::int64_t scope_id(const TicketScope& scope);

// Statements in what both databases take; parameters in the order of their first use.
inline constexpr std::string_view insert_scope =
    "INSERT INTO scopes (id, flag, year, event) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (id) DO NOTHING";
inline constexpr std::string_view select_scopes = "SELECT id, flag, year, event FROM scopes";
// By the index transactions_scope, in which they stand together: $1 is the number before them.
inline constexpr std::string_view select_without_scope =
    "SELECT id, ticket_id FROM transactions WHERE scope_id IS NULL AND id > $1 ORDER BY id LIMIT "
    "$2";

// Which numbers this process has seen on record. Rows of scopes stay for good, but the database may
// be restored from an older copy beneath us: whatever is read of it counts from then on.
class KnownScopes {
public:
    bool has(std::int64_t id) const {
        const std::lock_guard lock{mutex_};
        return ids_.contains(id);
    }
    void add(std::int64_t id) {
        const std::lock_guard lock{mutex_};
        ids_.insert(id);
    }
    // All that there are. Of one that was added meanwhile it is only asked once more.
    void replace(const std::vector<NumberedScope>& read) {
        std::set<std::int64_t> ids;
        for (const auto& scope : read) ids.insert(scope.id);
        const std::lock_guard lock{mutex_};
        ids_ = std::move(ids);
    }

private:
    mutable std::mutex mutex_;
    std::set<std::int64_t> ids_;
};

}  // namespace payments::ledger
