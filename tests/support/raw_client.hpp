#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

// A client that sends exactly the bytes it is told to, and waits for nothing longer than 5 s.
namespace payments::test {

struct Answer {
    int status = 0;  // 0 when the connection ended before a whole answer came
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

class RawClient {
public:
    static constexpr std::chrono::milliseconds patience{5000};

    // `receive_buffer` bounds what the kernel takes for a client that does not read; 0: as usual.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient(RawClient&& other) noexcept;

    // False when the connection no longer takes it all.
    bool send(std::string_view bytes);
    bool send_byte_by_byte(std::string_view bytes);
    void end_of_sending();

    // The next answer, out of its chunks. `has_body` is false for answers to HEAD.
    Answer read(bool has_body = true);
    // What comes next, as it comes.
    std::string read_some();
    // Everything until the end of the connection, for as long as `wait`.
    std::string read_to_end(std::chrono::milliseconds wait = patience);
    // Whether the server ends the connection, in order, within `wait`; data that comes is dropped.
    bool is_closed_within(std::chrono::milliseconds wait);
    bool was_reset() const { return was_reset_; }
    bool has_ended() const { return ended_; }

private:
    using Instant = std::chrono::steady_clock::time_point;
    bool receive(Instant until);
    bool take(std::size_t size, std::string& into, Instant until);
    bool read_chunks(std::string& into, Instant until);

    int socket_;
    std::string received_;
    bool ended_ = false;
    bool was_reset_ = false;
};

}  // namespace payments::test
