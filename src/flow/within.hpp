#pragma once

#include <chrono>

#include "flow/task.hpp"

namespace payments {

// Waits for `work` as long as `patience`. True when it has ended by then; it may have thrown, which
// is thrown here. False when it has not: it goes on by itself on the caller's loop and nobody hears
// of its end, so what it touches must be its own or outlive the loop.
Task<bool> within(std::chrono::milliseconds patience, Task<void> work);

}  // namespace payments
