#pragma once

#include <array>
#include <map>

#include "settlement/readers/amount.hpp"
#include "settlement/readers/charset.hpp"
#include "settlement/readers/delimited.hpp"

// How the table of a merchant's settlement is to be read, as a JSON file tells it
// (docs/providers/simplepay.md, 18.5). Values.
namespace payments::settlement {

// What a column may hold.
enum class Field : std::uint8_t {
    kind,
    provider_id,
    line_id,
    reference,
    at,
    done_at,
    currency,
    gross,
    fee,
    net,
    payout_id,
    facing_amount,
    facing_currency,  // stays last
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::facing_currency) + 1;
std::string_view name(Field field);

struct ColumnRule {
    std::string label;
    bool is_beginning = false;  // the label begins so
    bool is_optional = false;
    std::string time{};  // its pattern: "%Y-%m-%d %H:%M:%S"
};

struct Mapping {
    enum class PayoutBy : std::uint8_t { file, column, none };
    enum class Sign : std::uint8_t { as_written, in, out };

    std::string name;
    int version = 1;
    Processor processor = Processor::simplepay;
    std::string account{};
    std::map<std::string, std::string, std::less<>> accounts{};  // by currency
    std::optional<Charset> charset{};  // without one UTF-8, or else Windows-1250
    Delimited form{};
    AmountForm amounts{};
    bool may_have_trailing_separator = false;
    std::array<std::optional<ColumnRule>, field_count> columns{};
    std::map<std::string, LineKind, std::less<>> kinds{};  // by the file's words
    std::vector<std::pair<ColumnRule, std::string>> fee_parts{};
    PayoutBy payout_by = PayoutBy::file;
    std::string date_from_name{};  // "report_{yyyymmdd}.csv"
    std::map<LineKind, Sign> signs{};
    std::vector<std::string> never_read{};
    bool refuses_unknown_kinds = false;

    const std::optional<ColumnRule>& column(Field field) const {
        return columns[static_cast<std::size_t>(field)];
    }
};

// Errc::invalid_request with every mistake in Error::wrong, with JSON pointers: members that are
// unknown, missing or wrong.
Result<Mapping> read_mapping(std::string_view bytes);

// The day that a name of a file tells: where `pattern` has {yyyymmdd}, or else in the eight digits
// before its ending.
std::optional<Day> day_in_name(std::string_view name, std::string_view pattern);
// The day of a time in a pattern of %Y %m %d %H %M %S, all of fixed width; nothing when it differs.
std::optional<Day> day_by(std::string_view pattern, std::string_view text);

}  // namespace payments::settlement
