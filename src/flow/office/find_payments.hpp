#pragma once

#include "flow/ticket_scope.hpp"

namespace payments {

struct FoundPayments {
    FoundPage page;
    ScopesById scopes;  // all those of the page among them

    FoundPayments(FoundPage p, ScopesById s) : page(std::move(p)), scopes(std::move(s)) {}
};

// Payments that a caller looks for, among those that the caller's privileges open (docs/finding.md,
// 1): what is outside is neither in the page nor told of by `next`. The scopes of `query` are set
// here. Asks no other service. Throws as a Store does. On the loop of `context`.
Task<FoundPayments> find_payments(FlowContext& context, Privileges caller, FindQuery query);

}  // namespace payments
