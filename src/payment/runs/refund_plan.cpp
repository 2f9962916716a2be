#include "payment/runs/refund_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>

namespace payments {
namespace {

constexpr std::int64_t whole_percent = 100;
constexpr std::string_view left_out_names[] = {
    "unknown",         "not_paid",       "disputed",   "refunded",  "in_review",
    "unknown_outcome", "reserved",       "in_run",     "less_left", "too_little",
    "changed",         "other_currency", "no_account", "stopped"};
static_assert(std::size(left_out_names) == static_cast<std::size_t>(LeftOut::stopped) + 1);

}  // namespace

std::string_view name(LeftOut why) { return left_out_names[static_cast<std::size_t>(why)]; }

std::optional<LeftOut> left_out_of(std::string_view name) {
    const auto* found = std::ranges::find(left_out_names, name);
    if (found == std::end(left_out_names)) return {};
    return static_cast<LeftOut>(found - left_out_names);
}

std::string Give::text() const {
    if (kind == Kind::percent) return std::to_string(percent) + " %";
    return kind == Kind::all ? "all" : amount->readable();
}

std::optional<Give> Give::parse(std::string_view text) {
    if (text == "all") return Give{};
    const auto blank = text.find(' ');
    if (blank == text.npos) return {};
    const auto number = text.substr(0, blank);
    const auto unit = text.substr(blank + 1);
    Give give;
    if (unit == "%") {
        give.kind = Kind::percent;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), give.percent);
        if (error != std::errc{} || end != number.data() + number.size()) return {};
        return give;
    }
    const auto currency = Currency::of(unit);
    if (!currency) return {};
    const auto amount = Money::parse(number, *currency);
    if (!amount) return {};
    give.kind = Kind::amount;
    give.amount = *amount;
    return give;
}

std::optional<LeftOut> why_left_out(const Transaction& transaction) {
    switch (transaction.status) {
        case Status::unknown:
            return LeftOut::unknown_outcome;
        case Status::refunded:
            return LeftOut::refunded;
        case Status::disputed:
            return LeftOut::disputed;
        case Status::review:
            return LeftOut::in_review;
        case Status::paid:
        case Status::partially_refunded:
            break;
        default:
            return LeftOut::not_paid;
    }
    if (transaction.amount.is_zero()) return LeftOut::not_paid;
    const auto facts = facts_of(transaction);
    if (reserved_minor(facts) > 0) return LeftOut::reserved;
    if (refundable_minor(facts) == 0) return LeftOut::refunded;
    return {};
}

namespace {

Share nothing(LeftOut why) { return {{}, why}; }

Share part_of(const Transaction& transaction, std::int64_t left, int percent) {
    const auto currency = transaction.amount.currency();
    const auto step = currency.step();
    const auto given = refunded_minor(facts_of(transaction));
    // Given back by hand it may be more than was taken.
    const auto taken = left + given;
    const auto target = taken * percent / whole_percent / step * step;
    const auto rest = (target - given) / step * step;
    if (rest <= 0) return nothing(given > 0 ? LeftOut::refunded : LeftOut::too_little);
    if (rest > left) return nothing(LeftOut::less_left);
    return {Money::of(rest, currency).value()};
}

}  // namespace

Share share_of(const Transaction& transaction, const Give& give) {
    if (const auto why = why_left_out(transaction)) return nothing(*why);
    const auto currency = transaction.amount.currency();
    const auto left = refundable_minor(facts_of(transaction));
    if (give.kind == Give::Kind::percent) return part_of(transaction, left, give.percent);
    if (give.kind == Give::Kind::all) return {Money::of(left, currency).value()};
    if (give.amount->currency() != currency) return nothing(LeftOut::other_currency);
    if (give.amount->minor() > left) return nothing(LeftOut::less_left);
    return {*give.amount};
}

std::vector<RefundSum> sums_of(const RefundPlan& plan) {
    std::map<std::pair<Processor, std::string_view>, RefundSum> sums;
    for (const auto& item : plan.items) {
        const auto currency = item.amount.currency();
        const RefundSum none{item.processor, currency};
        auto& sum = sums.try_emplace({item.processor, currency.code()}, none).first->second;
        ++sum.count;
        sum.minor += item.amount.minor();
    }
    std::vector<RefundSum> list;
    for (const auto& [key, sum] : sums) list.push_back(sum);
    return list;
}

std::string text_of(const RefundPlan& plan) {
    std::string text = "give back " + plan.give.text() + "\n";
    for (const auto& item : plan.items) {
        text += "TR" + std::to_string(item.transaction_id) + " " +
                std::string{name(item.processor)} + " " + item.amount.readable() + ", " +
                std::to_string(item.refunded_minor) + " before\n";
    }
    return text;
}

namespace {

Error sums_differ(const RefundSum& sum) {
    return {
        Errc::sums_differ,
        "these are not the plan's sums: it gives back " + std::string{name(sum.processor)} + ": " +
            decimal_of(sum.minor, sum.currency) + " " + std::string{sum.currency.code()}};
}

}  // namespace

Result<void> check_sums(const std::vector<RefundSum>& sums, const std::vector<TypedSum>& typed) {
    for (const auto& sum : sums) {
        const auto is_typed = [&](const TypedSum& one) {
            return one.processor == sum.processor && one.amount.currency() == sum.currency &&
                   one.amount.minor() == sum.minor;
        };
        if (std::ranges::count_if(typed, is_typed) != 1) return sums_differ(sum);
    }
    if (typed.size() > sums.size())
        return Error{Errc::sums_differ, "these are more sums than the plan has"};
    return {};
}

std::int64_t minutes_for(const std::vector<RefundSum>& sums, int refunds_per_minute) {
    std::array<std::int64_t, processor_count> counts{};
    for (const auto& sum : sums) counts[static_cast<std::size_t>(sum.processor)] += sum.count;
    return (*std::ranges::max_element(counts) + refunds_per_minute - 1) / refunds_per_minute;
}

}  // namespace payments
