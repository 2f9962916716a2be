#include "flow/office/find_payments.hpp"

namespace payments {

Task<FoundPayments> find_payments(FlowContext& context, Privileges caller, FindQuery query) {
    auto [is_everywhere, scope_ids, scopes] = co_await visible_scopes(context, std::move(caller));
    query.is_everywhere = is_everywhere;
    query.scope_ids = std::move(scope_ids);
    auto page = co_await context.store.find(std::move(query));
    auto ids = payments::scopes_of(page.list);
    // Who sees everything may be shown a payment of a scope that came on record just now.
    scopes = co_await scopes_of_all(context, std::move(scopes), std::move(ids));
    FoundPayments found{std::move(page), std::move(scopes)};
    co_return found;
}

}  // namespace payments
