#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <vector>

#include "sandbox/simplepay/model.hpp"

namespace payments::sandbox::simplepay {

using Codes = std::vector<std::int64_t>;

// Reads a `start` member by member (docs/providers/simplepay.md, 4.1 to 4.3), collecting every code
// that applies. What needs other payments or the account is for the caller (5013, 5307, 5308).
struct ReadOrder {
    Order order;
    Codes codes;
    bool wrong_type = false;  // 5321: a member has another type than documented
};
ReadOrder read_order(const boost::json::object& request, Time now);

// A sum in a request: number or decimal text, at most two decimals, none for HUF. Nothing when
// missing or unreadable.
std::optional<std::int64_t> read_sum(
    const boost::json::object& request, std::string_view member, std::string_view currency
);

}  // namespace payments::sandbox::simplepay
