#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Everything that is heard of an attempt passes here (docs/design.md, 3.5). Returns when it is
// durable; then logs a status that was entered, and tells FlowContext::on_status of it. Throws
// StoreDown, and nothing is known to be recorded then. A message that wants its provider asked may
// wait for a place first (flow/checks/prompt_checks). On the loop of `context`.
Task<Recorded> record_facts(FlowContext& context, Heard heard);

// The same for what we know of one attempt without asking its provider; returns how it stands then.
Task<Transaction> record_facts_about(
    FlowContext& context, Transaction attempt, Source source, std::vector<Fact> facts
);

// The same for the provider's answer about one attempt. `asked_at`: when the question was asked;
// leave it out where the answer cannot be older than a check that someone has asked for.
// `not_before`: as long as the caller goes on calling the provider about it, nobody else need.
// `attempt` outlives the task. `is_open_there`: the provider says neither that it is over nor that
// it is paid.
Task<Transaction> record_answer(
    FlowContext& context, const Transaction& attempt, std::vector<Fact> facts,
    std::optional<Time> asked_at = {}, std::optional<Time> not_before = {},
    bool is_open_there = false
);

}  // namespace payments
