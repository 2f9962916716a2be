#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "payment/money.hpp"

// Stripe counts in units of its own (docs/providers/stripe.md, 5.1): HUF and ISK in hundredths, KWD
// in thousandths whose last digit is 0, MGA in whole units. Pure; safe on any thread.
namespace payments::stripe {

// Errc::invalid_request when the amount is not a whole number of them.
Result<std::int64_t> to_units(Money money);
// `currency` is an ISO 4217 code in either case. Nothing when it is none or the units are no amount
// of it.
// For what Stripe reports: an amount that is none is a difference for a person, and no error of a
// caller.
std::optional<Money> from_units(std::int64_t units, std::string_view currency);

}  // namespace payments::stripe
