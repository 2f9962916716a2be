#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "gateway/simplepay/answers.hpp"

// What SimplePay refuses, and whose it is to mend (docs/providers/simplepay.md, 12).
namespace payments::simplepay {
namespace {

StartResult refused_with(const std::string& codes) {
    const auto body = R"({"errorCodes":[)" + codes + R"(],"salt":"x","total":0.0})";
    const auto attempt = test::attempt_for("FULL-FEE-HUF-SIMPLE", "12990", test::huf.merchant);
    return read_start(attempt, test::huf, {200, sign(body, test::huf.secret), body}, false);
}

std::string pointers(const std::string& codes) {
    std::string text;
    for (const auto& wrong : refused_with(codes).wrong)
        text += (text.empty() ? "" : " ") + wrong.pointer;
    return text;
}

TEST(SimplePayRefusal, of_the_payers_data_names_the_member) {
    EXPECT_EQ(pointers("5219"), "/metas/email");
    EXPECT_EQ(pointers("5057"), "/metas/phone");
    EXPECT_EQ(pointers("5220"), "/metas/language");
    EXPECT_EQ(pointers("5322"), "/metas/country");
    EXPECT_EQ(pointers("5309,5310,5311,5312"), "/metas/name /metas/city /metas/zip /metas/address");
    const auto refused = refused_with("5219");
    EXPECT_EQ(refused.outcome, Outcome::refused);
    EXPECT_EQ(refused.reason, "SimplePay does not take the payer's data");
    EXPECT_EQ(refused.facts.at(0).kind, FactKind::failed);
    EXPECT_EQ(refused.facts.at(0).subject, "5219");
}

TEST(SimplePayRefusal, of_anything_else_is_nothing_that_the_payer_can_mend) {
    for (const auto* codes : {"5307", "5219,5307", "5302", "5305", "5314", "5223"}) {
        EXPECT_EQ(pointers(codes), "") << codes;
        EXPECT_EQ(refused_with(codes).outcome, Outcome::refused) << codes;
        EXPECT_EQ(refused_with(codes).reason, "SimplePay refused to start the payment");
    }
}

TEST(SimplePayRefusal, an_internal_error_leaves_it_open_and_is_no_word_on_the_data) {
    for (const auto* codes : {"1529", "2999", "5219,2999"}) {
        EXPECT_EQ(refused_with(codes).outcome, Outcome::unanswered) << codes;
        EXPECT_EQ(pointers(codes), "") << codes;
    }
}

TEST(SimplePayRefusal, to_cancel_for_an_internal_error_is_no_answer) {
    const auto attempt = test::attempt_for("FULL-FEE-HUF-SIMPLE", "12990", test::huf.merchant);
    const auto answered = [&](const std::string& code) {
        const auto body = R"({"errorCodes":[)" + code + R"(],"salt":"x"})";
        return read_cancel(attempt, test::huf, {200, sign(body, test::huf.secret), body}).answered;
    };
    EXPECT_FALSE(answered("1529"));
    EXPECT_FALSE(answered("2999"));
    EXPECT_TRUE(answered("5022"));
}

}  // namespace
}  // namespace payments::simplepay
