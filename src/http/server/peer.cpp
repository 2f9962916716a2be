#include "http/server/peer.hpp"

#include <poll.h>

namespace payments::http {
namespace asio = boost::asio;
using boost::system::error_code;

// An IPv4 client of an IPv6 socket has the address it has without one, as limits and trusted
// proxies name it.
std::string peer_address(const asio::ip::tcp::socket& socket) {
    error_code failure;
    const auto address = socket.remote_endpoint(failure).address();
    if (failure) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

bool has_gone(asio::ip::tcp::socket& socket) {
    if (!socket.is_open()) return true;
    pollfd asked{socket.native_handle(), POLLRDHUP, 0};
    return ::poll(&asked, 1, 0) > 0;  // an error and the end of both halves are told unasked
}

}  // namespace payments::http
