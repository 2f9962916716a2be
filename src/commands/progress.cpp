#include "commands/progress.hpp"

#include <unistd.h>

#include <iostream>

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto clear_line = "\r\033[K";

// 12345 as "12 345".
std::string grouped(std::int64_t number) {
    auto text = std::to_string(number);
    for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
        text.insert(static_cast<std::size_t>(i), " ");
    return text;
}

}  // namespace

ProgressReporter::ProgressReporter(std::ostream& out, bool is_terminal, std::string what, Now now)
    : out_(out),
      is_terminal_(is_terminal),
      what_(std::move(what)),
      now_(std::move(now)),
      began_(now_()),
      reported_(began_) {}

ProgressReporter ProgressReporter::to_standard_error(std::string what) {
    return {std::cerr, isatty(STDERR_FILENO) == 1, std::move(what)};
}

ProgressReporter::~ProgressReporter() {
    if (has_line_) out_ << clear_line << std::flush;
}

void ProgressReporter::report(std::int64_t done, std::int64_t of) {
    if (!is_due()) return;
    auto line = grouped(done) + " of " + grouped(of) + " " + what_;
    if (done >= of) {
        line += ", last checks";
    } else if (done > 0) {
        const auto took = std::chrono::duration<double>{now_() - began_}.count();
        const auto left = took / static_cast<double>(done) * static_cast<double>(of - done);
        // Rounded up: "0 s left" would be read as done.
        line += ", " + grouped(static_cast<std::int64_t>(left) + 1) + " s left";
    }
    print(line);
}

void ProgressReporter::report(const std::string& line) {
    if (is_due()) print(line);
}

bool ProgressReporter::is_due() {
    const auto now = now_();
    if (now - reported_ < (is_terminal_ ? 1s : 10s)) return false;
    reported_ = now;
    return true;
}

void ProgressReporter::print(const std::string& line) {
    if (is_terminal_)
        out_ << clear_line << line << std::flush;
    else
        out_ << line << "\n" << std::flush;
    has_line_ = is_terminal_;
}

}  // namespace payments
