#pragma once

#include <string>
#include <string_view>

namespace payments::http {

// The last four digits of the card that a provider's message is about: of Stripe's
// payment_method_details.card.last4 and its likes (docs/providers/stripe.md), of SimplePay's
// cardMask (docs/providers/simplepay.md). "" without one. Pure; any thread.
std::string card_in(std::string_view message);

}  // namespace payments::http
