#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "flow/ports.hpp"
#include "storage/audit.hpp"

// The stores that the contract is asked of. A place is where a database lives: a path, or what
// PostgreSQL needs to connect.
namespace payments::testing_support {

struct OutboxRow {
    std::string type, before, after;
    friend bool operator==(const OutboxRow&, const OutboxRow&) = default;
};

struct StoreKind {
    std::string name;
    std::function<std::string()> make_place;  // new, empty and migrated
    std::function<void(const std::string& place)> drop_place;
    std::function<std::unique_ptr<Store>(const std::string& place)> open;
    // Behind the port's back, oldest first.
    std::function<std::vector<OutboxRow>(const std::string& place)> outbox;
    std::function<std::vector<std::string>(const std::string& place)> unmatched_reasons;
    std::function<std::int64_t(const std::string& place)> messages_kept;
    std::function<void(const std::string& place, const std::string& sql)> execute;
    std::function<void(const std::string& place)> begin_again_at_1;  // to number attempts
    std::function<Audit(const std::string& place)> verify;
};
inline std::ostream& operator<<(std::ostream& out, const StoreKind& kind) {
    return out << kind.name;
}

StoreKind sqlite_kind();
StoreKind postgres_kind();
std::vector<StoreKind> store_kinds();
// The one that PAYMENTS_TEST_STORE names, "postgres" or "sqlite"; without it SQLite.
StoreKind chosen_kind();

}  // namespace payments::testing_support
