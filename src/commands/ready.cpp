#include "commands/ready.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <iostream>
#include <iterator>

#include "commands/exit_code.hpp"
#include "config/values.hpp"

namespace payments {
namespace {

constexpr std::chrono::seconds answers_within{3};

}  // namespace

int ask_ready(const std::string& listen) {
    const auto address = config::read_address(listen);
    if (!address) {
        std::cerr << "ozora-payments: the address must be " << address.error().detail << "\n";
        return exit_code::wrong_usage;
    }
    auto host = boost::asio::ip::make_address(address->host);
    if (host.is_unspecified()) {
        if (host.is_v4())
            host = boost::asio::ip::address_v4::loopback();
        else
            host = boost::asio::ip::address_v6::loopback();
    }
    boost::asio::ip::tcp::iostream connection;
    connection.expires_after(answers_within);
    connection.connect(boost::asio::ip::tcp::endpoint{host, address->port});
    connection << "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
               << std::flush;
    const std::string answer{std::istreambuf_iterator<char>{connection}, {}};
    if (answer.starts_with("HTTP/1.1 200 ")) return exit_code::done;
    if (answer.empty())
        std::cerr << "ozora-payments: nothing answers at " << listen << "\n";
    else
        std::cerr << answer.substr(0, answer.find('\r')) << "\n"
                  << answer.substr(std::min(answer.find("\r\n\r\n"), answer.size())) << "\n";
    return exit_code::failed;
}

}  // namespace payments
