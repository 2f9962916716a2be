#pragma once

#include <string>

#include "config/settings.hpp"

namespace payments {

// What `ozora-payments reconcile` is asked for; texts as on the command line, "" when not given.
struct ReconcileOptions {
    std::string transaction;  // "42" or "TR42"
    std::string since;        // RFC 3339, or a date in UTC
    std::string owners;       // a file: whose payments are that are not on record; "" for none
};

// `ozora-payments reconcile`: queries the providers about transactions, records their answers, and
// prints every change of status and a summary (docs/operations.md, "Asking the providers"). Without
// an option: about all that are not final. It takes the same way as the service and may run beside
// it. Returns exit_code::done when everything was answered, failed when a provider gave no answer
// about some, wrong_usage when an option is wrong. Throws StoreDown.
int reconcile(const Settings& settings, const ReconcileOptions& options);

}  // namespace payments
