#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "payment/money.hpp"

namespace payments {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

enum class Status : std::uint8_t {
    created,             // recorded; the provider has not answered yet
    pending,             // the provider accepted; the visitor may pay
    unknown,             // the provider was asked and did not answer; only its word ends this
    authorized,          // the money is blocked, not taken
    paid,                //
    failed,              //
    cancelled,           //
    expired,             //
    partially_refunded,  //
    refunded,            //
    disputed,            // a chargeback is open or lost, or took the money without a contest
    review,              // what was paid differs from what was asked: a person must look
};
std::string_view name(Status status);
// Errc::internal for any other word: only a row that is damaged, or of a newer version, has one.
Result<Status> status_of(std::string_view name);

// No other attempt for the same ticket and fee may be opened while this one could still be paid.
bool is_live(Status status);
// Nothing more is expected of the provider by itself; refunds and disputes may follow.
bool is_final(Status status);

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

// What was agreed before any money moved; what is learned is held against it.
struct Terms {
    Money amount;
    std::string account;
};

enum class Ending : std::uint8_t { none, cancelled, expired, failed };  // a later one says more

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

// Disputes go both ways, so the source's newest word counts, whenever it was heard.
struct DisputeWord {
    std::optional<Time> occurred_at;
    DisputeState state = DisputeState::inquiry;

    friend auto operator<=>(const DisputeWord&, const DisputeWord&) = default;
};
struct DisputeMovement {
    std::optional<Time> occurred_at;
    bool withdrawn = false;

    friend auto operator<=>(const DisputeMovement&, const DisputeMovement&) = default;
};

// A refund that we asked for. It holds its amount back until it is settled.
struct RefundState {
    std::int64_t minor = 0;
    bool unanswered = false;
    bool refused = false;
    bool made = false;  // outranks refused

    bool is_pending() const { return !refused && !made; }
    friend bool operator==(const RefundState&, const RefundState&) = default;
};

// What is known of one attempt to pay (docs/design.md, 3.7). Facts only accumulate: hearing one
// twice, late, or in another order changes nothing, so no order of deliveries can be wrong. All
// functions here are pure, throw nothing but std::bad_alloc, and are safe on any thread.
struct Facts {
    std::set<std::string> provider_ids;  // more than one is a mismatch
    bool accepted = false;
    bool unanswered = false;
    bool claimed = false;
    bool is_closed = false;                  // by a person
    bool is_number_spent = false;            // by a payment that was made for another attempt
    std::set<std::string> foreign_captures;  // ids at the provider of such payments, if paid
    bool contradicted = false;
    std::set<std::string> duplicates;        // subjects
    std::set<std::string> ended_duplicates;  // likewise
    bool authorized = false;
    std::set<std::int64_t> captures_minor;  // every captured amount heard
    bool other_currency = false;            // an amount was in another currency than the terms'
    Ending ending = Ending::none;
    std::map<std::string, std::int64_t> refunds_minor;         // by the provider's id
    std::set<std::string> failed_refunds;                      // likewise
    std::map<std::string, RefundState> refund_states;          // by our reference
    std::map<std::string, DisputeWord> disputes;               // the newest of each, by its id
    std::map<std::string, DisputeMovement> dispute_movements;  // likewise
    // What a dispute is about, the largest amount heard. Absent while that is not told, or told in
    // another currency than the terms': then it may be all.
    std::map<std::string, std::int64_t> disputes_minor;
    bool fraud_warned = false;
    std::set<std::string> mismatches;  // what differs from the terms, for people

    friend bool operator==(const Facts&, const Facts&) = default;
};

// `terms` are those of the attempt: each fact is held against them as it is learned, so that no way
// in can leave that out (docs/design.md, 3.6).
Facts learn(Facts facts, const Fact& fact, const Terms& terms);
Facts learn_all(std::span<const Fact> facts, const Terms& terms);

// A capture outranks every ending, whichever was heard first: money that was taken is never
// forgotten for a time-out that we had concluded.
Status status(const Facts& facts);

// Money given back, whole minor units of the terms' currency.
std::int64_t refunded_minor(const Facts& facts);
// Money that refunds we asked for still hold back.
std::int64_t reserved_minor(const Facts& facts);
// What a new refund may give back at most: of amounts that contradict each other, the smallest
// counts as captured. 0 when nothing was.
std::int64_t refundable_minor(const Facts& facts);
// A dispute holds the money, or has taken it.
bool is_disputed(const Facts& facts);
bool has_dispute(const Facts& facts, DisputeState state);
// Its money is ours: captured, not wholly given back, and not taken by a dispute that was lost or
// prevented.
bool holds_money(const Facts& facts);
// Its fee is not offered again: it holds money, or nobody can say yet that it does not
// (docs/design.md, 3.8).
bool holds_fee(const Facts& facts);
// What was heard differs from the terms, or from itself.
bool is_mismatch(const Facts& facts);
// A signed notification said paid, yet the provider says something else when asked.
bool is_contradiction(const Facts& facts);
// Of two payments of one fee it is the one too many.
bool is_duplicate(const Facts& facts);
// A second payment of a fee that holds money.
bool is_unrefunded_duplicate(const Facts& facts);
// What differs, for people; "" when nothing does.
std::string what_differs(const Facts& facts);
inline constexpr std::string_view contradiction_reason =
    "a signed notification said paid, but the provider says otherwise when asked";
// Why a person must look: "amount differs: 210 EUR instead of 220 EUR", "duplicate", ... Empty when
// nobody must.
std::string review_reason(const Facts& facts);

}  // namespace payments
