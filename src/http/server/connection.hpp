#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "flow/task.hpp"
#include "http/server/body_source.hpp"
#include "http/server/chunked_decoder.hpp"
#include "http/server/head_parser.hpp"
#include "http/server/input_buffer.hpp"
#include "http/server/server.hpp"

namespace payments::http {

class Connection;
using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
using Connections = boost::intrusive::list<
    Connection, boost::intrusive::base_hook<ConnectionHook>,
    boost::intrusive::constant_time_size<false>>;

// What all connections of one loop share; used on that loop's thread only. One clock reading, one
// Date text and one buffer for all of them: made once a tick, not once a request.
struct ServerState {
    using Instant = std::chrono::steady_clock::time_point;

    ServerState(Application& app, Limits l, std::shared_ptr<std::atomic<std::size_t>> open);

    // When something that starts now and may take `limit` is late. `now` may be up to a tick old,
    // so a tick is added: never early, at most two ticks late.
    Instant deadline(std::chrono::milliseconds limit) const { return now + limit + tick; }
    void keep_time();

    Application& application;
    Limits limits;
    std::shared_ptr<std::atomic<std::size_t>> open_connections;
    std::chrono::milliseconds tick;   // how often deadlines are looked at
    Instant now;                      // as of the last tick
    std::string date;                 // likewise, as the Date header has it
    std::string head;                 // answers are composed here, one at a time
    std::unique_ptr<char[]> discard;  // what lingering connections still send; never read
    Connections connections;
    bool draining = false;
};

// One client. It never arms a timer: it notes a deadline, and the server's tick calls on_tick().
// Arming and cancelling a timer for each request would cost more than the look at all connections
// now and then.
// Lives in the frame of the coroutine that serves it (Server), which it never outlives; on its
// loop's thread only.
class Connection : public ConnectionHook {
public:
    Connection(ServerState& shared, boost::asio::ip::tcp::socket socket);
    ~Connection();
    Connection(const Connection&) = delete;

    // Answers requests until the client closes, a request is refused, a limit is passed, or the
    // server drains.
    Task<void> serve();
    // Beyond Limits::connections: answers one vital request, or 503 to any other and to silence.
    Task<void> turn_away();

    // Whether a request has arrived whole and its answer is not sent yet.
    bool is_answering() const { return phase_ == Phase::answering || phase_ == Phase::writing; }

    // While the list of connections is walked: it must not end one by itself, only wake its
    // coroutine.
    void on_tick();
    // Ends an idle connection; any other gets its answer, with Connection: close.
    void drain();
    // Closes the socket, whatever is under way.
    void cut();

private:
    enum class Phase : std::uint8_t { idle, reading, answering, writing, lingering };

    void enter(Phase phase);
    void await_input();
    bool is_last_call() const;
    Progress take_input(boost::system::error_code failure, std::size_t size, Request& request);
    Progress advance(Request& request);
    Progress admit(Request& request);
    Progress take_body(Request& request);
    std::size_t body_wish(const Request& request) const;
    bool send_continue();
    Progress give_up(Error error);

    Task<Response> answer(Request& request);
    void compose(const Response& response, bool without_body);
    void compose_or_apologize(Response& response, bool without_body);
    bool send_at_once();
    Task<void> send_rest();
    Task<void> send_pieces(std::shared_ptr<BodySource> source);
    Task<std::optional<std::string>> next_piece(std::shared_ptr<BodySource> source);
    Task<void> refuse(Error error, bool without_body);
    Task<void> linger();
    Task<bool> hears_vital(Request& request);

    ServerState& shared_;
    boost::asio::ip::tcp::socket socket_;
    std::string peer_;
    InputBuffer input_;
    HeadParser parser_;
    ChunkedDecoder chunks_;
    bool in_body_ = false;
    std::size_t body_limit_ = 0;
    Error error_;
    std::string id_;

    Phase phase_ = Phase::lingering;
    ServerState::Instant deadline_ = ServerState::Instant::max();
    ServerState::Instant request_until_{};  // when the request must have arrived
    ServerState::Instant linger_until_{};
    bool timed_out_ = false;
    bool gone_ = false;       // nothing can be said to the client any more
    bool close_ = false;      // the answer being given is the last
    bool in_pieces_ = false;  // an answer is under way whose end the client does not know

    std::string_view head_left_;
    std::string_view body_left_;
    std::string kept_head_;
};

}  // namespace payments::http
