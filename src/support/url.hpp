#pragma once

#include <string>
#include <string_view>

#include "payment/error.hpp"

// The one reader of http(s) URLs (RFC 3986, and stricter). Pure; safe on any thread.
namespace payments {

// host:port as it stands in a URL or a listening address.
struct Authority {
    std::string host;  // without the brackets of an IPv6 literal
    std::string port;  // "" when there is none
};
// Errc::invalid_request when a bracket is not closed or something but a port follows it. Host and
// port themselves are not judged.
Result<Authority> split_authority(std::string_view text);

// An absolute https URL, or an http URL of a loopback address: what goes to another machine in the
// clear could be read and changed on its way.
// One reader for settings, origins of pages and calls: two would differ, and what one has checked
// the other would read in another way.
struct Url {
    bool tls = true;
    bool is_loopback = false;
    std::string host;    // a name in lower case, or an IP address without brackets
    std::string port;    // digits, 1 to 65535; "" when the scheme's own is meant
    std::string origin;  // scheme and authority in lower case: "https://a.example:8443"
    std::string target;  // all that follows, as it was given: "", "/path?query#fragment", "?query"

    // Errc::invalid_request with a detail that follows the words "must be". Visible ASCII only, no
    // user info, a host of letters, digits, '-' and '.' (at most 253) or an IP address.
    static Result<Url> parse(std::string_view text);

    // The port to connect to.
    std::string_view effective_port() const {
        return !port.empty() ? std::string_view{port} : tls ? "443" : "80";
    }
};

}  // namespace payments
