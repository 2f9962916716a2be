#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payment/money.hpp"

// Stripe counts in units of its own (docs/providers/stripe.md, 5.1): HUF and ISK in hundredths, KWD
// in thousandths whose last digit is 0, MGA in whole units. Pure; safe on any thread.
namespace payments::stripe {

// Errc::invalid_request when the amount is not a whole number of them.
Result<std::int64_t> to_units(Money money);
// Why a charge of that amount would be refused: not whole units, less than Stripe's least in that
// currency, or more digits than it takes (docs/providers/stripe.md, 5.3). For people; "" when
// nothing is known against it.
std::string objection_to(Money money);
// `currency` is an ISO 4217 code in either case. Nothing when it is none or the units are no amount
// of it.
// For what Stripe reports: an amount that is none is a difference for a person, and no error of a
// caller.
std::optional<Money> from_units(std::int64_t units, std::string_view currency);

}  // namespace payments::stripe
