#pragma once

#include <string>
#include <string_view>

#include "flow/runs/run_store.hpp"
#include "support/json.hpp"

// The JSON that answers the operations about refund runs (openapi.yaml; docs/refund_runs.md). Pure.
namespace payments::http {

// `digest`: of the plan's text.
json::object write_plan(
    const RefundPlan& plan, const std::string& digest, int refunds_per_minute, bool needs_release
);
// As `sub` sees it, who may do what.
json::object write_run(const RunWithTallies& run, int refunds_per_minute, std::string_view sub);
json::object write_item(const ListedItem& listed);

}  // namespace payments::http
