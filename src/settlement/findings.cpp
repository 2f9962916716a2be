#include "settlement/findings.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

#include "support/crypto.hpp"
#include "support/text.hpp"
#include "support/utf8.hpp"

namespace payments::settlement {
namespace {

constexpr std::array<std::string_view, 17> finding_names{
    "ambiguous",
    "bank_credit_unknown",
    "bank_differs",
    "dispute_unknown",
    "duplicate_settled",
    "kind_unknown",
    "line_arithmetic",
    "line_conflict",
    "line_differs",
    "line_not_captured",
    "line_unknown",
    "missing_in_settlement",
    "payout_does_not_add_up",
    "payout_not_on_bank",
    "refund_unknown",
    "statement_does_not_add_up",
    "statement_gap",
};
static_assert(std::ranges::is_sorted(finding_names));

}  // namespace

std::string_view name(FindingKind kind) { return finding_names.at(static_cast<std::size_t>(kind)); }

std::string key_of(const Finding& finding, std::string_view what) {
    std::string about;
    for (const std::string_view part :
         {name(finding.kind), std::string_view{finding.processor},
          std::string_view{finding.account}, std::string_view{finding.subject}, what})
        about.append(part).append(1, '\n');
    return crypto::hex(crypto::sha256(about).substr(0, 8));
}

void settle(std::vector<Finding>& findings, std::span<const Decision> decisions) {
    std::unordered_multimap<std::string_view, const Decision*> decided;
    for (const auto& decision : decisions) decided.emplace(decision.key, &decision);
    for (auto& finding : findings) {
        const auto [first, last] = decided.equal_range(finding.key);
        finding.is_accepted = std::any_of(first, last, [&](const auto& entry) {
            return entry.second->minor == finding.minor &&
                   entry.second->currency == finding.currency.code();
        });
    }
    std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
        return std::tie(a.kind, a.subject, a.key) < std::tie(b.kind, b.subject, b.key);
    });
}

// A decision goes into documents too, which hold text; lines may end in a reason.
Result<void> check_reason(std::string reason) {
    const auto length = utf8::length(reason);
    std::erase_if(reason, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
    const auto wrong = [](std::string detail) {
        return Error{Errc::invalid_request, std::move(detail)};
    };
    if (text::trim(reason).empty()) return wrong("the reason must not be blank");
    if (!utf8::is_printable(reason))
        return wrong("the reason must be UTF-8 without control characters");
    if (length > finding_reason_max)
        return wrong(
            "the reason must be at most " + std::to_string(finding_reason_max) + " characters long"
        );
    return {};
}

}  // namespace payments::settlement
