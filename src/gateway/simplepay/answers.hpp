#pragma once

#include "flow/messages.hpp"
#include "gateway/simplepay/fields.hpp"
#include "gateway/simplepay/signature.hpp"

// SimplePay's answers to a start and to a cancellation (docs/providers/simplepay.md, 4.5 and 10).
// Pure; safe on any thread.
namespace payments::simplepay {

// `plain_http` allows a paymentUrl without TLS, for a stand-in on this machine. `accepted` only
// when the answer is signed and about this very attempt; `refused` only when SimplePay's error says
// that nothing was created; everything else leaves it open.
StartResult read_start(
    const Transaction& attempt, const Account& account, const ProviderResponse& answer,
    bool plain_http
);
// `answered` without facts is a refusal: the visitor has begun to pay, or it is over.
QueryResult read_cancel(
    const Transaction& attempt, const Account& account, const ProviderResponse& answer
);

}  // namespace payments::simplepay
