#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "settlement/books.hpp"
#include "settlement/evidence.hpp"
#include "settlement/journal/books_maker.hpp"
#include "settlement/report_output.hpp"

namespace payments {

// Our books, and what all files of a manifest say together.
struct SettlementFiles {
    settlement::Books books;
    settlement::Evidence evidence;
    std::vector<settlement::TakenFile> taken;    // in the order of the manifest
    std::vector<std::string> sha256;             // of the bytes of each, in hex
    std::vector<settlement::ParsedFile> parsed;  // where the books have closings: each again
};

// Reads both from files (docs/settlements.md, 6). Nothing when any of them cannot be read: on `err`
// is every file that is wrong then, with each of its mistakes in a line. Throws std::overflow_error
// when sums leave int64.
std::optional<SettlementFiles> read_settlement_files(
    const std::string& books, const std::string& manifest, std::ostream& err
);

// The closing of a month, or of one behind it, as far as it was made until `as_of`.
std::optional<settlement::ClosingInBooks> closing_of(
    const settlement::Books& books, settlement::journal::Month month, Time as_of
);
settlement::journal::MonthClosing month_closing(const settlement::ClosingInBooks& closing);

// Makes books of files: gives `maker`, which is for `period`, all that was known of it, and lets it
// hear our transactions. Months that were closed until `as_of` are made of what was known then.
// Once: the evidence is used up.
void fill_books(
    SettlementFiles& files, const settlement::journal::Period& period, Time as_of,
    settlement::journal::BooksMaker& maker
);

}  // namespace payments
