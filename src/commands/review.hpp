#pragma once

#include "config/settings.hpp"

namespace payments {

// `ozora-payments review`: prints what a person must look at, oldest first, at most 1 000 of it,
// and how much there is in all (docs/operations.md, "What a person must look at"). Reads only, and
// may run beside the service. Returns exit_code::done. Throws StoreDown when the database cannot be
// read.
int print_reviews(const Settings& settings);

}  // namespace payments
