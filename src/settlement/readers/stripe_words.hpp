#pragma once

#include <string>
#include <string_view>

#include "settlement/records.hpp"

// Stripe's words, as its files and its API share them (docs/providers/stripe.md, 14). Pure.
namespace payments::settlement {

// Of a `reporting_category`; unknown for one that is not in docs/providers/stripe.md, 14.2.
LineKind kind_of_category(std::string_view category);
// Whether a line is Stripe's own of a payout, which is no line of what is in it.
bool is_own_line_of_payout(std::string_view category, std::string_view source);
// Whether an id is that of a customer's charge, which names the payment and no refund of it.
bool is_charge_id(std::string_view id);
// "TR2001" of the `transaction_id` that we put into metadata; what is no number stays as it is.
std::string reference_of(std::string_view transaction_id);
// Of an entry of `fee_details`.
std::string fee_part_of(std::string_view type, std::string_view description);
// `minor` with the sign of a line's gross: what the visitor got back is less than 0.
std::int64_t signed_as(std::int64_t gross_minor, std::int64_t minor);

// Where a file does not say which of Stripe's two ledgers it is of: reports are made of the live
// one.
inline constexpr std::string_view usual_stripe_account = "live";

}  // namespace payments::settlement
