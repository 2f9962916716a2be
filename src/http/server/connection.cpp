#include "http/server/connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <ctime>

#include "http/server/peer.hpp"
#include "http/server/random_id.hpp"
#include "support/log.hpp"

namespace payments::http {
namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

// A client that is still sending a large body when it is refused must get to read why, but not keep
// us reading for ever. Twice the largest body that any operation takes.
constexpr std::size_t most_lingering_bytes = 64 * 1024 * 1024;
constexpr auto quiet_time =
    1s;  // who has sent nothing for so long has read the answer, or never will
constexpr auto hearing_time = 1s;  // for the head of a request that may be vital
constexpr std::size_t id_digits = 32;
constexpr std::size_t small_body_bytes = 2 * 1024;  // cheaper to copy than to gather

HeadLimits head_limits(const Limits& limits) {
    return {limits.request_line_bytes, limits.headers_bytes, limits.header_lines};
}

std::string chunk_size_line(std::size_t size) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, size, 16).ptr;
    return std::string(digits, end) + "\r\n";
}

}  // namespace

// ---------------------------------------------------------------------------------- Connection

Connection::Connection(ServerState& shared, asio::ip::tcp::socket socket)
    : shared_(shared),
      socket_(std::move(socket)),
      peer_(peer_address(socket_)),
      parser_(head_limits(shared.limits)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    // An answer is one write: to wait for more to fill a packet would only delay it.
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    shared_.connections.push_back(*this);
}

Connection::~Connection() = default;

Task<void> Connection::serve() {
    while (!close_ && !gone_) {
        Request request;
        parser_.start();
        in_body_ = false;
        large_body_.reset();
        id_.clear();
        request_until_ = shared_.deadline(shared_.limits.request_time);
        auto progress = advance(request);
        while (progress == Progress::partial) {
            await_input();
            const auto room = input_.room(body_wish(request));
            error_code failure;
            std::size_t size = 0;
            // What has arrived is read without waiting: it may be a request that was sent before we
            // drain.
            if (is_last_call()) {
                size = socket_.read_some(room, failure);
            } else {
                size = co_await socket_.async_read_some(
                    room, asio::redirect_error(asio::use_awaitable, failure)
                );
            }
            progress = take_input(failure, size, request);
        }
        if (gone_) co_return;
        const bool without_body = request.method == "HEAD";
        if (progress == Progress::refused) {
            id_ = request.id.empty() ? random_id(id_digits) : request.id;
            co_return co_await refuse(error_, without_body);
        }

        enter(Phase::answering);  // without a deadline: the application's calls have their own
        auto answer = ask(request);
        if (auto* work = std::get_if<Task<Response>>(&answer)) {
            input_.rest();
            answer = co_await finish(std::move(*work));
        }
        auto& response = std::get<Response>(answer);
        close_ = parser_.framing().close || shared_.draining || asks_to_close(response);
        compose_or_apologize(response, without_body);
        if (!send_at_once()) co_await send_rest();
        if (response.source && !without_body && may_have_body(response.status))
            co_await send_pieces(response.source);
    }
    if (!gone_) co_await linger();
}

Task<void> Connection::turn_away() {
    Request request;
    const bool is_vital = co_await hears_vital(request);
    if (gone_) co_return;
    id_ = request.id.empty() ? random_id(id_digits) : request.id;
    const bool without_body = request.method == "HEAD";
    if (!is_vital) {
        auto overloaded = Error(Errc::overloaded, "there are too many connections").retry_after(1);
        co_return co_await refuse(std::move(overloaded), without_body);
    }
    close_ = true;
    enter(Phase::answering);
    auto answer = ask(request);
    if (auto* work = std::get_if<Task<Response>>(&answer))
        answer = co_await finish(std::move(*work));
    auto& response = std::get<Response>(answer);
    compose_or_apologize(response, without_body);
    if (!send_at_once()) co_await send_rest();
    if (!gone_) co_await linger();
}

// Reads the head of one request, and whether it is vital.
Task<bool> Connection::hears_vital(Request& request) {
    parser_.start();
    enter(Phase::reading);
    deadline_ = shared_.deadline(hearing_time);
    auto progress = Progress::partial;
    while (progress == Progress::partial && !in_body_) {
        error_code failure;
        const auto size = co_await socket_.async_read_some(
            input_.room(0), asio::redirect_error(asio::use_awaitable, failure)
        );
        progress = take_input(failure, size, request);
    }
    co_return progress == Progress::complete&& shared_.application.is_vital(request.path);
}

// ---------------------------------------------------------------------------------- deadlines

void Connection::enter(Phase phase) {
    // A deadline counts from the beginning of its phase: more bytes of a request do not put it off.
    if (phase == phase_) return;
    phase_ = phase;
    switch (phase) {
        case Phase::idle:
            deadline_ = shared_.deadline(shared_.limits.idle_time);
            break;
        case Phase::reading:
            deadline_ = request_until_ = shared_.deadline(shared_.limits.request_time);
            break;
        case Phase::answering:
            deadline_ = ServerState::Instant::max();
            break;
        case Phase::writing:
            deadline_ = shared_.deadline(shared_.limits.answer_time);
            break;
        case Phase::lingering:
            deadline_ = shared_.deadline(quiet_time);
            break;
    }
}

void Connection::on_tick() {
    if (shared_.now < deadline_) return;
    deadline_ = ServerState::Instant::max();
    // Who began a request is told 408; an idle or lingering client is not waiting for an answer,
    // and one that does not read would not read that one either.
    if (phase_ != Phase::reading) return cut();
    timed_out_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Connection::drain() {
    error_code ignored;
    if (phase_ == Phase::idle) socket_.cancel(ignored);
    linger_until_ = std::min(linger_until_, shared_.deadline(quiet_time));
}

void Connection::cut() {
    error_code ignored;
    // HTTP/1.0 takes an orderly close for the end of the body, and would take a part of the answer
    // for the whole; a reset it takes for a failure.
    if (in_pieces_) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

// ---------------------------------------------------------------------------------- requests

void Connection::await_input() {
    enter(input_.empty() && !in_body_ ? Phase::idle : Phase::reading);
}

// While draining, a request that has already arrived is still answered; nobody waits for one.
bool Connection::is_last_call() const { return shared_.draining && phase_ == Phase::idle; }

Progress Connection::take_input(error_code failure, std::size_t size, Request& request) {
    if (timed_out_)
        return give_up(Error(Errc::request_timeout, "the request did not arrive in time"));
    // drain() has ended the wait; the next turn reads what is there and then goes.
    if (failure == asio::error::operation_aborted && shared_.draining && socket_.is_open())
        return Progress::partial;
    if (failure == asio::error::eof && phase_ == Phase::reading)
        return give_up(Error(Errc::malformed_request, "the request ends too early"));
    if (failure) {
        gone_ = true;
        return Progress::refused;
    }
    if (phase_ == Phase::idle)  // its first byte
        request_until_ = shared_.deadline(shared_.limits.request_time);
    input_.received(size);
    return advance(request);
}

// Parses what has been received: the head, then the body.
Progress Connection::advance(Request& request) {
    if (in_body_) return take_body(request);
    const auto progress = parser_.take(input_.bytes(), request);
    if (progress == Progress::refused) return give_up(parser_.error());
    if (progress == Progress::partial) return progress;
    input_.consume(parser_.size());
    return admit(request);
}

// The head is complete: checks the length of the body before any of it is read.
Progress Connection::admit(Request& request) {
    const auto& framing = parser_.framing();
    if (request.id.empty()) request.id = random_id(id_digits);
    id_ = request.id;
    request.peer = peer_;
    request.has_gone = [this] { return has_gone(socket_); };
    if (!framing.has_body()) return Progress::complete;

    body_limit_ = shared_.application.body_limit(request.method, request.path);
    if (body_limit_ == 0) body_limit_ = shared_.limits.body_bytes;
    if (framing.content_length.value_or(0) > body_limit_)
        return give_up(Error(Errc::body_too_large, "the body is too large"));
    const auto& limits = shared_.limits;
    if (framing.content_length.value_or(body_limit_) > limits.large_body_bytes) {
        if (shared_.large_bodies >= limits.large_bodies)
            return give_up(
                Error(Errc::overloaded, "other large files are being received").retry_after(5)
            );
        large_body_.emplace(shared_);
    }
    in_body_ = true;
    chunks_.start(body_limit_, head_limits(shared_.limits));
    // One that sends its body without waiting needs no leave any more.
    if (framing.expects_continue && input_.empty() && !send_continue()) {
        gone_ = true;
        return Progress::refused;
    }
    return take_body(request);
}

Progress Connection::take_body(Request& request) {
    if (parser_.framing().chunked) {
        input_.consume(chunks_.take(input_.bytes(), request.body));
        if (chunks_.progress() == Progress::refused) return give_up(chunks_.error());
        return chunks_.progress();
    }
    // No further: what comes behind is the next request.
    const auto missing = *parser_.framing().content_length - request.body.size();
    const auto arrived = input_.bytes().substr(0, missing);
    request.body.append(arrived);
    input_.consume(arrived.size());
    return arrived.size() == missing ? Progress::complete : Progress::partial;
}

std::size_t Connection::body_wish(const Request& request) const {
    if (!in_body_) return 0;
    if (parser_.framing().chunked) return InputBuffer::largest_wish;
    return *parser_.framing().content_length - request.body.size();
}

// Nothing else waits to be sent, so these few bytes always fit.
bool Connection::send_continue() {
    static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code failure;
    return socket_.write_some(asio::buffer(line), failure) == line.size();
}

Progress Connection::give_up(Error error) {
    error_ = std::move(error);
    return Progress::refused;
}

// ---------------------------------------------------------------------------------- answers

// What is known at once costs no coroutine: of a crowd most are only told to come again.
Answer Connection::ask(Request& request) {
    try {
        return shared_.application.answer(request);
    } catch (const std::exception& broken) {
        log::error("a request failed", "request_id", id_, "error", broken.what());
    } catch (...) {
        log::error("a request failed", "request_id", id_);
    }
    return apologize();
}

Task<Response> Connection::finish(Task<Response> work) {
    try {
        co_return co_await std::move(work);
    } catch (const std::exception& broken) {
        log::error("a request failed", "request_id", id_, "error", broken.what());
    } catch (...) {
        log::error("a request failed", "request_id", id_);
    }
    co_return apologize();
}

Response Connection::apologize() { return shared_.application.refuse(Error(Errc::internal), id_); }

// Leaves the answer in head_left_ and body_left_. `response` must live until it is sent.
void Connection::compose(const Response& response, bool without_body) {
    const AnswerContext context{id_, shared_.date, close_, !parser_.is_http_1_0()};
    auto& head = shared_.head;
    head.clear();
    append_head(head, response, context);
    const bool has_body = !without_body && !response.source && may_have_body(response.status);
    body_left_ = has_body ? response.payload() : std::string_view{};
    if (body_left_.size() <= small_body_bytes) {
        head.append(body_left_);
        body_left_ = {};
    }
    head_left_ = head;
}

void Connection::compose_or_apologize(Response& response, bool without_body) {
    try {
        compose(response, without_body);
    } catch (const std::invalid_argument& broken) {
        log::error("an answer cannot be sent", "request_id", id_, "error", broken.what());
        response = apologize();
        compose(response, without_body);
    }
}

// Most answers fit into the socket's buffer: no suspension, no copy. False when a part is left.
bool Connection::send_at_once() {
    while (!gone_) {
        const std::array<asio::const_buffer, 2> parts{
            asio::buffer(head_left_), asio::buffer(body_left_)};
        error_code failure;
        const auto sent = body_left_.empty() ? socket_.write_some(parts[0], failure)
                                             : socket_.write_some(parts, failure);
        const auto of_head = std::min(sent, head_left_.size());
        head_left_.remove_prefix(of_head);
        body_left_.remove_prefix(sent - of_head);
        if (head_left_.empty() && body_left_.empty()) return true;
        // A client that reads slowly waits in send_rest(), with a deadline, and not in a loop here.
        if (failure == asio::error::would_block) return false;
        gone_ = failure.failed();
    }
    return true;
}

Task<void> Connection::send_rest() {
    kept_head_ = head_left_;  // the shared text serves the next answer meanwhile
    head_left_ = kept_head_;
    enter(Phase::writing);
    const std::array<asio::const_buffer, 2> parts{
        asio::buffer(head_left_), asio::buffer(body_left_)};
    error_code failure;
    co_await asio::async_write(socket_, parts, asio::redirect_error(asio::use_awaitable, failure));
    gone_ = failure.failed();
    kept_head_ = {};
}

// Each piece has the time limit of a whole ordinary answer, so that a client which keeps reading
// may take as long as the list is; making a piece has none.
Task<void> Connection::send_pieces(std::shared_ptr<BodySource> source) {
    const bool chunked = !parser_.is_http_1_0();
    in_pieces_ = true;
    bool is_last = false;
    while (!is_last && !gone_) {
        enter(Phase::answering);
        auto piece = co_await next_piece(source);
        if (!piece) {
            cut();
            gone_ = true;
            co_return;
        }
        is_last = piece->empty();
        const auto size_line = chunked ? chunk_size_line(piece->size()) : "";
        if (chunked) piece->append("\r\n");
        head_left_ = size_line;
        body_left_ = *piece;
        if (!send_at_once()) co_await send_rest();
    }
    in_pieces_ = false;
}

// Nothing when the source failed.
Task<std::optional<std::string>> Connection::next_piece(std::shared_ptr<BodySource> source) {
    try {
        co_return co_await source->next_piece();
    } catch (const ClientGone& gone) {
        log::info("an answer was given up", "request_id", id_, "reason", gone.what());
    } catch (const std::exception& broken) {
        log::error("an answer broke off", "request_id", id_, "error", broken.what());
    } catch (...) {
        log::error("an answer broke off", "request_id", id_);
    }
    co_return std::nullopt;
}

Task<void> Connection::refuse(Error error, bool without_body) {
    close_ = true;
    enter(Phase::answering);
    const auto response = shared_.application.refuse(error, id_);
    compose(response, without_body);
    if (!send_at_once()) co_await send_rest();
    if (!gone_) co_await linger();
}

// Closing while the client still sends would reset the connection and take the answer from it, so
// what it sends is let in and dropped: for as long as it comes, within the time that its request
// had. A proxy hands the answer on only when it has sent all of a body.
Task<void> Connection::linger() {
    error_code failure;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, failure);
    enter(Phase::lingering);
    linger_until_ = shared_.deadline(quiet_time);
    if (!shared_.draining) linger_until_ = std::max(linger_until_, request_until_);
    std::size_t dropped = 0;
    while (!failure && dropped < most_lingering_bytes) {
        deadline_ = std::min(shared_.deadline(quiet_time), linger_until_);
        dropped += co_await socket_.async_read_some(
            asio::buffer(shared_.discard.get(), discard_bytes),
            asio::redirect_error(asio::use_awaitable, failure)
        );
    }
}

}  // namespace payments::http
