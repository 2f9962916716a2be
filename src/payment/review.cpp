#include "payment/review.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <numeric>

#include "payment/refunds.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto settles_within = 1h;

struct Words {
    std::string_view name, what_to_do;
};
constexpr Words words[] = {
    {"mismatch",
     "Compare the payment at the provider with the transaction. Give the money back if it was not "
     "meant for this ticket."},
    {"contradiction",
     "Look the payment up at the provider by its id. When it was paid there, it becomes paid here "
     "as "
     "soon as the provider says so; when not, ask the provider why it had said paid."},
    {"duplicate",
     "Refund this transaction: the fee of the ticket is paid by another one. Or refund that one: "
     "then this one is the payment."},
    {"unconfirmed",
     "Look the payment up at the provider. It becomes paid as soon as the provider answers; if it "
     "answers there, look for what keeps us from asking it."},
    {"unknown",
     "Look the payment up at the provider by its reference. It is asked about by itself as soon as "
     "the provider answers; until then the fee cannot be paid in another way."},
    {"authorized",
     "The money is blocked on the card, and SimplePay or Stripe has not taken it: see there "
     "whether "
     "the account takes payments in two steps. Take or release the money there; if nothing can be "
     "done there, end the payment here (`ozora-payments close`)."},
    {"overdue",
     "See why the provider is not asked or does not answer: whether it is reached, and whether the "
     "account that this payment names is set up (a replaced one as retired). Look the payment up "
     "at "
     "the provider; when nobody can pay it any more, end it here (`ozora-payments close`)."},
    {"refund_unknown",
     "Look at the provider whether the refund was made. Its amount is held back until the provider "
     "has said so; do not give it back in another way before."},
    {"refund_failed",
     "The visitor has not got the money. Refund again, or agree on another way with the visitor."},
    {"dispute",
     "Answer the dispute at the provider before its deadline, with what shows that the ticket was "
     "wanted; or accept it."},
    {"foreign_payment",
     "Look the payment that the reason names up at the provider, and whose ticket it was for: it "
     "was "
     "made under this number before the database was restored or begun anew. Give the money back "
     "there, or record the ticket as paid."},
    {"unmatched_message",
     "Look the payment up at the provider. If it is ours, see whether the database was restored "
     "from "
     "an older copy; if it is another system's, give that one an account or endpoint of its own."},
    {"dead_letter", "Mend the receiver of outgoing events, then replay the event."},
};
static_assert(std::size(words) == review_kinds);

using Condition = std::function<bool(const Facts&)>;

// Since when it has been so without a break.
Time since(const Transaction& transaction, const Condition& is_so) {
    Facts facts;
    bool was_so = false;
    Time at = transaction.created_at;
    for (const auto& entry : transaction.entries) {
        facts = learn(std::move(facts), entry.fact, transaction.terms());
        if (is_so(facts) && !was_so) at = entry.at;
        was_so = is_so(facts);
    }
    return at;
}

// A difference never goes away, for facts do not; but nobody need look once the money is gone.
bool is_open_mismatch(const Facts& facts) {
    return is_mismatch(facts) && (facts.captures_minor.empty() || holds_money(facts));
}

bool is_unconfirmed(const Facts& facts) {
    return facts.claimed && status(facts) == Status::pending;
}

bool is_unknown(const Facts& facts) { return status(facts) == Status::unknown; }

bool is_authorized(const Facts& facts) { return status(facts) == Status::authorized; }

bool is_dispute_open(const Facts& facts) {
    return std::ranges::any_of(facts.disputes, [](const auto& dispute) {
        return dispute.second == Dispute::open;
    });
}

bool has_foreign_money(const Facts& facts) {
    return !facts.foreign_captures.empty() && !facts.is_closed;
}

struct Rule {
    ReviewKind kind;
    bool (*is_so)(const Facts&);
    std::chrono::milliseconds after;
    std::string_view reason;  // "" where the facts name it
};

std::string reason_of(const Rule& rule, const Facts& facts) {
    if (!rule.reason.empty()) return std::string{rule.reason};
    if (rule.kind != ReviewKind::foreign_payment) return what_differs(facts);
    std::string ids;
    for (const auto& id : facts.foreign_captures) ids += (ids.empty() ? "" : ", ") + id;
    return "the provider has taken money for another attempt under this number: " + ids;
}

constexpr Rule rules[] = {
    {ReviewKind::mismatch, is_open_mismatch, 0ms, ""},
    {ReviewKind::contradiction, is_contradiction, 0ms, contradiction_reason},
    {ReviewKind::duplicate, is_unrefunded_duplicate, 0ms,
     "this fee of the ticket had "
     "been paid before"},
    {ReviewKind::unconfirmed, is_unconfirmed, settles_within,
     "a signed notification says paid, but the provider has not confirmed it"},
    {ReviewKind::unknown, is_unknown, settles_within,
     "the provider has not said what became of the payment"},
    {ReviewKind::authorized, is_authorized, settles_within,
     "the money is blocked on the card and was not taken"},
    {ReviewKind::dispute, is_dispute_open, 0ms, "the card holder disputes the payment"},
    {ReviewKind::foreign_payment, has_foreign_money, 0ms, ""},
};

// What a claim or silence explains is listed as that.
void add_overdue(
    const Transaction& transaction, const Facts& facts, Time now,
    std::vector<ReviewReason>& concerns
) {
    const auto standing = status(facts);
    const bool is_open = standing == Status::created || standing == Status::pending;
    const Time since = transaction.expires_at + overdue_after;
    if (!is_open || facts.claimed || now < since) return;
    concerns.push_back(
        {ReviewKind::overdue, since,
         "account " + transaction.account +
             " has not said for two hours after its deadline how it "
             "ended"}
    );
}

void add_refunds(const Transaction& transaction, Time now, std::vector<ReviewReason>& concerns) {
    for (const auto& pending : pending_refunds(transaction))
        if (now - pending.asked_at >= settles_within)
            concerns.push_back(
                {ReviewKind::refund_unknown, pending.asked_at,
                 "whether refund " + pending.refund.reference + " of " +
                     pending.refund.amount.readable() + " was made is unknown"}
            );
    // Once another refund was asked for, whoever had to look has done so.
    std::optional<ReviewReason> failed;
    for (const auto& entry : transaction.entries) {
        if (entry.fact.kind == FactKind::refund_requested) failed.reset();
        if (entry.fact.kind == FactKind::refund_failed)
            failed = ReviewReason{
                ReviewKind::refund_failed, entry.at,
                "refund " + entry.fact.subject + " did not reach the visitor"};
    }
    if (failed) concerns.push_back(std::move(*failed));
}

}  // namespace

std::string_view name(ReviewKind kind) { return words[static_cast<std::size_t>(kind)].name; }

std::string_view what_to_do(ReviewKind kind) {
    return words[static_cast<std::size_t>(kind)].what_to_do;
}

std::vector<ReviewReason> concerns_of(const Transaction& transaction, Time now) {
    const auto facts = facts_of(transaction);
    std::vector<ReviewReason> concerns;
    for (const auto& rule : rules) {
        if (!rule.is_so(facts)) continue;
        const auto begun = since(transaction, rule.is_so);
        if (now - begun < rule.after) continue;
        concerns.push_back({rule.kind, begun, reason_of(rule, facts)});
    }
    add_overdue(transaction, facts, now, concerns);
    add_refunds(transaction, now, concerns);
    return concerns;
}

bool may_concern(const Facts& facts) {
    const bool is_so =
        std::ranges::any_of(rules, [&](const Rule& rule) { return rule.is_so(facts); });
    return is_so || reserved_minor(facts) > 0 || !facts.failed_refunds.empty();
}

std::string ReviewCursor::text() const {
    return std::to_string(since.time_since_epoch().count()) + "-" +
           std::to_string(static_cast<int>(kind)) + "-" + std::to_string(number);
}

std::optional<ReviewCursor> ReviewCursor::parse(std::string_view text) {
    std::int64_t numbers[3] = {};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto* end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, numbers[i]);
        const bool ends_well = i == 2 ? rest == end : rest != end && *rest == '-';
        if (error != std::errc{} || !ends_well || numbers[i] < 0) return {};
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()) + (i == 2 ? 0 : 1));
    }
    if (numbers[1] >= static_cast<std::int64_t>(review_kinds)) return {};
    return ReviewCursor{
        Time{std::chrono::milliseconds{numbers[0]}}, static_cast<ReviewKind>(numbers[1]),
        numbers[2]};
}

std::int64_t Reviews::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

}  // namespace payments
