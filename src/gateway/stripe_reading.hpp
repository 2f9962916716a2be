#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/messages.hpp"
#include "support/json.hpp"

// What Stripe's objects mean for us, wherever they come from: answers or events.
namespace payments::stripe {

std::optional<json::object> object_of(std::string_view body);
std::optional<std::int64_t> integer_at(const json::object& o, std::string_view name);
bool flag_at(const json::object& o, std::string_view name);
const json::object* member(const json::object& o, std::string_view name);
// An id, also where the object it names was expanded in its place.
std::string id_at(const json::object& o, std::string_view name);

// Facts of a PaymentIntent by its status: an object says more than the event's name.
std::vector<Fact> facts_of_intent(const json::object& intent, const std::string& account);
// The visitor may (still) pay with the client secret.
bool is_payable(const json::object& intent);
std::vector<Fact> facts_of_charge(const json::object& charge, const std::string& account);
std::vector<Fact> facts_of_refund(const json::object& refund, const std::string& account);
std::vector<Fact> facts_of_dispute(const json::object& dispute, const std::string& account);

}  // namespace payments::stripe
