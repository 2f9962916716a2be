#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/action.hpp"
#include "payment/transaction.hpp"

// What a person must look at, and what they can do about it (docs/design.md, 3.13). Pure; safe on
// any thread.
namespace payments {

enum class ReviewKind : std::uint8_t {
    mismatch,           // what was paid differs from what was agreed
    contradiction,      // a signed notification says paid, the provider says otherwise when asked
    duplicate,          // the fee was paid twice
    unconfirmed,        // a signed notification says paid, and the provider is silent when asked
    unknown,            // nobody knows what became of a payment
    authorized,         // the money is blocked, and not taken
    overdue,            // it could still be paid long after its deadline
    still_payable,      // it has ended here, and its provider will not close it
    refund_unknown,     // nobody knows what became of a refund
    refund_failed,      // a refund came back to us
    dispute,            // the card holder disputes the payment
    inquiry,            // the bank asks about the payment, before it may dispute it
    fraud_warning,      // the card's issuer reports the payment as fraud
    foreign_payment,    // the provider has taken money under this number for another attempt
    unmatched_message,  // a provider's signed message is about no transaction
    dead_letter,        // others could not be told of a change
};
inline constexpr std::size_t review_kinds = static_cast<std::size_t>(ReviewKind::dead_letter) + 1;
std::string_view name(ReviewKind kind);
std::string_view what_to_do(ReviewKind kind);

// One reason to look at a transaction, and when it is on the list: what may settle by itself comes
// an hour after it began, and a warning that cannot be settled leaves after 30 days.
struct ReviewReason {
    ReviewKind kind;
    Time since;
    std::string reason;
    Time listed_from = since;
    Time listed_until = Time::max();  // inclusive
};
// Without the kinds of messages and outgoing events; all that the facts give reason for, whenever
// it is listed, and what is listed at `now`.
std::vector<ReviewReason> concerns_of(const Transaction& transaction);
std::vector<ReviewReason> concerns_of(const Transaction& transaction, Time now);
// What could still be paid so long after its deadline is on the list.
inline constexpr std::chrono::hours overdue_after{2};
// False when concerns_of() is empty whatever the time, but for `overdue`.
bool may_concern(const Facts& facts);

// Where a review stands in the list: oldest first.
struct ReviewCursor {
    Time since;
    ReviewKind kind = ReviewKind::mismatch;
    std::int64_t number = 0;  // of the transaction, the message or the outgoing event

    std::string text() const;
    static std::optional<ReviewCursor> parse(std::string_view text);
    friend auto operator<=>(const ReviewCursor&, const ReviewCursor&) = default;
};

// Which entry of the list: of its kind the one about this transaction, message or outgoing event.
struct ReviewName {
    ReviewKind kind = ReviewKind::mismatch;
    std::int64_t number = 0;

    std::string text() const;  // "dispute 123"
    static std::optional<ReviewName> parse(std::string_view text);
    friend auto operator<=>(const ReviewName&, const ReviewName&) = default;
};
std::optional<ReviewKind> review_kind(std::string_view name);

// What a person does with an entry, which changes no status (payment/handling).
enum class Handling : std::uint8_t { mine, released, snoozed, closed };
std::string_view name(Handling as);
std::optional<Handling> handling_of(std::string_view text);

// What was done last with an entry.
struct Handled {
    Handling as;
    Actor by;
    Time at;
    std::optional<Time> until;  // of `snoozed`
    std::string note;           // "" for none
    std::string stands_on;      // as the entry did then
};

// Entries that are put off or closed are not on the list, but for who asks for them.
enum class Shown : std::uint8_t { open, snoozed, closed };
std::string_view name(Shown shown);

// A signed message that is about no transaction of ours.
struct UnmatchedSummary {
    Processor processor;
    std::string identity;
    Time received_at;
};

struct Review {
    ReviewCursor place;
    std::string reason;
    std::optional<Transaction> transaction{};  // without its entries
    std::optional<UnmatchedSummary> message{};
    Shown shown = Shown::open;
    std::optional<Handled> handled{};  // what was done last with it; nothing when nobody has
    // What it rests on: the number of its transaction's facts, and when an event was given up. Once
    // that is another, what a person has said of it hides it no more.
    std::string stands_on{};

    ReviewName name() const { return {place.kind, place.number}; }
};

struct ReviewQuery {
    Time now;
    std::size_t limit = 200;
    std::optional<ReviewCursor> after{};  // only what stands later in the list
    Shown shown = Shown::open;
    std::vector<ReviewKind> kinds{};  // empty for all
    std::string owner{};              // `sub` of who must have it; "" for anybody, or nobody
};

using ReviewCounts = std::array<std::int64_t, review_kinds>;  // by kind

struct Reviews {
    std::vector<Review> list;
    bool is_end = true;     // nothing follows
    ReviewCounts counts{};  // of all that the query asks for

    std::int64_t total() const;
};

}  // namespace payments
