#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "gateway/simplepay/answers.hpp"
#include "gateway/simplepay/refunds.hpp"
#include "gateway/simplepay/requests.hpp"
#include "gateway/simplepay/signature.hpp"
#include "support/json.hpp"

// Giving money back at SimplePay, as bytes (docs/providers/simplepay.md, 9.1).
namespace payments::simplepay {
namespace {

using test::attempt_for;
using test::envelope;
using test::fact_in;
using test::huf;
using test::replaced;

Transaction paid_attempt() {
    auto attempt = attempt_for("FULL-FEE-HUF-SIMPLE", "12990", huf.merchant);
    attempt.provider_id = "512345678";
    return attempt;
}

Refund wanted(const std::string& amount = "5000") {
    return {"TR42-R1", Money::parse(amount, Currency::of("HUF").value()).value()};
}

const std::string good =
    R"({"salt":"WZ7Ncc0qoDSMYG4twsmeOdBs6PSnsj1Z","merchant":"PUBLICTESTHUF","orderRef":"TR42",)"
    R"("currency":"HUF","transactionId":512345678,"refundTransactionId":512345999,)"
    R"("refundTotal":5000.0,"remainingTotal":7990.0})";

RefundResult read_signed(const std::string& body, int status = 200) {
    const ProviderResponse answer{status, sign(body, huf.secret), body};
    return read_refund(paid_attempt(), wanted(), huf, answer);
}
RefundResult read_unsigned(const std::string& body, int status = 200) {
    return read_refund(paid_attempt(), wanted(), huf, {status, "", body});
}
std::string errors(const std::string& codes) {
    return R"({"salt":"s","merchant":"PUBLICTESTHUF","errorCodes":[)" + codes + "]}";
}

TEST(SimplePayRefund, the_body_names_the_payment_twice_and_the_sum_in_whole_forints) {
    const auto body =
        json::parse(refund_body(paid_attempt(), wanted(), envelope)).value().as_object();
    EXPECT_EQ(test::text(body.at("salt")), envelope.salt);
    EXPECT_EQ(body.at("merchant"), "PUBLICTESTHUF");
    EXPECT_EQ(body.at("sdkVersion"), "ozora-payments");
    EXPECT_EQ(body.at("orderRef"), "TR42");
    EXPECT_EQ(body.at("transactionId"), "512345678");
    EXPECT_EQ(body.at("currency"), "HUF");
    EXPECT_EQ(body.at("refundTotal"), "5000");

    auto without_id = paid_attempt();
    without_id.provider_id.clear();
    const auto less = json::parse(refund_body(without_id, wanted(), envelope)).value().as_object();
    EXPECT_FALSE(less.contains("transactionId"));
}

TEST(SimplePayRefund, a_signed_answer_about_our_order_is_a_refund_made) {
    const auto refunded = read_signed(good);
    EXPECT_EQ(refunded.outcome, Outcome::accepted);
    ASSERT_EQ(refunded.facts.size(), 1U);
    const auto& fact = refunded.facts[0];
    EXPECT_EQ(fact.kind, FactKind::refunded);
    EXPECT_EQ(fact.subject, "512345999");
    EXPECT_EQ(fact.amount, wanted().amount);
    EXPECT_EQ(fact.provider_id, "512345678");
    EXPECT_EQ(fact.account, "PUBLICTESTHUF");
    EXPECT_EQ(fact.refund, "TR42-R1");
    EXPECT_EQ(read_signed(replaced(good, ":5000.0", ":-5000.0")).outcome, Outcome::accepted);
    EXPECT_EQ(read_signed(replaced(good, ":5000.0", R"(:"5000")")).outcome, Outcome::accepted);
}

TEST(SimplePayRefund, the_published_answer_is_read) {
    const auto vectors = test::reference_json("simplepay-vectors.json");
    const auto& vector = vectors.at(4);
    ASSERT_EQ(test::text(vector.at("name")), "doc2025-4.11-refund-response");
    auto attempt = attempt_for("FULL-FEE-HUF-SIMPLE", "15", huf.merchant, 101010515385577564);
    const ProviderResponse answer{
        200, test::text(vector.at("signature")), test::text(vector.at("body"))};
    const auto refunded = read_refund(attempt, wanted("5"), huf, answer);
    EXPECT_EQ(refunded.outcome, Outcome::garbled) << "signed, but another shop's order";
    EXPECT_NE(refunded.facts.at(0).detail.find("another orderRef"), std::string::npos);
}

TEST(SimplePayRefund, an_answer_about_anything_else_is_garbled_and_leaves_it_open) {
    const std::string changed[] = {
        replaced(good, "PUBLICTESTHUF", "PUBLICTESTEUR"),
        replaced(good, "TR42", "TR43"),
        replaced(good, R"("HUF")", R"("EUR")"),
        replaced(good, "512345678", "512345679"),
        replaced(good, ":5000.0", ":4999.0"),
        replaced(good, ":5000.0", ":5000.5"),
        replaced(good, ":5000.0", ":null"),
        replaced(good, "512345999", "0"),
        replaced(good, "refundTransactionId", "other"),
        "{}",
        "[]",
        "not json",
    };
    for (const auto& body : changed) {
        const auto refunded = read_signed(body);
        EXPECT_EQ(refunded.outcome, Outcome::garbled) << body;
        ASSERT_EQ(refunded.facts.size(), 1U);
        EXPECT_EQ(refunded.facts[0].kind, FactKind::refund_unanswered);
        EXPECT_EQ(refunded.facts[0].refund, "TR42-R1");
    }
    EXPECT_EQ(read_signed(good, 202).outcome, Outcome::garbled);
    EXPECT_EQ(read_unsigned(good).outcome, Outcome::garbled);
}

TEST(SimplePayRefund, its_own_no_is_a_refusal_that_frees_the_amount) {
    for (const auto* code : {"5011", "5022", "5106", "5110", "5228", "5229", "5230", "5307"}) {
        const auto refunded = read_signed(errors(code));
        EXPECT_EQ(refunded.outcome, Outcome::refused) << code;
        ASSERT_EQ(refunded.facts.size(), 1U);
        EXPECT_EQ(refunded.facts[0].kind, FactKind::refund_refused);
        EXPECT_EQ(refunded.facts[0].refund, "TR42-R1");
        EXPECT_EQ(refunded.facts[0].detail, std::string{"SimplePay refused it with code "} + code);
        EXPECT_NE(refunded.reason, "");
    }
    EXPECT_EQ(
        read_signed(errors("5229")).reason,
        "SimplePay refused the refund: it is too late to refund this payment"
    );
    EXPECT_EQ(read_signed(errors("5113,5110")).outcome, Outcome::refused);
}

TEST(SimplePayRefund, what_does_not_say_no_for_certain_leaves_it_open) {
    for (const auto* code :
         {"5000", "999", "2004", "2999", "5304", "5015", "5018", "9999", "5110,5000"}) {
        const auto refunded = read_signed(errors(code));
        EXPECT_EQ(refunded.outcome, Outcome::unanswered) << code;
        EXPECT_TRUE(fact_in(refunded.facts, FactKind::refund_unanswered));
    }
    EXPECT_EQ(read_signed(good, 500).outcome, Outcome::unanswered);
    EXPECT_EQ(read_signed(errors("5110"), 503).outcome, Outcome::unanswered);
    EXPECT_EQ(read_unsigned("<html>", 502).outcome, Outcome::unanswered);
}

TEST(SimplePayRefund, without_a_signature_only_not_knowing_us_is_believed) {
    for (const auto* code : {"5010", "5201", "5302", "5303"})
        EXPECT_EQ(read_unsigned(errors(code)).outcome, Outcome::refused) << code;
    EXPECT_EQ(read_unsigned(errors("5110")).outcome, Outcome::garbled);
    EXPECT_EQ(read_unsigned(errors("5302,5110")).outcome, Outcome::garbled);
}

}  // namespace
}  // namespace payments::simplepay
