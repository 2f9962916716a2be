#include "flow/office/find_payments.hpp"

namespace payments {

Task<FoundPayments> find_payments(FlowContext& context, Privileges caller, FindQuery query) {
    ScopesById scopes;
    for (auto& [id, scope] : co_await context.store.scopes()) scopes.emplace(id, std::move(scope));
    query.is_everywhere = may_see_every_ticket(caller);
    for (const auto& [id, scope] : scopes)
        if (may_see_ticket(caller, scope)) query.scope_ids.push_back(id);
    auto page = co_await context.store.find(std::move(query));
    auto ids = payments::scopes_of(page.list);
    // Who sees everything may be shown a payment of a scope that came on record just now.
    scopes = co_await scopes_of_all(context, std::move(scopes), std::move(ids));
    FoundPayments found{std::move(page), std::move(scopes)};
    co_return found;
}

}  // namespace payments
