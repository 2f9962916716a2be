#pragma once

#include <span>
#include <string_view>

#include "sandbox/stripe/form.hpp"

namespace payments::sandbox::stripe {

// The parameters an operation knows ("create", "confirm", ...; of API version 2024-04-10 and those
// later ones that check_method_types judges, for card payments). Empty for an operation that takes
// none.
std::span<const Rule> parameters_of(std::string_view operation);

// The ways to name payment methods that exclude each other, or that `version` does not have yet or
// any more (docs/providers/stripe.md, 6.1).
std::optional<FormProblem> check_method_types(const Form& form, std::string_view version);

// Why a charge of this amount is refused, or nothing. `amount` in Stripe's units.
std::optional<FormProblem> check_amount(std::int64_t amount, const std::string& currency);

}  // namespace payments::sandbox::stripe
