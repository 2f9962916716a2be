#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace payments {

// What `ozora-payments export` is asked for; texts as on the command line, "" when not given. They
// mean what the members of exportCsv mean (openapi.yaml).
struct ExportOptions {
    std::string what, from, to, form;
    bool by_creation = false, is_personal = false;
    std::vector<std::string> statuses{}, processors{}, fee_types{};
    std::string currency{};
    std::int64_t ticket_id = 0;  // 0 for any
    std::string output{};        // a file, or "-" for standard output
    std::string by{};            // who takes it; else the user of the machine
};

// `ozora-payments export`: writes the file that exportCsv would send to somebody who may see
// everything, and puts that on record. The file has its name only when it is whole: until then
// ".part" is behind it. Returns exit_code::done, failed when it could not be read or written to its
// end, or wrong_usage when an option is wrong. Throws StoreDown.
int run_export(const Settings& settings, const ExportOptions& options);

}  // namespace payments
