#include "payment/facts.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace payments {
namespace {

constexpr std::string_view status_names[] = {
    "created",  "pending",   "unknown", "authorized",         "paid",
    "failed",   "cancelled", "expired", "partially_refunded", "refunded",
    "disputed", "review",
};
static_assert(std::size(status_names) == static_cast<std::size_t>(Status::review) + 1);

bool is_of_balance(FactKind kind) {
    return kind == FactKind::dispute_withdrawn || kind == FactKind::dispute_reinstated ||
           kind == FactKind::dispute_fee || kind == FactKind::dispute_fee_returned;
}

// Compares the fact's evidence with the terms and notes what differs. Doing it here, on every fact,
// means that no way in can forget it.
void compare(Facts& facts, const Fact& fact, const Terms& terms) {
    if (!fact.account.empty() && fact.account != terms.account)
        facts.mismatches.insert(
            "account differs: " + fact.account + " instead of " + terms.account
        );
    // What a bank takes for a dispute is its own business: another part, in another currency.
    const bool is_others = dispute_state_of(fact.kind) || is_of_balance(fact.kind) ||
                           fact.kind == FactKind::foreign_payment;
    if (!fact.amount || is_others) return;

    const bool same_currency = fact.amount->currency() == terms.amount.currency();
    if (!same_currency) facts.other_currency = true;
    const bool whole_amount = fact.kind == FactKind::captured || fact.kind == FactKind::authorized;
    if (!same_currency || (whole_amount && *fact.amount != terms.amount))
        facts.mismatches.insert(
            "amount differs: " + fact.amount->readable() + " " + std::string{name(fact.kind)} +
            " instead of " + terms.amount.readable()
        );
}

void end(Facts& facts, Ending how) { facts.ending = std::max(facts.ending, how); }

bool dispute_has_money(const Facts& facts, const std::string& dispute, DisputeState state) {
    switch (state) {
        case DisputeState::inquiry:
        case DisputeState::inquiry_closed:
        case DisputeState::won:
            return false;
        case DisputeState::prevented: {
            const auto moved = facts.dispute_movements.find(dispute);
            return moved != facts.dispute_movements.end() && moved->second.withdrawn;
        }
        case DisputeState::unclear:
        case DisputeState::open:
        case DisputeState::lost:
            break;
    }
    return true;
}

// What disputes have taken for good, as far as anybody has said; of one whose amount is not known,
// everything.
std::int64_t lost_minor(const Facts& facts) {
    std::int64_t sum = 0;
    for (const auto& [id, word] : facts.disputes) {
        const bool is_over =
            word.state == DisputeState::lost || word.state == DisputeState::prevented;
        if (!is_over || !dispute_has_money(facts, id, word.state)) continue;
        const auto amount = facts.disputes_minor.find(id);
        if (amount == facts.disputes_minor.end()) return Money::limit;
        sum = std::min(Money::limit, sum + amount->second);
    }
    return sum;
}

void learn_refund(Facts& facts, const Fact& fact) {
    auto& known = facts.refunds_minor[fact.subject];
    // Of two amounts for one refund the larger: by the smaller the difference could go back twice.
    known = std::max(known, fact.amount ? fact.amount->minor() : 0);
    if (!fact.refund.empty()) facts.refund_states[fact.refund].made = true;
}

void learn_request(Facts& facts, const Fact& fact) {
    auto& state = facts.refund_states[fact.refund];
    if (fact.amount) state.minor = std::max(state.minor, fact.amount->minor());
}

// False for facts about anything else.
bool learn_of_refund(Facts& facts, const Fact& fact) {
    switch (fact.kind) {
        case FactKind::refund_requested:
            learn_request(facts, fact);
            return true;
        case FactKind::refund_unanswered:
            facts.refund_states[fact.refund].unanswered = true;
            return true;
        case FactKind::refund_refused:
            facts.refund_states[fact.refund].refused = true;
            return true;
        case FactKind::refund_pending:
        case FactKind::refunded:
            learn_refund(facts, fact);
            return true;
        case FactKind::refund_failed:
            facts.failed_refunds.insert(fact.subject);
            return true;
        default:
            return false;
    }
}

bool learn_of_dispute(Facts& facts, const Fact& fact, const Terms& terms) {
    if (const auto state = dispute_state_of(fact.kind)) {
        if (fact.amount && fact.amount->currency() == terms.amount.currency()) {
            auto& largest = facts.disputes_minor[fact.subject];
            largest = std::max(largest, fact.amount->minor());
        }
        auto& known = facts.disputes[fact.subject];
        known = std::max(known, DisputeWord{fact.occurred_at, *state});
        return true;
    }
    switch (fact.kind) {
        case FactKind::dispute_withdrawn:
        case FactKind::dispute_reinstated: {
            auto& known = facts.dispute_movements[fact.subject];
            const bool withdrawn = fact.kind == FactKind::dispute_withdrawn;
            known = std::max(known, DisputeMovement{fact.occurred_at, withdrawn});
            return true;
        }
        case FactKind::dispute_fee:  // what it cost us is nothing to the payer
        case FactKind::dispute_fee_returned:
            return true;
        case FactKind::fraud_warning:
            facts.fraud_warned = true;
            return true;
        default:
            return false;
    }
}

// What no provider says: it follows from comparing, from other attempts, or from a person's word.
void learn_of_the_books(Facts& facts, const Fact& fact) {
    if (fact.kind == FactKind::mismatched) facts.mismatches.insert(fact.subject);
    if (fact.kind == FactKind::duplicate) facts.duplicates.insert(fact.subject);
    if (fact.kind == FactKind::duplicate_ended) facts.ended_duplicates.insert(fact.subject);
    if (fact.kind == FactKind::closed) {
        facts.is_closed = true;
        end(facts, Ending::cancelled);
    }
    // Nobody was sent to pay under a number that the provider knew before.
    if (fact.kind == FactKind::foreign_payment) {
        facts.is_number_spent = true;
        end(facts, Ending::failed);
        if (fact.amount) facts.foreign_captures.insert(fact.subject);
    }
}

Status to_status(Ending ending) {
    switch (ending) {
        case Ending::cancelled:
            return Status::cancelled;
        case Ending::expired:
            return Status::expired;
        default:
            return Status::failed;
    }
}

}  // namespace

std::string_view name(Status status) { return status_names[static_cast<std::size_t>(status)]; }

Result<Status> status_of(std::string_view text) {
    const auto* found = std::ranges::find(status_names, text);
    if (found == std::end(status_names))
        return Error{Errc::internal, "unknown status " + std::string{text}};
    return static_cast<Status>(found - status_names);
}

bool is_live(Status status) {
    return status == Status::created || status == Status::pending || status == Status::unknown ||
           status == Status::authorized;
}

bool is_final(Status status) { return !is_live(status); }

bool has_ended_unpaid(Status status) {
    return status == Status::failed || status == Status::cancelled || status == Status::expired;
}

Facts learn(Facts facts, const Fact& fact, const Terms& terms) {
    compare(facts, fact, terms);
    if (!fact.provider_id.empty()) facts.provider_ids.insert(fact.provider_id);
    if (learn_of_refund(facts, fact) || learn_of_dispute(facts, fact, terms)) return facts;

    switch (fact.kind) {
        case FactKind::accepted:
            facts.accepted = true;
            break;
        case FactKind::unanswered:
            facts.unanswered = true;
            break;
        case FactKind::authorized:
            facts.authorized = true;
            break;
        case FactKind::claimed:
            facts.claimed = true;
            break;
        case FactKind::contradicted:
            facts.contradicted = true;
            break;
        case FactKind::captured:
            facts.captures_minor.insert(fact.amount ? fact.amount->minor() : terms.amount.minor());
            break;
        case FactKind::cancelled:
            end(facts, Ending::cancelled);
            break;
        case FactKind::expired:
            end(facts, Ending::expired);
            break;
        case FactKind::failed:
            end(facts, Ending::failed);
            break;
        case FactKind::attempt_failed:  // the payment stays open
        case FactKind::returned:        // a hint, never more
            break;
        case FactKind::still_payable:
            facts.payable_at = std::max(facts.payable_at, fact.occurred_at);
            break;
        case FactKind::no_longer_payable:
            facts.unpayable_at = std::max(facts.unpayable_at, fact.occurred_at);
            break;
        case FactKind::duplicate:
        case FactKind::duplicate_ended:
        case FactKind::foreign_payment:
        case FactKind::closed:
        case FactKind::mismatched:
            learn_of_the_books(facts, fact);
            break;
        default:  // not reached
            break;
    }
    return facts;
}

Facts learn_all(std::span<const Fact> heard, const Terms& terms) {
    Facts facts;
    for (const auto& fact : heard) facts = learn(std::move(facts), fact, terms);
    return facts;
}

std::int64_t refunded_minor(const Facts& facts) {
    return std::accumulate(
        facts.refunds_minor.begin(), facts.refunds_minor.end(), std::int64_t{0},
        [&](std::int64_t sum, const auto& refund) {
            const bool came_back = facts.failed_refunds.contains(refund.first);
            return came_back ? sum : std::min(Money::limit, sum + refund.second);
        }
    );
}

std::int64_t reserved_minor(const Facts& facts) {
    std::int64_t sum = 0;
    for (const auto& [reference, state] : facts.refund_states)
        if (state.is_pending()) sum = std::min(Money::limit, sum + state.minor);
    return sum;
}

std::int64_t refundable_minor(const Facts& facts) {
    if (facts.captures_minor.empty() || facts.other_currency) return 0;
    // Of the smallest sum that was heard. Below 0 when more was given back on the provider's pages.
    const auto left = *facts.captures_minor.begin() - refunded_minor(facts) - reserved_minor(facts);
    return std::max(std::int64_t{0}, left);
}

bool is_disputed(const Facts& facts) {
    return std::ranges::any_of(facts.disputes, [&](const auto& dispute) {
        return dispute_has_money(facts, dispute.first, dispute.second.state);
    });
}

bool has_dispute(const Facts& facts, DisputeState state) {
    return std::ranges::any_of(facts.disputes, [&](const auto& dispute) {
        return dispute.second.state == state;
    });
}

bool holds_money(const Facts& facts) {
    if (facts.captures_minor.empty()) return false;
    const auto captured = *facts.captures_minor.rbegin();
    const auto gone = refunded_minor(facts) + lost_minor(facts);
    return captured == 0 || gone < captured;  // a free ticket has nothing to return
}

bool holds_fee(const Facts& facts) {
    if (!facts.captures_minor.empty()) return holds_money(facts);
    const bool may_be_paid = is_mismatch(facts) && facts.ending == Ending::none;
    const bool may_be_disputed = is_disputed(facts) && lost_minor(facts) == 0 && !facts.is_closed;
    return may_be_paid || is_contradiction(facts) || may_be_disputed;
}

namespace {

bool is_paid_by_stranger(const Facts& facts) {
    return facts.is_number_spent && !facts.captures_minor.empty();
}

}  // namespace

bool is_payable_after_its_end(const Facts& facts) {
    const bool has_ended = facts.ending != Ending::none && facts.captures_minor.empty();
    return has_ended && facts.payable_at > facts.unpayable_at;
}

bool is_mismatch(const Facts& facts) {
    if (facts.is_closed && facts.captures_minor.empty()) return false;
    return !facts.mismatches.empty() || facts.provider_ids.size() > 1 || is_paid_by_stranger(facts);
}

bool is_contradiction(const Facts& facts) {
    return facts.claimed && facts.captures_minor.empty() && !facts.is_closed &&
           (facts.contradicted || facts.ending != Ending::none);
}

bool is_duplicate(const Facts& facts) {
    return !std::ranges::includes(facts.ended_duplicates, facts.duplicates);
}

bool is_unrefunded_duplicate(const Facts& facts) {
    return is_duplicate(facts) && holds_money(facts) && *facts.captures_minor.rbegin() > 0;
}

Status status(const Facts& facts) {
    // The first that fits counts, in the order of docs/design.md, 3.7.
    const auto refunded = refunded_minor(facts);
    const auto captured =
        facts.captures_minor.empty() ? std::int64_t{0} : *facts.captures_minor.rbegin();

    if (is_mismatch(facts) || is_contradiction(facts) || is_unrefunded_duplicate(facts))
        return Status::review;
    if (is_disputed(facts)) return Status::disputed;
    // A fee of 0 is captured as well, so a capture is looked for and not an amount.
    if (!facts.captures_minor.empty() && refunded == 0) return Status::paid;
    if (captured > refunded) return Status::partially_refunded;
    if (captured > 0) return Status::refunded;
    if (facts.ending != Ending::none) return to_status(facts.ending);
    if (facts.authorized) return Status::authorized;
    if (facts.accepted || facts.claimed) return Status::pending;
    return facts.unanswered ? Status::unknown : Status::created;
}

std::string what_differs(const Facts& facts) {
    std::string text;
    for (const auto& mismatch : facts.mismatches) text += (text.empty() ? "" : "; ") + mismatch;
    if (facts.provider_ids.size() > 1)
        text += std::string{text.empty() ? "" : "; "} + "the provider gave it more than one id";
    if (is_paid_by_stranger(facts))
        text += std::string{text.empty() ? "" : "; "} +
                "what was paid under its number was another attempt's";
    return text;
}

std::string review_reason(const Facts& facts) {
    auto reason = is_mismatch(facts) ? what_differs(facts) : std::string{};
    const auto add = [&](std::string_view text) {
        reason += reason.empty() ? "" : "; ";
        reason += text;
    };
    if (is_contradiction(facts)) add(contradiction_reason);
    if (is_unrefunded_duplicate(facts))
        add("duplicate: this fee of the ticket had been paid before");
    return reason;
}

}  // namespace payments
