#pragma once

#include <vector>

#include "flow/task.hpp"

namespace payments {

// Runs all tasks on the caller's loop, each going on while the others wait, and returns when every
// one has ended. A failure cuts no other task short; one of them is thrown then, the first in the
// order of the tasks.
Task<void> when_all(std::vector<Task<void>> tasks);

// Lets the caller's loop do first what it has to do: whoever computes for longer than a moment
// calls it in between. Nothing that was begun goes on before, not even a question to a database.
Task<void> give_way();

}  // namespace payments
