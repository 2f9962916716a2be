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

std::string head_of(FileFormat format) {
    switch (format) {
        case FileFormat::csv_hu:
        case FileFormat::csv_plain:
            return csv_head(format == FileFormat::csv_hu);
        case FileFormat::hledger:
        case FileFormat::ledger:
            return ledger_head(format == FileFormat::hledger);
        case FileFormat::beancount:
            return beancount_head();
    }
    return {};
}

std::unique_ptr<JournalFile> file_of(const Journal& journal, FileFormat format) {
    switch (format) {
        case FileFormat::csv_hu:
        case FileFormat::csv_plain:
            return csv_file(journal, format == FileFormat::csv_hu);
        case FileFormat::hledger:
        case FileFormat::ledger:
            return ledger_file(journal, format == FileFormat::hledger);
        case FileFormat::beancount:
            return beancount_file(journal);
    }
    return nullptr;
}

}  // namespace payments::settlement::journal
