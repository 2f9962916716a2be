#pragma once

#include <string_view>

namespace payments::sandbox::stripe {

// The version of the account, for calls without Stripe-Version, and of events.
inline constexpr std::string_view default_version = "2024-04-10";

// Whether this can be an API version: a day up to the newest version known, with the name of its
// time from 2024-09-30 on and none before (docs/providers/stripe.md, 11). Which days of a month
// have a version is not known, so every day passes.
bool is_version(std::string_view text);

}  // namespace payments::sandbox::stripe
