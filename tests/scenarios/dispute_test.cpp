// What banks and providers report by themselves: disputes that go both ways, inquiries, warnings of
// fraud, and amounts that nobody could have asked for.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class DisputeScenario : public Scenario {
protected:
    static constexpr auto in_forints = "FULL-FEE-HUF-STRIPE-INTENTS";

    static Money huf(std::int64_t minor) {
        return Money::of(minor, Currency::of("HUF").value()).value();
    }
    std::int64_t paid(const std::string& code = in_forints) {
        const auto id = started(code);
        stripe.on_ask = [this](const Transaction& attempt) { return list_of(attempt); };
        webhook(id, {capture_of(id)});
        EXPECT_EQ(status(id), "paid");
        return id;
    }
    QueryResult list_of(const Transaction& attempt) {
        auto word = said({word_of(attempt, FactKind::captured)});
        word.facts.front().amount = attempt.amount;
        for (auto fact : listed) {
            fact.provider_id = attempt.provider_id;
            word.facts.push_back(std::move(fact));
        }
        return word;
    }
    Fact about_dispute(std::int64_t id, FactKind kind, std::chrono::minutes at) {
        auto fact = word(id, kind, "dp_1");
        fact.amount = huf(8'812'345);
        fact.occurred_at = noon + at;
        return fact;
    }
    Fact refund_by_hand(std::string refund, std::int64_t minor) {
        auto fact = testing_support::fact(FactKind::refunded, std::move(refund));
        fact.amount = huf(minor);
        return fact;
    }
    Answer refund(std::int64_t id) {
        return post(
            "/payments/refunds", R"({"transaction_id":)" + std::to_string(id) + "}",
            as_user(in_scope("payments_refund"))
        );
    }
    // "kind: reason" of each entry of the review list.
    std::vector<std::string> reviews() {
        std::vector<std::string> lines;
        const auto answer = get("/payments/review", as_service(in_scope("payments_search")));
        for (const auto& item : answer.at("reviews").as_array()) {
            const auto& review = item.as_object();
            lines.push_back(
                std::string{review.at("kind").as_string()} + ": " +
                std::string{review.at("reason").as_string()}
            );
        }
        return lines;
    }
    using Lines = std::vector<std::string>;

    std::vector<Fact> listed;  // refunds that the provider lists
};

TEST_F(DisputeScenario, refunds_of_half_forints_are_kept_exactly_and_free_the_fee) {
    const auto id = paid();
    webhook(id, {refund_by_hand("re_1", 4'400'050)});
    EXPECT_EQ(status(id), "partially_refunded");
    EXPECT_EQ(read(id).refunded_minor, 4'400'050);
    webhook(id, {refund_by_hand("re_2", 4'399'950)});
    EXPECT_EQ(status(id), "refunded");
    EXPECT_EQ(reviews(), Lines{});
    EXPECT_EQ(start(in_forints).status, 200) << "the fee is on offer again";
}

TEST_F(DisputeScenario, the_rest_of_half_forints_can_be_given_back) {
    const auto id = paid();
    listed = {refund_by_hand("re_1", 4'400'050)};
    const auto answer = refund(id);
    EXPECT_EQ(answer.status, 200) << answer.text;
    EXPECT_NE(answer.text.find(R"("amount":43999.5,)"), std::string::npos) << answer.text;
    EXPECT_EQ(answer.number("amount_refunded"), 88000);
    EXPECT_EQ(stripe.refunds.at(0).amount, huf(4'399'950));
    EXPECT_EQ(answer.string("refund_status"), "made");
}

TEST_F(DisputeScenario, a_refund_that_is_on_its_way_says_so) {
    const auto id = paid();
    stripe.on_refund = [otherwise = stripe.on_refund](auto& attempt, auto& order) {
        auto given = otherwise(attempt, order);
        given.facts.front().kind = FactKind::refund_pending;
        return given;
    };
    const auto answer = refund(id);
    EXPECT_EQ(answer.string("refund_status"), "pending");
    EXPECT_EQ(answer.string("status"), "refunded");
    EXPECT_FALSE(answer.string("provider_refund_id").empty());
    EXPECT_EQ(story(id), "accepted captured refund_requested refund_pending");
}

TEST_F(DisputeScenario, of_another_amount_than_was_paid_is_recorded_and_can_be_won) {
    const auto id = paid();
    webhook(id, {about_dispute(id, FactKind::disputed, 1min)});
    EXPECT_EQ(status(id), "disputed");
    EXPECT_EQ(
        reviews(), Lines{"dispute: the card holder disputes the payment: dp_1, 88123.45 HUF"}
    );
    webhook(id, {about_dispute(id, FactKind::dispute_won, 2min)});
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(reviews(), Lines{});
}

TEST_F(DisputeScenario, in_another_currency_is_no_difference) {
    const auto id = paid();
    auto in_euros = about_dispute(id, FactKind::disputed, 1min);
    in_euros.amount = eur(22'512);
    auto taken = about_dispute(id, FactKind::dispute_withdrawn, 1min);
    taken.amount = eur(22'512);
    webhook(id, {in_euros, taken});
    EXPECT_EQ(status(id), "disputed");
    auto won = in_euros;
    won.kind = FactKind::dispute_won;
    won.occurred_at = noon + 2min;
    webhook(id, {won});
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(refund(id).status, 200);
}

TEST_F(DisputeScenario, ends_as_the_newest_word_of_its_source_says) {
    const auto id = paid();
    const auto first = about_dispute(id, FactKind::disputed, 1min);
    const auto lost = about_dispute(id, FactKind::dispute_lost, 2min);
    const auto won = about_dispute(id, FactKind::dispute_won, 3min);
    webhook(id, {won}, "evt_won");
    webhook(id, {first}, "evt_first");
    webhook(id, {lost}, "evt_lost");
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(outbox(), Lines{"payment.paid"});

    webhook(id, {about_dispute(id, FactKind::disputed, 4min)}, "evt_appeal");
    EXPECT_EQ(status(id), "disputed");
    webhook(id, {about_dispute(id, FactKind::dispute_lost, 5min)}, "evt_lost_after_all");
    EXPECT_EQ(status(id), "disputed");
    EXPECT_EQ(reviews(), Lines{});
    webhook(id, {won}, "evt_won");
    EXPECT_EQ(status(id), "disputed") << "a message that is sent again changes nothing";
    webhook(id, {about_dispute(id, FactKind::dispute_won, 6min)}, "evt_won_again");
    EXPECT_EQ(status(id), "paid");
}

TEST_F(DisputeScenario, in_a_word_that_nobody_knows_is_warned_of_and_listed) {
    const auto id = paid();
    logged();
    auto unheard = about_dispute(id, FactKind::dispute_unclear, 1min);
    unheard.detail = "Stripe calls its status 'considered'";
    webhook(id, {unheard}, "evt_1");
    EXPECT_EQ(status(id), "disputed");
    EXPECT_EQ(reviews().size(), 1u);
    EXPECT_NE(reviews().at(0).find("'considered'"), std::string::npos);
    EXPECT_NE(logged().find("dispute_unclear"), std::string::npos);
    EXPECT_EQ(refund(id).problem(), "not-refundable");
    webhook(id, {unheard}, "evt_1");
    EXPECT_EQ(logged().find("dispute_unclear"), std::string::npos);
}

TEST_F(DisputeScenario, that_was_prevented_has_the_money_only_when_it_was_withdrawn) {
    const auto id = paid();
    webhook(id, {about_dispute(id, FactKind::dispute_prevented, 1min)});
    EXPECT_EQ(status(id), "paid");
    webhook(id, {about_dispute(id, FactKind::dispute_withdrawn, 2min)});
    EXPECT_EQ(status(id), "disputed");
    EXPECT_EQ(refund(id).problem(), "not-refundable");
}

TEST_F(DisputeScenario, an_inquiry_and_a_warning_of_fraud_are_seen_and_change_nothing) {
    const auto id = paid();
    logged();
    auto asked = about_dispute(id, FactKind::inquiry, 1min);
    asked.detail = "general, to be answered by 2026-03-09T23:59:59+00:00";
    webhook(id, {asked});
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(
        reviews(), Lines{"inquiry: the bank asks about the payment: dp_1, 88123.45 HUF, general, "
                         "to be answered by 2026-03-09T23:59:59+00:00"}
    );
    EXPECT_NE(logged().find("inquiry"), std::string::npos);
    webhook(id, {about_dispute(id, FactKind::inquiry_closed, 2min)});
    EXPECT_EQ(reviews(), Lines{});
}

TEST_F(DisputeScenario, a_warning_of_fraud_is_listed_until_the_money_is_back) {
    const auto id = paid();
    auto warned = word(id, FactKind::fraud_warning, "issfr_1");
    warned.detail = "made_with_stolen_card";
    webhook(id, {warned});
    EXPECT_EQ(
        reviews(),
        Lines{"fraud_warning: the card's issuer reports fraud: issfr_1, made_with_stolen_card"}
    );
    EXPECT_EQ(refund(id).string("status"), "refunded");
    EXPECT_EQ(reviews(), Lines{});
}

TEST_F(DisputeScenario, every_declined_card_is_an_event_of_its_own) {
    const auto id = started(in_forints);
    for (const auto* charge : {"ch_1", "ch_2", "ch_3", "ch_4", "ch_5", "ch_5"})
        webhook(id, {word(id, FactKind::attempt_failed, charge)});
    EXPECT_EQ(
        story(id),
        "accepted attempt_failed attempt_failed attempt_failed attempt_failed attempt_failed"
    );
}

}  // namespace payments
