#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

// What `ozora-payments reconcile` is asked for; texts as on the command line, "" when not given.
struct ReconcileOptions {
    std::string transaction;  // "42" or "TR42"
    std::string since;        // RFC 3339, or a date in UTC
};

// Asks the providers what became of transactions, writes down what they say, and prints what
// changed. Returns 0 when all was answered, 1 when a provider was silent about some, 2 when an
// option is wrong.
int reconcile(const Settings& settings, const ReconcileOptions& options);

}  // namespace payments
