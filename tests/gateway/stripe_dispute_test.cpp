#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "gateway/stripe/events.hpp"
#include "gateway/stripe/objects.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

// Disputes, inquiries and warnings of fraud, as bytes (docs/providers/stripe.md, 8).
namespace payments::stripe {
namespace {

using test::fact_in;
using test::replaced;

const Time dispute_opened{std::chrono::seconds{1'772'443'000}};

Money forints(std::int64_t minor) { return *Money::of(minor, *Currency::of("HUF")); }

std::string dispute_object(const std::string& status, const std::string& more = "") {
    return R"({"id":"dp_1","object":"dispute","amount":8812345,"currency":"huf","charge":"ch_1",)"
           R"("payment_intent":"pi_1","reason":"fraudulent","metadata":{},)" +
           more + R"("status":")" + status + "\"}";
}

Heard dispute_event(
    const std::string& type, const std::string& object, int created_s = 1'772'443'000
) {
    const std::vector<std::string> secrets{"whsec_test"};
    const auto body = R"({"id":"evt_1","object":"event","livemode":false,"type":")" + type +
                      R"(","created":)" + std::to_string(created_s) + R"(,"data":{"object":)" +
                      object + "}}";
    const std::string time = "1772443269";
    const auto v1 = crypto::hex(crypto::hmac_sha256(secrets[0], time + "." + body));
    const Time now{std::chrono::seconds{1'772'443'269}};
    return read_event("t=" + time + ",v1=" + v1, body, secrets, "test", now).value().heard;
}

TEST(StripeDispute, each_status_means_its_fact_at_the_moment_of_its_event) {
    const struct {
        std::string_view status;
        FactKind kind;
    } table[] = {
        {"needs_response", FactKind::disputed},
        {"under_review", FactKind::disputed},
        {"appeal_needs_response", FactKind::disputed},
        {"appeal_under_review", FactKind::disputed},
        {"won", FactKind::dispute_won},
        {"lost", FactKind::dispute_lost},
        {"prevented", FactKind::dispute_prevented},
        {"warning_needs_response", FactKind::inquiry},
        {"warning_under_review", FactKind::inquiry},
        {"warning_closed", FactKind::inquiry_closed},
        {"considered_by_a_committee", FactKind::dispute_unclear},
        {"", FactKind::dispute_unclear},
    };
    for (const auto& row : table) {
        const auto told =
            dispute_event("charge.dispute.updated", dispute_object(std::string{row.status}));
        EXPECT_EQ(told.subject.provider_id, "pi_1");
        EXPECT_TRUE(told.check_now) << "how much was paid is for a question to tell";
        ASSERT_EQ(told.facts.size(), 1U) << row.status;
        EXPECT_EQ(told.facts[0].kind, row.kind) << row.status;
        EXPECT_EQ(told.facts[0].subject, "dp_1");
        EXPECT_EQ(told.facts[0].amount, forints(8'812'345));
        EXPECT_EQ(told.facts[0].occurred_at, dispute_opened);
    }
}

TEST(StripeDispute, an_unknown_status_is_named) {
    EXPECT_EQ(
        dispute_event("charge.dispute.updated", dispute_object("considered")).facts.at(0).detail,
        "Stripe calls its status 'considered', fraudulent"
    );
}

TEST(StripeDispute, whoever_must_answer_is_told_until_when) {
    const std::string due = R"("evidence_details":{"due_by":1773100799,"has_evidence":false},)";
    for (const auto* status : {"needs_response", "warning_needs_response", "appeal_needs_response"})
        EXPECT_EQ(
            dispute_event("charge.dispute.created", dispute_object(status, due)).facts.at(0).detail,
            "fraudulent, to be answered by 2026-03-09T23:59:59+00:00"
        ) << status;
    EXPECT_EQ(
        dispute_event("charge.dispute.updated", dispute_object("under_review", due))
            .facts.at(0)
            .detail,
        "fraudulent"
    );
}

TEST(StripeDispute, one_of_no_readable_amount_is_a_dispute_all_the_same) {
    for (const auto& body :
         {replaced(dispute_object("lost"), "8812345", "-1"),
          replaced(dispute_object("lost"), "huf", "zzz"),
          replaced(dispute_object("lost"), "8812345", "\"much\"")}) {
        const auto told = dispute_event("charge.dispute.closed", body);
        EXPECT_EQ(told.facts.at(0).kind, FactKind::dispute_lost);
        EXPECT_EQ(told.facts.at(0).subject, "dp_1");
        EXPECT_FALSE(told.facts.at(0).amount);
    }
}

TEST(StripeDispute, the_order_in_which_its_events_come_means_nothing) {
    const auto told = [](const std::string& status, int created_s) {
        return dispute_event("charge.dispute.updated", dispute_object(status), created_s).facts;
    };
    auto first = told("needs_response", 1'772'443'000);
    const auto lost = told("lost", 1'772'529'400), won = told("won", 1'772'615'800);
    for (const auto& fact : {won[0], lost[0], won[0], lost[0]}) first.push_back(fact);
    Fact captured;
    captured.kind = FactKind::captured;
    first.push_back(captured);
    EXPECT_EQ(status(learn_all(first, {forints(8'800'100), "test"})), Status::paid);
}

std::string balance_entry(const std::string& id, const std::string& amounts, int created_s) {
    return R"({"id":")" + id + R"(","object":"balance_transaction","currency":"eur",)" + amounts +
           R"("created":)" + std::to_string(created_s) + R"(,"type":"adjustment"})";
}

TEST(StripeDispute, what_the_bank_took_and_its_fee_are_facts_in_the_balances_currency) {
    const auto taken = balance_entry("txn_1", R"("amount":-22512,"fee":2000,"net":-24512,)", 1000);
    const auto given = balance_entry("txn_2", R"("amount":22512,"fee":-2000,"net":24512,)", 2000);
    const auto told = dispute_event(
        "charge.dispute.funds_reinstated",
        dispute_object("won", R"("balance_transactions":[)" + taken + "," + given + "],")
    );
    ASSERT_EQ(told.facts.size(), 5U);
    const struct {
        FactKind kind;
        std::string amount;
        int at_s;
    } table[] = {
        {FactKind::dispute_withdrawn, "225.12 EUR", 1000},
        {FactKind::dispute_fee, "20 EUR", 1000},
        {FactKind::dispute_reinstated, "225.12 EUR", 2000},
        {FactKind::dispute_fee_returned, "20 EUR", 2000},
    };
    for (const auto& row : table) {
        const auto* fact = fact_in(told.facts, row.kind);
        ASSERT_TRUE(fact) << name(row.kind);
        EXPECT_EQ(fact->amount->readable(), row.amount);
        EXPECT_EQ(fact->subject, "dp_1");
        EXPECT_EQ(fact->occurred_at, Time{std::chrono::seconds{row.at_s}});
    }
    EXPECT_EQ(status(learn_all(told.facts, {forints(8'800'100), "test"})), Status::created);
}

TEST(StripeDispute, a_prevented_one_has_the_money_when_the_event_says_that_it_was_withdrawn) {
    auto facts = dispute_event("charge.dispute.funds_withdrawn", dispute_object("prevented")).facts;
    ASSERT_EQ(facts.size(), 2U);
    EXPECT_EQ(facts[1].kind, FactKind::dispute_withdrawn);
    EXPECT_EQ(facts[1].occurred_at, dispute_opened);
    EXPECT_TRUE(is_disputed(learn_all(facts, {forints(8'800'100), "test"})));

    facts = dispute_event("charge.dispute.closed", dispute_object("prevented")).facts;
    EXPECT_FALSE(is_disputed(learn_all(facts, {forints(8'800'100), "test"})));
}

TEST(StripeWarning, of_fraud_is_about_its_payment_intent) {
    const std::string warning =
        R"({"id":"issfr_1","object":"radar.early_fraud_warning","actionable":true,)"
        R"("charge":"ch_1","created":1772443000,"fraud_type":"made_with_stolen_card",)"
        R"("livemode":false,"payment_intent":"pi_1"})";
    const auto told = dispute_event("radar.early_fraud_warning.created", warning, 1'772'443'009);
    EXPECT_EQ(told.subject.provider_id, "pi_1");
    EXPECT_EQ(told.unmatched_reason, "");
    ASSERT_EQ(told.facts.size(), 1U);
    EXPECT_EQ(told.facts[0].kind, FactKind::fraud_warning);
    EXPECT_EQ(told.facts[0].subject, "issfr_1");
    EXPECT_EQ(told.facts[0].detail, "made_with_stolen_card");
    EXPECT_EQ(told.facts[0].occurred_at, dispute_opened);
    EXPECT_NE(
        dispute_event("radar.early_fraud_warning.created", replaced(warning, "pi_1", ""))
            .unmatched_reason,
        ""
    );
}

}  // namespace
}  // namespace payments::stripe
