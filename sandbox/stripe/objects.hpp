#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "sandbox/stripe/cards.hpp"

// Stripe's objects in the shape of API version 2024-04-10, every member present; those of the
// balance with what later versions added (as_of_version takes it out again).
namespace payments::sandbox::stripe {

boost::json::object new_payment_intent();
boost::json::object new_charge(const Card& card);
boost::json::object new_refund();
boost::json::object new_dispute();
boost::json::object new_payment_method(const Card& card);
boost::json::object new_balance_transaction();
boost::json::object new_payout();

// What a publishable key may see of a PaymentIntent.
boost::json::object reduced(const boost::json::object& payment_intent);
// The error a declined card leaves, as in last_payment_error and in 402 answers.
boost::json::object card_error(const Card& card, const std::string& charge);

}  // namespace payments::sandbox::stripe
