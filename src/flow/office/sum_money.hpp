#pragma once

#include "flow/ticket_scope.hpp"
#include "payment/sums.hpp"

// Sums of money for staff (docs/money.md, 4).
namespace payments {

struct SummedMoney {
    Sums sums;
    ScopesById scopes;  // all those of the sums among them

    SummedMoney(Sums s, ScopesById by_id) : sums(std::move(s)), scopes(std::move(by_id)) {}
};
// Over the payments that the caller's privileges open (docs/finding.md, 1): what is outside is
// counted nowhere. The scopes of `query` are set here. Asks no other service. Throws as a Store
// does. On the loop of `context`.
Task<SummedMoney> sum_money(FlowContext& context, Privileges caller, SumsQuery query);

}  // namespace payments
