#pragma once

#include <functional>
#include <vector>

#include "flow/flow_context.hpp"

// What is learned of where tickets are apart from any payment (docs/finding.md, 1): their payments
// are there from then on. Throws as a Store does; what was moved by then stays moved, and whoever
// comes again moves the rest. On the loop of `context`.
namespace payments {

// Moves the payments of these tickets, each of which is named once. Returns how many payments were
// elsewhere.
Task<std::int64_t> move_tickets(FlowContext& context, std::vector<TicketPlace> places);

// What a refresh has come to.
struct Refreshed {
    std::int64_t asked = 0;    // tickets
    std::int64_t placed = 0;   // payments that are somewhere now
    std::int64_t unknown = 0;  // tickets that are unknown there, or in no scope that can be kept
    std::int64_t silent = 0;   // tickets of which the tickets service told nothing
    bool is_end = false;       // every payment without a scope was come to
};

// Asks the tickets service, for the service itself, for every ticket with a payment of which nobody
// knows where it is, at most `per_second` (at least 1), and moves its payments there. Ends early
// when it has told nothing of a dozen tickets in a row: then it is down. Whoever begins again asks
// for what is left. `progress` is called after every step, on the same thread.
Task<Refreshed> refresh_scopes(
    FlowContext& context, int per_second, std::function<void(const Refreshed&)> progress
);

}  // namespace payments
