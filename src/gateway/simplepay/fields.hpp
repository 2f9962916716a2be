#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/simplepay/requests.hpp"
#include "payment/money.hpp"
#include "support/json.hpp"

// The pieces that SimplePay's messages have in common.
namespace payments::simplepay {

// An answer as it arrived.
struct ProviderResponse {
    int status = 0;         // of HTTP
    std::string signature;  // header value, "" without
    std::string body;
};

// What every request begins with.
json::object envelope_of(const std::string& merchant, const Envelope& envelope);

// Read leniently: one member that strict JSON forbids must not cost the others.
std::optional<json::object> object_of(std::string_view body);

// Transaction ids are JSON numbers, in older samples text: either way digits, never 0. "" without.
std::string id_at(const json::object& o, std::string_view name);

// A decimal text without its sign, and whether that was a minus: refunds have one
// (docs/providers/simplepay.md, 8.3).
struct Decimal {
    bool negative = false;
    std::string digits;
};
std::optional<Decimal> decimal_at(const json::object& o, std::string_view name);
// The absolute value, exactly; nothing when it is no amount of that currency.
std::optional<Money> money_at(const json::object& o, std::string_view name, Currency currency);

// None for an answer that is no refusal; numbers or text (docs/providers/simplepay.md, 3.5).
std::vector<std::int64_t> error_codes(const json::object& answer);
std::string listed(const std::vector<std::int64_t>& codes);

// What a status means for us (docs/providers/simplepay.md, 11.1).
enum class State : std::uint8_t {
    open,        // created, the payer has not begun
    begun,       // the payer pressed pay
    checked,     // authorised, fraud check running
    authorized,  //
    finished,    // charged
    failed,      //
    cancelled,   //
    expired,     //
    refund,      // older papers: the payment was given back, or the entry is a refund itself
    unknown,     // a word we do not know: nothing is concluded
};
State state_of(std::string_view status);

}  // namespace payments::simplepay
