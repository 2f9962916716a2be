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

#include "payment/fact.hpp"

namespace payments {

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
// Over without money.
bool has_ended_unpaid(Status status);

// What was agreed before any money moved; what is learned is held against it.
struct Terms {
    Money amount;
    std::string account;
};

enum class Ending : std::uint8_t { none, cancelled, expired, failed };  // a later one says more

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
    std::optional<Time> payable_at;          // the newest `still_payable`
    std::optional<Time> unpayable_at;        // the newest `no_longer_payable`
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
// It has ended here without money, yet its provider would still take some.
bool is_payable_after_its_end(const Facts& facts);
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
