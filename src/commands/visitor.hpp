#pragma once

#include <cstdint>
#include <string>

#include "config/settings.hpp"

namespace payments {

struct VisitorOptions {
    std::int64_t ticket = 0;  // 0: by an e-mail address, read from standard input
    std::string why;
    std::string by;
    std::string output;  // of export
    bool as_json = false;
};

// `ozora-payments visitor show`, `export`, `erase` and `erase-due` (docs/personal_data.md). The
// address comes from standard input, for a command line can be read by every user of the machine.
// They return exit_code::done, or wrong_usage for what is no address. Throw StoreDown.
int show_visitor(const Settings& settings, const VisitorOptions& options);
int export_visitor(const Settings& settings, const VisitorOptions& options);
// Then cleans SQLite's files to their end; exit_code::failed when somebody's reading hinders that
// for half a minute.
int erase_visitor(const Settings& settings, const VisitorOptions& options);
int erase_due(const Settings& settings);

}  // namespace payments
