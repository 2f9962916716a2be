#pragma once

#include <string>
#include <vector>

#include "flow/flow_context.hpp"

// What a refund run would give back, and its start (docs/refund_runs.md, 1 and 2). Throw as a Store
// does. On the loop of `context`.
namespace payments {

// Which payments: those that are found, or those that are named.
struct RefundChoice {
    FindQuery query{};  // without the scope, which is the caller's
    // Where their tickets are; "" for anywhere.
    TicketScope where{};
    std::vector<std::int64_t> transaction_ids{};  // each once; the query counts when it is empty
    Give give{};
};

// How many payments one run may give back, and how many are looked at for its plan.
inline constexpr std::size_t run_items_max = 10'000;
inline constexpr std::size_t run_looked_at_max = 100'000;

// What lies outside of the caller's scope is left out as `unknown` where it was named, and else not
// mentioned. Writes nothing. Errc::run_too_large.
Task<Result<RefundPlan>> plan_refunds(FlowContext& context, Privileges caller, RefundChoice choice);

struct RunOrder {
    RefundChoice choice{};
    std::string digest{};  // of the plan that was read
    std::string name{};    // for people
    std::string reason{};  // kept with every refund
    std::vector<TypedSum> typed{};
    Privileges caller{};
    Actor by{};
};
// Starts what was planned, `plan`, made anew just now; whether it is what was read is known by
// then. Errc::sums_differ, plan_changed.
Task<Result<RefundRun>> start_run(FlowContext& context, RunOrder order, RefundPlan plan);

}  // namespace payments
