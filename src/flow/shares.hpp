#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "flow/task.hpp"

namespace payments {

// How much work of one client a loop does at a time. The rest waits in a line of the client's own,
// so that whoever sends a thousand requests at once waits for himself, and others for a few of his.
// On the loop's thread only. Whoever waits, or has a share, may be destroyed after it.
class Shares {
    struct State;

public:
    // A place while something is worked on; the next in its client's line gets it after.
    class Share {
    public:
        Share(std::shared_ptr<State> state, std::string client);
        Share(Share&&) = default;
        Share& operator=(Share&& other) noexcept {  // ours goes with `other`
            std::swap(state_, other.state_);
            std::swap(client_, other.client_);
            return *this;
        }
        ~Share();

    private:
        std::shared_ptr<State> state_;
        std::string client_;
    };

    // `of_each_client` is at least 1.
    explicit Shares(std::size_t of_each_client);
    ~Shares();
    bool has_room(const std::string& client) const;
    bool has_any(const std::string& client) const;  // something of it is worked on or waits
    // A place that is free; nothing when there is none.
    std::optional<Share> try_take(const std::string& client);
    // Waits while so much of the client's is worked on; in the order of coming.
    Task<Share> take(std::string client);
    // The same for as long as `patience`; nothing after that.
    Task<std::optional<Share>> take_within(std::string client, std::chrono::milliseconds patience);
    // Clients of whom something is worked on or waits.
    std::size_t clients() const;

private:
    // Nothing when it has waited until then.
    Task<std::optional<Share>> wait(
        std::string client, std::chrono::steady_clock::time_point until
    );

    const std::size_t of_each_client_;
    std::shared_ptr<State> state_;
};

}  // namespace payments
