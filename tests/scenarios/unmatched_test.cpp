// Messages that come before we know what they are about: kept, and tried again.
#include <algorithm>

#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"
#include "flow/retry_unmatched.hpp"

namespace payments {

using namespace testing_support;

class Unmatched : public Scenario {
protected:
    // Stripe tells of a payment by its own id alone.
    Heard by_provider_id(std::string id, std::vector<Fact> facts) {
        MatchCriteria subject{{}, std::move(id), Processor::stripe};
        return told(Processor::stripe, std::move(subject), std::move(facts));
    }
    std::size_t retry() { return await(retry_unmatched(world)); }
    // How often it was tried while `time` went by, in steps of a minute.
    std::vector<std::chrono::minutes> tried_during(std::chrono::minutes time) {
        std::vector<std::chrono::minutes> tries;
        for (std::chrono::minutes passed{0}; passed <= time; passed += 1min, pass(1min))
            if (retry() > 0) tries.push_back(passed);
        return tries;
    }
    // A start whose answer is lost, so that the provider's id is not known yet.
    std::int64_t started_without_answer() {
        stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
        EXPECT_EQ(start(stripes).status, 504);
        return attempts().back().id;
    }
    void expect_sound_books() {
        EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
    }
    std::string detail_of(std::int64_t id, FactKind kind) {
        for (const auto& event : read(id).entries)
            if (event.fact.kind == kind) return event.fact.detail;
        return "no such fact";
    }
};

TEST_F(Unmatched, a_message_that_overtook_the_answer_is_matched_when_the_id_is_known) {
    const auto id = started_without_answer();
    pass(1s);
    notify(Processor::stripe, "evt_1", by_provider_id("pi_1", {captured()}));
    EXPECT_EQ(unmatched_reasons(), std::vector<std::string>{"no such transaction"});
    EXPECT_EQ(retry(), 0u);
    EXPECT_EQ(status(id), "unknown");

    pass(3s);
    reconcile();  // the provider is asked, and names the id
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(retry(), 1u);

    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
    EXPECT_EQ(read(id).paid_at, clock.time);
    EXPECT_EQ(
        detail_of(id, FactKind::captured),
        "in message evt_1, which had come before its payment was known"
    );
    expect_sound_books();
    EXPECT_TRUE(tried_during(2h).empty());
}

TEST_F(Unmatched, a_matched_message_that_the_provider_sends_again_changes_nothing) {
    const auto id = started_without_answer();
    notify(Processor::stripe, "evt_1", by_provider_id("pi_1", {captured()}));
    pass(3s);
    reconcile();
    retry();
    notify(Processor::stripe, "evt_1", by_provider_id("pi_1", {captured()}));
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(messages_kept(), 1);
    expect_sound_books();
}

TEST_F(Unmatched, messages_of_before_and_after_the_match_are_one_chain) {
    const auto id = started_without_answer();
    const auto later = [&](const std::string& identity, std::vector<Fact> facts) {
        pass(1s);
        notify(Processor::stripe, identity, by_provider_id("pi_1", std::move(facts)));
    };
    later("evt_1", {captured()});
    later("evt_2", {refunded("re_1", 1000)});
    webhook(id, {word(id, FactKind::attempt_failed)}, "evt_3");  // names our number
    pass(3s);
    reconcile();
    webhook(id, {}, "evt_4");
    EXPECT_EQ(retry(), 2u);
    later("evt_5", {refunded("re_2", 1000)});

    EXPECT_EQ(status(id), "partially_refunded");
    EXPECT_EQ(read(id).refunded_minor, 2000);
    expect_sound_books();
}

TEST_F(Unmatched, a_message_nobody_claims_is_tried_for_three_days_and_then_only_kept) {
    notify(Processor::stripe, "evt_1", by_provider_id("pi_9", {captured()}));
    const auto day = 24h;
    const std::vector<std::chrono::minutes> expected{
        1min, 6min, 66min, 66min + day, 66min + 2 * day, 66min + 3 * day};
    EXPECT_EQ(tried_during(5 * 24h), expected);
    EXPECT_EQ(messages_kept(), 1);
    expect_sound_books();
}

TEST_F(Unmatched, a_message_that_is_strange_by_itself_is_not_tried_again) {
    SignedMessage message{Processor::stripe, "", "good", ""};
    auto strange = Heard::unmatchable(
        Source::webhook, clock.time, std::move(message), "a live event, but our key is a test key"
    );
    notify(Processor::stripe, "evt_1", std::move(strange));
    EXPECT_TRUE(tried_during(2h).empty());
    expect_sound_books();
}

TEST_F(Unmatched, a_message_is_never_about_a_transaction_that_was_opened_after_it_came) {
    MatchCriteria lost{1, "", Processor::simplepay};
    auto heard = told(Processor::simplepay, std::move(lost), {fact(FactKind::claimed)});
    notify(Processor::simplepay, "n1", std::move(heard));
    pass(30s);
    const auto id = started(simple);
    ASSERT_EQ(id, 1);
    pass(1min);
    EXPECT_EQ(retry(), 1u);
    EXPECT_EQ(story(id), "accepted");
    expect_sound_books();
}

TEST_F(Unmatched, two_replicas_do_not_take_the_same_message) {
    notify(Processor::stripe, "evt_1", by_provider_id("pi_9", {captured()}));
    pass(1min);
    EXPECT_EQ(await(store.claim_unmatched(clock.time, 50)).size(), 1u);
    EXPECT_EQ(await(store.claim_unmatched(clock.time, 50)).size(), 0u);
}

TEST_F(Unmatched, what_one_replica_has_matched_the_other_does_not_learn_again) {
    const auto id = started_without_answer();
    notify(Processor::stripe, "evt_1", by_provider_id("pi_1", {captured()}));
    pass(1min);
    const auto kept = await(store.claim_unmatched(clock.time, 50));
    ASSERT_EQ(kept.size(), 1u);
    reconcile();
    EXPECT_EQ(retry(), 1u);
    const auto late =
        Heard::retried(kept[0], by_provider_id("pi_1", {captured(), refunded("re_1", 1)}));
    EXPECT_FALSE(await(store.record(late)).news);
    EXPECT_EQ(status(id), "paid");
    expect_sound_books();
}

TEST_F(Unmatched, a_message_that_cannot_be_read_any_more_does_not_stop_the_others) {
    notify(Processor::stripe, "evt_1", by_provider_id("pi_1", {captured()}));
    notify(Processor::stripe, "evt_2", by_provider_id("pi_2", {captured()}));
    stripe.messages.erase(stripe.messages.begin());
    pass(1min);
    EXPECT_EQ(retry(), 2u);
    EXPECT_NE(logged().find("a kept notification cannot be read"), std::string::npos);
}

TEST_F(Unmatched, the_background_tries_by_itself) {
    const auto id = started_without_answer();
    notify(Processor::stripe, "evt_1", by_provider_id("pi_1", {captured()}));
    // Attempts are asked about beside the loop, whose sleeps take no time here: it may be ahead.
    for (int round = 1; round <= 50 && status(id) != "paid"; ++round) {
        clock.sleeps_max += 30;
        EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);
    }
    EXPECT_EQ(status(id), "paid");
}

}  // namespace payments
