#include "flow/offer_options.hpp"

#include "support/log.hpp"

namespace payments {

std::set<std::string, std::less<>> fees_held(const std::vector<Transaction>& attempts) {
    std::set<std::string, std::less<>> fees;
    for (const auto& attempt : attempts)
        if (holds_fee(attempt)) fees.insert(attempt.code.fee_type);
    return fees;
}

Offers offers_for(
    const FlowContext& context, const Ticket& ticket, const std::vector<Transaction>& attempts
) {
    const TicketSituation situation{
        ticket.status, ticket.metas, fees_held(attempts),
        context.rules.transfer_statuses.contains(ticket.status)};
    const auto objection = [&](Processor processor, Money amount) {
        return context.gateway(processor).objection_to(amount);
    };
    auto result =
        offers(ticket.options, situation, context.rules.accounts, context.clock.now(), objection);
    for (const auto& defect : result.defects)
        log::warning(
            "payment option of the template is not offered", "ticket_id", ticket.id, "code",
            defect.code, "reason", defect.reason
        );
    return result;
}

Task<std::vector<Offer>> offer_options(FlowContext& context, Ticket ticket) {
    const auto attempts = co_await context.store.transactions_of(ticket.id);
    co_return offers_for(context, ticket, attempts).offers;
}

}  // namespace payments
