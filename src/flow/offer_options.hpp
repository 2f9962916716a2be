#pragma once

#include <vector>

#include "flow/flow_context.hpp"

namespace payments {

// What the ticket may pay now (docs/design.md, 5.2). Options that are wrong in the template are
// logged and left out.
Offers offers_for(
    const FlowContext& context, const Ticket& ticket, const std::vector<Transaction>& attempts
);

// The same for a ticket as its caller describes it: id, status, metas and options count. Throws as
// a Store does. On the loop of `context`.
Task<std::vector<Offer>> offer_options(FlowContext& context, Ticket ticket);

// The fee types that count as paid among a ticket's attempts.
std::set<std::string, std::less<>> fees_held(const std::vector<Transaction>& attempts);

}  // namespace payments
