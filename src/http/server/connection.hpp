#pragma once

#include <boost/asio/ip/tcp.hpp>
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
#include "http/server/server_state.hpp"

namespace payments::http {

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

    Answer ask(Request& request);
    Task<Response> finish(Task<Response> work);
    Response apologize();
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
    std::optional<LargeBodyPlace> large_body_;
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
