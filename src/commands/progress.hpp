#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace payments {

// Says on a stream how far a long command has come: on a terminal in one line, every second, which
// is cleared in the end; else (a log, a pipe) in a line of its own every ten seconds. What is
// reported in between is dropped, so it may be called for every row. On one thread.
class ProgressReporter {
public:
    using Now = std::function<std::chrono::steady_clock::time_point()>;

    // `what` is counted, in the plural: "transactions". `now` is there for tests.
    ProgressReporter(
        std::ostream& out, bool is_terminal, std::string what,
        Now now = std::chrono::steady_clock::now
    );
    // Standard output is for results, so progress goes to standard error.
    static ProgressReporter to_standard_error(std::string what);
    ~ProgressReporter();
    ProgressReporter(const ProgressReporter&) = delete;
    ProgressReporter& operator=(const ProgressReporter&) = delete;

    // "20 000 of 80 000 transactions, 4 s left": the time is what the rest takes at the same pace.
    void report(std::int64_t done, std::int64_t of);
    // Of work whose end is not known: the line as given.
    void report(const std::string& line);

private:
    bool is_due();
    void print(const std::string& line);

    std::ostream& out_;
    const bool is_terminal_;
    const std::string what_;
    const Now now_;
    const std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point reported_;
    bool has_line_ = false;
};

}  // namespace payments
