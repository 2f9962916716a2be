#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
};

struct ReviewQuery {
    Time now;
    std::size_t limit = 200;
    std::optional<ReviewCursor> after{};  // only what stands later in the list
};

using ReviewCounts = std::array<std::int64_t, review_kinds>;  // by kind

struct Reviews {
    std::vector<Review> list;
    bool is_end = true;     // nothing follows
    ReviewCounts counts{};  // of all

    std::int64_t total() const;
};

}  // namespace payments
