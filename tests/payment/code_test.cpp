#include "payment/code.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace payments;

TEST(PaymentCode, is_read_from_its_end_because_both_ends_hold_dashes) {
    const auto simple = *Code::parse("NORMAL-TOTAL-FEE-EUR-SIMPLE");
    EXPECT_EQ(simple.fee_type, "NORMAL-TOTAL-FEE");
    EXPECT_EQ(simple.currency.code(), "EUR");
    EXPECT_EQ(simple.processor, Processor::simplepay);

    const auto stripe = *Code::parse("FULL-FEE-HUF-STRIPE-INTENTS");
    EXPECT_EQ(stripe.fee_type, "FULL-FEE");
    EXPECT_EQ(stripe.currency.code(), "HUF");
    EXPECT_EQ(stripe.processor, Processor::stripe);

    // A fee type may look like the tail of a code itself.
    EXPECT_EQ(Code::parse("EUR-SIMPLE-EUR-SIMPLE")->fee_type, "EUR-SIMPLE");
    EXPECT_EQ(Code::parse("F2-EUR-SIMPLE")->fee_type, "F2");
}

TEST(PaymentCode, that_is_malformed_is_not_on_offer) {
    for (const auto* text :
         {"", "SIMPLE", "-SIMPLE", "EUR-SIMPLE", "-EUR-SIMPLE", "FEE-EUR", "FEE-EUR-",
          "FEE-EUR-PAYPAL", "FEE-eur-SIMPLE", "FEE-XXX-SIMPLE", "fee-EUR-SIMPLE", "2FEE-EUR-SIMPLE",
          "FEE_A-EUR-SIMPLE", "FEE-EUR-STRIPE", "FEE-EUR-SIMPLE ", "FEEEUR-SIMPLE",
          "FEE EUR-SIMPLE", "É-EUR-SIMPLE"}) {
        const auto code = Code::parse(text);
        ASSERT_FALSE(code) << text;
        EXPECT_EQ(code.error().code, Errc::code_not_offered);
    }
    EXPECT_FALSE(Code::parse(std::string(65, 'A') + "-EUR-SIMPLE"));
}

TEST(PaymentCode, is_quoted_in_whole_characters_when_it_is_refused) {
    // The 96th byte is the first half of a character.
    const auto code = Code::parse(std::string(95, 'A') + "\u00e9-EUR-SIMPLE");
    EXPECT_TRUE(code.error().detail.starts_with("'" + std::string(95, 'A') + "' is not"))
        << code.error().detail;
    EXPECT_EQ(Code::parse("\u00e9").error().detail.substr(0, 5), "'\u00e9' ");
}

TEST(PaymentCode, gives_a_readable_title) {
    EXPECT_EQ(Code::parse("NORMAL-TOTAL-FEE-EUR-SIMPLE")->title(), "Normal total fee");
    EXPECT_EQ(Code::parse("X-EUR-SIMPLE")->title(), "X");
}

RC_GTEST_PROP(PaymentCodeProperty, what_is_written_reads_back_the_same, ()) {
    const auto first = *rc::gen::inRange('A', '[');
    const auto rest = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"}));
    const Code code{
        (std::string{first} + rest).substr(0, 64),
        *Currency::of(*rc::gen::element<std::string>("EUR", "HUF", "USD", "JPY")),
        *rc::gen::element(Processor::simplepay, Processor::stripe),
    };
    RC_ASSERT(*Code::parse(code.text()) == code);
}

RC_GTEST_PROP(PaymentCodeProperty, any_text_is_read_or_refused_and_nothing_else, ()) {
    const auto text = *rc::gen::arbitrary<std::string>();
    const auto code = Code::parse(text);
    if (code) RC_ASSERT(code->text() == text);
}
