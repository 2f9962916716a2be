#pragma once

#include <string>

#include "flow/flow_context.hpp"
#include "flow/lost/lost_payments.hpp"

namespace payments {

// Whose payment it is that is not on record, as a person has found out.
struct PaymentOwner {
    std::int64_t ticket_id = 0;
    Code code;
};

// Puts a lost payment on record under its own number, as the attempt that was lost, and asks its
// provider about it: it becomes paid, or a duplicate when its fee was paid again meanwhile. That a
// person has said whose it is, is a fact of it. Errc::invalid_request when the code is not what was
// taken; payment_in_progress while another payment for its fee is; unknown_ticket,
// tickets_unavailable, tickets_timeout. Throws as the ports do. On the loop of `context`.
Task<Result<Transaction>> adopt_payment(FlowContext& context, LostPayment lost, PaymentOwner owner);

}  // namespace payments
