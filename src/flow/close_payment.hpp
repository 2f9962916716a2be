#pragma once

#include "flow/flow_context.hpp"

namespace payments {

// Asks the provider once more how the attempt stands, which ends it where the provider answers, and
// closes it there where that is possible. Else it is ended here, by the word of a person: its fee
// is on offer again. Money that is heard of later counts all the same. That somebody has asked for
// it is on record before the provider is told to. Returns how it stands then.
// Errc::unknown_transaction, and what request_close() says. On the loop of `context`.
Task<Result<Transaction>> close_payment(FlowContext& context, CloseRequest request);

}  // namespace payments
