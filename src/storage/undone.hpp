#pragma once

#include "storage/rules/settlement_database.hpp"

namespace payments {

// A transaction that is rolled back unless it comes to its end.
class Undone {
public:
    explicit Undone(ledger::SettlementDatabase& database) : database_(database) {}
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
    ledger::SettlementDatabase& database_;
    bool is_done_ = false;
};

}  // namespace payments
