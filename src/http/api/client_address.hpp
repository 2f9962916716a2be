#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server/message.hpp"

namespace payments::http {

// Networks in CIDR notation whose X-Forwarded-For is believed.
class TrustedProxies {
public:
    // Throws std::invalid_argument naming the entry that is no network or address.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    bool contains(std::string_view address) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

// The address of the client (docs/design.md, 2.9): the peer, or behind trusted proxies the
// right-most entry of X-Forwarded-For that is not one of them. Entries further left are whatever
// the client wrote, so they are never believed.
std::string client_address(const Request& request, const TrustedProxies& proxies);

}  // namespace payments::http
