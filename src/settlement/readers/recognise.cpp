#include <algorithm>
#include <array>

#include "settlement/readers/charset.hpp"
#include "settlement/readers/days.hpp"
#include "settlement/readers/delimited.hpp"
#include "settlement/readers/readers.hpp"
#include "support/text.hpp"
#include "support/utf8.hpp"

// Which format a file is of, by what it begins with.
namespace payments::settlement {
namespace {

constexpr std::size_t beginning_bytes = 64 * 1024;

bool has(std::string_view text, std::string_view words) { return text.find(words) != text.npos; }

// The fields of the first row of what may be a table.
std::vector<std::string> first_row(std::string_view text, char separator) {
    DelimitedReader rows{text, {.separator = separator, .unwrap_excel_text = true}};
    const auto row = rows.next();
    if (!row || !*row) return {};
    return {(*row)->fields.begin(), (*row)->fields.end()};
}

bool is_otp(const std::vector<std::string>& row) {
    constexpr std::string_view digits = "0123456789";
    return row.size() >= 13 && (row[0].size() == 16 || row[0].size() == 24) &&
           row[0].find_first_not_of(digits) == std::string::npos &&
           (row[1] == "T" || row[1] == "J");
}

// Of a list of Stripe's, by the first object in it that says what it is, or by its address when it
// is empty.
std::optional<Format> stripe_list(std::string_view text) {
    constexpr std::string_view member = "\"object\"";
    for (auto at = text.find(member); at != text.npos; at = text.find(member, at + 1)) {
        const auto value = text::trim(text.substr(at + member.size(), 64), " \t\r\n:");
        if (value.starts_with("\"balance_transaction\"")) return Format::stripe_json;
        if (value.starts_with("\"payout\"")) return Format::stripe_payouts;
    }
    if (has(text, "/v1/balance_transactions")) return Format::stripe_json;
    if (has(text, "/v1/payouts")) return Format::stripe_payouts;
    return {};
}

// What a file is called and whose it is goes on record, and into documents and onto terminals.
Result<void> check_words(const ReadOptions& options) {
    const std::pair<const char*, const std::string*> words[] = {
        {"its name", &options.name},
        {"the account", &options.account},
        {"the payout", &options.payout}};
    for (const auto& [what, text] : words)
        if (!utf8::is_printable(*text))
            return misread({}, std::string{what} + " must be UTF-8 without control characters");
    return {};
}

}  // namespace

std::optional<Format> recognise(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    const auto beginning = text::trim(bytes.substr(0, beginning_bytes));
    if (beginning.empty()) return {};
    if (beginning.starts_with('<'))
        return has(beginning, "BkToCstmrStmt") ? std::optional{Format::camt053} : std::nullopt;
    if (beginning.starts_with("{1:") || beginning.starts_with(":20:")) return Format::mt940;
    if (beginning.starts_with('{')) return stripe_list(beginning);

    const auto end = std::min(beginning.find('\n'), beginning.size() - 1);
    const auto text = to_utf8(beginning.substr(0, end + 1));
    if (!text) return {};
    const auto labels = first_row(*text, ',');
    if (std::ranges::count(labels, "balance_transaction_id") > 0) return Format::stripe_csv;
    const auto row = first_row(*text, ';');
    if (is_otp(row)) return Format::otp_csv;
    if (!row.empty() && row[0].starts_with("Tranzakció státusz")) return Format::simplepay;
    return {};
}

Result<ParsedFile> read_file(std::string_view bytes, const ReadOptions& options) {
    if (const auto checked = check_words(options); !checked) return checked.error();
    const auto by_mapping =
        options.mapping.empty() ? std::nullopt : std::optional{Format::simplepay};
    const auto format = options.format ? options.format
                        : by_mapping   ? by_mapping
                                       : recognise(bytes);
    if (!format)
        return misread(
            {}, "the file is none of SimplePay's or Stripe's reports, camt.053, MT940 or OTP's CSV"
        );
    switch (*format) {
        case Format::simplepay:
            return read_simplepay(bytes, options);
        case Format::stripe_csv:
            return read_stripe_csv(bytes, options);
        case Format::stripe_json:
            return read_stripe_json(bytes, options);
        case Format::stripe_payouts:
            return read_stripe_payouts(bytes, options);
        case Format::camt053:
            return read_camt053(bytes, options);
        case Format::mt940:
            return read_mt940(bytes, options);
        case Format::otp_csv:
            return read_otp_csv(bytes, options);
    }
    throw std::logic_error{"a format without a reader"};
}

}  // namespace payments::settlement
