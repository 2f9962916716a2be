#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/action.hpp"
#include "payment/transaction.hpp"

// The rules of giving money back (docs/design.md, 3.9). Pure; safe on any thread.
namespace payments {

// What a provider is asked to give back. Always made anew from the facts, so that asking again says
// the very same thing.
struct Refund {
    std::string reference;  // ours, "TR42-R1": the number after R counts the refunds of a payment
    Money amount;

    Refund(std::string r, Money m) : reference(std::move(r)), amount(m) {}
};

// A refund that was asked for and is not settled.
struct PendingRefund {
    Refund refund;
    Time asked_at;
    bool unanswered;  // the call is known to have ended without a usable answer
};

// What someone wants to give back.
struct RefundDetails {
    std::optional<Money> amount;  // everything that is left without one
    std::string reason;           // for people
    std::string by;               // who wants it, "" for the service itself
    std::string key{};            // the idempotency key: with the same, there is one refund
    // Only as the second payment of a fee that another payment holds for certain.
    bool only_if_duplicate = false;
    std::optional<Actor> person{};  // whose token or session asks for it; nothing without one
    // Only while exactly so much is given back or reserved, in minor units: what was agreed for
    // this payment rests on it.
    std::optional<std::int64_t> only_after_minor{};
};

// The fact `refund_requested`, which reserves the amount; its subject is the key.
// Errc::not_refundable when nothing can be given back now, or something else was given back than
// the details allow; refund_too_large when less is left,
// invalid_request when the amount is 0, in another currency, or a fraction of a forint that is not
// just what is left.
Result<Fact> request_refund(const Transaction& transaction, const RefundDetails& details);

// The refund that was asked for under this key before, unless it was refused.
std::optional<Refund> refund_with_key(const Transaction& transaction, std::string_view key);

// The provider has made the refund of this name, but its money is still on its way.
bool is_on_its_way(const Transaction& transaction, std::string_view reference);

// In the order in which they were asked for.
std::vector<PendingRefund> pending_refunds(const Transaction& transaction);

// What the provider's list of refunds, which `transaction` has just learned, says of pending
// refunds when the provider does not know our references: one of the same amount that appeared
// after ours was asked for is ours; when none has for 15 minutes, ours was never made. Of two equal
// ones nothing is said before their 15 minutes are over: the later answer may yet show whose the
// listed one is. Then the one asked for first takes it, and the other was not made once its own 15
// minutes are over. Where an order may be repeated for `repeated_for` after it was asked for, the
// 15 minutes begin then. Not to be called while a refund's call may still be under way
// (flow/issue_refund).
std::vector<Fact> match_listed_refunds(
    const Transaction& transaction, Time now, std::chrono::milliseconds repeated_for = {}
);

// Whether this payment holds its fee for certain: it is in order, no dispute is open, and some of
// its money is neither given back nor about to be.
bool secures_fee(const Transaction& transaction);

// Whether the second payment of a fee can be given back without a person's judgement: nothing else
// is wrong with it, none of its refunds is pending, and fewer than three were asked for, for a
// refund that keeps coming back needs a person.
bool can_refund_duplicate(const Transaction& transaction);

}  // namespace payments
