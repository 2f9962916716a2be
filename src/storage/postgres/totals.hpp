#pragma once

#include "payment/sums.hpp"
#include "storage/postgres/connection.hpp"

// Sums of money: statements and what their answers mean, as in queries.hpp.
namespace payments::postgres {

// One statement, for what is pending is moved on all the time; `query` has a bucket.
Statement ask_sums(const SumsQuery& query);
// Throws from_row::Damaged.
std::vector<SumRow> read_sums(const SumsQuery& query, const ResultSet& rows);

Statement ask_has_pending_totals();
Statement fold_totals(int limit);
Statement forget_minutes(Time now);

// What OfficeRecords::keep_days has to know, what that means, and how it adds days up, in one
// transaction.
std::vector<Statement> ask_days();
std::vector<Bucket> days_to_keep(
    const std::vector<ResultSet>& answers, const DaysBetween& days, Time until, int limit
);
std::vector<Statement> keep_days(const std::vector<Bucket>& days);

// Attempts that are not counted, by number.
Statement ask_uncounted(int limit);

}  // namespace payments::postgres
