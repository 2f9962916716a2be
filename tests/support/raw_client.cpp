#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

namespace payments::test {
namespace {

using Clock = std::chrono::steady_clock;

bool wait_for(int socket, short events, Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    pollfd entry{socket, events, 0};
    return poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) > 0;
}

std::map<std::string, std::string> parse_headers(std::string_view lines) {
    std::map<std::string, std::string> headers;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(std::min(line.size() + 2, lines.size()));
        const auto colon = line.find(": ");
        if (colon == line.npos) continue;
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        headers[name] = line.substr(colon + 2);
    }
    return headers;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0)
        setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), "connect");
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      received_(std::move(other.received_)),
      ended_(other.ended_),
      was_reset_(other.was_reset_) {}

RawClient::~RawClient() {
    if (socket_ >= 0) close(socket_);
}

bool RawClient::send(std::string_view bytes) {
    const auto until = Clock::now() + patience;
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN || !wait_for(socket_, POLLOUT, until)) {
            return false;
        }
    }
    return true;
}

bool RawClient::send_byte_by_byte(std::string_view bytes) {
    for (const char& byte : bytes) {
        if (!send({&byte, 1})) return false;
        std::this_thread::yield();
    }
    return true;
}

void RawClient::end_of_sending() { shutdown(socket_, SHUT_WR); }

bool RawClient::receive(Clock::time_point until) {
    if (ended_ || !wait_for(socket_, POLLIN, until)) return false;
    char buffer[16 * 1024];
    const auto size = recv(socket_, buffer, sizeof buffer, 0);
    ended_ = size <= 0;
    was_reset_ = size < 0;
    if (size > 0) received_.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
}

Answer RawClient::read(bool has_body) {
    const auto until = Clock::now() + patience;
    std::size_t head_end;
    while ((head_end = received_.find("\r\n\r\n")) == received_.npos)
        if (!receive(until)) return {};
    Answer answer;
    answer.headers = parse_headers(std::string_view(received_).substr(0, head_end));
    answer.status = std::stoi(received_.substr(received_.find(' ')));
    received_.erase(0, head_end + 4);
    if (!has_body) return answer;
    if (answer.headers.contains("transfer-encoding"))
        return read_chunks(answer.body, until) ? answer : Answer{};
    const auto length = answer.headers.find("content-length");
    const auto size = length == answer.headers.end() ? 0 : std::stoul(length->second);
    return take(size, answer.body, until) ? answer : Answer{};
}

bool RawClient::take(std::size_t size, std::string& into, Clock::time_point until) {
    while (received_.size() < size)
        if (!receive(until)) return false;
    into.append(received_, 0, size);
    received_.erase(0, size);
    return true;
}

bool RawClient::read_chunks(std::string& into, Clock::time_point until) {
    while (true) {
        std::size_t line_end;
        while ((line_end = received_.find("\r\n")) == received_.npos)
            if (!receive(until)) return false;
        const auto size = std::stoul(received_.substr(0, line_end), nullptr, 16);
        received_.erase(0, line_end + 2);
        std::string end_of_line;
        if (!take(size, into, until) || !take(2, end_of_line, until)) return false;
        if (end_of_line != "\r\n") return false;
        if (size == 0) return true;
    }
}

std::string RawClient::read_some() {
    receive(Clock::now() + patience);
    return std::exchange(received_, {});
}

std::string RawClient::read_to_end(std::chrono::milliseconds wait) {
    const auto until = Clock::now() + wait;
    while (receive(until)) continue;
    return std::exchange(received_, {});
}

bool RawClient::is_closed_within(std::chrono::milliseconds wait) {
    read_to_end(wait);
    return ended_ && !was_reset_;
}

}  // namespace payments::test
