#include "flow/office/find_payments.hpp"

#include <algorithm>

#include "flow/ticket_scope.hpp"

namespace payments {

Task<ScopesById> scopes_of_all(
    FlowContext& context, ScopesById known, std::vector<std::optional<std::int64_t>> ids
) {
    const bool has_all =
        std::ranges::all_of(ids, [&](const auto& id) { return !id || known.contains(*id); });
    if (has_all) co_return known;
    for (auto& [id, scope] : co_await context.store.scopes())
        known.insert_or_assign(id, std::move(scope));
    co_return known;
}

bool may_see(const Privileges& caller, const Transaction& transaction, const ScopesById& scopes) {
    const auto found = transaction.scope_id ? scopes.find(*transaction.scope_id) : scopes.end();
    if (found == scopes.end()) return may_see_every_ticket(caller);
    return may_see_ticket(caller, found->second).has_value();
}

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
