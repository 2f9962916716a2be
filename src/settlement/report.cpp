#include "settlement/report.hpp"

#include <algorithm>
#include <array>

#include "settlement/sums.hpp"

namespace payments::settlement {

std::string_view name(PayoutState state) {
    constexpr std::array<std::string_view, 4> names{
        "on_the_way", "paid_out", "missing", "returned"};
    return names.at(static_cast<std::size_t>(state));
}

std::int64_t AccountReport::facts_minor() const {
    auto sum = captured.minor;
    for (const auto& tally : {refunded, refunds_failed, disputed, disputes_won})
        add(sum, tally.minor);
    return sum;
}

std::int64_t AccountReport::facts_left_over() const {
    auto met = customer_lines.minor;
    for (const auto minor : {waiting.minor, overdue.minor, -unknown.minor, differences_minor})
        add(met, minor);
    return plus(facts_minor(), -met);
}

std::int64_t AccountReport::balance_left_over() const {
    const auto kept = plus(plus(net_minor, -paid_minor), returned_minor);
    const auto known = plus(plus(carry_minor, unpaid_minor), reserve_minor);
    return plus(kept, -plus(known, payout_differences_minor));
}

bool Report::has_open_findings() const {
    return std::ranges::any_of(findings, [](const Finding& finding) {
        return !finding.is_accepted;
    });
}

}  // namespace payments::settlement
