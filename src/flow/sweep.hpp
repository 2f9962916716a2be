#pragma once

#include <functional>
#include <string>
#include <vector>

#include "flow/catch_up.hpp"
#include "flow/world.hpp"

namespace payments {

// Which transactions the providers are asked about, all at once: one of them, those opened since a
// moment, also when they are final (so refunds made by hand and disputes are found), or those that
// are open.
struct SweepRequest {
    std::optional<std::int64_t> transaction_id{};
    std::optional<Time> opened_since{};
};

struct Swept {
    std::size_t asked = 0;
    std::size_t answered = 0;
    std::vector<StatusChange> changes;
    std::vector<std::string> silent;  // references of those that no provider said a word about
    CaughtUp events{0, 0, {}, true};  // of a sweep since a moment
};

// Asks about them page by page, as `serve` does in the background and safely beside it. `events`
// tells what happened since a moment, null where no provider keeps events. `progress` hears of
// every step. Errc::unknown_transaction.
Task<Result<Swept>> sweep(
    World& world, EventSource* events, SweepRequest request,
    std::function<void(const Swept&)> progress
);

}  // namespace payments
