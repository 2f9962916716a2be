#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace payments {

// The outcome of a group commit: one database transaction that made the changes of many callers.
// Given to Options::on_group for metrics (payments_store_group_size).
struct Group {
    std::size_t changes = 0;  // in it
    std::size_t failed = 0;   // of them: refused by themselves, or all when `committed` is false
    bool committed = false;
    std::chrono::nanoseconds took{};  // from the first change to the end of the commit
    std::string failure;              // why it was not committed; "" when it was
};

// No more calls wait than are taken up together: that is no queue (Store::queue_age).
inline constexpr std::size_t few_waiting = 64;

}  // namespace payments
