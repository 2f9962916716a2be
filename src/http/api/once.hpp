#pragma once

#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/idempotency.hpp"

namespace payments::http {

// Calls `run` unless this Idempotency-Key has an answer already; without a key it always does. A
// key counts within `operation`. Errors as KeyedCall, and those of `run`.
template <class Order>
Task<Result<Response>> once(
    ApiContext& context, RequestContext& request, std::string_view operation, std::string key,
    Order order, Task<Result<Response>> (*run)(ApiContext&, Order)
) {
    if (key.empty()) co_return co_await run(context, std::move(order));
    auto& flow = context.flow;
    KeyedCall keyed{
        flow.store, std::string{operation}, std::move(key), request.body,
        context.resources.sealing_key};
    auto earlier = co_await keyed.earlier_answer(flow.clock.now());
    if (!earlier) co_return earlier.error();
    if (*earlier) co_return std::move(**earlier);
    co_return co_await keyed.keep(run(context, std::move(order)), request.http.id);
}

}  // namespace payments::http
