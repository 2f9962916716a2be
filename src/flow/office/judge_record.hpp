#pragma once

#include <vector>

#include "flow/office/health.hpp"

namespace payments {

// What is to be said of what the database remembers: replicas, their keys, calls, backups, books,
// sums. Adds to `findings`. Pure; any thread.
void judge_record(const Measurements& measured, std::vector<Finding>& findings);

}  // namespace payments
