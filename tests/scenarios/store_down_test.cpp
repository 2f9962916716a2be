// The database is lost, at every moment it can be: nothing is half done, and nobody pays twice.
#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"

namespace payments {

using namespace testing_support;

class StoreLost : public Scenario {
protected:
    void expect_unavailable(const Answer& answer) {
        EXPECT_EQ(answer.status, 503) << answer.text;
        EXPECT_EQ(answer.problem(), "storage-unavailable");
        EXPECT_EQ(answer.header("Retry-After"), "5");
        EXPECT_EQ(answer.text.find("lost"), std::string::npos);  // why is for the log alone
    }
    void until_logged(const std::string& text) {
        std::string all;
        until([&] {
            all += logged();
            return all.find(text) != std::string::npos;
        });
    }
};

TEST_F(StoreLost, before_the_attempt_is_on_record_no_provider_hears_of_it) {
    for (const std::size_t calls : {0, 1, 2}) {
        store.lose_after(calls);
        expect_unavailable(start());
        store.restore();
        EXPECT_TRUE(attempts().empty());
    }
    EXPECT_TRUE(simplepay.started.empty());
    EXPECT_NE(logged().find("lost before"), std::string::npos);
    EXPECT_EQ(started(), 1);
}

TEST_F(StoreLost, after_the_provider_accepted_leaves_an_attempt_that_is_found_again) {
    store.lose_after(3);
    expect_unavailable(start(stripes));
    store.restore();
    EXPECT_EQ(status(1), "created");
    EXPECT_EQ(story(1), "");

    EXPECT_EQ(start(stripes).header("Retry-After"), "2");
    pass(15s);
    const auto again = start(stripes);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.number("transaction_id"), 1);
    EXPECT_EQ(again.string("client_secret"), "pi_1_secret");
    EXPECT_EQ(stripe.started.size(), 1u);
}

TEST_F(StoreLost, after_the_provider_accepted_is_mended_by_reconciling_too) {
    store.lose_after(3);
    expect_unavailable(start(simple));
    store.restore();

    EXPECT_EQ(reconcile(), 0u);
    pass(15s);
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(1), "pending");
    EXPECT_EQ(read(1).provider_id, "500001");
}

TEST_F(StoreLost, anywhere_in_a_start_that_closes_another_leaves_one_payable_attempt_at_most) {
    // transactions_of, scope_id, open, record (asked), transactions_of (paid by another?),
    // record (closed), open, record (started)
    for (const std::size_t calls : {0, 1, 2, 3, 4, 5, 6, 7}) {
        const auto ticket = static_cast<std::int64_t>(42 + calls);
        const auto first = started(stripes, ticket);
        store.calls.clear();
        store.lose_after(calls);
        expect_unavailable(start(simple, ticket));
        // Without its scope a start goes on to the next call, which is lost as well.
        const auto lost = store.calls.at(calls) == "scope_id" ? 2U : 1U;
        EXPECT_EQ(store.calls.size(), calls + lost);
        store.restore();

        pass(15s);
        const auto second = start(simple, ticket);
        EXPECT_EQ(second.status, 200) << calls << ": " << second.text;
        int live = 0;
        for (const auto& attempt : attempts(ticket)) live += is_live(attempt.status) ? 1 : 0;
        EXPECT_EQ(live, 1) << calls;
        EXPECT_EQ(status(first), "cancelled") << calls;
        EXPECT_EQ(status(second.number("transaction_id")), "pending") << calls;
    }
    tickets.tickets[50] = tickets.tickets[49];
    tickets.tickets[50].id = 50;
    store.calls.clear();
    started(stripes, 50);
    started(simple, 50);
    EXPECT_EQ(store.calls.size(), 4u + 8u);  // so every moment was tried above
}

TEST_F(StoreLost, while_a_free_ticket_is_settled_leaves_it_to_be_settled_later) {
    for (const auto* code : {"GUEST-FEE-EUR-SIMPLE", "GUEST-FEE-EUR-STRIPE-INTENTS"}) {
        const auto ticket = code == std::string{"GUEST-FEE-EUR-SIMPLE"} ? 42 : 43;
        store.lose("record");
        expect_unavailable(start(code, ticket));
        store.restore();
        const auto id = attempts(ticket).back().id;
        EXPECT_EQ(status(id), "created");

        pass(15s);
        const auto again = start(code, ticket);
        EXPECT_EQ(again.status, 409) << again.text;
        EXPECT_EQ(again.problem(), "already-paid");
        EXPECT_EQ(status(id), "paid");
    }
    EXPECT_TRUE(simplepay.asked.empty());
    EXPECT_TRUE(stripe.asked.empty());
}

TEST_F(StoreLost, while_a_free_ticket_is_settled_is_mended_by_reconciling_too) {
    store.lose("record");
    expect_unavailable(start("GUEST-FEE-EUR-SIMPLE"));
    store.restore();
    pass(15s);
    reconcile();

    EXPECT_EQ(status(1), "paid");
    EXPECT_TRUE(simplepay.asked.empty());
}

// -------------------------------------------------------------------------------- under a key

TEST_F(StoreLost, with_the_answer_to_a_key_keeps_the_payment_and_hands_it_out_later) {
    const Headers key{{"idempotency-key", "key-1"}};
    store.lose("store_response");
    expect_unavailable(post("/payments/start", order(stripes), key));
    store.restore();
    EXPECT_EQ(status(1), "pending");

    EXPECT_EQ(post("/payments/start", order(stripes), key).problem(), "key-in-use");
    pass(1min + 1ms);
    const auto again = post("/payments/start", order(stripes), key);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.number("transaction_id"), 1);
    EXPECT_EQ(stripe.started.size(), 1u);
}

TEST_F(StoreLost, at_any_call_under_a_key_charges_once) {
    // claim_key, transactions_of, scope_id, open, record, store_response
    for (const std::size_t calls : {0, 1, 2, 3, 4, 5}) {
        const auto ticket = static_cast<std::int64_t>(42 + calls);
        const Headers own{{"idempotency-key", "key-" + std::to_string(ticket)}};
        stripe.started.clear();
        store.lose_after(calls);
        expect_unavailable(post("/payments/start", order(stripes, ticket), own));
        store.restore();
        pass(1min + 1ms);

        const auto again = post("/payments/start", order(stripes, ticket), own);
        EXPECT_EQ(again.status, 200) << calls << ": " << again.text;
        EXPECT_EQ(stripe.started.size(), 1u) << calls;
        EXPECT_EQ(attempts(ticket).size(), 1u) << calls;
        EXPECT_EQ(post("/payments/start", order(stripes, ticket), own).text, again.text);
    }
}

// ----------------------------------------------------------------------- what others tell us

TEST_F(StoreLost, under_a_notification_is_503_so_that_the_provider_sends_it_again) {
    const auto id = started(stripes);
    store.lose("record");
    expect_unavailable(webhook(id, {capture_of(id)}, "evt_1"));
    store.restore();
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(messages_kept(), 0);

    EXPECT_EQ(webhook(id, {capture_of(id)}, "evt_1").status, 200);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(StoreLost, under_a_return_is_503_and_keeps_no_hint) {
    const auto id = started();
    const auto back = return_of(id, "SUCCESS");
    for (const auto* call : {"transaction", "record"}) {
        store.lose(call);
        expect_unavailable(come_back(back));
        store.restore();
    }
    EXPECT_EQ(story(id), "accepted");
    EXPECT_EQ(come_back(back).status, 200);
}

TEST_F(StoreLost, under_every_question_is_503) {
    const auto user = as_user(
        {{"payments_search", "true"},
         {"tickets_get_flags", "*"},
         {"tickets_get_years", "*"},
         {"tickets_get_events", "*"}}
    );
    store.lose_after(0);
    expect_unavailable(get("/payments/ticket-ids", as_service()));
    expect_unavailable(post("/payments/transactions", R"({"ticket_id":42})", user));
    expect_unavailable(post("/payments/search", R"({"search_term":1})", user));
    expect_unavailable(post(
        "/payments/options",
        R"({"ticket_id":42,"ticket_status":"registered","template":{"payment_options":[]}})",
        as_service()
    ));
    const auto ready = get("/readyz");  // the one place that says why
    EXPECT_EQ(ready.status, 503);
    EXPECT_NE(ready.string("detail").find("lost"), std::string::npos) << ready.text;
    EXPECT_EQ(get("/healthz").status, 200);

    store.restore();
    EXPECT_EQ(get("/readyz").status, 200);
    EXPECT_EQ(get("/payments/ticket-ids", as_service()).status, 200);
}

// ---------------------------------------------------------------------------- the background

TEST_F(StoreLost, under_reconciling_is_waited_out_and_then_it_goes_on) {
    const auto id = started(stripes);
    const auto paid = said({capture_of(id)});
    stripe.on_ask = [&](const Transaction&) { return paid; };
    pass(1min);
    const auto began = clock.time;
    store.lose("claim_due");
    clock.sleeps_max = 3;
    EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);
    EXPECT_EQ(clock.slept_until, (std::vector<Time>{began + 5s, began + 10s, began + 15s}));
    EXPECT_EQ(status(id), "pending");

    store.restore();
    clock.sleeps_max = 4;
    EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);
    EXPECT_EQ(clock.slept_until.back(), began + 15s + 200ms);
    until([&] { return status(id) == "paid"; });
}

TEST_F(StoreLost, with_what_the_providers_have_just_said_has_both_asked_again_later) {
    const auto at_simplepay = started(simple), at_stripe = started(stripes, 43);
    const auto paid_there = said({capture_of(at_simplepay)});
    const auto paid_here = said({capture_of(at_stripe)});
    simplepay.on_ask = [&](const Transaction&) { return paid_there; };
    stripe.on_ask = [&](const Transaction&) { return paid_here; };
    pass(1min);
    store.lose("record");
    EXPECT_THROW(reconcile(), StoreDown);
    store.restore();
    EXPECT_EQ(status(at_stripe), "pending");
    EXPECT_EQ(reconcile(), 0u);

    pass(5min);
    EXPECT_EQ(reconcile(), 2u);
    EXPECT_EQ(status(at_simplepay), "paid");
    EXPECT_EQ(status(at_stripe), "paid");
}

TEST_F(StoreLost, with_what_both_providers_said_does_not_end_reconciling_for_ever) {
    started(simple);
    started(stripes, 43);
    pass(1min);
    store.lose("record");
    clock.sleeps_max = 1;
    EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);
    until_logged("lost at record");
}

TEST_F(StoreLost, or_a_provider_that_breaks_does_not_end_reconciling_nor_stop_the_other_provider) {
    started(simple);
    const auto at_stripe = started(stripes, 43);
    const auto paid = said({capture_of(at_stripe)});
    stripe.on_ask = [&](const Transaction&) { return paid; };
    simplepay.on_ask = [](const Transaction&) -> QueryResult {
        throw std::logic_error("a defect");
    };
    pass(1min);
    clock.sleeps_max = 1;
    EXPECT_THROW(await(keep_reconciling(world)), SleptEnough);

    until([&] { return status(at_stripe) == "paid"; });
    until_logged("a defect");
}

TEST_F(StoreLost, under_tidying_is_waited_out) {
    store.lose("forget_keys");
    clock.sleeps_max = 2;
    EXPECT_THROW(await(keep_tidy(world)), SleptEnough);
    EXPECT_EQ(clock.slept_until, (std::vector<Time>{noon + 1h, noon + 2h}));
}

}  // namespace payments
