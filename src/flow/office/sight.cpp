#include "flow/office/sight.hpp"

#include "flow/ticket_scope.hpp"

namespace payments {

Task<SightOfScopes> sight_of(FlowContext& context, Privileges caller) {
    auto visible = co_await visible_scopes(context, std::move(caller));
    SightOfScopes sight{visible.is_everywhere, std::move(visible.scope_ids)};
    co_return sight;
}

}  // namespace payments
