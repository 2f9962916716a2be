#pragma once

#include <cstdint>

#include "config/settings.hpp"

namespace payments {

struct DatabaseTarget;

struct ReserveOptions {
    std::int64_t count = 100'000;  // 1 to 1,000,000
};

// `ozora-payments reserve-numbers`: the next attempts get numbers beyond the newest one and `count`
// more, which are never used. To be run after a restore from a backup, before the service is
// started: SimplePay knows the numbers that were given since (docs/design.md, 3.11). Returns
// exit_code::done. Throws StoreDown.
int reserve_numbers(const Settings& settings, const ReserveOptions& options);

// The same of any database, and of numbers up to `given`, which another one has given. Returns the
// last number that is passed over. Throws StoreDown.
std::int64_t reserve_numbers_beyond(
    const DatabaseTarget& database, std::int64_t count, std::int64_t given = 0
);

}  // namespace payments
