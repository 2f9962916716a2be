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

// One reason to look at a transaction.
struct ReviewReason {
    ReviewKind kind;
    Time since;
    std::string reason;
};
// Without the kinds of messages and outgoing events. What may settle by itself counts after an
// hour.
std::vector<ReviewReason> concerns_of(const Transaction& transaction, Time now);
// False when concerns_of() is empty whatever the time.
bool may_concern(const Facts& facts);
// How long after ReviewReason::since a reason of this kind counts.
std::chrono::milliseconds delay_of(ReviewKind kind);

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
