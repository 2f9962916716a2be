#pragma once

#include <map>

#include "flow/flow_context.hpp"

namespace payments {

// Scopes by their numbers, as the store had them at the moment.
using ScopesById = std::map<std::int64_t, TicketScope>;

struct FoundPayments {
    FoundPage page;
    ScopesById scopes;  // all those of the page among them

    FoundPayments(FoundPage p, ScopesById s) : page(std::move(p)), scopes(std::move(s)) {}
};

// Payments that a caller looks for, among those that the caller's privileges open (docs/finding.md,
// 1): what is outside is neither in the page nor told of by `next`. The scopes of `query` are set
// here. Asks no other service. Throws as a Store does. On the loop of `context`.
Task<FoundPayments> find_payments(FlowContext& context, Privileges caller, FindQuery query);

// Where these are, asking the store for all scopes unless `known` has them.
Task<ScopesById> scopes_of_all(
    FlowContext& context, ScopesById known, std::vector<std::optional<std::int64_t>> ids
);

// Which of these transactions the caller may see, by where they are on record. Pure.
bool may_see(const Privileges& caller, const Transaction& transaction, const ScopesById& scopes);

}  // namespace payments
