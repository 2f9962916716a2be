#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "payment/transaction.hpp"

namespace payments {

// Texts as on the command line, "" when not given.
struct MonthCloseOptions {
    std::string month;            // "2026-11"
    std::string format = "text";  // or json, csv
    std::optional<Time> as_of{};  // what was known then; now, or that of the books without one
    bool closes = false;          // for good, of what is on record now
    std::string reason;           // why, where something is open; "" for none
    std::optional<Time> at{};     // when; now without it
    std::string books, manifest;  // files, as of settlement check
    std::string by;               // who takes it; else the user of the machine
};

// `ozora-payments settlement close`: a month as an accountant signs it (docs/settlements.md, 11).
// Returns exit_code::done when no finding until its end is open, failed when one is or when the
// month cannot be closed, wrong_usage when an option is wrong or a file cannot be read: each
// mistake is on `err`, and nothing on `out`. Throws std::overflow_error when sums leave int64.

// Of books and a manifest, without any database; days are those of Budapest.
int run_month_close(const MonthCloseOptions& options, std::ostream& out, std::ostream& err);
// Of what is on record; days are those of the settings. That it was taken is put on record, too.
// Throws StoreDown.
int run_month_close(
    const Settings& settings, const MonthCloseOptions& options, std::ostream& out, std::ostream& err
);

}  // namespace payments
