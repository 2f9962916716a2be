#pragma once

#include <cstdint>
#include <string>

#include "config/settings.hpp"
#include "payment/transaction.hpp"

namespace payments {

struct VisitorOptions {
    std::int64_t ticket = 0;  // 0: by an e-mail address, read from standard input
    std::string why;
    std::string by;
    std::string output;  // of export
    std::string again;  // of erase: instead of one visitor a list of erasures; - for standard input
    Time since{};       // of erasures; without it all
    bool as_json = false;
};

// `ozora-payments visitor show`, `export`, `erase` and `erase-due` (docs/personal_data.md). The
// address comes from standard input, for a command line can be read by every user of the machine.
// They return exit_code::done, or wrong_usage for what is no address. Throw StoreDown.
int show_visitor(const Settings& settings, const VisitorOptions& options);
int export_visitor(const Settings& settings, const VisitorOptions& options);
// Then cleans SQLite's files to their end; exit_code::failed when somebody's reading hinders that
// for half a minute, and when a payment that `again` names is not on record; wrong_usage when it
// names none.
int erase_visitor(const Settings& settings, const VisitorOptions& options);
int erase_due(const Settings& settings);
// `visitor erasures`: a list of those on record, for `erase --again` (asked_erasures.hpp).
int list_erasures(const Settings& settings, const VisitorOptions& options);

}  // namespace payments
