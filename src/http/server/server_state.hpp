#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "http/server/server.hpp"

namespace payments::http {

class Connection;
using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
using Connections = boost::intrusive::list<
    Connection, boost::intrusive::base_hook<ConnectionHook>,
    boost::intrusive::constant_time_size<false>>;

// What lingering connections still send is taken in pieces of this size.
inline constexpr std::size_t discard_bytes = 64 * 1024;

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
    std::size_t large_bodies = 0;  // that are being received or answered
};

// A place among Limits::large_bodies, from the head of a request until its answer is sent.
class LargeBodyPlace {
public:
    explicit LargeBodyPlace(ServerState& shared) : shared_(shared) { ++shared_.large_bodies; }
    LargeBodyPlace(const LargeBodyPlace&) = delete;
    LargeBodyPlace& operator=(const LargeBodyPlace&) = delete;
    ~LargeBodyPlace() { --shared_.large_bodies; }

private:
    ServerState& shared_;
};

}  // namespace payments::http
