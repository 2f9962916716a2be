#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// What a person does with a refund run (docs/refund_runs.md, 3), which they must see as a whole.
// Returns it as it stands then. Errc::unknown_run; run_not_steerable and second_person_needed as
// payments::steer(). Throws as a Store does. On the loop of `context`.
Task<Result<RunWithTallies>> steer_run(
    FlowContext& context, Privileges caller, SteeringOrder order
);

}  // namespace payments
