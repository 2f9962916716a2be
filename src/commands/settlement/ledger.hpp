#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "payment/transaction.hpp"

// Settlements on record (docs/settlements.md, 7). What is found goes to `out`, mistakes to `err`;
// progress to standard error. All throw StoreDown, and std::overflow_error when sums leave int64.
namespace payments {

struct SettlementImportOptions {
    std::vector<std::string> files;
    std::string format, mapping, account, payout;  // "" when not given; mapping is a file
    bool only_tries = false;                       // keep nothing
    bool may_be_empty = false;
    bool as_json = false;
    std::string by;            // who imports them; else the user of the machine
    std::optional<Time> at{};  // when; now without it
};
// `ozora-payments settlement import`: takes each file whole or not at all. Returns exit_code::done,
// or wrong_usage when one was not taken; the others were.
int run_settlement_import(
    const Settings& settings, const SettlementImportOptions& options, std::ostream& out,
    std::ostream& err
);

struct SettlementMatchOptions {
    std::optional<Time> as_of{};  // what was known then; now when not given
    std::string format = "text";  // or json; of a report csv too
    bool is_report = false;       // json has the accounts besides the findings
};
// `ozora-payments settlement match` and `settlement report`. Returns exit_code::done when no
// finding is open, else failed.
int run_settlement_match(
    const Settings& settings, const SettlementMatchOptions& options, std::ostream& out
);

struct SettlementDecisionOptions {
    std::string finding;  // its key
    std::string reason, by;
    bool is_accepted = true;   // else it is opened again
    std::optional<Time> at{};  // when; now without it
};
// `ozora-payments settlement accept` and `reopen`: a decision for the numbers the finding has now.
// Returns exit_code::done, also when it was so already; failed when there is no such finding.
int run_settlement_decision(
    const Settings& settings, const SettlementDecisionOptions& options, std::ostream& out,
    std::ostream& err
);

// `ozora-payments settlement files`: which were taken.
int run_settlement_files(const Settings& settings, bool as_json, std::ostream& out);

}  // namespace payments
