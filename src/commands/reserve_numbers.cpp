#include "commands/reserve_numbers.hpp"

#include <algorithm>
#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"

namespace payments {

std::int64_t reserve_numbers_beyond(
    const DatabaseTarget& database, std::int64_t count, std::int64_t given
) {
    boost::asio::io_context loop;
    const auto store = Stores{database}.of(loop);
    const auto newest = run_to_end(loop, store->newest_attempt());
    const auto last = std::max((newest ? newest->id : 0) + count, given);
    return run_to_end(loop, store->reserve_numbers(last));
}

int reserve_numbers(const Settings& settings, const ReserveOptions& options) {
    const auto last = reserve_numbers_beyond(database_of(settings), options.count);
    std::cout << "the next transaction is TR" << last + 1 << " or later\n";
    return exit_code::done;
}

}  // namespace payments
