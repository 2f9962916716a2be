#pragma once

#include "payment/sums.hpp"
#include "storage/sqlite/database.hpp"

// Sums of money, as Store and OfficeRecords promise of their functions of the same names. Inside a
// database transaction that the caller holds. They throw StoreDown.
namespace payments::sqlite {

Sums sums(Database& database, const SumsQuery& query);
bool has_pending_totals(Database& database);
std::int64_t fold_totals(Database& database, Time now, int limit);
// Those that keep_days is to add up, and has not.
std::vector<Bucket> days_to_keep(
    Database& database, const DaysBetween& days, Time until, int limit
);
void keep_days(Database& database, const std::vector<Bucket>& days);
bool has_uncounted(Database& database);
std::int64_t count_transactions(Database& database, int limit);

}  // namespace payments::sqlite
