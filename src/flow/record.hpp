#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// The one door for facts: every word heard of an attempt passes here. Keeps it, and tells those
// who watch what it changed.
Task<Recorded> record(FlowContext& world, Heard heard);

// For what was heard of one known attempt, with no message: returns how it stands then. `asked_at`
// belongs to the answer to a question.
Task<Transaction> learn_about(
    FlowContext& world, Transaction attempt, Source source, std::vector<Fact> facts,
    std::optional<Time> asked_at = {}
);

}  // namespace payments
