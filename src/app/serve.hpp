#pragma once

#include "config/settings.hpp"

namespace payments {

// Runs the service until SIGTERM or SIGINT, then lets running requests finish. Returns the exit
// code: 0 after an orderly stop, 1 when it could not start (the reason is on standard error).
int serve(const Settings& settings);

}  // namespace payments
