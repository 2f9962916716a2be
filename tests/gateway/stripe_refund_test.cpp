#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "fixtures/stripe_openapi.hpp"
#include "gateway/stripe/events.hpp"
#include "gateway/stripe/objects.hpp"
#include "gateway/stripe/refunds.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

// Giving money back at Stripe, as bytes (docs/providers/stripe.md, 7).
namespace payments::stripe {
namespace {

using test::attempt_for;
using test::fact_in;
using test::replaced;

Transaction paid() {
    auto attempt = attempt_for("FULL-FEE-HUF-STRIPE-INTENTS", "17490", "test");
    attempt.provider_id = "pi_1";
    return attempt;
}

Refund wanted() { return {"TR42-R2", Money::parse("5000", Currency::of("HUF").value()).value()}; }

std::string refund(const std::string& status, const std::string& id = "re_1") {
    return R"({"id":")" + id + R"(","object":"refund","amount":500000,"currency":"huf",)" +
           R"("payment_intent":"pi_1","metadata":{"refund":"TR42-R2","transaction_id":"42",)" +
           R"("attempt":"pi-create-TR42-1772442900123"},"status":")" + status + "\"}";
}

std::string error(const std::string& type, const std::string& code) {
    return R"({"error":{"type":")" + type + R"(","code":")" + code + R"("}})";
}

RefundResult read(int status, const std::string& body, bool sent_before = false) {
    return read_refund(paid(), wanted(), {status, "", body}, sent_before);
}

TEST(StripeRefund, the_order_is_as_the_published_types_have_it_and_the_same_every_time) {
    const auto body = refund_body(paid(), wanted()).value();
    EXPECT_EQ(test::stripe_faults("POST", "/v1/refunds", body), std::vector<std::string>{});
    EXPECT_EQ(
        body,
        "payment_intent=pi_1&amount=500000&metadata[refund]=TR42-R2&"
        "metadata[transaction_id]=42&metadata[attempt]=pi-create-TR42-1772442900123"
    );
    EXPECT_EQ(refund_key(paid(), wanted()), "refund-TR42-R2-1772442900123");
    const auto next_page = refunds_query("pi_1", "re_100");
    EXPECT_EQ(next_page, "payment_intent=pi_1&limit=100&starting_after=re_100");
    EXPECT_EQ(
        test::stripe_faults("GET", "/v1/refunds?" + next_page, ""), std::vector<std::string>{}
    );
}

TEST(StripeRefund, one_that_is_on_its_way_counts_as_made) {
    for (const auto* status : {"pending", "requires_action", "succeeded"}) {
        const auto refunded = read(200, refund(status));
        EXPECT_EQ(refunded.outcome, Outcome::accepted) << status;
        ASSERT_EQ(refunded.facts.size(), 1U);
        const bool is_over = std::string_view{status} == "succeeded";
        EXPECT_EQ(refunded.facts[0].kind, is_over ? FactKind::refunded : FactKind::refund_pending);
        EXPECT_EQ(refunded.facts[0].subject, "re_1");
        EXPECT_EQ(refunded.facts[0].amount, wanted().amount);
        EXPECT_EQ(refunded.facts[0].provider_id, "pi_1");
        EXPECT_EQ(refunded.facts[0].account, "test");
        EXPECT_EQ(refunded.facts[0].refund, "TR42-R2");
    }
}

TEST(StripeRefund, one_that_is_on_its_way_says_why) {
    const auto waits = replaced(
        refund("pending"), R"("status")", R"("pending_reason":"insufficient_funds","status")"
    );
    EXPECT_EQ(read(200, waits).facts.at(0).detail, "Stripe: 'pending', insufficient_funds");
    EXPECT_EQ(read(200, refund("succeeded")).facts.at(0).detail, "");
}

TEST(StripeRefund, one_listed_in_a_state_we_do_not_know_counts_as_made) {
    for (const auto& object : {refund("reconsidered"), replaced(refund("x"), R"("x")", "null")}) {
        const auto page = read_refunds(paid(), {200, "", R"({"data":[)" + object + "]}"});
        ASSERT_EQ(page->facts.size(), 1U);
        EXPECT_EQ(page->facts[0].kind, FactKind::refund_pending);
        EXPECT_EQ(page->facts[0].refund, "TR42-R2");
    }
}

TEST(StripeRefund, of_the_rest_is_ordered_to_the_hundredth) {
    const Refund rest{"TR42-R1", Money::parse("44000.5", Currency::of("HUF").value()).value()};
    EXPECT_NE(refund_body(paid(), rest).value().find("&amount=4400050&"), std::string::npos);
}

TEST(StripeRefund, one_that_failed_was_made_and_has_come_back) {
    for (const auto* status : {"failed", "canceled"}) {
        const auto refunded = read(200, refund(status));
        EXPECT_EQ(refunded.outcome, Outcome::refused) << status;
        ASSERT_EQ(refunded.facts.size(), 2U);
        EXPECT_EQ(refunded.facts[0].kind, FactKind::refunded);
        EXPECT_EQ(refunded.facts[1].kind, FactKind::refund_failed);
        EXPECT_EQ(refunded.facts[1].subject, "re_1");
        EXPECT_EQ(refunded.reason, std::string{"the money could not be given back: "} + status);

        const auto facts = learn_all(refunded.facts, paid().terms());
        EXPECT_EQ(refunded_minor(facts), 0);
        EXPECT_FALSE(facts.refund_states.at("TR42-R2").is_pending());
    }
}

TEST(StripeRefund, an_object_that_differs_in_anything_is_garbled_and_leaves_it_open) {
    const auto good = refund("succeeded");
    const std::string changed[] = {
        replaced(good, "500000", "499900"),
        replaced(good, "huf", "eur"),
        replaced(good, "pi_1", "pi_2"),
        replaced(good, "TR42-R2", "TR42-R1"),
        replaced(good, "1772442900123", "1700000000000"),
        replaced(good, R"("object":"refund")", R"("object":"charge")"),
        replaced(good, R"("id":"re_1")", R"("id":"")"),
        replaced(good, "succeeded", "undone"),
        "{}",
        "not json",
    };
    for (const auto& body : changed) {
        const auto refunded = read(200, body);
        EXPECT_EQ(refunded.outcome, Outcome::garbled) << body;
        ASSERT_EQ(refunded.facts.size(), 1U);
        EXPECT_EQ(refunded.facts[0].kind, FactKind::refund_unanswered);
        EXPECT_EQ(refunded.facts[0].refund, "TR42-R2");
    }
    EXPECT_EQ(read(403, "<html>a proxy</html>").outcome, Outcome::garbled);
}

TEST(StripeRefund, a_refusal_is_stripes_word_and_the_rest_is_open) {
    const std::string invalid = "invalid_request_error";
    const struct {
        int status;
        std::string body;
        Outcome outcome;
    } table[] = {
        {400, error(invalid, "charge_already_refunded"), Outcome::refused},
        {400, error(invalid, "charge_disputed"), Outcome::refused},
        {400, error(invalid, ""), Outcome::refused},
        {402, error("card_error", "insufficient_funds"), Outcome::refused},
        {401, error(invalid, ""), Outcome::refused},
        {404, error(invalid, "resource_missing"), Outcome::refused},
        {400, error("idempotency_error", ""), Outcome::unanswered},
        {409, error(invalid, "idempotency_key_in_use"), Outcome::unanswered},
        {429, error(invalid, "lock_timeout"), Outcome::unanswered},
        {500, error("api_error", ""), Outcome::unanswered},
        {503, "", Outcome::unanswered},
    };
    for (const auto& row : table) {
        const auto refunded = read(row.status, row.body);
        const bool refused = row.outcome == Outcome::refused;
        EXPECT_EQ(refunded.outcome, row.outcome) << row.status << row.body;
        ASSERT_EQ(refunded.facts.size(), 1U);
        EXPECT_EQ(
            refunded.facts[0].kind, refused ? FactKind::refund_refused : FactKind::refund_unanswered
        );
        EXPECT_EQ(refunded.facts[0].refund, "TR42-R2");
        EXPECT_NE(refunded.reason, "");
    }
    EXPECT_EQ(
        read(400, error(invalid, "charge_disputed")).reason,
        "Stripe refused the refund: the bank is taking the money back (a dispute)"
    );
}

TEST(StripeRefund, that_our_key_is_refused_says_nothing_of_an_earlier_try) {
    for (const int status : {401, 403, 404})
        EXPECT_EQ(
            read(status, error("invalid_request_error", ""), true).outcome, Outcome::unanswered
        ) << status;
    EXPECT_EQ(
        read(400, error("invalid_request_error", "charge_already_refunded"), true).outcome,
        Outcome::refused
    );
}

TEST(StripeRefundList, ours_are_told_from_others_by_the_name_we_gave_them) {
    const auto by_hand = replaced(refund("succeeded", "re_2"), "pi-create-TR42-", "x-");
    const auto list = R"({"object":"list","has_more":true,"data":[)" + refund("pending") + "," +
                      by_hand + "," + refund("failed", "re_3") + "]}";
    const auto page = read_refunds(paid(), {200, "", list});
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->has_more);
    EXPECT_EQ(page->last_id, "re_3");
    ASSERT_EQ(page->facts.size(), 4U);
    EXPECT_EQ(page->facts[0].refund, "TR42-R2");
    EXPECT_EQ(page->facts[1].refund, "");
    EXPECT_EQ(page->facts[2].kind, FactKind::refunded);
    EXPECT_EQ(page->facts[3].kind, FactKind::refund_failed);

    EXPECT_FALSE(read_refunds(paid(), {500, "", ""}));
    EXPECT_FALSE(read_refunds(paid(), {200, "", R"({"object":"list","data":[1]})"}));
    EXPECT_FALSE(read_refunds(paid(), {200, "", R"({"has_more":true,"data":[]})"})->has_more);
}

// ------------------------------------------------------------------------- webhooks

Heard heard(const std::string& type, const std::string& object) {
    const std::vector<std::string> secrets{"whsec_test"};
    const auto body = R"({"id":"evt_1","object":"event","livemode":false,"type":")" + type +
                      R"(","data":{"object":)" + object + "}}";
    const std::string time = "1772443269";
    const auto v1 = crypto::hex(crypto::hmac_sha256(secrets[0], time + "." + body));
    const Time now{std::chrono::seconds{1'772'443'269}};
    return read_event("t=" + time + ",v1=" + v1, body, secrets, "test", now).value().heard;
}

TEST(StripeRefundEvent, a_refund_whose_answer_was_lost_is_known_by_its_name) {
    for (const auto* type : {"refund.created", "refund.updated", "charge.refund.updated"}) {
        const auto told = heard(type, refund("succeeded"));
        EXPECT_EQ(told.subject.transaction_id, 42);
        EXPECT_EQ(told.facts.at(0).kind, FactKind::refunded) << type;
        EXPECT_EQ(told.facts.at(0).refund, "TR42-R2") << type;
    }
    const auto failed = heard("refund.failed", refund("failed"));
    EXPECT_EQ(failed.facts.at(1).kind, FactKind::refund_failed);
}

TEST(StripeRefundEvent, a_name_without_the_key_of_its_attempt_is_not_ours) {
    for (const auto& object :
         {replaced(refund("succeeded"), "pi-create-TR42-", "order-"),
          replaced(refund("succeeded"), "pi-create-TR42-", "pi-create-TR43-"),
          replaced(refund("succeeded"), "\"TR42-R2\"", "\"TR43-R2\"")}) {
        const auto told = heard("refund.created", object);
        EXPECT_EQ(told.facts.at(0).kind, FactKind::refunded);
        EXPECT_EQ(told.facts.at(0).refund, "") << object;
    }
}

TEST(StripeRefundEvent, a_charge_tells_the_names_of_the_refunds_it_lists) {
    const auto charge =
        R"({"id":"ch_1","object":"charge","payment_intent":"pi_1","amount":1749000,)"
        R"("amount_captured":1749000,"amount_refunded":500000,"currency":"huf","captured":true,)"
        R"("status":"succeeded","refunds":{"object":"list","data":[)" +
        refund("succeeded") +
        R"(]},"metadata":{"transaction_id":"42","attempt":"pi-create-TR42-1772442900123"}})";
    const auto told = heard("charge.refunded", charge);
    const auto* refunded = fact_in(told.facts, FactKind::refunded);
    ASSERT_TRUE(refunded);
    EXPECT_EQ(refunded->refund, "TR42-R2");
    EXPECT_TRUE(told.check_now);
}

// ------------------------------------------------------------------------- the list of events

TEST(StripeEventList, the_query_is_as_the_published_types_have_it) {
    const Time since{std::chrono::milliseconds{1'772'443'269'999}};
    const auto first = events_query({since, true}, "", 50);
    EXPECT_TRUE(first.starts_with("created[gte]=1772443269&limit=50&types[0]=payment_intent.created"
    ));
    EXPECT_TRUE(first.ends_with("&delivery_success=false")) << first;
    const auto next = events_query({since, false}, "evt_9", 10);
    EXPECT_NE(next.find("&limit=10&"), next.npos) << next;
    EXPECT_TRUE(next.ends_with("&starting_after=evt_9")) << next;
    for (const auto* ours :
         {"payment_intent.succeeded", "charge.refunded", "refund.failed", "charge.dispute.closed"})
        EXPECT_NE(first.find("]=" + std::string{ours} + "&"), first.npos) << ours;
    for (const auto& query : {first, next})
        EXPECT_EQ(
            test::stripe_faults("GET", "/v1/events?" + query, ""), std::vector<std::string>{}
        );
}

TEST(StripeEventList, a_listed_event_says_what_its_webhook_says) {
    const auto event = R"({"id":"evt_1","object":"event","livemode":false,)"
                       R"("type":"refund.created","data":{"object":)" +
                       refund("succeeded") + "}}";
    const Time now{std::chrono::seconds{1'772'443'269}};
    const auto page = read_events(
        {200, "", R"({"object":"list","has_more":true,"data":[)" + event + "]}"}, "test", now
    );
    EXPECT_TRUE(page.answered);
    EXPECT_TRUE(page.has_more);
    EXPECT_EQ(page.last_id, "evt_1");
    ASSERT_EQ(page.events.size(), 1U);
    const auto& listed = page.events[0].heard;
    const auto told = heard("refund.created", refund("succeeded"));
    EXPECT_EQ(listed.subject.transaction_id, told.subject.transaction_id);
    EXPECT_EQ(listed.subject.opened_at, told.subject.opened_at);
    EXPECT_EQ(listed.facts.at(0).identity(), told.facts.at(0).identity());
    EXPECT_EQ(listed.message->identity, told.message->identity);
    EXPECT_EQ(listed.source, Source::webhook);
    EXPECT_EQ(listed.message->signature, "");
    EXPECT_EQ(listed.message->body, "") << "ids are kept in memory, and not bodies";
}

TEST(StripeEventList, one_bad_item_costs_none_of_its_neighbours) {
    const auto item = [](const std::string& id, const std::string& description) {
        return R"({"id":")" + id +
               R"(","object":"event","livemode":false,"type":"refund.created",)" +
               R"("description":")" + description + R"(","data":{"object":)" + refund("succeeded") +
               "}}";
    };
    const auto page = read_events(
        {200, "",
         R"({"object":"list","has_more":true,"data":[)" + item("evt_3", "x") + "," +
             item("evt_2", R"(x\u0000y\ud800)") + R"(,7,{"object":"event"},)" + item("evt_1", "x") +
             "]}"},
        "test", Time{}
    );
    EXPECT_TRUE(page.answered);
    EXPECT_TRUE(page.has_more);
    EXPECT_EQ(page.last_id, "evt_1");
    ASSERT_EQ(page.events.size(), 3U);
    for (const auto& event : page.events) {
        EXPECT_EQ(event.heard.facts.size(), 1U);
        const bool is_damaged = event.heard.message->identity == "evt_2";
        EXPECT_EQ(event.heard.check_now, is_damaged) << event.heard.message->identity;
    }
}

TEST(StripeEventList, what_is_no_list_of_events_is_silence) {
    const auto answered = [](int status, const std::string& body) {
        return read_events({status, "", body}, "test", Time{}).answered;
    };
    EXPECT_TRUE(answered(200, R"({"object":"list","data":[]})"));
    EXPECT_FALSE(answered(200, R"({"object":"list"})"));
    EXPECT_FALSE(answered(200, R"({"data":[{"object":"event"}]})")) << "nobody can go on from it";
    EXPECT_FALSE(answered(200, R"({"data":[],"has_more":true})"));
    EXPECT_FALSE(answered(500, R"({"data":[]})"));
    EXPECT_FALSE(answered(200, "<html>"));
}

TEST(StripeEventList, an_event_of_the_other_mode_is_about_nothing_of_ours) {
    const std::string live = R"({"id":"evt_1","object":"event","livemode":true,)"
                             R"("data":{"object":{"object":"payment_intent","id":"pi_1"}}})";
    const auto page = read_events({200, "", R"({"data":[)" + live + "]}"}, "test", Time{});
    EXPECT_NE(page.events.at(0).heard.unmatched_reason, "");
    EXPECT_TRUE(page.events.at(0).heard.facts.empty());
}

}  // namespace
}  // namespace payments::stripe
