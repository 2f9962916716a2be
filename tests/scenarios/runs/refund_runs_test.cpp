// The payments of a cancelled event are given back: what is planned, who may start it, and what
// becomes of each.
#include "flow/checks/check_attempt.hpp"
#include "scenarios/runs/refund_world.hpp"

namespace payments {

using namespace testing_support;

class RefundRunScenario : public RefundWorld {};

// ------------------------------------------------------------------------------------ the plan

TEST_F(RefundRunScenario, a_plan_says_what_goes_back_and_what_does_not) {
    pay_tickets(3);
    paid("FULL-FEE-HUF-SIMPLE", 45);
    started(stripes, 46);                          // not paid
    given[2]["by hand"] = read(2).amount.minor();  // on the provider's page
    await(check_attempt(world, read(2)));
    const auto planned = plan(R"("filter":{"event":"OZORA","flag":"HU"},"give":{"all":true})");

    ASSERT_EQ(planned.status, 200) << planned.text;
    EXPECT_EQ(planned.number("count"), 3);
    EXPECT_EQ(
        json::write(planned.at("sums")),
        R"([{"processor":"SIMPLE","currency":"HUF","count":1,"amount":88000},)"
        R"({"processor":"STRIPE-INTENTS","currency":"EUR","count":2,"amount":440}])"
    );
    EXPECT_EQ(
        json::write(planned.at("left_out")),
        R"([{"reason":"not_paid","count":1,"transaction_ids":[5]},)"
        R"({"reason":"refunded","count":1,"transaction_ids":[2]}])"
    );
    EXPECT_EQ(planned.number("minutes"), 1);
    EXPECT_TRUE(planned.at("needs_release").as_bool());
    EXPECT_TRUE(given[1].empty()) << "a plan does nothing";
}

TEST_F(RefundRunScenario, a_plan_is_of_what_its_filter_finds) {
    pay_tickets(2);
    paid(simple, 44);
    const auto count = [&](const std::string& filter) {
        return plan(R"("filter":)" + filter + R"(,"give":{"all":true})").number("count");
    };
    EXPECT_EQ(count(R"({"processor":["SIMPLE"]})"), 1);
    EXPECT_EQ(count(R"({"ticket_id":43})"), 1);
    EXPECT_EQ(count(R"({"event":"OTHER"})"), 0);
    EXPECT_EQ(count(R"({"paid_to":"2026-03-02"})"), 0);
}

TEST_F(RefundRunScenario, a_part_is_given_back_of_each) {
    paid(stripes, 42);
    paid("FULL-FEE-HUF-SIMPLE", 43);
    const auto sums = [&](const std::string& give) {
        const auto planned = plan(R"("transaction_ids":[1,2],"give":)" + give);
        std::string text;
        for (const auto& sum : planned.at("sums").as_array())
            text +=
                json::write(sum.at("amount")) + std::string{sum.at("currency").as_string()} + " ";
        return text;
    };
    EXPECT_EQ(sums(R"({"percent":33})"), "29040HUF 72.6EUR ");
    EXPECT_EQ(sums(R"({"amount":50.5,"currency":"EUR"})"), "50.5EUR ");
}

TEST_F(RefundRunScenario, what_is_wrong_with_an_order_is_told_at_once) {
    const auto wrong = [&](const std::string& body) {
        const auto answer = call("refund-runs/plan", body);
        EXPECT_EQ(answer.status, 400) << answer.text;
        return answer.string("detail");
    };
    EXPECT_EQ(
        wrong("{}"), "/filter is needed, or else transaction_ids, and not both; /give is missing"
    );
    EXPECT_EQ(
        wrong(R"({"filter":{},"give":{"all":true,"percent":5}})"),
        "/filter must not be empty: it would be every payment; /give must have one of all, percent"
        " and amount"
    );
    EXPECT_EQ(
        wrong(R"({"filter":{"text":"x","currency":"XX"},"give":{"percent":100}})"),
        "/filter/text is not for a refund run; /filter/currency must be a currency such as EUR;"
        " /give/percent must be 1 to 99"
    );
    EXPECT_EQ(
        wrong(R"({"transaction_ids":[0],"give":{"amount":1.5,"currency":"HUF"}})"),
        "/transaction_ids/0 must be an integer of at least 1; /give/amount must be in whole HUF"
    );
}

// -------------------------------------------------------------------------------- its start

TEST_F(RefundRunScenario, a_run_waits_until_somebody_else_has_released_it) {
    pay_tickets(2);
    const auto choice = named({1, 2});
    const auto begun = start_as_planned(choice, plan(choice));
    ASSERT_EQ(begun.status, 200) << begun.text;
    const auto run = begun.number("run_id");
    EXPECT_EQ(begun.string("state"), "needs_release");
    work();
    EXPECT_EQ(standing(run), "needs_release: waiting 2");

    const auto by_herself = steer(run, "release", "kata");
    EXPECT_EQ(by_herself.status, 403);
    EXPECT_EQ(by_herself.problem(), "second-person-needed");
    const auto released = steer(run, "release", "bela");
    EXPECT_EQ(released.string("state"), "running");
    EXPECT_EQ(json::write(released.at("released_by")), R"({"sub":"bela","name":"bela"})");
    work();
    EXPECT_EQ(standing(run), "done: done 2");
    EXPECT_EQ(given_back(1), 22000);
    EXPECT_EQ(status(2), "refunded");
    EXPECT_EQ(stripe.refunds.size(), 2u);
}

TEST_F(RefundRunScenario, where_no_second_person_is_needed_it_runs_at_once) {
    rules.releases_refund_runs = false;
    pay_tickets(1);
    const auto run = running(named({1}));
    work();
    EXPECT_EQ(standing(run), "done: done 1");
}

TEST_F(RefundRunScenario, what_starts_is_what_was_read) {
    pay_tickets(3);
    const std::string choice = R"("filter":{"event":"OZORA"},"give":{"all":true})";
    const auto planned = plan(choice);
    paid(stripes, 45);
    const auto changed = start_as_planned(choice, planned);
    EXPECT_EQ(changed.status, 409);
    EXPECT_EQ(changed.problem(), "plan-changed");

    const auto again = plan(choice);
    auto typed = "{" + choice + R"(,"digest":")" + again.string("digest") +
                 R"(","name":"A day","reason":"cancelled","typed_sums":[{"processor":)"
                 R"("STRIPE-INTENTS","currency":"EUR","amount":879.99}]})";
    const auto differs = call("refund-runs", typed);
    EXPECT_EQ(differs.status, 422);
    EXPECT_EQ(differs.problem(), "sums-differ");
    EXPECT_EQ(
        differs.string("detail"),
        "these are not the plan's sums: it gives back STRIPE-INTENTS: 880 EUR"
    );
    EXPECT_EQ(call("refund-runs/list", "{}").at("runs").as_array().size(), 0u);
}

TEST_F(RefundRunScenario, one_plan_is_started_once) {
    pay_tickets(2);
    const auto choice = named({1, 2});
    const auto planned = plan(choice);
    const auto first = start_as_planned(choice, planned);
    const auto second = start_as_planned(choice, planned, "bela");
    EXPECT_EQ(second.status, 200) << second.text;
    EXPECT_EQ(second.number("run_id"), first.number("run_id"));
    EXPECT_EQ(second.at("started_by").at("sub").as_string(), "kata");

    // Nor does a payment wait in two runs.
    const auto other = plan(named({2}));
    EXPECT_EQ(
        json::write(other.at("left_out")),
        R"([{"reason":"in_run","count":1,"transaction_ids":[2]}])"
    );
    EXPECT_EQ(start_as_planned(named({2}), other).problem(), "plan-changed");
}

TEST_F(RefundRunScenario, a_plan_that_was_carried_out_is_not_started_again) {
    rules.releases_refund_runs = false;
    pay_tickets(1);
    const std::string choice = R"("transaction_ids":[1],"give":{"amount":50,"currency":"EUR"})";
    const auto planned = plan(choice);
    start_as_planned(choice, planned);
    work();
    EXPECT_EQ(start_as_planned(choice, planned).problem(), "plan-changed");
    EXPECT_EQ(given_back(1), 5000);
}

TEST_F(RefundRunScenario, a_start_under_an_idempotency_key_is_one_run) {
    pay_tickets(1);
    const auto choice = named({1});
    const auto planned = plan(choice);
    const auto body = "{" + choice + R"(,"digest":")" + planned.string("digest") +
                      R"(","name":"A day","reason":"cancelled","typed_sums":)" +
                      json::write(planned.at("sums")) + "}";
    auto headers = as("kata");
    headers.emplace_back("idempotency-key", "k-1");
    const auto first = post("/payments/refund-runs", body, headers);
    const auto again = post("/payments/refund-runs", body, headers);
    EXPECT_EQ(first.status, 200) << first.text;
    EXPECT_EQ(again.text, first.text);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
}

// ----------------------------------------------------------------------------- on its way

TEST_F(RefundRunScenario, each_is_given_back_as_if_a_person_had_asked_for_it) {
    pay_tickets(1);
    const auto run = running(named({1}));
    work();
    EXPECT_EQ(story(1), "accepted captured refund_requested refunded");
    const auto entry = read(1).entries.at(2);
    EXPECT_EQ(entry.fact.detail, "by kata: it was cancelled");
    EXPECT_EQ(entry.fact.subject, "run-" + std::to_string(run) + "-TR1");
    EXPECT_EQ(outbox(), (std::vector<std::string>{"payment.paid", "payment.refunded"}));
    const auto actions = await(database->actions_of(1, ActionKind::refund));
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].by.sub, "kata");
    const auto items = get_run(run).at("items").as_array();
    EXPECT_EQ(items[0].at("refund_id").as_string(), "TR1-R1");
    EXPECT_EQ(items[0].at("ticket_id").as_int64(), 42);
}

TEST_F(RefundRunScenario, a_key_of_a_run_is_no_key_for_a_person) {
    pay_tickets(1);
    auto headers = as_user(in_scope("payments_refund"));
    headers.emplace_back("idempotency-key", "run-1-TR1");
    const auto answer = post("/payments/refunds", R"({"transaction_id":1})", std::move(headers));
    EXPECT_EQ(answer.status, 400) << answer.text;
}

TEST_F(RefundRunScenario, a_person_pauses_it_and_lets_it_go_on) {
    pay_tickets(3);
    const auto run = running(named({1, 2, 3}));
    await(refund_due_item(world, Processor::stripe));
    EXPECT_EQ(steer(run, "pause").string("state"), "paused");
    work();
    EXPECT_EQ(standing(run), "paused (person): waiting 2, done 1");
    EXPECT_EQ(steer(run, "go_on", "bela").string("state"), "running");
    work();
    EXPECT_EQ(standing(run), "done: done 3");
}

TEST_F(RefundRunScenario, a_person_stops_it_for_good) {
    pay_tickets(3);
    const auto run = running(named({1, 2, 3}));
    await(refund_due_item(world, Processor::stripe));
    EXPECT_EQ(steer(run, "stop").string("state"), "stopped");
    work();
    EXPECT_EQ(standing(run), "stopped: done 1, left_out 2");
    EXPECT_EQ(item(run, 2), "left_out stopped");
    EXPECT_EQ(steer(run, "go_on").problem(), "run-not-steerable");
    EXPECT_EQ(plan(named({2, 3})).number("count"), 2);
}

TEST_F(RefundRunScenario, what_a_clerk_gave_back_meanwhile_is_left_out) {
    pay_tickets(3);
    const auto run = running(named({1, 2, 3}));
    const auto clerk = as_user(in_scope("payments_refund"));
    post("/payments/refunds", R"({"transaction_id":1})", clerk);
    post("/payments/refunds", R"({"transaction_id":2,"amount":50})", clerk);
    work();
    EXPECT_EQ(standing(run), "done: done 1, left_out 2");
    EXPECT_EQ(item(run, 1), "left_out refunded");
    EXPECT_EQ(item(run, 2), "left_out changed");
    EXPECT_EQ(given_back(2), 5000);
}

TEST_F(RefundRunScenario, what_was_given_back_on_the_providers_page_just_now_is_left_out) {
    pay_tickets(1);
    const auto run = running(named({1}));
    given[1]["by hand"] = 5000;  // nobody has told us
    work();
    EXPECT_EQ(item(run, 1), "left_out changed");
    EXPECT_EQ(given_back(1), 5000);
}

TEST_F(RefundRunScenario, five_refusals_in_a_row_stop_it_until_a_person_lets_it_go_on) {
    pay_tickets(8);
    const auto yes = stripe.on_refund;
    stripe.on_refund = refused;
    const auto run = running(named({1, 2, 3, 4, 5, 6, 7, 8}));
    work();
    EXPECT_EQ(standing(run), "paused (refusals): waiting 3, refused 5");
    EXPECT_EQ(stripe.refunds.size(), 5u);
    EXPECT_NE(logged().find("a refund run has stopped by itself"), std::string::npos);

    stripe.on_refund = yes;
    steer(run, "go_on");
    work();
    EXPECT_EQ(standing(run), "done: done 3, refused 5");
    EXPECT_EQ(get_run(run, R"(,"state":"refused","limit":1)").at("next").as_int64(), 1);

    EXPECT_EQ(steer(run, "again").string("state"), "running");
    work();
    EXPECT_EQ(standing(run), "done: done 8");
    for (std::int64_t id = 1; id <= 8; ++id) EXPECT_EQ(given_back(id), 22000);
}

TEST_F(RefundRunScenario, what_was_not_answered_waits_for_the_providers_word) {
    pay_tickets(2);
    const auto yes = stripe.on_refund;
    stripe.on_refund = unanswered;
    const auto run = running(named({1, 2}));
    work();
    EXPECT_EQ(standing(run), "running: unknown 2");
    EXPECT_EQ(stripe.refunds.size(), 2u);
    work(3min);
    EXPECT_EQ(stripe.refunds.size(), 2u) << "nothing is tried blindly";

    stripe.on_refund = yes;
    wait(2min);  // the background asks the provider
    work(1min);
    EXPECT_EQ(standing(run), "done: done 2");
    EXPECT_EQ(given_back(1), 22000);
}

TEST_F(RefundRunScenario, a_provider_that_is_silent_before_anything_was_asked_is_tried_again) {
    pay_tickets(2);
    const auto run = running(named({1, 2}));
    stripe.on_ask = [](const Transaction&) { return silence(); };
    work();
    EXPECT_EQ(standing(run), "running: waiting 2");
    work(3min);
    EXPECT_EQ(standing(run), "paused (silence): waiting 2");
    EXPECT_TRUE(stripe.refunds.empty());
    stripe.on_ask = [this](const Transaction& attempt) { return books_of(attempt); };
    steer(run, "go_on");
    work();
    EXPECT_EQ(standing(run), "done: done 2");
}

TEST_F(RefundRunScenario, it_keeps_to_its_pace_whoever_works_at_it) {
    rules.refund_run_pace = 60;
    pay_tickets(3);
    running(named({1, 2, 3}));
    EXPECT_TRUE(await(refund_due_item(world, Processor::stripe)));
    EXPECT_FALSE(await(refund_due_item(world, Processor::stripe)));
    pass(999ms);
    EXPECT_FALSE(await(refund_due_item(world, Processor::stripe)));
    pass(1ms);
    EXPECT_TRUE(await(refund_due_item(world, Processor::stripe)));
}

// ------------------------------------------------------------------------- who sees what

TEST_F(RefundRunScenario, is_seen_by_who_sees_every_payment_of_it) {
    tickets.tickets[43].flag = "INT";
    pay_tickets(3);
    const auto both = [&](const std::string& what, const std::string& body) {
        return post("/payments/" + what, body, as("kata", "HU,INT"));
    };
    const auto choice = named({1, 2, 3});
    const auto planned = both("refund-runs/plan", "{" + choice + "}");
    EXPECT_EQ(planned.number("count"), 3);
    const auto body = "{" + choice + R"(,"digest":")" + planned.string("digest") +
                      R"(","name":"A day","reason":"cancelled","typed_sums":)" +
                      json::write(planned.at("sums")) + "}";
    const auto run = both("refund-runs", body).number("run_id");

    EXPECT_EQ(get_run(run).problem(), "unknown-run");
    EXPECT_EQ(steer(run, "release", "bela").problem(), "unknown-run");
    EXPECT_EQ(call("refund-runs/list", "{}").at("runs").as_array().size(), 0u);
    EXPECT_EQ(both("refund-runs/list", "{}").at("runs").as_array().size(), 1u);
    // Of what is outside, as of what does not exist: it is unknown.
    const auto named_by_hu = plan(named({2, 99}));
    EXPECT_EQ(
        json::write(named_by_hu.at("left_out")),
        R"([{"reason":"unknown","count":2,"transaction_ids":[2,99]}])"
    );
    const auto found_by_hu = plan(R"("filter":{"event":"OZORA"},"give":{"all":true})");
    EXPECT_EQ(
        json::write(found_by_hu.at("left_out")),
        R"([{"reason":"in_run","count":2,"transaction_ids":[1,3]}])"
    );

    const auto here = await(database->scope_id({"HU", "2026", "OZORA"}));
    await(database->move_ticket(43, here));
    EXPECT_EQ(get_run(run).status, 200);
}

TEST_F(RefundRunScenario, needs_the_privilege_and_tickets_to_see) {
    pay_tickets(1);
    const auto body = "{" + named({1}) + "}";
    const auto as_clerk = as_user(in_scope("payments_refund"));
    EXPECT_EQ(post("/payments/refund-runs/plan", body).status, 401);
    EXPECT_EQ(post("/payments/refund-runs/plan", body, as_service()).status, 401);
    EXPECT_EQ(post("/payments/refund-runs/plan", body, as_clerk).status, 403);
    const auto nowhere = as_user({{"payments_refund_bulk", "true"}});
    EXPECT_EQ(post("/payments/refund-runs/plan", body, nowhere).number("count"), 0);
}

TEST_F(RefundRunScenario, what_people_did_is_on_record) {
    pay_tickets(1);
    const auto run = running(named({1}));
    steer(run, "pause");
    steer(run, "pause");
    ActionsQuery query{{true, {}}};
    query.kinds = {"refund_run"};
    std::string text;
    for (const auto& action : await(database->actions(query)).list)
        text += action.by.sub + " " + action.details.at("do") + " " + action.about + "; ";
    EXPECT_EQ(text, "kata pause run 1; bela release run 1; kata start run 1; ");
}

}  // namespace payments
