#include "commands/reserve_numbers.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"

namespace payments {

int reserve_numbers(const Settings& settings, const ReserveOptions& options) {
    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    const auto newest = run_to_end(loop, store->newest_attempt());
    const auto last =
        run_to_end(loop, store->reserve_numbers((newest ? newest->id : 0) + options.count));
    std::cout << "the next transaction is TR" << last + 1 << " or later\n";
    return exit_code::done;
}

}  // namespace payments
