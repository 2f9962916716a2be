#include "flow/shares.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <unordered_map>

namespace payments {
namespace asio = boost::asio;

namespace {

struct Waiter {
    asio::steady_timer called;  // cancelled when it is its turn
    bool has_turn = false;
};

struct Line {
    std::size_t working = 0;
    std::deque<Waiter*> waiting{};
};

}  // namespace

struct Shares::State {
    std::unordered_map<std::string, Line> lines{};
};

namespace {

// Whoever goes while it waits, as when the process ends, is called no more.
class PlaceInLine {
public:
    PlaceInLine(std::deque<Waiter*>& line, Waiter& waiter) : line_(line), waiter_(waiter) {
        line_.push_back(&waiter_);
    }
    PlaceInLine(const PlaceInLine&) = delete;
    PlaceInLine& operator=(const PlaceInLine&) = delete;
    ~PlaceInLine() { std::erase(line_, &waiter_); }

private:
    std::deque<Waiter*>& line_;
    Waiter& waiter_;
};

}  // namespace

Shares::Share::Share(std::shared_ptr<State> state, std::string client)
    : state_(std::move(state)), client_(std::move(client)) {}

// A share that is passed on counts all the time.
Shares::Share::~Share() {
    if (!state_) return;
    auto& lines = state_->lines;
    const auto line = lines.find(client_);
    auto& [working, waiting] = line->second;
    if (!waiting.empty()) {
        auto* next = waiting.front();
        waiting.pop_front();
        next->has_turn = true;
        next->called.cancel();
    } else if (--working == 0) {
        lines.erase(line);
    }
}

Shares::Shares(std::size_t of_each_client)
    : of_each_client_(of_each_client), state_(std::make_shared<State>()) {}
Shares::~Shares() = default;

bool Shares::has_room(const std::string& client) const {
    const auto line = state_->lines.find(client);
    return line == state_->lines.end() || line->second.working < of_each_client_;
}

bool Shares::has_any(const std::string& client) const { return state_->lines.contains(client); }

std::optional<Shares::Share> Shares::try_take(const std::string& client) {
    if (!has_room(client)) return {};
    ++state_->lines[client].working;
    return Share{state_, client};
}

Task<Shares::Share> Shares::take(std::string client) {
    co_return *co_await wait(std::move(client), asio::steady_timer::time_point::max());
}

Task<std::optional<Shares::Share>> Shares::take_within(
    std::string client, std::chrono::milliseconds patience
) {
    return wait(std::move(client), std::chrono::steady_clock::now() + patience);
}

Task<std::optional<Shares::Share>> Shares::wait(
    std::string client, std::chrono::steady_clock::time_point until
) {
    if (auto free = try_take(client)) co_return std::move(free);
    // Who waits may be destroyed after the shares, when the process ends. A line stays where it is
    // while anybody is in it.
    const auto state = state_;
    auto& line = state->lines[client];
    Waiter waiter{asio::steady_timer{co_await asio::this_coro::executor}};
    waiter.called.expires_at(until);
    {
        const PlaceInLine place{line.waiting, waiter};
        boost::system::error_code called;
        co_await waiter.called.async_wait(asio::redirect_error(asio::use_awaitable, called));
    }
    // Its turn may have come in the moment in which its patience ended.
    if (!waiter.has_turn) co_return std::nullopt;
    co_return Share{state, std::move(client)};
}

std::size_t Shares::clients() const { return state_->lines.size(); }

}  // namespace payments
