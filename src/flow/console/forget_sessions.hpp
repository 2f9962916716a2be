#pragma once

#include "flow/console/sessions.hpp"
#include "flow/flow_context.hpp"

namespace payments {

// Deletes, every ten minutes, the sessions that ended an hour ago by anybody's clock and settings:
// this replica's may be wrong, or newer than those of the others. Also where there is no console
// any more. For ever; what the store throws is logged. Both outlive it.
Task<void> keep_forgetting_sessions(FlowContext& context, SessionStore& store);

}  // namespace payments
