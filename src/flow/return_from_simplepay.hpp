#pragma once

#include <string>

#include "flow/flow_context.hpp"

namespace payments {

// The visitor is back from SimplePay's page. What the query of the address says is signed, yet only
// a hint, for the visitor can change, repeat or leave it out: it is recorded and shown, and
// SimplePay is asked (docs/design.md, 3.3; docs/providers/simplepay.md, 5.4). `r` and `s` are
// percent-decoded once. Errc::invalid_signature (not signed, or not for this payment),
// invalid_request (not readable), unknown_transaction. Throws as a Store does. On the loop of
// `context`.
Task<Result<ReturnReply>> return_from_simplepay(FlowContext& context, std::string r, std::string s);

}  // namespace payments
