#pragma once

#include <iosfwd>
#include <string>

#include "config/settings.hpp"

namespace payments {

// Texts as on the command line, "" when not given.
struct JournalExportOptions {
    std::string format;           // csv, hledger, ledger or beancount
    std::string profile;          // of csv: hu or plain
    std::string from, to;         // days; `to` does not count. All without them
    std::string output;           // a file, or "-" for standard output
    std::string books, manifest;  // files, as of settlement check
    std::string by;               // who takes it; else the user of the machine
};

// `ozora-payments export --format`: the movements of whole days as a table or a journal
// (docs/settlements.md, 9). Returns exit_code::done, or wrong_usage when an option is wrong or a
// file cannot be read: each mistake is on `err`, and nothing was written. Throws std::system_error
// when it cannot be written, std::overflow_error when sums leave int64.

// Of books and a manifest, without any database; days are those of Budapest.
int run_export_journal(const JournalExportOptions& options, std::ostream& err);
// Of what is on record, until now; days are those of the settings. That it was taken is put on
// record, too. Throws StoreDown.
int run_export_journal(
    const Settings& settings, const JournalExportOptions& options, std::ostream& err
);

}  // namespace payments
