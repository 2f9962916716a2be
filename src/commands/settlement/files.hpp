#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "settlement/books.hpp"
#include "settlement/evidence.hpp"
#include "settlement/report_output.hpp"

namespace payments {

// Our books, and what all files of a manifest say together.
struct SettlementFiles {
    settlement::Books books;
    settlement::Evidence evidence;
    std::vector<settlement::TakenFile> taken;  // in the order of the manifest
    std::vector<std::string> sha256;           // of the bytes of each, in hex
};

// Reads both from files (docs/settlements.md, 6). Nothing when any of them cannot be read: on `err`
// is every file that is wrong then, with each of its mistakes in a line. Throws std::overflow_error
// when sums leave int64.
std::optional<SettlementFiles> read_settlement_files(
    const std::string& books, const std::string& manifest, std::ostream& err
);

}  // namespace payments
