#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flow/flow_context.hpp"

// What a caller may see and touch, by the tickets it is about (docs/design.md, 4.4): the tickets
// service is asked with the caller's own privileges, and its answer is held against them here once
// more, so that a mistake there opens nothing. Where it says that the ticket is, its payments are
// from now on; should that not be recorded, the answer is given all the same. Throws as the ports
// do. On the loop of `context`.
namespace payments {

// Scopes by their numbers, as the store had them at the moment.
using ScopesById = std::map<std::int64_t, TicketScope>;

// What a tickets/get told: where the ticket is now. Puts the triple on record, moves the ticket's
// attempts there when any of `known`, scopes of all of them, is another, and returns its number.
// Nothing for a triple that no database takes, which moves nothing, and when the store is down:
// nobody's payment may fail for the want of a scope. The next one who asks for the ticket makes up
// for it.
Task<std::optional<std::int64_t>> note_scope(
    FlowContext& context, std::int64_t ticket_id, TicketScope scope,
    std::vector<std::optional<std::int64_t>> known
);

// Of each of them.
std::vector<std::optional<std::int64_t>> scopes_of(const std::vector<Transaction>& attempts);

// Where these are, asking the store for all scopes unless `known` has them.
Task<ScopesById> scopes_of_all(
    FlowContext& context, ScopesById known, std::vector<std::optional<std::int64_t>> ids
);

// Where a caller may look, as FindQuery and SumsQuery have it, and all scopes that there are.
struct VisibleScopes {
    bool is_everywhere = false;
    std::vector<std::int64_t> scope_ids;
    ScopesById scopes;
};
// The caller's privileges held against every scope on record.
Task<VisibleScopes> visible_scopes(FlowContext& context, Privileges caller);

// Whether the caller may see the transaction by where it is on record. Pure.
bool may_see(const Privileges& caller, const Transaction& transaction, const ScopesById& scopes);

// All attempts for a ticket, for a user who may see it. Errc::unknown_ticket, ticket_out_of_scope,
// tickets_unavailable, tickets_timeout.
Task<Result<std::vector<Transaction>>> list_transactions(
    FlowContext& context, Privileges user, std::int64_t ticket_id, std::string traceparent
);

// The transaction with this id. Errc::unknown_transaction when there is none, and in the same words
// when the caller may not see its ticket. Errc::tickets_unavailable, tickets_timeout, but for a
// transaction that is on record outside of what the caller may see: that something is there must
// not be told by a tickets service that is down either. About whom it has let see the ticket
// within the last minute it is not asked again (flow/office/seen_tickets).
Task<Result<Transaction>> find_transaction(
    FlowContext& context, Privileges caller, std::int64_t id, std::string traceparent
);

// The review list (docs/design.md, 3.13) without what is about tickets that the caller may not see;
// its counts are of what is left. A message that fits no transaction is about no ticket, and for
// operators (payments_operate). Each ticket on the list is asked for once, but for whom none is
// outside; nothing is recorded of where it is, for a list that is asked for again and again must
// not write. Errc::tickets_unavailable, tickets_timeout, unless all that could not be asked about
// is on record outside of what the caller may see.
Task<Result<Reviews>> reviews_in_scope(
    FlowContext& context, Privileges caller, ReviewQuery query, std::string traceparent
);

}  // namespace payments
