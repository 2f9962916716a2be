#include "payment/transaction.hpp"

#include <gtest/gtest.h>

using namespace payments;
using namespace std::chrono_literals;

namespace {

Transaction attempt() {
    const auto code = *Code::parse("FULL-FEE-EUR-SIMPLE");
    const auto amount = *Money::parse("220", code.currency);
    return {1, 42, code, amount, "PUBLICTESTEUR", "a@example.com", "{}", Time{} + 1h, Time{} + 2h};
}

}  // namespace

TEST(Reference, is_TR_and_the_id_and_nothing_else) {
    EXPECT_EQ(attempt().reference(), "TR1");
    EXPECT_EQ(id_of_reference("TR123"), 123);
    EXPECT_EQ(id_of_reference("TR9223372036854775807"), INT64_MAX);
    for (const auto* text :
         {"", "TR", "TR0", "TR01", "TR-1", "TR1 ", "TR1a", "tr1", "XX1", "TR9223372036854775808"})
        EXPECT_FALSE(id_of_reference(text)) << text;
}
