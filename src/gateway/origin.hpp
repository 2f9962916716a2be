#pragma once

#include <string>
#include <string_view>

#include "payment/error.hpp"

namespace payments::gateway {

// Where a base URL points: "https://api.stripe.com", "http://127.0.0.1:9000/payment/v2".
// A value, for any thread. What user info, plain http and odd hosts come to is decided in
// support/url.
struct Origin {
    bool tls = true;
    std::string host;  // without the brackets of an IPv6 literal
    std::string port;
    std::string path;  // what stands before every path, "" or "/payment/v2"

    // Errc::invalid_request for what support/url does not take, and for a query or a fragment.
    static Result<Origin> parse(std::string_view url);
    // The same, for what the settings have checked: throws std::invalid_argument, "`what` must be
    // ...".
    static Origin of(std::string_view url, const char* what);
    std::string key() const;        // tells two origins apart
    std::string authority() const;  // for the Host header
};

}  // namespace payments::gateway
