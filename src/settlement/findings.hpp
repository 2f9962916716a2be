#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "payment/error.hpp"
#include "payment/fact.hpp"
#include "payment/money.hpp"
#include "settlement/records.hpp"

// What does not agree (docs/settlements.md, 5). Values and pure functions.
namespace payments::settlement {

// In the order of their names, in which findings are listed.
enum class FindingKind : std::uint8_t {
    ambiguous,
    bank_credit_unknown,
    bank_differs,
    dispute_unknown,
    duplicate_settled,
    kind_unknown,
    line_arithmetic,
    line_conflict,
    line_differs,
    line_not_captured,
    line_unknown,
    missing_in_settlement,
    payout_does_not_add_up,
    payout_not_on_bank,
    refund_unknown,
    statement_does_not_add_up,
    statement_gap,
};
std::string_view name(FindingKind kind);  // "line_differs"

struct Finding {
    FindingKind kind = FindingKind::ambiguous;
    std::string subject;     // "TR3002", "txn_…", "po_…", a bank's reference
    std::int64_t minor = 0;  // what is not explained, at least 0
    Currency currency;
    std::string processor{};  // "SIMPLE"; "" where only the bank speaks
    std::string account{};
    std::string detail{};  // for a person, in one sentence
    std::string key{};     // 16 hex digits; stays whatever the numbers are
    bool is_accepted = false;
    // When what it is about happened, where that can be told: the moment of a fact of ours, the day
    // of a bank, or the payout that it is about or in (docs/settlements.md, 11).
    std::optional<Time> at{};
    std::optional<Day> day{};
    std::string payout_id{};

    friend bool operator==(const Finding&, const Finding&) = default;
};

// What a person decided about a finding. It counts while the finding has these numbers.
struct Decision {
    std::string key;
    std::int64_t minor = 0;
    std::string currency;
    std::string reason{};
};

// Made of what the finding is about: `what` tells apart those of one subject.
std::string key_of(const Finding& finding, std::string_view what);

// By kind, then subject, then key; those that somebody has accepted are marked.
void settle(std::vector<Finding>& findings, std::span<const Decision> decisions);

inline constexpr std::size_t finding_reason_max = 255;
// Why somebody decided: Errc::invalid_request when it is blank, not UTF-8, holds control characters
// besides ends of lines and tabs, or more than finding_reason_max characters.
Result<void> check_reason(std::string reason);

}  // namespace payments::settlement
