#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace payments {

// What is not explained in settlements, of a processor ("" of what only a bank tells) and currency,
// in minor units.
struct UnexplainedMoney {
    std::string processor, currency;
    std::int64_t minor;
};

// For /metrics, with how old the newest file is, and the last matching. Any thread.
std::string render_settlements(
    const std::vector<UnexplainedMoney>& unexplained, std::chrono::milliseconds file_age,
    std::chrono::milliseconds match_age
);

}  // namespace payments
