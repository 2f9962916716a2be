#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/sqlite_database.hpp"

namespace payments::sqlite {

struct Difference {
    std::int64_t transaction_id;  // 0 for what belongs to none
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

// How far re-reading has come.
struct AuditProgress {
    std::int64_t transactions = 0;
    std::int64_t of = 0;  // as many as there were when it began
};

struct AuditOptions {
    int busy_timeout_ms = 5000;
    // Called after every few hundred transactions.
    std::function<void(const AuditProgress&)> progress{};
};

// Reads the whole database once, in its own order: recomputes every hash chain, derives every
// status, flag, refund sum and outgoing event from the facts again, and looks for ids that exist
// twice. Takes the transactions in groups, each as it is at one moment, so it may run beside the
// service; its memory does not grow with the database. A damaged file is a difference too.
Audit verify_ledger(const std::string& path, const AuditOptions& options = {});

}  // namespace payments::sqlite
