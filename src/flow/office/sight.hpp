#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Where a caller may look, by the scopes that are on record (docs/finding.md, 1). Throws as a Store
// does. On the loop of `context`.
Task<SightOfScopes> sight_of(FlowContext& context, Privileges caller);

}  // namespace payments
