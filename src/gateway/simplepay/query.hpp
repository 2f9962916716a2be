#pragma once

#include <span>
#include <vector>

#include "flow/messages.hpp"
#include "gateway/simplepay/fields.hpp"
#include "gateway/simplepay/signature.hpp"

namespace payments::simplepay {

// What SimplePay says of payments when asked (docs/providers/simplepay.md, 8): one result for each
// attempt, in their order. `answered` is false for all when the answer is not SimplePay's word:
// badly signed, unreadable, about another merchant. Pure; safe on any thread.
std::vector<QueryResult> read_query(
    std::span<const Transaction> attempts, const Account& account, const ProviderResponse& answer
);

}  // namespace payments::simplepay
