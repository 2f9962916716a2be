#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/sqlite_database.hpp"

namespace payments::sqlite {

struct Difference {
    std::int64_t transaction_id;  // 0 for messages that belong to none
    std::string detail;

    friend bool operator==(const Difference&, const Difference&) = default;
};

// What re-reading the books found.
struct Audit {
    std::int64_t transactions = 0;
    std::int64_t facts = 0;
    std::int64_t messages = 0;
    std::vector<Difference> differences;
};

// Derives every status from its facts again and recomputes every hash chain. Reads a transaction at
// a time, so it may run beside the service.
Audit verify_ledger(const std::string& path, int busy_timeout_ms = 5000);

}  // namespace payments::sqlite
