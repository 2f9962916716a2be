#include "commands/migrate.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "support/log.hpp"

namespace payments {

int run_migrate(const Settings& settings, bool only_show) {
    if (!only_show) log::outlive_readers();
    const auto database = database_of(settings);
    const auto names = only_show ? pending_migrations(database) : migrate(database);
    for (const auto& name : names)
        std::cout << (only_show ? "pending " : "applied ") << name << "\n";
    if (names.empty()) std::cout << "the schema is up to date\n";
    return exit_code::done;
}

}  // namespace payments
