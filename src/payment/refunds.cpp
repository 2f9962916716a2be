#include "payment/refunds.hpp"

#include <algorithm>
#include <set>

namespace payments {
namespace {

using namespace std::chrono_literals;

// By then a call has ended on either side: a refund that is not on the provider's list was not
// made.
constexpr auto lost_after = 15min;
constexpr std::size_t automatic_refunds_max = 3;

Error not_refundable(const Transaction& transaction, const Facts& facts) {
    std::string why = "everything has been given back, or is being given back";
    if (facts.captures_minor.empty() || transaction.amount.is_zero())
        why = "nothing was paid with it";
    else if (facts.other_currency)
        why = "it was paid in another currency than agreed; refund it at the provider";
    else if (is_disputed(facts))
        why = "the bank is taking the money back (a dispute)";
    return Error{Errc::not_refundable, transaction.reference() + " cannot be refunded: " + why}
        .about(transaction.id);
}

Error wrong_amount(std::string detail) {
    Error error{Errc::invalid_request, "the amount " + detail};
    error.wrong.push_back({"/amount", std::move(detail)});
    return error;
}

// The subjects of the refunds that are known to be ones we asked for.
std::set<std::string> linked_refunds(const Transaction& transaction) {
    std::set<std::string> linked;
    for (const auto& entry : transaction.entries)
        if (is_refund(entry.fact.kind) && !entry.fact.refund.empty())
            linked.insert(entry.fact.subject);
    return linked;
}

bool is_request(const Fact& fact, const std::string& reference) {
    return fact.kind == FactKind::refund_requested && fact.refund == reference;
}

// The refund of this amount that was first heard of after this one was requested: one from before
// can only be another.
const Fact* made_for(
    const Refund& refund, const Transaction& transaction, const std::set<std::string>& taken
) {
    bool is_after = false;
    std::set<std::string> heard_before = taken;
    for (const auto& entry : transaction.entries) {
        const auto& fact = entry.fact;
        is_after = is_after || is_request(fact, refund.reference);
        if (!is_refund(fact.kind)) continue;
        if (!is_after) heard_before.insert(fact.subject);
        if (is_after && fact.amount == refund.amount && !heard_before.contains(fact.subject))
            return &fact;
    }
    return nullptr;
}

bool has_equal(const std::vector<PendingRefund>& open, const PendingRefund& pending) {
    return std::ranges::count_if(open, [&](const PendingRefund& other) {
               return other.refund.amount == pending.refund.amount;
           }) > 1;
}

}  // namespace

Result<Fact> request_refund(const Transaction& transaction, const RefundDetails& details) {
    const auto facts = facts_of(transaction);
    const auto left = refundable_minor(facts);
    if (left == 0 || is_disputed(facts)) return not_refundable(transaction, facts);

    const auto given = refunded_minor(facts) + reserved_minor(facts);
    if (details.only_after_minor && *details.only_after_minor != given)
        return Error{
            Errc::not_refundable, transaction.reference() +
                                      " is not refunded: what was given back of it has changed "
                                      "since this was planned"}
            .about(transaction.id);

    const auto rest = Money::of(left, transaction.amount.currency());
    if (!rest) return rest.error();
    const auto amount = details.amount.value_or(*rest);
    if (amount.is_zero()) return wrong_amount("must be more than 0");
    if (amount.currency() != rest->currency())
        return wrong_amount("must be in " + std::string{rest->currency().code()});
    // Of what was reported with a fraction the last refund has it too.
    if (!amount.is_in_steps() && amount != *rest)
        return wrong_amount(
            "must be in whole " + std::string{rest->currency().code()} + ", unless it is the rest"
        );
    if (amount.minor() > left)
        return Error{
            Errc::refund_too_large, amount.decimal() + " cannot be refunded: " + rest->decimal() +
                                        " " + std::string{rest->currency().code()} +
                                        " is left of " + transaction.reference()}
            .about(transaction.id);

    Fact fact;
    fact.kind = FactKind::refund_requested;
    fact.amount = amount;
    // Refused ones are counted as well: a name is given once.
    fact.refund = transaction.reference() + "-R" + std::to_string(facts.refund_states.size() + 1);
    fact.subject = details.key;
    fact.detail = "by " + (details.by.empty() ? "the service" : details.by);
    if (!details.reason.empty()) fact.detail += ": " + details.reason;
    return fact;
}

std::optional<Refund> refund_with_key(const Transaction& transaction, std::string_view key) {
    // Without a key every request is one of its own. A refund that was refused is over, and its key
    // may ask for it anew.
    if (key.empty()) return {};
    const auto facts = facts_of(transaction);
    for (const auto& [at, source, fact] : transaction.entries)
        if (fact.kind == FactKind::refund_requested && fact.subject == key && fact.amount &&
            (facts.refund_states.at(fact.refund).is_pending() ||
             facts.refund_states.at(fact.refund).made))
            return Refund{fact.refund, *fact.amount};
    return {};
}

bool is_on_its_way(const Transaction& transaction, std::string_view reference) {
    bool pending = false;
    for (const auto& [at, source, fact] : transaction.entries) {
        if (fact.refund != reference) continue;
        if (fact.kind == FactKind::refunded) return false;
        pending = pending || fact.kind == FactKind::refund_pending;
    }
    return pending;
}

std::vector<PendingRefund> pending_refunds(const Transaction& transaction) {
    const auto facts = facts_of(transaction);
    std::vector<PendingRefund> open;
    for (const auto& entry : transaction.entries) {
        const auto& fact = entry.fact;
        if (fact.kind != FactKind::refund_requested || !fact.amount) continue;
        const auto& state = facts.refund_states.at(fact.refund);
        if (state.is_pending())
            open.push_back({{fact.refund, *fact.amount}, entry.at, state.unanswered});
    }
    return open;
}

namespace {

// After so long the provider's list would have it: the amount is free again.
Fact refund_was_not_made(const PendingRefund& pending) {
    Fact fact;
    fact.kind = FactKind::refund_refused;
    fact.refund = pending.refund.reference;
    fact.detail = "the provider knows of no such refund: it was not made";
    return fact;
}

}  // namespace

std::vector<Fact> match_listed_refunds(
    const Transaction& transaction, Time now, std::chrono::milliseconds repeated_for
) {
    std::vector<Fact> settled;
    auto taken = linked_refunds(transaction);
    const auto open = pending_refunds(transaction);
    for (const auto& pending : open) {
        // No call takes that long on either side, so nothing of it can still arrive.
        const bool is_over = now - pending.asked_at >= repeated_for + lost_after;
        // The other's answer may yet say that the refund is its own, and then the money of this one
        // would be free while its call still runs.
        if (!is_over && has_equal(open, pending)) continue;
        if (const auto* made = made_for(pending.refund, transaction, taken)) {
            settled.push_back(*made);
            settled.back().refund = pending.refund.reference;
            taken.insert(made->subject);
        } else if (is_over) {
            settled.push_back(refund_was_not_made(pending));
        }
    }
    return settled;
}

bool secures_fee(const Transaction& transaction) {
    const auto facts = facts_of(transaction);
    const auto standing = status(facts);
    const bool is_in_order = standing == Status::paid || standing == Status::partially_refunded;
    return is_in_order && refundable_minor(facts) > 0;
}

bool can_refund_duplicate(const Transaction& transaction) {
    const auto facts = facts_of(transaction);
    return is_unrefunded_duplicate(facts) && !is_disputed(facts) && facts.mismatches.empty() &&
           facts.provider_ids.size() <= 1 && !facts.contradicted && reserved_minor(facts) == 0 &&
           refundable_minor(facts) > 0 && facts.refund_states.size() < automatic_refunds_max;
}

}  // namespace payments
