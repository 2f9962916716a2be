#pragma once

#include "config/settings.hpp"

namespace payments {

// What `ozora-payments refresh-scopes` is asked for.
struct RefreshOptions {
    int per_second = 20;  // tickets that are asked for
};

// `ozora-payments refresh-scopes`: asks the tickets service where the tickets of those payments are
// of which nobody knows it, and prints what came of it (docs/operations.md, "Whose payments").
// May run beside the service, and be stopped and begun again: it goes on with what is left. Returns
// exit_code::done, failed when the tickets service was silent about some. Throws StoreDown.
int run_refresh_scopes(const Settings& settings, const RefreshOptions& options);

}  // namespace payments
