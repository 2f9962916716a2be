#pragma once

#include "flow/flow_context.hpp"

// What a person does with an entry of the worklist: it is taken, given back, put off or closed,
// which changes no status (docs/worklist.md). Throws as the ports do. On the loop of `context`.
namespace payments {

struct ReviewOrder {
    ReviewName entry;
    Handling as = Handling::mine;
    std::optional<Time> until{};  // for `snoozed`
    std::string note{};           // "" for none
    Actor by{};
};

// The entry as it stands then. Errc::unknown_review when there is none now, and in the same words
// when it is outside of what the caller may see; review_not_closable; review_held, which names the
// colleague; invalid_request for an `until` that is past or too far; tickets_unavailable,
// tickets_timeout.
Task<Result<Review>> handle_review(
    FlowContext& context, Privileges caller, ReviewOrder order, std::string traceparent
);

}  // namespace payments
