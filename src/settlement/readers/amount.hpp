#pragma once

#include <string_view>

#include "settlement/records.hpp"

// Amounts as files of others write them. Pure.
namespace payments::settlement {

struct AmountForm {
    char decimal = '.';
    char grouping = '\0';        // between threes of digits; none unless declared
    bool open_fraction = false;  // MT940 writes "1200,"
    bool spare_zeros = false;    // camt may write more decimals than the currency has, of zeros
    bool leading_zeros = false;  // MT940 of some banks: 000001200,00
};

// Signed minor units of an amount in major units: "-104000,00". Exact, or Errc::invalid_request
// with a detail that says why: "is not an amount", "has more decimals than EUR", "is too large". No
// plus sign, no exponent, no blanks, at most 20 characters.
Result<std::int64_t> read_amount(std::string_view text, Currency currency, AmountForm form);

}  // namespace payments::settlement
