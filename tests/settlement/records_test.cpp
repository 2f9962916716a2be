#include <gtest/gtest.h>

#include "settlement/records.hpp"

namespace payments::settlement {
namespace {

TEST(Rate, is_kept_as_it_was_written) {
    EXPECT_EQ(Rate::parse("351.2"), (Rate{3512, 1}));
    EXPECT_EQ(Rate::parse("351.234567"), (Rate{351'234'567, 6}));
    EXPECT_EQ(Rate::parse("0.0025"), (Rate{25, 4}));
    EXPECT_EQ(Rate::parse("1"), (Rate{1, 0}));
    EXPECT_EQ(Rate::parse("123456789012345678"), (Rate{123'456'789'012'345'678, 0}));
}

TEST(Rate, is_a_plain_decimal_above_0) {
    for (const auto* text :
         {"", ".", "1.", ".5", "0", "0.00", "-1", "+1", "1e2", "1,5", "1.2.3", " 1",
          "1234567890123456789"})
        EXPECT_EQ(Rate::parse(text), std::nullopt) << text;
}

TEST(Names, of_formats_are_read_back) {
    for (int i = 0; i <= static_cast<int>(Format::otp_csv); ++i)
        EXPECT_EQ(format_of(name(static_cast<Format>(i))), static_cast<Format>(i));
    EXPECT_EQ(format_of("csv"), std::nullopt);
}

TEST(Names, of_line_kinds_tell_customers_money_from_the_providers) {
    EXPECT_EQ(name(LineKind::payout_reversal), "payout_reversal");
    EXPECT_EQ(name(LineKind::unknown), "unknown");
    EXPECT_TRUE(is_of_customer(LineKind::dispute_reversal));
    EXPECT_FALSE(is_of_customer(LineKind::fee));
}

}  // namespace
}  // namespace payments::settlement
