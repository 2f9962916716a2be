#include "settlement/outgoing_settlements.hpp"

#include <algorithm>

#include "settlement/sums.hpp"
#include "support/json.hpp"

namespace payments::settlement {
namespace {

constexpr std::string_view payout_type = "settlement.payout";
constexpr std::string_view finding_type = "settlement.finding";
constexpr std::string_view closed_state = "closed";

json::value or_null(const std::optional<Day>& day) {
    return day ? json::value(date_text(*day)) : json::value(nullptr);
}

Standing told_of(const AccountKey& key, const PayoutReport& payout) {
    json::object data{
        {"processor", name(key.processor)},
        {"account", key.account},
        {"payout_id", payout.payout_id},
        {"currency", key.currency},
        {"amount_minor", payout.amount_minor},
        {"state", name(payout.state)},
        {"arrival", or_null(payout.arrival)},
        {"bank_day", or_null(payout.bank_day)},
        {"bank_amount_minor",
         payout.bank_minor ? json::value(*payout.bank_minor) : json::value(nullptr)},
        {"bank_charges_minor", payout.bank_charges_minor},
        {"adds_up", payout.adds_up}};
    const auto about = "payout " + std::string{name(key.processor)} + " " + key.account + " " +
                       key.currency + " " + payout.payout_id;
    auto text = json::write(data);
    return {about, text, payout_type, text};
}

// A bank without references is known by its text, which may be a person's name.
bool may_name_a_person(FindingKind kind) { return kind == FindingKind::bank_credit_unknown; }

Standing told_of(const Finding& finding) {
    const auto state = finding.is_accepted ? "accepted" : "open";
    json::object data{
        {"key", finding.key},
        {"kind", name(finding.kind)},
        {"subject", may_name_a_person(finding.kind) ? json::value(nullptr)
                                                    : json::value(finding.subject)},
        {"processor", finding.processor},
        {"account", finding.account},
        {"currency", finding.currency.code()},
        {"amount_minor", finding.minor},
        {"state", state}};
    auto text = json::write(data);
    return {"finding " + finding.key, text, finding_type, text};
}

}  // namespace

std::vector<Standing> told_in(const Report& report) {
    std::vector<Standing> told;
    for (const auto& [key, account] : report.accounts)
        for (const auto& payout : account.payouts)
            if (payout.state != PayoutState::on_the_way) told.push_back(told_of(key, payout));
    for (const auto& finding : report.findings) told.push_back(told_of(finding));
    std::ranges::sort(told, {}, &Standing::about);
    // Two findings of one key are one matter: the first of them is told.
    const auto is_same = [](const Standing& a, const Standing& b) { return a.about == b.about; };
    told.erase(std::unique(told.begin(), told.end(), is_same), told.end());
    return told;
}

std::optional<Standing> told_closed(const Standing& before) {
    if (before.type != finding_type) return std::nullopt;
    auto tree = json::parse(before.data);
    if (!tree || !tree->is_object()) return std::nullopt;
    auto& data = tree->get_object();
    if (json::string_or(data, "state", "") == closed_state) return std::nullopt;
    data["state"] = closed_state;
    auto text = json::write(data);
    return Standing{before.about, text, finding_type, text};
}

}  // namespace payments::settlement
