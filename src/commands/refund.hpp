#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

// What `ozora-payments refund` is asked for; texts as on the command line, "" when not given.
struct RefundOptions {
    std::string transaction;  // "42" or "TR42"
    std::string amount;       // in its currency; all that is left without one
    std::string reason;
    std::string by;   // who asks, kept with the refund
    std::string key;  // repeating the command under the same key is no second refund
};

// Gives money back and prints what became of it. Returns 0 when the provider gives it back, 1 when
// it does not or has not said, 2 when an option is wrong.
int refund(const Settings& settings, const RefundOptions& options);

}  // namespace payments
