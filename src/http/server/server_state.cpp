#include "http/server/server_state.hpp"

#include <algorithm>
#include <ctime>

#include "http/server/connection.hpp"  // which the list of them must know to be destroyed

namespace payments::http {
namespace {

using namespace std::chrono_literals;

// A twentieth of the shortest limit, so that one is late by a tenth at most (two ticks); half a
// second where limits are long, for a look at all connections costs something.
std::chrono::milliseconds tick_for(const Limits& limits) {
    const auto shortest = std::min({limits.request_time, limits.answer_time, limits.idle_time});
    return std::clamp(shortest / 20, 5ms, 500ms);
}

}  // namespace

ServerState::ServerState(Application& app, Limits l, std::shared_ptr<std::atomic<std::size_t>> open)
    : application(app),
      limits(l),
      open_connections(std::move(open)),
      tick(tick_for(l)),
      discard(new char[discard_bytes]) {
    keep_time();
}

void ServerState::keep_time() {
    now = std::chrono::steady_clock::now();
    const auto seconds = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[32];
    date.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
}

}  // namespace payments::http
