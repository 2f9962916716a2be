#pragma once

#include "storage/rules/totals.hpp"
#include "storage/sqlite/worker.hpp"

namespace payments::sqlite {

// Writes rows of totals_pending. Throws StoreDown.
void insert_totals(Database& database, const ledger::Totals& totals);

// What the changes of one group add to the sums of money (docs/money.md, 3), so that a sum is one
// row for all of them. Of the writer's thread.
class GroupTotals {
public:
    // Of the change that is being made.
    void add(const ledger::Totals& totals);
    // Goes with the group: what was undone adds nothing, the rest is written before the commit.
    Companion companion();

private:
    void settle(bool is_kept);
    void write(Database& database);
    void drop();

    ledger::Totals of_change_, of_group_;
};

}  // namespace payments::sqlite
