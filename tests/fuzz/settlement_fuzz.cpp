#include <cstdlib>

#include "fuzz.hpp"
#include "settlement/readers/charset.hpp"
#include "settlement/readers/delimited.hpp"
#include "settlement/readers/mapping.hpp"
#include "settlement/readers/readers.hpp"

// Any bytes as a file of a provider or a bank; the first byte says of which format, or that it is a
// mapping.
namespace {

using namespace payments;
using namespace payments::settlement;
using fuzz::require;

constexpr std::size_t formats = static_cast<std::size_t>(Format::otp_csv) + 1;

bool is_within_limit(std::int64_t minor) { return std::abs(minor) <= amount_limit_minor; }

void judge_error(const Error& error, std::string_view bytes) {
    require(error.code == Errc::invalid_request && !error.wrong.empty());
    require(error.wrong.size() <= json::wrong_max);
    fuzz::require_sendable(error, bytes);
}

void judge_line(const SettlementLine& line) {
    require(!line.line_id.empty() && !line.account.empty() && line.row > 0);
    for (const auto minor : {line.gross_minor, line.fee_minor, line.net_minor})
        require(is_within_limit(minor));
    for (const auto& part : line.fee_parts) require(is_within_limit(part.minor));
    if (!line.facing) return;
    const bool is_out = line.gross_minor < 0;
    require(line.facing->minor == 0 || (line.facing->minor < 0) == is_out);
}

void judge_statement(const Statement& statement) {
    require(!statement.account.empty());
    for (const auto& line : statement.lines) {
        require(is_within_limit(line.minor) && is_within_limit(line.charges_minor));
        require(line.charges_minor >= 0 && line.part >= 0 && line.row > 0);
        require(line.reference != "NOTPROVIDED" && line.reference != "NONREF");
    }
}

void judge(const ParsedFile& file, Format format) {
    require(file.format == format);
    for (const auto& line : file.lines) judge_line(line);
    for (const auto& payout : file.payouts) {
        require(!payout.payout_id.empty() && !payout.account.empty());
        require(is_within_limit(payout.amount_minor.value_or(0)));
    }
    for (const auto& statement : file.statements) judge_statement(statement);
    const bool is_of_bank = format >= Format::camt053;
    require(is_of_bank ? file.lines.empty() && file.payouts.empty() : file.statements.empty());
    require(
        !file.lines.empty() || !file.payouts.empty() || !file.statements.empty() || file.skipped > 0
    );
}

// What counts of a file, as text.
std::string tell(const Result<ParsedFile>& file) {
    if (!file) return "refused";
    std::string text = std::to_string(file->skipped);
    for (const auto& line : file->lines)
        text += '|' + line.line_id + ' ' + std::string{name(line.kind)} + ' ' +
                std::to_string(line.net_minor) + line.reference + line.at;
    for (const auto& statement : file->statements)
        for (const auto& line : statement.lines)
            text += '|' + std::to_string(line.minor) + line.payer + line.text;
    return text;
}

// The same table with every field in quotes; nothing for what is no table.
std::optional<std::string> in_quotes(std::string_view text, char separator) {
    DelimitedReader rows{text, {.separator = separator}};
    std::string quoted;
    while (true) {
        const auto row = rows.next();
        if (!row) return {};
        if (!*row) return quoted;
        for (std::size_t i = 0; i < (*row)->fields.size(); ++i) {
            quoted += i > 0 ? std::string{separator, '"'} : "\"";
            for (const char c : (*row)->fields[i]) quoted += c == '"' ? "\"\"" : std::string(1, c);
            quoted += '"';
        }
        quoted += '\n';
    }
}

void judge_table(const std::string& bytes, const ReadOptions& options) {
    const auto told = tell(read_file(bytes, options));
    if (told == "refused" || bytes.starts_with("\xEF\xBB\xBF")) return;
    // A byte order mark is UTF-8's; before a file in another encoding it would change what is read.
    if (to_utf8(bytes, Charset::utf_8))
        require(told == tell(read_file("\xEF\xBB\xBF" + bytes, options)));
    if (options.format == Format::simplepay) return;
    const auto quoted = in_quotes(bytes, options.format == Format::stripe_csv ? ',' : ';');
    require(quoted && tell(read_file(*quoted, options)) == told);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string bytes{fuzz::text_of(data, size).substr(1)};
    const auto choice = data[0] % (formats + 1);
    if (choice == formats) {
        const auto mapping = read_mapping(bytes);
        if (!mapping) judge_error(mapping.error(), bytes);
        require(!mapping || (!mapping->name.empty() && mapping->version >= 1));
        return 0;
    }
    const auto format = static_cast<Format>(choice);
    const ReadOptions options{
        .name = "report_20260708.csv", .format = format, .account = "live", .payout = "po_1"};
    const auto file = read_file(bytes, options);
    if (file)
        judge(*file, format);
    else
        judge_error(file.error(), bytes);
    recognise(bytes);
    const bool is_table =
        format == Format::simplepay || format == Format::stripe_csv || format == Format::otp_csv;
    if (is_table) judge_table(bytes, options);
    return 0;
}
