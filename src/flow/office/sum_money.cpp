#include "flow/office/sum_money.hpp"

namespace payments {
Task<SummedMoney> sum_money(FlowContext& context, Privileges caller, SumsQuery query) {
    auto [is_everywhere, scope_ids, scopes] = co_await visible_scopes(context, std::move(caller));
    query.is_everywhere = is_everywhere;
    query.scope_ids = std::move(scope_ids);
    auto sums = co_await context.store.sums(std::move(query));
    std::vector<std::optional<std::int64_t>> ids;
    for (const auto& row : sums.rows) ids.push_back(row.scope_id);
    // Who sees everything may be shown a scope that came on record just now.
    scopes = co_await scopes_of_all(context, std::move(scopes), std::move(ids));
    SummedMoney summed{std::move(sums), std::move(scopes)};
    co_return summed;
}

}  // namespace payments
