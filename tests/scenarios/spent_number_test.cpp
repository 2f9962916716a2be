// A provider knows our numbers from another database: one from before a restore, or a former one.
#include "fixtures/scenario.hpp"
#include "flow/retry_unmatched.hpp"

namespace payments {

using namespace testing_support;

class SpentNumber : public Scenario {
protected:
    // SimplePay has had the numbers up to this one.
    void knows(std::int64_t last) {
        simplepay.on_start = [this, last, otherwise = simplepay.on_start](const Transaction& attempt
                             ) { return attempt.id <= last ? spent() : otherwise(attempt); };
        simplepay.on_ask = [this, last, otherwise = simplepay.on_ask](const Transaction& attempt) {
            return attempt.id <= last ? said({old_payment()}) : otherwise(attempt);
        };
    }
    static StartResult spent() {
        StartResult refused = answered(Outcome::refused);
        refused.is_number_spent = true;
        refused.facts = {fact(FactKind::foreign_payment)};
        return refused;
    }
    static Fact old_payment() {
        auto payment = fact(FactKind::foreign_payment, "499999");
        payment.amount = eur(22000);
        return payment;
    }
    // What SimplePay says of the old payment with this number, which was made a day before noon.
    Answer old_notice(std::int64_t number) {
        MatchCriteria subject{number, "499999", Processor::simplepay};
        subject.account = simplepay.account(eur(1).currency());
        subject.evidence = PaymentEvidence{"499999", noon - 24h};
        auto claimed = fact(FactKind::claimed);
        claimed.provider_id = "499999";
        auto heard = told(Processor::simplepay, std::move(subject), {claimed}).and_check();
        return notify(Processor::simplepay, "old-notice", std::move(heard));
    }
    std::vector<std::string> kinds_listed() {
        std::vector<std::string> kinds;
        for (const auto& review : await(store.reviews({clock.time, 10, {}})).list)
            kinds.emplace_back(name(review.place.kind));
        return kinds;
    }
};

TEST_F(SpentNumber, is_replaced_in_the_same_start) {
    knows(1);
    const auto answer = start(simple);
    EXPECT_EQ(answer.status, 200) << answer.text;
    const auto id = answer.number("transaction_id");
    EXPECT_GT(id, 1000);
    EXPECT_EQ(answer.string("redirect_url"), "https://pay.example/" + simplepay.id_of(read(id)));
    EXPECT_EQ(status(1), "failed");
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.failed"});
}

TEST_F(SpentNumber, after_many_others_is_passed_within_a_few_starts) {
    knows(50'000);
    int starts = 1;
    while (start(simple).status != 200) ASSERT_LT(++starts, 4);
    EXPECT_EQ(status(attempts().back().id), "pending");
}

TEST_F(SpentNumber, never_becomes_paid_and_the_old_payment_is_listed) {
    knows(1);
    const auto id = started(simple);
    wait(1h);
    EXPECT_EQ(status(1), "failed");
    EXPECT_EQ(kinds_listed(), std::vector<std::string>{"foreign_payment"});

    EXPECT_EQ(old_notice(1).status, 200);
    wait(1h);
    await(retry_unmatched(world));
    EXPECT_EQ(status(1), "failed");
    EXPECT_EQ(story(1), "foreign_payment foreign_payment");
    auto back = return_of(1, "SUCCESS");
    back.provider_id = 499'999;
    EXPECT_EQ(come_back(back).problem(), "invalid-signature");
    EXPECT_EQ(kinds_listed(), (std::vector<std::string>{"foreign_payment", "unmatched_message"}));
    EXPECT_NE(id, 1);
}

TEST_F(SpentNumber, that_is_found_out_by_asking_frees_the_fee) {
    const auto otherwise = simplepay.on_start;
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(simple).status, 504);
    EXPECT_EQ(old_notice(1).status, 200);
    EXPECT_EQ(status(1), "unknown");

    simplepay.on_start = otherwise;
    knows(1);
    const auto id = started(simple);
    EXPECT_GT(id, 1000);
    EXPECT_EQ(status(1), "failed");
    EXPECT_EQ(unmatched_reasons().size(), 1u);
}

TEST_F(SpentNumber, of_a_payment_that_was_open_is_asked_for_once_more_and_forgotten) {
    knows(1);
    simplepay.on_ask = [](const Transaction&) {
        return said({fact(FactKind::foreign_payment, "499999")});
    };
    started(simple, 43);
    wait(1h);
    EXPECT_EQ(story(1), "foreign_payment foreign_payment");
    EXPECT_TRUE(kinds_listed().empty());
}

}  // namespace payments
