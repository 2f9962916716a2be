#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Erases personal data whose time has come, until the loop stops (docs/personal_data.md, 5). Needs
// FlowContext::personal.
Task<void> keep_retention(FlowContext& context);

}  // namespace payments
