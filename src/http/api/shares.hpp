#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "flow/task.hpp"

namespace payments::http {

// How many requests of one client a loop works on at a time. Its others wait in a line of their
// own, so that whoever sends a thousand at once waits for himself, and others for a few of his.
// Meant for work of our own cores and database: what waits for somebody outside would hold its
// share for nothing. On the loop's thread only; outlives its requests.
class Shares {
    struct State;

public:
    // A request's place while it is worked on; the next in its client's line gets it after.
    class Share {
    public:
        Share(std::shared_ptr<State> state, std::string client);
        Share(Share&&) = default;
        Share& operator=(Share&&) = delete;
        ~Share();

    private:
        std::shared_ptr<State> state_;
        std::string client_;
    };

    // `of_each_client` is at least 1.
    explicit Shares(std::size_t of_each_client);
    ~Shares();
    // Waits while so many of the client's requests are worked on; in the order of coming.
    Task<Share> take(std::string client);
    // Clients with requests that are worked on or wait.
    std::size_t clients() const;

private:
    const std::size_t of_each_client_;
    std::shared_ptr<State> state_;
};

}  // namespace payments::http
