#pragma once

#include "config/settings.hpp"

namespace payments {

// `ozora-payments totals rebuild`: makes the sums of money anew from the facts, beside the service
// (docs/money.md, 3). Returns exit_code::done, or failed when somebody else did so meanwhile: then
// it must be done again. Throws StoreDown.
int run_rebuild_totals(const Settings& settings);

}  // namespace payments
