#pragma once

#include <optional>
#include <string>

#include "settlement/records.hpp"

// A line against what it should say (docs/settlements.md, 5: R1 and R4). Pure functions.
namespace payments::settlement {

// What the rate makes of an amount in minor units, rounded half away from 0; the largest int64
// where that is more.
std::int64_t converted(std::int64_t minor, const Rate& rate);

struct Difference {
    Amount amount;       // more than 0
    std::string detail;  // for a person
};

// A line as the visitor saw it, in the currency in which it is held against our fact.
struct Comparison {
    Amount seen;
    std::optional<Difference> difference{};
};
// `expected` has the sign that the line should have. Compared is what the visitor saw, else the
// gross; of a line in another currency paid * rate, to 1 minor unit.
Comparison compare(const SettlementLine& line, Amount expected);

// What does not add up inside the line itself, more than 0; nothing when all does.
std::optional<std::int64_t> arithmetic_error(const SettlementLine& line);

}  // namespace payments::settlement
