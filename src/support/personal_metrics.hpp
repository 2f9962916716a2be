#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace payments {

struct ErasingFigures {
    std::int64_t waiting = 0;     // payments that are to be erased
    std::int64_t restricted = 0;  // of which something is kept for accounts
    std::int64_t erasures = 0;    // commits that erased something, ever
    std::optional<std::chrono::milliseconds> round_age{};  // since nothing was left to do
    std::optional<bool> are_files_clean{};  // of SQLite: nothing in them of what was erased
};

// For /metrics. Any thread.
std::string render_erasing(const ErasingFigures& figures);

}  // namespace payments
