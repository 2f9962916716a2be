#include "settlement/compare.hpp"

#include <algorithm>
#include <limits>

#include "settlement/sums.hpp"

namespace payments::settlement {
namespace {

__extension__ using Wide = __int128;

Difference difference_of(std::int64_t said, std::int64_t expected, Currency currency) {
    return {
        {absolute(said - expected), currency},
        "the line says " + readable(said, currency) + " instead of " +
            readable(expected, currency)};
}

// Of a line that was converted: what the rate makes of what the visitor paid.
std::optional<Difference> check_rate(const SettlementLine& line, std::int64_t paid_minor) {
    const auto expected = converted(paid_minor, *line.rate);
    if (Wide{line.gross_minor} - expected <= 1 && Wide{expected} - line.gross_minor <= 1)
        return std::nullopt;
    auto difference = difference_of(
        line.gross_minor, std::clamp(expected, -amount_limit_minor, amount_limit_minor),
        line.currency
    );
    difference.detail += ", as its rate makes of what was paid";
    return difference;
}

Difference other_currency(const SettlementLine& line, Currency said, Currency expected) {
    return {
        {absolute(line.gross_minor), line.currency},
        "the line is in " + std::string{said.code()} + ", our payment in " +
            std::string{expected.code()}};
}

}  // namespace

std::int64_t converted(std::int64_t minor, const Rate& rate) {
    Wide divisor = 1;
    for (int i = 0; i < rate.decimals; ++i) divisor *= 10;
    const Wide product = Wide{absolute(minor)} * rate.digits;
    const Wide most = std::numeric_limits<std::int64_t>::max();
    const auto rounded =
        static_cast<std::int64_t>(std::min((product + divisor / 2) / divisor, most));
    return minor < 0 ? -rounded : rounded;
}

Comparison compare(const SettlementLine& line, Amount expected) {
    const Amount gross{line.gross_minor, line.currency};
    if (line.facing) {
        const auto& facing = *line.facing;
        const bool is_converted = facing.currency != line.currency;
        const auto seen = is_converted ? facing : gross;
        if (facing.currency != expected.currency)
            return {seen, other_currency(line, facing.currency, expected.currency)};
        if (facing.minor != expected.minor)
            return {seen, difference_of(facing.minor, expected.minor, expected.currency)};
        if (!is_converted && gross != facing)
            return {seen, difference_of(gross.minor, facing.minor, line.currency)};
        if (is_converted && line.rate) return {seen, check_rate(line, facing.minor)};
        return {seen};
    }
    if (line.currency == expected.currency) {
        if (gross == expected) return {gross};
        return {gross, difference_of(gross.minor, expected.minor, line.currency)};
    }
    if (line.rate) return {expected, check_rate(line, expected.minor)};
    return {gross, other_currency(line, line.currency, expected.currency)};
}

std::optional<std::int64_t> arithmetic_error(const SettlementLine& line) {
    // Three amounts of at most amount_limit_minor each.
    auto error = absolute(line.gross_minor - line.fee_minor - line.net_minor);
    std::int64_t parts = 0;
    for (const auto& part : line.fee_parts) add(parts, part.minor);
    if (!line.fee_parts.empty()) error = std::max(error, absolute(plus(parts, -line.fee_minor)));
    // SimplePay knows no fractions where cash has none.
    if (line.processor == Processor::simplepay) {
        const auto step = line.currency.step();
        const auto look = [&](std::int64_t minor) {
            const auto above = absolute(minor) % step;
            error = std::max(error, std::min(above, step - above));
        };
        for (const auto minor : {line.gross_minor, line.fee_minor, line.net_minor}) look(minor);
        for (const auto& part : line.fee_parts) look(part.minor);
    }
    if (error == 0) return std::nullopt;
    return error;
}

}  // namespace payments::settlement
