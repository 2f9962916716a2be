#pragma once

#include <boost/asio/ip/address.hpp>
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
    // Addresses without a prefix length count as one address. Without any the peer is the client.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    // An IPv6 address that stands for an IPv4 one (::ffff:) must have been folded.
    bool contains(const boost::asio::ip::address& address) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

// The address of the client (docs/design.md, 2.9): the peer, or behind trusted proxies the
// right-most entry of X-Forwarded-For that is not one of them. Entries further left are whatever
// the client wrote, so they are never believed. The address in its one spelling: without port and
// brackets, ::ffff:192.0.2.1 as 192.0.2.1. The peer as it is where it is no address.
std::string client_address(const Request& request, const TrustedProxies& proxies);

// What a client is counted by: its IPv4 address, or the /64 of its IPv6 address, because a provider
// gives every customer a whole /64 to choose addresses from (RFC 6177).
std::string limit_key(std::string_view client);

}  // namespace payments::http
