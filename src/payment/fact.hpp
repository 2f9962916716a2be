#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payment/money.hpp"

// One thing that was learned of an attempt (docs/design.md, 3.7). Pure; safe on any thread.
namespace payments {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

enum class FactKind : std::uint8_t {
    accepted,      // the provider knows the payment; provider_id is its id there
    unanswered,    // our call got no usable answer
    authorized,    // amount is blocked
    claimed,       // a signed SimplePay IPN says FINISHED; it has no amount, so query must confirm
    contradicted,  // query says something else than the IPN did
    captured,      // amount was taken; without one the whole of the terms' amount was
    cancelled,     //
    expired,       //
    failed,        //
    attempt_failed,     // one try with one card failed; the payment stays open (Stripe)
    returned,           // the visitor is back; a hint, subject is SimplePay's word (SUCCESS, ...)
    refund_requested,   // we mean to give back amount; it is reserved until the provider has spoken
    refund_unanswered,  // our call got no usable answer; the amount stays reserved
    refund_refused,     // the provider will not, or knows nothing of it: the amount is free again
    refund_pending,     // one on its way, which counts as made; subject as below
    refunded,           // subject is the provider's refund id
    refund_failed,      // subject is the refund id whose money came back to us
    // What the provider says of a dispute, whose id is the subject.
    disputed,           // a chargeback, or an appeal, that is not decided
    dispute_won,        //
    dispute_lost,       //
    dispute_prevented,  // settled before it became one
    dispute_unclear,    // in a word that we do not know: counts as not decided
    inquiry,            // the bank asks, and no money has moved
    inquiry_closed,     //
    // What moved on the account's balance because of it, in the balance's own currency.
    dispute_withdrawn,     // the bank took the amount
    dispute_reinstated,    // and gave it back
    dispute_fee,           // what the provider charged for it
    dispute_fee_returned,  //
    fraud_warning,         // the card's issuer reports fraud; subject is the warning's id
    // Both decided in storage/rules/changes.
    duplicate,  // another attempt, the subject ("TR7", then "TR7 #2"), holds money for the same fee
    duplicate_ended,  // the attempt that this subject names holds none any more
    closed,           // a person has ended it, although the provider has not
    // The provider has another payment under our number, which is spent; the subject is its id, ""
    // when that was not told, and amount what it has taken.
    foreign_payment,
    // The provider would take money for what has ended here, and then no longer; each with its
    // moment.
    still_payable,
    no_longer_payable,
    mismatched,  // differs in a way only the whole database shows; the subject says how
};
std::string_view name(FactKind kind);
Result<FactKind> fact_kind_of(std::string_view name);

// One thing that was learned of an attempt, with the evidence as the provider gave it. Members that
// the source does not tell are empty. Facts are append-only and never deleted, so they hold no
// personal data.
struct Fact {
    FactKind kind = FactKind::accepted;
    std::string subject;  // tells two facts of one kind apart: refund id, dispute id, reason
    std::optional<Money> amount;  //
    std::string provider_id;      // the payment's id at the provider
    std::string account;          // SimplePay: merchant; Stripe: "live" or "test"
    std::string detail;           // for people; not part of what the fact means
    std::string refund{};         // Refund::reference, "TR42-R1"; "" for one we did not ask for
    // When it came to be so, by the source's clock; only of what may be undone and be so again.
    std::optional<Time> occurred_at{};

    // Two facts of one identity are the same fact heard twice. `detail` is no part of it: its words
    // may change between versions.
    std::string identity() const;
};

// How a dispute stands. Of one moment the later one says more.
enum class DisputeState : std::uint8_t {
    inquiry,
    inquiry_closed,
    unclear,
    open,
    prevented,
    won,
    lost
};
// A refund that counts as made.
inline bool is_refund(FactKind kind) {
    return kind == FactKind::refunded || kind == FactKind::refund_pending;
}
// What a fact of this kind says of its dispute; nothing for those about anything else.
std::optional<DisputeState> dispute_state_of(FactKind kind);

}  // namespace payments
