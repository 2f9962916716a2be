// What long commands say while they run.
#include "commands/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace payments {
namespace {

using namespace std::chrono_literals;

struct ProgressReporterTest : testing::Test {
    ProgressReporter::Now clock() {
        return [this] { return std::chrono::steady_clock::time_point{} + passed; };
    }
    std::ostringstream out;
    std::chrono::milliseconds passed{0};
};

TEST_F(ProgressReporterTest, a_terminal_hears_every_second_in_one_line_that_is_cleared) {
    {
        ProgressReporter reporter{out, true, "transactions", clock()};
        passed = 999ms;
        reporter.report(10'000, 80'000);
        EXPECT_EQ(out.str(), "");
        passed = 1s;
        reporter.report(20'000, 80'000);
        EXPECT_EQ(out.str(), "\r\033[K20 000 of 80 000 transactions, 4 s left");
    }
    EXPECT_TRUE(out.str().ends_with("\r\033[K"));
}

TEST_F(ProgressReporterTest, anything_else_hears_every_ten_seconds_in_lines) {
    ProgressReporter reporter{out, false, "transactions", clock()};
    passed = 9s;
    reporter.report(1'000, 4'000'000);
    EXPECT_EQ(out.str(), "");
    passed = 10s;
    reporter.report(1'000'000, 4'000'000);
    passed = 15s;
    reporter.report(1'500'000, 4'000'000);
    EXPECT_EQ(out.str(), "1 000 000 of 4 000 000 transactions, 31 s left\n");
}

TEST_F(ProgressReporterTest, the_end_is_told_as_such) {
    ProgressReporter reporter{out, false, "transactions", clock()};
    passed = 20s;
    reporter.report(999, 999);
    EXPECT_EQ(out.str(), "999 of 999 transactions, last checks\n");
}

TEST_F(ProgressReporterTest, a_line_of_work_without_a_known_end_is_printed_as_given) {
    ProgressReporter reporter{out, false, "", clock()};
    reporter.report("3 read");
    passed = 10s;
    reporter.report("7 read");
    reporter.report("8 read");
    EXPECT_EQ(out.str(), "7 read\n");
}

}  // namespace
}  // namespace payments
