#include "flow/list_transactions.hpp"

namespace payments {

Task<Result<std::vector<Transaction>>> list_transactions(
    FlowContext& context, Privileges user, std::int64_t ticket_id, std::string traceparent
) {
    const auto ticket = co_await context.tickets.get(ticket_id, user, std::move(traceparent));
    if (!ticket) co_return ticket.error();
    const auto visible = may_see_ticket(user, ticket->scope());
    if (!visible) co_return visible.error();

    co_return co_await context.store.transactions_of(ticket_id);
}

}  // namespace payments
