#pragma once

#include "storage/rules/blocking_database.hpp"

namespace payments {

// A transaction that is rolled back unless it comes to its end.
class Undone {
public:
    explicit Undone(ledger::BlockingDatabase& database) : database_(database) {}
    Undone(const Undone&) = delete;
    Undone& operator=(const Undone&) = delete;
    ~Undone() {
        if (!is_done_) database_.roll_back();
    }
    void commit() {
        database_.commit();
        is_done_ = true;
    }

private:
    ledger::BlockingDatabase& database_;
    bool is_done_ = false;
};

}  // namespace payments
