#pragma once

#include "config/settings.hpp"

namespace payments {

// Runs the service until SIGTERM or SIGINT: migrates the database, listens on Settings::listen with
// one event loop for each of Settings::threads, and works in the background on what is due. Then no
// connection is accepted any more, requests that run may finish for Settings::drain_time (ms), and
// every object is destroyed before it returns. Throws nothing; blocks the calling thread, which
// must be the only one. Returns (exit_code):
//   done    all requests were answered
//   failed  the drain time passed with requests still running; they were cut off, and what they had
//           begun with a provider is on record and goes on at the next start. Or the service could
//           not start: database, keys, address. Both are told in the log.
int serve(const Settings& settings);

}  // namespace payments
