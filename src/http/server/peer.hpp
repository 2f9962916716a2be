#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

// Who is at the other end of a connection.
namespace payments::http {

// Its address, without port; "" when it has gone.
std::string peer_address(const boost::asio::ip::tcp::socket& socket);

// Whether nothing more comes from there, as the kernel knows already, and without reading. Most
// have closed the connection then; one that has closed only its own half still reads, which nobody
// can tell apart before something is sent. To be asked where much would be done in vain.
bool has_gone(boost::asio::ip::tcp::socket& socket);

}  // namespace payments::http
