#pragma once

#include <chrono>

#include "flow/console/sessions.hpp"
#include "flow/flow_context.hpp"

namespace payments {

// Deletes, every minute, the sessions that have ended or were not used for `idle`. For ever; what
// the store throws is logged. Both outlive it.
Task<void> keep_forgetting_sessions(
    FlowContext& context, SessionStore& store, std::chrono::minutes idle
);

}  // namespace payments
