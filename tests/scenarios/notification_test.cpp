// What the providers tell us by themselves: kept byte for byte, once, and heard in any order.
#include <algorithm>

#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class Told : public Scenario {
protected:
    Heard about_nothing(Processor processor) {
        MatchCriteria subject{99, "", processor};
        return told(processor, std::move(subject), {fact(FactKind::captured)});
    }
    Fact refund(std::string id, std::int64_t minor) { return refunded(std::move(id), minor); }
    Fact of_dispute(FactKind kind) {
        auto made = fact(kind, "dp_1");
        made.amount = eur(22000);
        return made;
    }
    // What the alarm for a person says.
    bool is_alarmed() {
        return logged().find("a person must look at a transaction") != std::string::npos;
    }
};

// ------------------------------------------------------------------------- kept and answered

TEST_F(Told, of_a_capture_it_is_paid_and_the_answer_is_signed) {
    const auto id = started(simple);
    const auto answer = ipn(id, {capture_of(id)}, "n1");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, "heard: {\"message\": \"n1\"}\n");
    EXPECT_EQ(answer.header("Signature"), "signed by us");
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(read(id).paid_at, noon);
    EXPECT_EQ(messages_kept(), 1);
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
    EXPECT_EQ(entered, (std::vector{Status::pending, Status::paid}));
}

TEST_F(Told, twice_it_is_acknowledged_twice_and_changes_nothing_more) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)}, "evt_1");
    pass(1h);
    const auto again = webhook(id, {capture_of(id)}, "evt_1");
    const auto other_event = webhook(id, {capture_of(id)}, "evt_2");

    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(other_event.status, 200);
    EXPECT_EQ(messages_kept(), 2);
    EXPECT_EQ(story(id), "accepted captured");
    EXPECT_EQ(read(id).paid_at, noon);
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.paid"});
}

TEST_F(Told, of_what_is_not_ours_it_is_kept_and_acknowledged) {
    const auto by_simplepay =
        notify(Processor::simplepay, "n1", about_nothing(Processor::simplepay));
    const auto by_stripe = notify(Processor::stripe, "evt_1", about_nothing(Processor::stripe));

    EXPECT_EQ(by_simplepay.status, 200);
    EXPECT_EQ(by_simplepay.header("Signature"), "signed by us");
    EXPECT_EQ(by_stripe.status, 200);
    const std::string reason = "no such transaction";
    EXPECT_EQ(unmatched_reasons(), (std::vector<std::string>{reason, reason}));
    EXPECT_TRUE(attempts().empty());
}

TEST_F(Told, of_another_mode_it_is_kept_with_the_reason_and_teaches_nothing) {
    const auto id = started(stripes);
    SignedMessage message{Processor::stripe, "", "good", ""};
    auto live = Heard::unmatchable(
        Source::webhook, noon, std::move(message), "a live event, but our key is a test key"
    );
    EXPECT_EQ(notify(Processor::stripe, "evt_1", std::move(live)).status, 200);

    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(
        unmatched_reasons(), std::vector<std::string>{"a live event, but our key is a test key"}
    );
}

TEST_F(Told, with_the_key_of_another_account_it_speaks_for_nobodys_payment) {
    const auto id = started(simple);
    MatchCriteria other{id, "", Processor::simplepay};
    other.account = "MERCHANT-HUF";
    auto heard = told(Processor::simplepay, std::move(other), {capture_of(id)});
    EXPECT_EQ(notify(Processor::simplepay, "n1", std::move(heard)).status, 200);

    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(unmatched_reasons().size(), 1u);
}

TEST_F(Told, by_one_processor_of_the_others_payment_it_is_unmatched) {
    const auto id = started(simple);
    auto heard = told(Processor::stripe, {id, "", Processor::stripe}, {capture_of(id)});
    EXPECT_EQ(notify(Processor::stripe, "evt_1", std::move(heard)).status, 200);

    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(unmatched_reasons().size(), 1u);
}

TEST_F(Told, without_a_signature_it_is_400_and_nothing_is_kept) {
    const auto id = started(stripes);
    webhook(id, {word(id, FactKind::attempt_failed)}, "evt_1");
    const auto body = stripe.messages.begin()->first;
    for (const auto& headers : {Headers{}, Headers{{"stripe-signature", "bad"}}}) {
        const auto answer = post("/payments/stripe/webhook", body + " ", headers);
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.problem(), "invalid-signature");
    }
    const auto unsigned_ipn = post("/payments/simplepay/ipn", body);
    EXPECT_EQ(unsigned_ipn.problem(), "invalid-signature");
    EXPECT_EQ(messages_kept(), 1);
}

TEST_F(Told, in_words_that_cannot_be_read_it_is_400_and_nothing_is_kept) {
    const auto answer = post("/payments/stripe/webhook", "{", {{"stripe-signature", "good"}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.problem(), "malformed-json");
    EXPECT_EQ(messages_kept(), 0);
}

// ---------------------------------------------------------------------------- in any order

TEST_F(Told, before_our_start_has_its_answer_it_is_paid_and_stays_so) {
    stripe.start_gate.close();
    const auto running = begin_start(stripes);
    until([&] { return stripe.start_gate.waiting() == 1; });
    webhook(1, {capture_of(1)});
    EXPECT_EQ(status(1), "paid");

    stripe.start_gate.open();
    EXPECT_EQ(end(running).status, 200);
    EXPECT_EQ(status(1), "paid");
    EXPECT_EQ(story(1), "captured accepted");
}

TEST_F(Told, of_a_capture_after_a_start_without_an_answer_it_is_paid) {
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(stripes).status, 504);
    webhook(1, {capture_of(1)});

    EXPECT_EQ(status(1), "paid");
    EXPECT_EQ(read(1).provider_id, "pi_1");
}

TEST_F(Told, of_a_capture_after_any_ending_it_is_paid) {
    auto ticket = 42;
    for (const auto ending : {FactKind::cancelled, FactKind::expired, FactKind::failed}) {
        const auto id = started(stripes, ticket++);
        webhook(id, {word(id, ending)});
        EXPECT_EQ(status(id), name(ending));
        webhook(id, {capture_of(id)});
        EXPECT_EQ(status(id), "paid") << name(ending);
    }
}

TEST_F(Told, of_an_ending_after_the_capture_it_stays_paid) {
    auto ticket = 42;
    for (const auto ending : {FactKind::cancelled, FactKind::expired, FactKind::failed}) {
        const auto id = started(stripes, ticket++);
        webhook(id, {capture_of(id)});
        webhook(id, {word(id, ending)});
        EXPECT_EQ(status(id), "paid") << name(ending);
    }
}

TEST_F(Told, of_one_card_that_failed_it_stays_payable_and_the_try_is_shown) {
    const auto id = started(stripes);
    webhook(id, {word(id, FactKind::attempt_failed, "card_declined")});

    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(read(id).entries.back().fact.subject, "card_declined");
    EXPECT_EQ(started(stripes), id);
}

// --------------------------------------------------------------------------- it does not fit

TEST_F(Told, of_another_amount_it_is_in_review_and_a_person_is_called) {
    const auto id = started(stripes);
    auto less = capture_of(id);
    less.amount = eur(21000);
    webhook(id, {less});

    EXPECT_EQ(status(id), "review");
    EXPECT_EQ(review_reason_of(id), "amount differs: 210 EUR captured instead of 220 EUR");
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.review"});
    EXPECT_TRUE(is_alarmed());
    EXPECT_EQ(start(stripes).problem(), "already-paid");
}

TEST_F(Told, of_another_currency_it_is_in_review) {
    const auto id = started(stripes);
    auto forints = capture_of(id);
    forints.amount = Money::of(22000, Currency::of("HUF").value()).value();
    webhook(id, {forints});

    EXPECT_EQ(status(id), "review");
    EXPECT_EQ(review_reason_of(id), "amount differs: 220 HUF captured instead of 220 EUR");
}

TEST_F(Told, of_another_account_when_asked_it_is_in_review) {
    const auto id = started(simple);
    auto elsewhere = capture_of(id);
    elsewhere.account = "MERCHANT-HUF";
    const auto answer = said({elsewhere});
    simplepay.on_ask = [&](const Transaction&) { return answer; };
    pass(1min);
    reconcile();

    EXPECT_EQ(status(id), "review");
    EXPECT_EQ(review_reason_of(id), "account differs: MERCHANT-HUF instead of MERCHANT-EUR");
}

TEST_F(Told, of_another_id_it_is_in_review) {
    const auto id = started(stripes);
    auto other = capture_of(id);
    other.provider_id = "pi_other";
    webhook(id, {other});

    EXPECT_EQ(status(id), "review");
    EXPECT_EQ(review_reason_of(id), "the provider gave it more than one id");
}

TEST_F(Told, of_a_second_capture_for_the_same_fee_it_is_in_review_as_a_duplicate) {
    const auto first = started(stripes);
    const auto second = started(simple);
    ASSERT_EQ(status(first), "cancelled");
    ipn(second, {capture_of(second)});
    logged();
    webhook(first, {capture_of(first)});

    EXPECT_EQ(status(second), "paid");
    EXPECT_EQ(status(first), "review");
    EXPECT_EQ(review_reason_of(first), "duplicate: this fee of the ticket had been paid before");
    EXPECT_TRUE(is_alarmed());

    auto given_back = refund("re_1", 22000);
    given_back.provider_id = "pi_1";
    webhook(first, {given_back});
    EXPECT_EQ(status(first), "refunded");
    EXPECT_EQ(status(second), "paid");
}

// ------------------------------------------------------------------------ refunds and disputes

TEST_F(Told, of_refunds_each_counts_once_and_they_add_up) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    webhook(id, {refund("re_1", 5000)});
    webhook(id, {refund("re_1", 5000)});
    EXPECT_EQ(status(id), "partially_refunded");
    EXPECT_EQ(read(id).refunded_minor, 5000);

    webhook(id, {refund("re_2", 17000)});
    EXPECT_EQ(status(id), "refunded");
    EXPECT_EQ(
        outbox(), (std::vector<std::string>{"payment.paid", "payment.refunded", "payment.refunded"})
    );
}

TEST_F(Told, of_a_refund_before_the_capture_it_comes_to_the_same) {
    const auto id = started(stripes);
    webhook(id, {refund("re_1", 5000)});
    webhook(id, {capture_of(id)});
    EXPECT_EQ(status(id), "partially_refunded");
}

TEST_F(Told, of_a_refund_that_came_back_it_is_paid_again) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id), refund("re_1", 22000)});
    EXPECT_EQ(status(id), "refunded");
    webhook(id, {fact(FactKind::refund_failed, "re_1")});
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Told, of_a_dispute_it_is_disputed_until_it_is_won) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    webhook(id, {of_dispute(FactKind::disputed)});
    EXPECT_EQ(status(id), "disputed");
    EXPECT_EQ(start(stripes).problem(), "already-paid");

    webhook(id, {of_dispute(FactKind::dispute_won)});
    EXPECT_EQ(status(id), "paid");
    webhook(id, {of_dispute(FactKind::disputed)});  // a late one
    EXPECT_EQ(status(id), "paid");
    webhook(id, {of_dispute(FactKind::dispute_lost)});
    EXPECT_EQ(status(id), "disputed");
}

}  // namespace payments
