// What commands that read the books say while they do.
#include "commands/verify_ledger.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace payments {
namespace {

using namespace std::chrono_literals;

struct ProgressTellerTest : testing::Test {
    ProgressTeller::Now clock() {
        return [this] { return std::chrono::steady_clock::time_point{} + passed; };
    }
    std::ostringstream out;
    std::chrono::milliseconds passed{0};
};

TEST_F(ProgressTellerTest, a_terminal_hears_every_second_in_one_line_that_is_cleared) {
    {
        ProgressTeller teller{out, true, "transactions", clock()};
        passed = 999ms;
        teller.tell(10'000, 80'000);
        EXPECT_EQ(out.str(), "");
        passed = 1s;
        teller.tell(20'000, 80'000);
        EXPECT_EQ(out.str(), "\r\033[K20 000 of 80 000 transactions, 4 s left");
    }
    EXPECT_TRUE(out.str().ends_with("\r\033[K"));
}

TEST_F(ProgressTellerTest, anything_else_hears_every_ten_seconds_in_lines) {
    ProgressTeller teller{out, false, "transactions", clock()};
    passed = 9s;
    teller.tell(1'000, 4'000'000);
    EXPECT_EQ(out.str(), "");
    passed = 10s;
    teller.tell(1'000'000, 4'000'000);
    passed = 15s;
    teller.tell(1'500'000, 4'000'000);
    EXPECT_EQ(out.str(), "1 000 000 of 4 000 000 transactions, 31 s left\n");
}

TEST_F(ProgressTellerTest, the_end_is_told_as_such) {
    ProgressTeller teller{out, false, "transactions", clock()};
    passed = 20s;
    teller.tell(999, 999);
    EXPECT_EQ(out.str(), "999 of 999 transactions, last checks\n");
}

}  // namespace
}  // namespace payments
