#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
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

// What the file begins with, whatever is in it.
std::string head_of(FileFormat format);

// A file behind its head, piece by piece: memory does not grow with it. For one thread. Throws
// TemporaryFilesDown.
class JournalFile {
public:
    virtual ~JournalFile() = default;
    // Some lines; "" at the end.
    virtual std::string next() = 0;
};
// `journal` outlives it, and stays where it is. The same journal makes the same bytes.
std::unique_ptr<JournalFile> file_of(const Journal& journal, FileFormat format);

}  // namespace payments::settlement::journal
