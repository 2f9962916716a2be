#include "http/api/client_address.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <stdexcept>

#include "support/text.hpp"

namespace payments::http {
namespace {

namespace ip = boost::asio::ip;

// An entry of X-Forwarded-For as proxies write it: an address, perhaps with a port, IPv6 perhaps in
// brackets ("198.51.100.7:40001", "[2001:db8::1]:443"). RFC 7239 section 6 has the same forms.
std::string_view without_port(std::string_view entry) {
    if (entry.starts_with('[')) {
        const auto end = entry.find(']');
        return end == std::string_view::npos ? entry : entry.substr(1, end - 1);
    }
    const auto colon = entry.find(':');
    // One colon alone: an IPv6 address without brackets has several, and no port.
    const bool has_port = colon != std::string_view::npos && colon == entry.rfind(':');
    return has_port ? entry.substr(0, colon) : entry;
}

std::optional<ip::address> address_of(std::string_view text) {
    boost::system::error_code error;
    auto address = ip::make_address(text, error);
    if (error) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

// The entries of all X-Forwarded-For lines, left to right.
std::vector<std::string_view> forwarded_for(const Request& request) {
    std::vector<std::string_view> entries;
    for (const auto& [name, value] : request.headers) {
        if (name != "x-forwarded-for") continue;
        for (std::string_view rest = value;;) {
            const auto comma = rest.find(',');
            entries.push_back(text::trim(rest.substr(0, comma), text::ows));
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return entries;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
    for (const auto& network : networks) {
        boost::system::error_code error;
        const bool whole = network.find('/') == std::string::npos;
        const bool is_v6 = network.find(':') != std::string::npos;
        if (is_v6)
            v6_.push_back(ip::make_network_v6(whole ? network + "/128" : network, error));
        else
            v4_.push_back(ip::make_network_v4(whole ? network + "/32" : network, error));
        if (error) throw std::invalid_argument("'" + network + "' is no network in CIDR notation");
    }
}

bool TrustedProxies::contains(const ip::address& address) const {
    if (address.is_v4())
        return std::ranges::any_of(v4_, [&](const auto& network) {
            return network.canonical() ==
                   ip::network_v4(address.to_v4(), network.prefix_length()).canonical();
        });
    return std::ranges::any_of(v6_, [&](const auto& network) {
        return network.canonical() ==
               ip::network_v6(address.to_v6(), network.prefix_length()).canonical();
    });
}

std::string client_address(const Request& request, const TrustedProxies& proxies) {
    auto client = address_of(request.peer);
    if (!client) return request.peer;
    // Nobody else to ask for, and an IPv4 address has one spelling: a crowd need not be printed.
    const bool is_plain_v4 = request.peer.find(':') == std::string::npos;
    if (is_plain_v4 && !proxies.contains(*client)) return request.peer;
    auto nearest_first = forwarded_for(request);
    std::ranges::reverse(nearest_first);
    for (const auto entry : nearest_first) {
        // Whoever is not trusted may have written all that stands to the left of it.
        if (!proxies.contains(*client)) break;
        const auto before = address_of(without_port(entry));
        // An entry that is no address was written by someone we cannot trust; stop before it.
        if (!before) break;
        client = before;
    }
    return client->to_string();
}

std::string limit_key(std::string_view client) {
    const auto address = address_of(client);
    if (!address || address->is_v4()) return std::string{client};
    return ip::network_v6(address->to_v6(), 64).canonical().to_string();
}

}  // namespace payments::http
