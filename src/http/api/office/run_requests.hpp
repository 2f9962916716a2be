#pragma once

#include "flow/runs/plan_refunds.hpp"
#include "support/json.hpp"
#include "support/time_zone.hpp"

// What the operations about refund runs take (openapi.yaml; docs/refund_runs.md). All return
// Errc::invalid_request, which names every wrong member. Pure; safe on any thread.
namespace payments::http {

// planRefunds. Days are those of `zone`; without one they are wrong.
Result<RefundChoice> read_refund_choice(
    const json::object& body, const std::optional<TimeZone>& zone
);
// startRefundRun, without whose it is.
Result<RunOrder> read_run_order(const json::object& body, const std::optional<TimeZone>& zone);
// listRefundRuns, without where the caller may look.
Result<RunsQuery> read_runs_query(const json::object& body);
Result<ItemsQuery> read_items_query(const json::object& body);
// steerRefundRun, without `by` and `now`.
Result<SteeringOrder> read_steering(const json::object& body);

}  // namespace payments::http
