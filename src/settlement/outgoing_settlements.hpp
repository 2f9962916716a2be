#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/report.hpp"

// What others are told of settlements (docs/settlements.md, 12). Values and pure functions.
namespace payments::settlement {

// Where something stands that others are told of.
struct Standing {
    std::string about;  // the payout or the finding: the same whatever becomes of it
    std::string state;  // what of it is told; another one is told again
    std::string_view type;  // "settlement.payout", "settlement.finding"
    std::string data;       // of the event: a JSON object without personal data

    friend bool operator==(const Standing&, const Standing&) = default;
};

// Of each payout that the bank has booked, should have booked or that came back, and of each
// finding, in the order of `about`.
std::vector<Standing> told_in(const Report& report);
// Of a finding that is in no report any more, from what was told of it last. Nothing for a payout.
std::optional<Standing> told_closed(const Standing& before);

}  // namespace payments::settlement
