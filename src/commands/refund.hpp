#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

// What `ozora-payments refund` is asked for; texts as on the command line, "" when not given.
struct RefundOptions {
    std::string transaction;  // "42" or "TR42"
    std::string amount;       // decimal, in the transaction's currency; "" for all that is left
    std::string reason;       // stored with the refund
    std::string by;           // who requests it, stored with the refund
    std::string key;          // idempotency key: repeating the command with it refunds once
};

// `ozora-payments refund`: refunds a payment and prints the result (docs/design.md, 3.9). Returns
// exit_code::done when the provider accepted the refund; failed when it refused, or gave no answer:
// then the amount stays reserved, and `serve` or `reconcile` find out what became of it;
// wrong_usage when an option is wrong. Throws StoreDown.
int refund(const Settings& settings, const RefundOptions& options);

}  // namespace payments
