#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/messages.hpp"
#include "gateway/stripe/objects.hpp"

// Giving money back at Stripe (docs/providers/stripe.md, 7). Every refund of ours carries our
// reference and the key of its attempt, so that one whose answer was lost is known again wherever
// it turns up. Pure; safe on any thread.
namespace payments::stripe {

// The idempotency key of a refund, the same every time.
std::string refund_key(const Transaction& attempt, const Refund& refund);
// Made of what is durable alone, like the creation. Errc::invalid_request for an amount that Stripe
// cannot give back.
Result<std::string> refund_body(const Transaction& attempt, const Refund& refund);
// For /v1/refunds; `after` is the last id of the page before, "" for the first.
std::string refunds_query(std::string_view intent, std::string_view after = "");

// When the refund may have been `sent_before`, an answer that is about this call alone (our key was
// refused) leaves it open.
RefundResult read_refund(
    const Transaction& attempt, const Refund& refund, const ProviderResponse& answer,
    bool sent_before
);

// The refunds on one page of a list, as facts.
struct RefundPage {
    std::vector<Fact> facts;
    std::string last_id;  // the next page begins after it
    bool has_more = false;
};
// Nothing when the answer is no such list.
std::optional<RefundPage> read_refunds(const Transaction& attempt, const ProviderResponse& answer);

}  // namespace payments::stripe
