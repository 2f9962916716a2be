// Operators have a kept message read once more, and try whether others can be told.
#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"
#include "flow/retry_unmatched.hpp"

namespace payments {

using namespace testing_support;

class OperatorScenario : public Scenario {
protected:
    // Of `flags`, or of every ticket.
    Headers operating(const std::string& flags = "*") {
        auto privileges = in_scope("payments_operate", flags);
        if (flags == "*") privileges["tickets_get_years"] = privileges["tickets_get_events"] = "*";
        return as_user(privileges);
    }
    Answer retry(std::int64_t number, const std::string& flags = "*") {
        const auto body = R"({"message_id":)" + std::to_string(number) + "}";
        return post("/payments/messages/retry", body, operating(flags));
    }
    // A signed message that names Stripe's id alone, which no transaction has yet.
    void told_too_early(const std::string& provider_id) {
        MatchCriteria subject{{}, provider_id, Processor::stripe};
        notify(
            Processor::stripe, "evt_1", told(Processor::stripe, std::move(subject), {captured()})
        );
    }
    std::vector<std::string> acts() {
        ActionsQuery query;
        query.sight.is_everywhere = true;
        std::vector<std::string> lines;
        for (const auto& action : await(database->actions(query)).list)
            lines.push_back(action.kind + " " + action.by.sub + " " + action.about);
        return lines;
    }
    using Lines = std::vector<std::string>;

    ScriptedSubscriber subscriber;
};

TEST_F(OperatorScenario, a_message_is_read_once_more_and_finds_its_transaction) {
    told_too_early("pi_1");
    const auto in_vain = retry(1);
    EXPECT_EQ(in_vain.status, 200) << in_vain.text;
    EXPECT_FALSE(in_vain.at("matched").as_bool());
    EXPECT_EQ(in_vain.string("why_not"), "there is still no transaction that it is about");
    EXPECT_EQ(acts(), Lines{"retry_message anna 1"});

    // After three days it is not tried any more, but by hand; and a payment that was opened later
    // is never what it is about.
    for (int i = 0; i < 100; ++i, pass(1h)) await(retry_unmatched(world));
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(stripes).status, 504);
    const auto id = attempts().back().id;
    EXPECT_FALSE(retry(1).at("matched").as_bool());
    pass(3s);
    reconcile();
    EXPECT_EQ(read(id).provider_id, "pi_1");
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

TEST_F(OperatorScenario, what_it_teaches_is_learned_then) {
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(stripes).status, 504);
    const auto id = attempts().back().id;
    pass(1s);
    told_too_early("pi_1");
    pass(3s);
    reconcile();  // the provider names its id
    EXPECT_EQ(status(id), "pending");
    const auto found = retry(1);
    EXPECT_TRUE(found.at("matched").as_bool()) << found.text;
    EXPECT_EQ(found.number("transaction_id"), id);
    EXPECT_EQ(found.string("reference"), "TR" + std::to_string(id));
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});

    // Again: nothing is done, nor put on record.
    EXPECT_EQ(retry(1).number("transaction_id"), id);
    EXPECT_EQ(acts(), Lines{"retry_message anna 1"});
    EXPECT_EQ(retry(1, "HU").problem(), "unknown-message");
    EXPECT_EQ(retry(2).problem(), "unknown-message");
}

TEST_F(OperatorScenario, who_does_not_see_every_ticket_is_not_told_which_it_is_about) {
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(stripes).status, 504);
    pass(1s);
    told_too_early("pi_1");
    pass(3s);
    reconcile();
    const auto found = retry(1, "INT");
    EXPECT_TRUE(found.at("matched").as_bool());
    EXPECT_TRUE(found.at("transaction_id").is_null());
}

TEST_F(OperatorScenario, what_nobody_could_verify_teaches_nothing) {
    const auto id = started(simple);
    simplepay.missing_accounts.insert(read(id).account);
    MatchCriteria subject{id, read(id).provider_id, Processor::simplepay};
    subject.account = read(id).account;
    auto heard = told(Processor::simplepay, std::move(subject), {claim_of(id)});
    heard.message = SignedMessage{Processor::simplepay, "unverified", "", "{}"};
    simplepay.unverifiable.insert_or_assign("{}", std::move(heard));
    post("/payments/simplepay/ipn", "{}", {{"signature", "of that account"}});
    ASSERT_EQ(messages_kept(), 1);
    const auto answer = retry(1);
    EXPECT_FALSE(answer.at("matched").as_bool());
    EXPECT_NE(answer.string("why_not").find("not verified"), std::string::npos) << answer.text;
    EXPECT_EQ(story(id), "accepted");
    EXPECT_EQ(acts(), Lines{});
}

TEST_F(OperatorScenario, only_they_may) {
    EXPECT_EQ(post("/payments/messages/retry", R"({"message_id":1})").status, 401);
    const auto clerk = as_user(in_scope("payments_search"));
    EXPECT_EQ(post("/payments/messages/retry", R"({"message_id":1})", clerk).status, 403);
    EXPECT_EQ(post("/payments/events/test", "{}", clerk).status, 403);
    EXPECT_EQ(post("/payments/messages/retry", "{}", operating()).problem(), "invalid-request");
}

TEST_F(OperatorScenario, the_receiver_of_events_is_tried) {
    EXPECT_EQ(post("/payments/events/test", "{}", operating()).problem(), "no-receiver");
    EXPECT_EQ(acts(), Lines{});
    world.subscriber = &subscriber;
    const auto taken = post("/payments/events/test", "{}", operating());
    EXPECT_EQ(taken.string("outcome"), "delivered") << taken.text;
    EXPECT_TRUE(taken.at("error").is_null());
    pass(1s);
    subscriber.to_test = DeliveryAttempt::failed("answered 500");
    const auto refused = post("/payments/events/test", "{}", operating());
    EXPECT_EQ(refused.string("outcome"), "failed");
    EXPECT_EQ(refused.string("error"), "answered 500");
    const auto first = taken.string("event_id"), second = refused.string("event_id");
    EXPECT_NE(first, second);
    EXPECT_EQ(subscriber.tests_heard, (Lines{first, second}));
    EXPECT_EQ(acts(), (Lines{"test_event anna " + second, "test_event anna " + first}));
    EXPECT_TRUE(outbox().empty());

    for (int i = 0; i < 8; ++i) post("/payments/events/test", "{}", operating());
    EXPECT_EQ(post("/payments/events/test", "{}", operating()).problem(), "rate-limited");
}

}  // namespace payments
