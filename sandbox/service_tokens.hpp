#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "payment/error.hpp"

namespace payments::sandbox {

// Service tokens in both directions. Empty functions: none are sent, none are asked for.
struct ServiceTokens {
    std::function<std::string(boost::json::object claims)> mint;
    // The claims of a token that the payment service signed. Errc::unauthorized.
    std::function<Result<boost::json::object>(std::string_view token)> check;
};

}  // namespace payments::sandbox
