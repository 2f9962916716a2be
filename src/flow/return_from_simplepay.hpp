#pragma once

#include <string>

#include "flow/flow_context.hpp"

namespace payments {

// The visitor is back. What the address line says is signed, yet only a hint: it is saved and
// shown, and SimplePay is asked (docs/providers/simplepay.md, 5.4). Errc::invalid_signature for a
// return that SimplePay did not sign for this payment, unknown_transaction.
Task<Result<ReturnReply>> return_from_simplepay(FlowContext& context, std::string r, std::string s);

}  // namespace payments
