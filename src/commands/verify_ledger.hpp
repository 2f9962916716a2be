#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>

#include "config/settings.hpp"

// Commands that read the books.
namespace payments {

// Says on a stream how far a long command has come: every second in one line of a terminal, else
// in a line of its own every ten seconds.
class ProgressTeller {
public:
    using Now = std::function<std::chrono::steady_clock::time_point()>;
    ProgressTeller(
        std::ostream& out, bool is_terminal, std::string what,
        Now now = std::chrono::steady_clock::now
    );
    ~ProgressTeller();
    ProgressTeller(const ProgressTeller&) = delete;
    ProgressTeller& operator=(const ProgressTeller&) = delete;

    void tell(std::int64_t done, std::int64_t of);

private:
    std::ostream& out_;
    const bool is_terminal_;
    const std::string what_;
    const Now now_;
    const std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point told_;
    bool has_line_ = false;
};

struct DatabaseTarget;

// Reads the books again and prints what differs. Progress goes to standard error.
bool print_ledger_report(const DatabaseTarget& database);
// Exits 1 when something differs.
int run_verify_ledger(const Settings& settings);

// Prints what a person must look at, oldest first.
int list_reviews(const Settings& settings);

}  // namespace payments
