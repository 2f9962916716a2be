#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace payments {

// What one database transaction that serves many callers came to.
struct Group {
    std::size_t changes = 0;  // asked for
    std::size_t failed = 0;   // of them: refused by themselves, or all when `committed` is false
    bool committed = false;
    std::chrono::nanoseconds took{};  // from the first change to the end of the commit
    std::string failure;              // why it was not committed
};

}  // namespace payments
