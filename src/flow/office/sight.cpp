#include "flow/office/sight.hpp"

namespace payments {

Task<SightOfScopes> sight_of(FlowContext& context, Privileges caller) {
    SightOfScopes sight;
    sight.is_everywhere = may_see_every_ticket(caller);
    if (sight.is_everywhere) co_return sight;
    for (const auto& [id, scope] : co_await context.store.scopes())
        if (may_see_ticket(caller, scope)) sight.scope_ids.push_back(id);
    co_return sight;
}

}  // namespace payments
