#pragma once

#include <string>

#include "flow/messages.hpp"
#include "gateway/simplepay/fields.hpp"
#include "gateway/simplepay/requests.hpp"
#include "gateway/simplepay/signature.hpp"

// Giving money back at SimplePay (docs/providers/simplepay.md, 9.3). It does not know our reference
// of a refund, so each is asked for once: what became of a call without an answer is read from the
// list of refunds. Pure; safe on any thread.
namespace payments::simplepay {

// Throws std::bad_alloc alone, as all here. The amount must be reserved (docs/design.md, 3.9).
std::string refund_body(const Transaction& attempt, const Refund& refund, const Envelope& envelope);
// `refused` only for an error with which nothing was given back for certain.
RefundResult read_refund(
    const Transaction& attempt, const Refund& refund, const Account& account,
    const ProviderResponse& answer
);

}  // namespace payments::simplepay
