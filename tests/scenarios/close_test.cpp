// What its provider does not end waits in the open, and a person can end it.
#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"

namespace payments {

using namespace testing_support;

class LeftOpen : public Scenario {
protected:
    std::vector<std::string> listed() {
        std::vector<std::string> lines;
        for (const auto& review : await(store.reviews({clock.time, 10, {}})).list)
            lines.push_back(
                std::string{name(review.place.kind)} + " " +
                (review.transaction ? review.transaction->reference() : review.message->identity)
            );
        return lines;
    }
    using Lines = std::vector<std::string>;

    Headers closer(const std::string& flags = "HU") {
        return as_user(in_scope("payments_close", flags));
    }
    Answer close(std::int64_t id, const std::string& reason = "nobody paid it") {
        return post(
            "/payments/close",
            R"({"transaction_id":)" + std::to_string(id) + R"(,"reason":")" + reason + R"("})",
            closer()
        );
    }
    // The provider says nothing any more.
    std::int64_t left_open(const std::string& code = simple) {
        const auto id = started(code);
        simplepay.on_ask = stripe.on_ask = [](const Transaction&) { return silence(); };
        return id;
    }
};

TEST_F(LeftOpen, is_listed_two_hours_after_its_deadline) {
    left_open();
    wait(2h + 29min);
    EXPECT_EQ(listed(), Lines{});
    wait(1min);
    EXPECT_EQ(listed(), Lines{"overdue TR1"});
    wait(24h * 10);
    EXPECT_EQ(listed(), Lines{"overdue TR1"});
    EXPECT_EQ(status(1), "pending");
}

TEST_F(LeftOpen, who_closes_it_is_on_record_with_the_reason_once) {
    const auto id = left_open();
    wait(3h);
    ASSERT_EQ(close(id, "the bank says so").status, 200);
    EXPECT_EQ(close(id).problem(), "not-closable");
    const auto done = await(database->actions_of(id, {}));
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done[0].kind, "close");
    EXPECT_EQ(done[0].by.sub, "anna");
    EXPECT_EQ(done[0].details, (ActionDetails{{"reason", "the bank says so"}}));
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

TEST_F(LeftOpen, is_listed_while_its_money_is_blocked) {
    const auto id = started(simple);
    auto blocked = word(id, FactKind::authorized);
    blocked.amount = eur(22000);
    const auto authorized = said({blocked});
    simplepay.on_ask = [&](const Transaction&) { return authorized; };
    wait(10min);
    EXPECT_EQ(status(id), "authorized");
    EXPECT_EQ(listed(), Lines{});
    wait(1h);
    EXPECT_EQ(listed(), Lines{"authorized TR1"});
    EXPECT_EQ(close(id).string("status"), "cancelled");
    EXPECT_EQ(listed(), Lines{});
}

TEST_F(LeftOpen, can_be_ended_by_a_person_with_a_reason_after_its_deadline) {
    const auto id = left_open();
    EXPECT_EQ(close(id).problem(), "not-closable");
    wait(3h);
    const auto answer = close(id, "SimplePay says so");
    EXPECT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.string("status"), "cancelled");
    EXPECT_EQ(read(id).entries.back().fact.detail, "by anna: SimplePay says so");
    EXPECT_EQ(read(id).entries.back().source, Source::staff);
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.failed"});
    EXPECT_EQ(listed(), Lines{});
    EXPECT_EQ(start(stripes).status, 200);
    EXPECT_EQ(close(id).problem(), "not-closable");
}

TEST_F(LeftOpen, ends_by_the_providers_word_when_it_answers_after_all) {
    const auto id = left_open();
    wait(3h);
    const auto expired = said({word(id, FactKind::expired)});
    simplepay.on_ask = [&](const Transaction&) { return expired; };
    EXPECT_EQ(close(id).string("status"), "expired");
    EXPECT_EQ(story(id), "accepted expired");
}

TEST_F(LeftOpen, is_not_ended_when_it_turns_out_to_be_paid) {
    const auto id = left_open();
    wait(3h);
    const auto paid = said({capture_of(id)});
    simplepay.on_ask = [&](const Transaction&) { return paid; };
    EXPECT_EQ(close(id).problem(), "not-closable");
    EXPECT_EQ(status(id), "paid");
}

TEST_F(LeftOpen, and_ended_by_a_person_counts_when_its_money_comes_all_the_same) {
    const auto id = left_open();
    wait(3h);
    close(id);
    ipn(id, {capture_of(id)});
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(start(stripes).problem(), "already-paid");
}

// In the minute after the deadline the background leaves it open.
TEST_F(LeftOpen, is_closed_at_its_provider_before_its_fee_is_on_offer_again) {
    const auto id = started(stripes);
    wait(30min + 20s);
    ASSERT_EQ(status(id), "pending");
    const auto closes = stripe.on_cancel;
    std::string while_it_was_closed;
    stripe.on_cancel = [&](const Transaction& attempt) {
        while_it_was_closed = status(id);
        return closes(attempt);
    };
    EXPECT_EQ(close(id, "the visitor gave up").string("status"), "cancelled");
    EXPECT_EQ(while_it_was_closed, "pending");
    EXPECT_EQ(await(database->actions_of(id, ActionKind::close)).size(), 1U);
    EXPECT_EQ(outbox(), std::vector<std::string>{"payment.failed"});
}

TEST_F(LeftOpen, is_not_ended_when_it_is_paid_while_it_is_closed_at_its_provider) {
    const auto id = started(stripes);
    wait(30min + 20s);
    const auto paid = said({capture_of(id)});
    stripe.on_cancel = [&](const Transaction&) { return paid; };
    EXPECT_EQ(close(id).problem(), "not-closable");
    EXPECT_EQ(status(id), "paid");
    // Who had it closed there is on record, and that nobody has ended it.
    const auto done = await(database->actions_of(id, {}));
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done[0].kind, "ask_close");
}

// Killed after the provider has closed it, and before anything of that is written.
TEST_F(LeftOpen, has_who_ended_it_on_record_when_the_process_dies_in_the_middle) {
    const auto id = started(stripes);
    wait(30min + 20s);
    const auto closes = stripe.on_cancel;
    stripe.on_cancel = [&](const Transaction& attempt) {
        store.lose("record");
        return closes(attempt);
    };
    EXPECT_EQ(close(id, "the visitor gave up").status, 503);
    EXPECT_EQ(status(id), "pending");
    store.restore();
    const auto closed = said({word(id, FactKind::cancelled)});
    stripe.on_ask = [&](const Transaction&) { return closed; };
    wait(3h);
    EXPECT_EQ(status(id), "cancelled");
    const auto done = await(database->actions_of(id, {}));
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done[0].kind, "ask_close");
    EXPECT_EQ(done[0].by.sub, "anna");
    EXPECT_EQ(done[0].details, (ActionDetails{{"reason", "the visitor gave up"}}));
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

// Two people end it at once, and to ask Stripe about what it has not answered for may create it:
// one hears nothing and ends it, while the other's question is on its way and creates it.
TEST_F(LeftOpen, what_a_question_creates_after_its_end_is_closed_by_who_asked) {
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    const auto id = start(stripes).number("transaction_id");
    ASSERT_EQ(status(id), "unknown");
    clock.time += 40min;
    const auto created = stripe.on_ask;
    stripe.on_ask = [&](const Transaction& attempt) {
        auto heard = Heard::about(id, Source::staff, clock.time, {word(id, FactKind::closed)});
        run(database->record(std::move(heard).and_check()));
        return created(attempt);
    };
    EXPECT_EQ(close(id).string("status"), "cancelled");
    EXPECT_EQ(stripe.cancelled, std::vector<std::int64_t>{id});
    EXPECT_EQ(story(id), "unanswered closed accepted cancelled");
}

TEST_F(LeftOpen, is_ended_by_those_alone_who_may) {
    left_open();
    const std::string body = R"({"transaction_id":1,"reason":"x"})";
    EXPECT_EQ(post("/payments/close", body).status, 401);
    EXPECT_EQ(post("/payments/close", body, as_service()).status, 401);
    EXPECT_EQ(
        post("/payments/close", body, as_user({{"payments_refund", "true"}})).problem(), "forbidden"
    );
    const auto wrong =
        post("/payments/close", "{\"reason\":\"\"}", as_user({{"payments_close", "true"}}));
    EXPECT_EQ(wrong.problem(), "invalid-request");
    EXPECT_EQ(wrong.at("errors").as_array().size(), 2u);
    EXPECT_EQ(close(99).problem(), "unknown-transaction");
    wait(3h);
    EXPECT_EQ(post("/payments/close", body, closer("INT")).problem(), "unknown-transaction");
    EXPECT_EQ(status(1), "pending");
    EXPECT_EQ(post("/payments/close", body, closer()).string("status"), "cancelled");
}

// ----------------------------------------------------------------- an account that was replaced

class ReplacedAccount : public LeftOpen {
protected:
    std::int64_t left_at_the_old_account() {
        const auto id = left_open();
        simplepay.missing_accounts.insert(read(id).account);
        return id;
    }
    Answer unverifiable_notice(std::int64_t id, const std::string& provider_id) {
        MatchCriteria subject{id, provider_id, Processor::simplepay};
        subject.account = read(id).account;
        auto heard = told(Processor::simplepay, std::move(subject), {claim_of(id)});
        const std::string body = "{\"of\":\"an account that is not set up\"}";
        heard.message = SignedMessage{Processor::simplepay, "unverified", "", body};
        simplepay.unverifiable.insert_or_assign(body, std::move(heard));
        return post("/payments/simplepay/ipn", body, {{"signature", "of that account"}});
    }
};

TEST_F(ReplacedAccount, has_its_notice_kept_and_listed_and_refused) {
    const auto id = left_at_the_old_account();
    EXPECT_EQ(unverifiable_notice(id, read(id).provider_id).problem(), "invalid-signature");
    EXPECT_EQ(unverifiable_notice(id, read(id).provider_id).problem(), "invalid-signature");
    EXPECT_EQ(messages_kept(), 1);
    EXPECT_EQ(listed(), Lines{"unmatched_message unverified"});
    wait(1h);
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(story(id), "accepted");
    wait(2h);
    EXPECT_EQ(listed(), (Lines{"unmatched_message unverified", "overdue TR1"}));
}

TEST_F(ReplacedAccount, has_no_notice_kept_that_is_about_another_payment) {
    const auto id = left_at_the_old_account();
    EXPECT_EQ(unverifiable_notice(id, "999").status, 400);
    EXPECT_EQ(messages_kept(), 0);
}

TEST_F(ReplacedAccount, is_named_when_its_payment_is_to_be_given_back) {
    const auto id = started(simple);
    ipn(id, {capture_of(id)});
    simplepay.missing_accounts.insert(read(id).account);
    const auto answer =
        post("/payments/refunds", R"({"transaction_id":1})", as_user(in_scope("payments_refund")));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.problem(), "not-refundable");
    EXPECT_NE(answer.string("detail").find(read(id).account), std::string::npos);
}

}  // namespace payments
