#pragma once

#include <vector>

#include "flow/task.hpp"

namespace payments {

// Runs all tasks on this loop, each going on while the others wait, and returns when every one has
// ended. A failure cuts no other task short; the first one is thrown then.
Task<void> when_all(std::vector<Task<void>> tasks);

}  // namespace payments
