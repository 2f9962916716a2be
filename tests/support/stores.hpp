#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "flow/ports.hpp"

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
};
inline std::ostream& operator<<(std::ostream& out, const StoreKind& kind) {
    return out << kind.name;
}

StoreKind sqlite_kind();

}  // namespace payments::testing_support
