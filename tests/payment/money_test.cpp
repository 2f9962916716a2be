#include "payment/money.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace payments;

namespace {

Currency currency(std::string_view code) { return *Currency::of(code); }

struct Reading {
    std::string_view text, code;
    std::int64_t minor;  // -1 when the text is refused
    std::string_view why;
};

constexpr Reading readings[] = {
    {"220", "EUR", 22'000, ""},
    {"220.5", "EUR", 22'050, ""},
    {"220.05", "EUR", 22'005, ""},
    {"0", "EUR", 0, ""},
    {"0.01", "EUR", 1, ""},
    {"104000", "HUF", 10'400'000, ""},
    {"104000.0", "HUF", 10'400'000, ""},
    {"104000.00", "HUF", 10'400'000, ""},
    {"500", "JPY", 500, ""},
    {"5.124", "KWD", 5'124, ""},
    {"10000000000", "EUR", Money::limit, ""},
    {"10000000000.01", "EUR", -1, "out of range"},
    {"100000000000", "EUR", -1, "out of range"},
    {"99999999999999", "EUR", -1, "out of range"},
    {"220.005", "EUR", -1, "too many decimals"},
    {"220.500", "EUR", -1, "too many decimals"},
    {"500.0", "JPY", -1, "too many decimals"},
    {"104000.5", "HUF", 10'400'050, ""},
    {"88123.45", "HUF", 8'812'345, ""},
    {"", "EUR", -1, "not a decimal number"},
    {"-5", "EUR", -1, "not a decimal number"},
    {"+5", "EUR", -1, "not a decimal number"},
    {"05", "EUR", -1, "not a decimal number"},
    {"5.", "EUR", -1, "not a decimal number"},
    {".5", "EUR", -1, "not a decimal number"},
    {"1e3", "EUR", -1, "not a decimal number"},
    {"1,5", "EUR", -1, "not a decimal number"},
    {" 5", "EUR", -1, "not a decimal number"},
};

}  // namespace

TEST(Money, reads_decimals_exactly_or_says_what_is_wrong) {
    for (const auto& reading : readings) {
        SCOPED_TRACE(reading.text);
        const auto money = Money::parse(reading.text, currency(reading.code));
        ASSERT_EQ(money.has_value(), reading.minor >= 0);
        if (money)
            EXPECT_EQ(money->minor(), reading.minor);
        else
            EXPECT_NE(money.error().detail.find(reading.why), std::string::npos)
                << money.error().detail;
    }
}

TEST(Money, that_somebody_is_to_pay_has_no_fraction_of_a_forint) {
    EXPECT_TRUE(Money::parse_price("104000", currency("HUF")));
    EXPECT_TRUE(Money::parse_price("104000.00", currency("HUF")));
    EXPECT_TRUE(Money::parse_price("220.05", currency("EUR")));
    EXPECT_FALSE(Money::parse_price("1.001", currency("EUR")));
    const auto half = Money::parse_price("104000.5", currency("HUF"));
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().detail, "amount '104000.5' has a fraction of a HUF");
    EXPECT_FALSE(Money::of(10'400'050, currency("HUF"))->is_in_steps());
    EXPECT_TRUE(Money::of(10'400'000, currency("HUF"))->is_in_steps());
}

TEST(Money, prints_the_shortest_decimal) {
    EXPECT_EQ(Money::of(22'000, currency("EUR"))->decimal(), "220");
    EXPECT_EQ(Money::of(22'050, currency("EUR"))->decimal(), "220.5");
    EXPECT_EQ(Money::of(22'005, currency("EUR"))->decimal(), "220.05");
    EXPECT_EQ(Money::of(5, currency("KWD"))->decimal(), "0.005");
    EXPECT_EQ(Money::of(500, currency("JPY"))->decimal(), "500");
    EXPECT_EQ(Money::of(10'400'000, currency("HUF"))->decimal(), "104000");
    EXPECT_EQ(Money::of(4'400'050, currency("HUF"))->decimal(), "44000.5");
}

TEST(Money, is_never_negative_nor_above_its_limit) {
    EXPECT_FALSE(Money::of(-1, currency("EUR")));
    EXPECT_FALSE(Money::of(Money::limit + 1, currency("EUR")));
}

TEST(Money, of_two_currencies_is_not_added) {
    EXPECT_FALSE(Money::of(100, currency("EUR"))->plus(*Money::of(100, currency("HUF"))));
}

TEST(Currency, is_one_of_iso_4217) {
    EXPECT_EQ(currency("HUF").decimals(), 2);
    EXPECT_EQ(currency("HUF").step(), 100);
    EXPECT_EQ(currency("EUR").step(), 1);
    for (const auto* code : {"", "EU", "eur", "EURO", "XXX", "ZZZ", "AAA"})
        EXPECT_FALSE(Currency::of(code)) << code;
}

RC_GTEST_PROP(MoneyProperty, what_is_printed_reads_back_the_same, ()) {
    const auto code = *rc::gen::element<std::string>("EUR", "USD", "HUF", "JPY", "KWD");
    const auto unit = currency(code);
    const auto minor = *rc::gen::inRange<std::int64_t>(0, Money::limit + 1);
    const auto money = Money::of(minor, unit);
    RC_ASSERT(money.has_value());
    RC_ASSERT(*Money::parse(money->decimal(), unit) == *money);
}

RC_GTEST_PROP(MoneyProperty, a_sum_is_exact_or_refused_and_never_overflows, ()) {
    const auto a = *rc::gen::inRange<std::int64_t>(0, Money::limit + 1);
    const auto b = *rc::gen::inRange<std::int64_t>(0, Money::limit + 1);
    const auto sum = Money::of(a, currency("EUR"))->plus(*Money::of(b, currency("EUR")));
    RC_ASSERT(sum.has_value() == (a + b <= Money::limit));
    if (sum) RC_ASSERT(sum->minor() == a + b);
}
