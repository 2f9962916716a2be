#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "payment/transaction.hpp"

namespace payments {

struct BooksExportOptions {
    std::string output;  // a file, or "-" for standard output
    std::string by;      // who takes it; else the user of the machine
};

// `ozora-payments export --format books`: our side of settlements and the decisions of people, as
// `settlement check` reads them (docs/settlements.md, 3), as of now. That it was taken is put on
// record. The file has its name only when it is whole. Returns exit_code::done. Throws StoreDown,
// std::system_error when it cannot be written.
int run_export_books(const Settings& settings, const BooksExportOptions& options);

}  // namespace payments
