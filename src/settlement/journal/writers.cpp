#include "settlement/journal/writers.hpp"

#include "settlement/journal/write_beancount.hpp"
#include "settlement/journal/write_csv.hpp"
#include "settlement/journal/write_ledger.hpp"

namespace payments::settlement::journal {

std::optional<FileFormat> file_format_of(std::string_view format, std::string_view profile) {
    if (format == "csv") {
        if (profile == "hu") return FileFormat::csv_hu;
        if (profile.empty() || profile == "plain") return FileFormat::csv_plain;
        return std::nullopt;
    }
    if (!profile.empty()) return std::nullopt;
    if (format == "hledger") return FileFormat::hledger;
    if (format == "ledger") return FileFormat::ledger;
    if (format == "beancount") return FileFormat::beancount;
    return std::nullopt;
}

void write(const Journal& journal, FileFormat format, std::ostream& out) {
    switch (format) {
        case FileFormat::csv_hu:
        case FileFormat::csv_plain:
            return write_csv(journal, format == FileFormat::csv_hu, out);
        case FileFormat::hledger:
        case FileFormat::ledger:
            return write_ledger(journal, format == FileFormat::hledger, out);
        case FileFormat::beancount:
            return write_beancount(journal, out);
    }
}

}  // namespace payments::settlement::journal
