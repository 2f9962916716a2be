#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>

#include "settlement/journal/journal.hpp"

// A journal as files of other programs (docs/settlements.md, 9).
namespace payments::settlement::journal {

enum class FileFormat : std::uint8_t {
    csv_hu,     // for Excel in Hungarian: semicolons, decimal commas, UTF-8 behind a BOM
    csv_plain,  // for other programs: commas, decimal points
    hledger,
    ledger,
    beancount,
};
// "csv" with the profile "hu", or "plain" which is also meant by ""; the others without a profile.
std::optional<FileFormat> file_format_of(std::string_view format, std::string_view profile);

// Writes it as it goes, in UTF-8: memory does not grow with the file. The same journal makes the
// same bytes. Nothing tells of an error of `out` but its state.
void write(const Journal& journal, FileFormat format, std::ostream& out);

}  // namespace payments::settlement::journal
