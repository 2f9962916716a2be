// The visitor is back from SimplePay: what the address line says is a hint, never a payment.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class VisitorIsBack : public Scenario {
protected:
    void SetUp() override { id = started(simple); }
    std::int64_t id = 0;
};

TEST_F(VisitorIsBack, with_success_is_shown_success_but_nothing_is_paid) {
    auto back = return_of(id, "SUCCESS");
    back.response_code = 0;
    const auto answer = come_back(back);

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.string("message"), "SUCCESS");
    EXPECT_EQ(answer.number("transaction_id"), id);
    EXPECT_EQ(answer.number("ticket_id"), 42);
    EXPECT_EQ(answer.string("provider_transaction_id"), "500001");
    EXPECT_EQ(answer.string("status"), "pending");
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(story(id), "accepted returned");
    EXPECT_EQ(read(id).entries.back().source, Source::visitor);
    EXPECT_EQ(read(id).entries.back().fact.subject, "SUCCESS");
}

TEST_F(VisitorIsBack, has_simplepay_asked_at_once_and_only_its_word_makes_it_paid) {
    EXPECT_EQ(reconcile(), 0u);
    come_back(return_of(id, "SUCCESS"));
    const auto paid = said({capture_of(id)});
    simplepay.on_ask = [&](const Transaction&) { return paid; };

    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(VisitorIsBack, is_told_simplepays_id_on_success_and_failure_only) {
    for (const auto* event : {"SUCCESS", "FAIL"})
        EXPECT_EQ(come_back(return_of(id, event)).string("provider_transaction_id"), "500001");
    for (const auto* event : {"CANCEL", "TIMEOUT"}) {
        const auto answer = come_back(return_of(id, event));
        EXPECT_EQ(answer.string("message"), event);
        EXPECT_TRUE(answer.at("provider_transaction_id").is_null());
    }
    EXPECT_EQ(status(id), "pending");
}

TEST_F(VisitorIsBack, after_a_failure_keeps_the_code_for_those_who_are_asked_why) {
    auto back = return_of(id, "FAIL");
    back.response_code = 2013;
    come_back(back);
    EXPECT_EQ(read(id).entries.back().fact.detail, "response code 2013");
}

TEST_F(VisitorIsBack, twice_leaves_one_hint) {
    come_back(return_of(id, "CANCEL"));
    come_back(return_of(id, "CANCEL"));
    EXPECT_EQ(story(id), "accepted returned");
}

TEST_F(VisitorIsBack, with_an_old_cancel_after_it_was_paid_sees_success_and_changes_nothing) {
    come_back(return_of(id, "CANCEL"));
    ipn(id, {capture_of(id)});
    reconcile();
    const auto before = read(id);
    const auto answer = come_back(return_of(id, "CANCEL"));

    EXPECT_EQ(answer.string("message"), "SUCCESS");
    EXPECT_EQ(answer.string("provider_transaction_id"), "500001");
    EXPECT_EQ(answer.string("status"), "paid");
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(read(id).entries.size(), before.entries.size());
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
}

TEST_F(VisitorIsBack, with_an_old_cancel_after_a_refund_still_sees_that_it_was_paid) {
    auto refund = word(id, FactKind::refunded, "r1");
    refund.amount = capture_of(id).amount;
    ipn(id, {capture_of(id), refund});
    const auto answer = come_back(return_of(id, "CANCEL"));

    EXPECT_EQ(answer.string("message"), "SUCCESS");
    EXPECT_EQ(answer.string("status"), "refunded");
}

// Nobody was sent there: it is the return of a payment that another database has made.
TEST_F(VisitorIsBack, to_an_attempt_without_an_id_is_400_and_teaches_nothing) {
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(simple, 43).status, 504);
    EXPECT_EQ(come_back(return_of(2, "SUCCESS")).problem(), "invalid-signature");
    EXPECT_EQ(story(2), "unanswered");
}

TEST_F(VisitorIsBack, with_a_signature_of_nobody_is_400) {
    returns.returns["r"] = return_of(id, "SUCCESS");
    for (const auto* body : {R"({"r":"r","s":"bad"})", R"({"r":"other","s":"good"})"}) {
        const auto answer = post("/payments/simplepay/backref", body);
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.problem(), "invalid-signature");
    }
    EXPECT_EQ(story(id), "accepted");
}

TEST_F(VisitorIsBack, with_the_return_of_another_account_is_400_and_teaches_nothing) {
    auto back = return_of(id, "SUCCESS");
    back.account = "MERCHANT-HUF";
    const auto answer = come_back(back);

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.problem(), "invalid-signature");
    EXPECT_EQ(story(id), "accepted");
}

TEST_F(VisitorIsBack, with_the_id_of_another_payment_is_400_and_teaches_nothing) {
    auto back = return_of(id, "SUCCESS");
    back.provider_id += 1;
    EXPECT_EQ(come_back(back).problem(), "invalid-signature");

    const auto at_stripe = started(stripes, 43);
    back.transaction_id = at_stripe;
    EXPECT_EQ(come_back(back).problem(), "invalid-signature");
    EXPECT_EQ(story(id), "accepted");
    EXPECT_EQ(story(at_stripe), "accepted");
}

TEST_F(VisitorIsBack, for_a_payment_that_is_not_ours_is_404) {
    auto back = return_of(id, "SUCCESS");
    for (const std::int64_t other : {0, 99}) {
        back.transaction_id = other;
        const auto answer = come_back(back);
        EXPECT_EQ(answer.status, 404);
        EXPECT_EQ(answer.problem(), "unknown-transaction");
    }
}

TEST_F(VisitorIsBack, without_r_or_s_is_400_and_names_them) {
    const auto answer = post("/payments/simplepay/backref", R"({"r":7})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.problem(), "invalid-request");
    EXPECT_EQ(answer.at("errors").as_array().size(), 2u);
}

}  // namespace payments
