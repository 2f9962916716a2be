#include "payment/review.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <initializer_list>
#include <map>
#include <numeric>

#include "payment/refunds.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// By then the provider was asked eight times or more (docs/design.md, 3.10): what is still open
// will hardly settle by itself.
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
    {"still_payable",
     "It is over here, but could still be paid at the provider, which does not close it when told "
     "to: see whether our key may cancel payments, and cancel it on the provider's pages. When "
     "nobody can pay it any more, it leaves the list within an hour; or end it here "
     "(`ozora-payments close`)."},
    {"refund_unknown",
     "Look at the provider whether the refund was made. Its amount is held back until the provider "
     "has said so; do not give it back in another way before."},
    {"refund_failed",
     "The visitor has not got the money. Refund again, here or on the provider's pages: either "
     "takes this off the list."},
    {"dispute",
     "Answer the dispute at the provider before its deadline, with what shows that the ticket was "
     "wanted; or accept it."},
    {"inquiry",
     "Answer the bank at the provider before its deadline, or give the money back: it may become a "
     "dispute otherwise."},
    {"fraud_warning",
     "See whether the card holder meant to pay. If not, give the money back now: a dispute would "
     "take it with a fee. It leaves the list when the money is back, or after 30 days."},
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
        // The last time it became so: what was settled in between is not counted in.
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
    return has_dispute(facts, DisputeState::open) || has_dispute(facts, DisputeState::unclear);
}

bool is_inquiry_open(const Facts& facts) { return has_dispute(facts, DisputeState::inquiry); }

// It is over with the money back, or with the dispute it warned of.
bool is_warning_open(const Facts& facts) {
    const bool is_gone = !facts.captures_minor.empty() && !holds_money(facts);
    return facts.fraud_warned && facts.disputes.empty() && !is_gone;
}

std::string differences(const Transaction&, const Facts& facts) { return what_differs(facts); }

std::string told_by(const Fact& fact) {
    auto text = fact.subject;
    if (fact.amount) text += ", " + fact.amount->readable();
    if (!fact.detail.empty()) text += ", " + fact.detail;
    return text;
}

// The newest word on each dispute that stands so: whose, how much, until when.
std::string disputes_told(
    const Transaction& transaction, const Facts& facts, std::initializer_list<DisputeState> so
) {
    std::map<std::string, std::string> told;
    for (const auto& entry : transaction.entries) {
        const auto state = dispute_state_of(entry.fact.kind);
        if (!state || std::ranges::find(so, *state) == so.end()) continue;
        const DisputeWord word{entry.fact.occurred_at, *state};
        if (facts.disputes.at(entry.fact.subject) == word)
            told[entry.fact.subject] = told_by(entry.fact);
    }
    std::string text;
    for (const auto& [id, sentence] : told) text += (text.empty() ? "" : "; ") + sentence;
    return text;
}

std::string open_disputes(const Transaction& transaction, const Facts& facts) {
    return disputes_told(transaction, facts, {DisputeState::open, DisputeState::unclear});
}

std::string open_inquiries(const Transaction& transaction, const Facts& facts) {
    return disputes_told(transaction, facts, {DisputeState::inquiry});
}

std::string warnings(const Transaction& transaction, const Facts&) {
    std::string text;
    for (const auto& entry : transaction.entries)
        if (entry.fact.kind == FactKind::fraud_warning)
            text += (text.empty() ? "" : "; ") + told_by(entry.fact);
    return text;
}

bool is_still_payable(const Facts& facts) {
    return is_payable_after_its_end(facts) && !facts.is_closed;
}

bool has_foreign_money(const Facts& facts) {
    return !facts.foreign_captures.empty() && !facts.is_closed;
}

std::string foreign_payments(const Transaction&, const Facts& facts) {
    std::string ids;
    for (const auto& id : facts.foreign_captures) ids += (ids.empty() ? "" : ", ") + id;
    return ids;
}

struct Rule {
    ReviewKind kind;
    bool (*is_so)(const Facts&);
    std::chrono::milliseconds after;
    std::string_view reason;
    std::string (*details)(const Transaction&, const Facts&) = nullptr;  // after the reason
    std::optional<std::chrono::milliseconds> listed_for{};
};

// What follows from the facts alone; `overdue` and refunds are below.
constexpr Rule rules[] = {
    {ReviewKind::mismatch, is_open_mismatch, 0ms, "", differences},
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
    {ReviewKind::still_payable, is_still_payable, settles_within,
     "it has ended here, and the provider would still take money for it"},
    {ReviewKind::dispute, is_dispute_open, 0ms,
     "the card holder disputes the payment: ", open_disputes},
    {ReviewKind::inquiry, is_inquiry_open, 0ms,
     "the bank asks about the payment: ", open_inquiries},
    {ReviewKind::fraud_warning, is_warning_open, 0ms, "the card's issuer reports fraud: ", warnings,
     std::chrono::days{30}},
    {ReviewKind::foreign_payment, has_foreign_money, 0ms,
     "the provider has taken money for another attempt under this number: ", foreign_payments},
};

// What a claim or silence explains is listed as that.
void add_overdue(
    const Transaction& transaction, const Facts& facts, std::vector<ReviewReason>& concerns
) {
    const auto standing = status(facts);
    const bool is_open = standing == Status::created || standing == Status::pending;
    const Time since = transaction.expires_at + overdue_after;
    if (!is_open || facts.claimed) return;
    concerns.push_back(
        {ReviewKind::overdue, since,
         "account " + transaction.account +
             " has not said for two hours after its deadline how it "
             "ended"}
    );
}

void add_refunds(
    const Transaction& transaction, const Facts& facts, std::vector<ReviewReason>& concerns
) {
    for (const auto& pending : pending_refunds(transaction))
        concerns.push_back(
            {ReviewKind::refund_unknown, pending.asked_at,
             "whether refund " + pending.refund.reference + " of " +
                 pending.refund.amount.readable() + " was made is unknown",
             pending.asked_at + settles_within}
        );
    // Once another refund was asked for or made, whoever had to look has done so.
    std::optional<ReviewReason> failed;
    for (const auto& entry : transaction.entries) {
        const bool is_made =
            is_refund(entry.fact.kind) && !facts.failed_refunds.contains(entry.fact.subject);
        if (is_made || entry.fact.kind == FactKind::refund_requested) failed.reset();
        if (entry.fact.kind == FactKind::refund_failed)
            failed = ReviewReason{
                ReviewKind::refund_failed, entry.at,
                "refund " + entry.fact.subject + " did not reach the visitor"};
    }
    if (failed && holds_money(facts)) concerns.push_back(std::move(*failed));
}

}  // namespace

std::string_view name(ReviewKind kind) { return words[static_cast<std::size_t>(kind)].name; }

std::string_view what_to_do(ReviewKind kind) {
    return words[static_cast<std::size_t>(kind)].what_to_do;
}

std::vector<ReviewReason> concerns_of(const Transaction& transaction) {
    const auto facts = facts_of(transaction);
    std::vector<ReviewReason> concerns;
    for (const auto& rule : rules) {
        if (!rule.is_so(facts)) continue;
        const auto begun = since(transaction, rule.is_so);
        std::string reason{rule.reason};
        if (rule.details != nullptr) reason += rule.details(transaction, facts);
        concerns.push_back({rule.kind, begun, std::move(reason), begun + rule.after});
        if (rule.listed_for) concerns.back().listed_until = begun + *rule.listed_for;
    }
    add_overdue(transaction, facts, concerns);
    add_refunds(transaction, facts, concerns);
    return concerns;
}

std::vector<ReviewReason> concerns_of(const Transaction& transaction, Time now) {
    auto concerns = concerns_of(transaction);
    std::erase_if(concerns, [now](const ReviewReason& reason) {
        return now < reason.listed_from || now > reason.listed_until;
    });
    return concerns;
}

std::optional<ReviewKind> review_kind(std::string_view text) {
    for (std::size_t kind = 0; kind < review_kinds; ++kind)
        if (words[kind].name == text) return static_cast<ReviewKind>(kind);
    return {};
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
