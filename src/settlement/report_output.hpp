#pragma once

#include <span>
#include <string>

#include "payment/transaction.hpp"
#include "settlement/evidence.hpp"
#include "settlement/report.hpp"
#include "support/json.hpp"

// A report for people and for programs (docs/settlements.md, 6). Pure functions.
namespace payments::settlement {

// A file that was taken.
struct TakenFile {
    std::string name, format;
    std::string account;  // those that it names, with ", " between them
    FileCounts counts;
};
// The accounts that a file names, else `otherwise`.
std::string accounts_of(const ParsedFile& file, const std::string& otherwise);

// Members "as_of", "files", "findings" and "unexplained". Amounts are minor units.
json::object json_of(const Report& report, std::span<const TakenFile> files, Time as_of);

json::object json_of(const TakenFile& file);
json::object json_of(const Finding& finding);
json::object json_of(const SettlementLine& line);

// All payouts, by account and arrival, each with whose it is.
json::array payouts_json(const Report& report);

// Of each account its facts, lines, fees, payouts and balance, as docs/settlements.md, 7 has them.
// Amounts are minor units.
json::array accounts_json(const Report& report);

// A row for each payout, separated by commas, in major units with a point.
std::string payouts_as_csv(const Report& report);

// Lines of text: files, then each account with its payouts, fees, balance and control equation, the
// banks, and the findings. Amounts are major units.
std::string text_of(const Report& report, std::span<const TakenFile> files, Time as_of);

}  // namespace payments::settlement
