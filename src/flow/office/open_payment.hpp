#pragma once

#include "flow/checks/check_attempt.hpp"
#include "flow/office/find_payments.hpp"

// What staff read of one payment (docs/finding.md, 3). Where its ticket is is asked live, so that
// one that has just moved is seen by those who may see it now. Throws as the ports do. On the loop
// of `context`.
namespace payments {

struct PaymentStory {
    Transaction transaction;          // with its entries
    std::vector<Transaction> others;  // of the same ticket, with theirs
    // The newest story_max of each, oldest first.
    std::vector<KeptMessage> messages{};  // without bodies
    std::vector<OutgoingEvent> told{};
    std::vector<Action> notes{};
    ScopesById scopes{};

    PaymentStory(Transaction t, std::vector<Transaction> o)
        : transaction(std::move(t)), others(std::move(o)) {}
};

// Errc::unknown_transaction when there is none, and in the same words when it is outside of what
// the caller may see; tickets_unavailable, tickets_timeout.
Task<Result<PaymentStory>> open_payment(
    FlowContext& context, Privileges caller, std::int64_t id, std::string traceparent
);

// A kept message with its body. One about a payment is for who may see that payment
// (payments_search), one that fits none for operators (payments_operate). Errc::unknown_message
// when there is none, and in the same words when the caller may not see it; tickets_unavailable,
// tickets_timeout.
Task<Result<KeptMessage>> read_kept_message(
    FlowContext& context, Privileges caller, std::int64_t number, std::string traceparent
);

// A provider is asked about a payment by hand once in this time.
inline constexpr std::chrono::seconds asked_once_in{10};

// Asks the provider how a payment stands, which the caller must be allowed to see, and records the
// answer. Who asks is on record before anything is asked. Its transaction is as it is now.
// Errc::provider_timeout when there was no answer (asked_once_in until it may be tried again).
Task<Result<Transaction>> ask_provider(FlowContext& context, Transaction transaction, Actor by);

}  // namespace payments
