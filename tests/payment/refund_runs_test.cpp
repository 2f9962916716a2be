#include "payment/runs/refund_runs.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "fixtures/facts.hpp"

namespace payments {
namespace {

using namespace testing_support;

const Actor kata{"kata", "Kata K."}, bela{"bela", "Béla N."};

Give percent(int of) {
    Give give;
    give.kind = Give::Kind::percent;
    give.percent = of;
    return give;
}

Give each(Money amount) {
    Give give;
    give.kind = Give::Kind::amount;
    give.amount = amount;
    return give;
}

Money huf(std::int64_t minor) { return Money::of(minor, Currency::of("HUF").value()).value(); }

struct RefundRuns : testing::Test {
    Transaction payment{
        .id = 42,
        .ticket_id = 7,
        .code = Code::parse("FULL-FEE-EUR-SIMPLE").value(),
        .amount = eur(22000),
        .account = "M",
        .email = "",
        .metas = "{}",
        .created_at = noon,
        .expires_at = noon + 30min};

    void hear(Fact fact) {
        payment.entries.push_back({noon, Source::query, std::move(fact)});
        const auto facts = facts_of(payment);
        payment.status = status(facts);
        payment.refunded_minor = refunded_minor(facts);
    }
    void pay() { hear(captured(payment.amount.minor())); }
    RefundItem item(Money amount = eur(22000)) {
        RefundItem made{PlannedRefund{42, Processor::simplepay, amount, 0}};
        made.run_id = 7;
        return made;
    }
    // The run asks for it, under its key.
    std::string ask(Money amount = eur(22000)) {
        RefundDetails details{amount, "", "kata", item().key()};
        const auto asked = request_refund(payment, details).value();
        hear(asked);
        return asked.refund;
    }
    void refuse(const std::string& refund) {
        auto no = fact(FactKind::refund_refused);
        no.refund = refund;
        no.detail = "no money";
        hear(no);
    }
};

// ------------------------------------------------------------------------------- the plan

TEST_F(RefundRuns, give_back_all_that_is_left) {
    pay();
    EXPECT_EQ(share_of(payment, {}).amount, eur(22000));
    hear(refunded("re_1", 5000));
    EXPECT_EQ(share_of(payment, {}).amount, eur(17000));
    hear(refunded("re_2", 17000));
    EXPECT_EQ(share_of(payment, {}).why, LeftOut::refunded);
}

TEST_F(RefundRuns, give_back_percents_of_what_was_paid_and_count_what_was_given_before) {
    pay();
    EXPECT_EQ(share_of(payment, percent(80)).amount, eur(17600));
    hear(refunded("re_1", 10000));
    EXPECT_EQ(share_of(payment, percent(80)).amount, eur(7600));
    EXPECT_EQ(share_of(payment, percent(40)).why, LeftOut::refunded);
}

TEST_F(RefundRuns, round_percents_down_to_what_the_currency_can_pay_out) {
    payment.amount = eur(9999);
    pay();
    EXPECT_EQ(share_of(payment, percent(33)).amount, eur(3299));
    payment.entries.clear();
    payment.amount = huf(9990000);  // 99 900 HUF
    auto all = fact(FactKind::captured);
    all.amount = payment.amount;
    hear(all);
    EXPECT_EQ(share_of(payment, percent(33)).amount, huf(3296700));
    EXPECT_EQ(share_of(payment, percent(1)).amount, huf(99900));
}

TEST_F(RefundRuns, give_nothing_back_of_what_rounds_down_to_nothing) {
    payment.amount = eur(50);
    pay();
    EXPECT_EQ(share_of(payment, percent(1)).why, LeftOut::too_little);
}

TEST_F(RefundRuns, give_an_amount_of_each_that_has_so_much_left) {
    pay();
    EXPECT_EQ(share_of(payment, each(eur(5000))).amount, eur(5000));
    EXPECT_EQ(share_of(payment, each(huf(5000))).why, LeftOut::other_currency);
    hear(refunded("re_1", 20000));
    EXPECT_EQ(share_of(payment, each(eur(5000))).why, LeftOut::less_left);
}

TEST_F(RefundRuns, leave_out_what_is_not_simply_paid) {
    EXPECT_EQ(why_left_out(payment), LeftOut::not_paid);
    hear(fact(FactKind::unanswered));
    EXPECT_EQ(why_left_out(payment), LeftOut::unknown_outcome);
    pay();
    EXPECT_EQ(why_left_out(payment), std::nullopt);
    ask(eur(100));
    EXPECT_EQ(why_left_out(payment), LeftOut::reserved);
    hear(fact(FactKind::disputed, "dp_1"));
    EXPECT_EQ(why_left_out(payment), LeftOut::disputed);
    hear(captured(21900));
    auto mismatch = fact(FactKind::mismatched, "another has its id");
    hear(mismatch);
    EXPECT_EQ(why_left_out(payment), LeftOut::in_review);
}

TEST_F(RefundRuns, a_free_ticket_has_nothing_to_return) {
    payment.amount = eur(0);
    pay();
    EXPECT_EQ(why_left_out(payment), LeftOut::not_paid);
}

TEST(RefundPlans, add_up_by_processor_and_currency) {
    RefundPlan plan;
    plan.items = {
        {1, Processor::stripe, eur(100), 0},
        {2, Processor::simplepay, eur(50), 0},
        {3, Processor::stripe, eur(25), 0},
        {4, Processor::stripe, huf(1000), 0}};
    const auto sums = sums_of(plan);
    ASSERT_EQ(sums.size(), 3u);
    EXPECT_EQ(sums[0].processor, Processor::simplepay);
    EXPECT_EQ(sums[1].count, 2);
    EXPECT_EQ(sums[1].minor, 125);
    EXPECT_EQ(sums[2].currency.code(), "HUF");
    // Both processors are asked at the same time: three refunds at Stripe decide.
    EXPECT_EQ(minutes_for(sums, 2), 2);
    EXPECT_EQ(minutes_for({}, 60), 0);
}

TEST(RefundPlans, are_told_apart_by_what_they_give_back_and_by_what_was_given_before) {
    RefundPlan plan;
    plan.items = {{1, Processor::stripe, eur(100), 0}};
    auto other = plan;
    EXPECT_EQ(text_of(other), text_of(plan));
    other.items[0].refunded_minor = 100;
    EXPECT_NE(text_of(other), text_of(plan));
    other = plan;
    other.items[0].amount = eur(101);
    EXPECT_NE(text_of(other), text_of(plan));
    other = plan;
    other.give = percent(80);
    EXPECT_NE(text_of(other), text_of(plan));
}

TEST(RefundPlans, take_the_sums_that_were_typed_to_the_cent) {
    RefundPlan plan;
    plan.items = {{1, Processor::stripe, eur(100), 0}, {2, Processor::simplepay, huf(1000), 0}};
    const auto sums = sums_of(plan);
    const TypedSum in_eur{Processor::stripe, eur(100)}, in_huf{Processor::simplepay, huf(1000)};
    EXPECT_TRUE(check_sums(sums, {in_eur, in_huf}));
    EXPECT_TRUE(check_sums(sums, {in_huf, in_eur}));
    EXPECT_EQ(check_sums(sums, {in_eur}).error().code, Errc::sums_differ);
    EXPECT_EQ(check_sums(sums, {in_eur, in_huf, in_huf}).error().code, Errc::sums_differ);
    const TypedSum off_by_one{Processor::stripe, eur(101)};
    EXPECT_EQ(
        check_sums(sums, {off_by_one, in_huf}).error().detail,
        "these are not the plan's sums: it gives back STRIPE-INTENTS: 1 EUR"
    );
}

TEST(RefundPlans, what_is_given_back_reads_as_it_was_written) {
    for (const auto& give : {Give{}, percent(80), each(eur(5050)), each(huf(500000))}) {
        const auto read = Give::parse(give.text());
        ASSERT_TRUE(read) << give.text();
        EXPECT_EQ(read->text(), give.text());
    }
    for (const auto* wrong : {"", "some", "x %", "5 XYZ", "5x %"}) EXPECT_FALSE(Give::parse(wrong));
}

// -------------------------------------------------------------------------------- the run

struct SteeredRun : testing::Test {
    SteeredRun() {
        run.id = 7;
        run.started_by = kata;
        run.started_at = noon;
    }
    ItemCounts counts(std::int64_t waiting, std::int64_t refused = 0) {
        ItemCounts made{};
        made[static_cast<std::size_t>(ItemState::waiting)] = waiting;
        made[static_cast<std::size_t>(ItemState::refused)] = refused;
        return made;
    }
    // "running: wake", or the slug-like words of the error.
    std::string after(Steering what, const Actor& by = bela, std::int64_t refused = 0) {
        const auto steered = steer(run, counts(3, refused), what, by, noon + 1min);
        if (!steered) return steered.error().detail;
        run = steered->run;
        return std::string{name(run.state)} + (steered->is_new ? "" : " as before");
    }
    RefundRun run;
};

TEST_F(SteeredRun, waits_for_a_second_person) {
    run.state = RunState::needs_release;
    EXPECT_EQ(
        after(Steering::release, kata),
        "run 7 must be released by somebody else than who started it"
    );
    EXPECT_EQ(after(Steering::pause), "run 7 must be released first");
    EXPECT_EQ(after(Steering::again, bela, 1), "run 7 must be released first");
    EXPECT_EQ(after(Steering::release), "running");
    EXPECT_EQ(run.released_by->sub, "bela");
    EXPECT_EQ(run.released_at, noon + 1min);
    EXPECT_EQ(after(Steering::release), "running as before");
}

TEST_F(SteeredRun, is_paused_and_goes_on) {
    EXPECT_EQ(after(Steering::go_on), "running as before");
    EXPECT_EQ(after(Steering::pause), "paused");
    EXPECT_EQ(run.paused_because, RunPause::person);
    EXPECT_EQ(after(Steering::pause), "paused as before");
    EXPECT_EQ(after(Steering::go_on), "running");
    EXPECT_EQ(run.paused_because, RunPause::none);
}

TEST_F(SteeredRun, is_stopped_for_good) {
    EXPECT_EQ(after(Steering::stop), "stopped");
    EXPECT_EQ(run.ended_at, noon + 1min);
    EXPECT_EQ(after(Steering::go_on), "run 7 was stopped for good");
    EXPECT_EQ(after(Steering::again, bela, 1), "run 7 was stopped for good");
    EXPECT_EQ(after(Steering::stop), "stopped as before");
}

TEST_F(SteeredRun, tries_again_what_was_refused) {
    EXPECT_EQ(after(Steering::again), "run 7 has nothing that was refused");
    run.state = RunState::done;
    run.ended_at = noon;
    const auto again = steer(run, counts(0, 2), Steering::again, kata, noon);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->items, ItemsChange::try_again);
    EXPECT_EQ(again->run.state, RunState::running);
    EXPECT_FALSE(again->run.ended_at);
    EXPECT_EQ(after(Steering::stop), "run 7 is done");
}

// Whatever people do, in whatever order: a run is over only when it was stopped or nothing is open,
// and one that nobody has released never runs.
TEST(SteeredRuns, are_in_order_whatever_people_do) {
    rc::check([] {
        RefundRun run;
        run.id = 1;
        run.started_by = kata;
        run.state = RunState::needs_release;
        ItemCounts counts{};
        counts[0] = 2;
        const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10));
        for (const auto step : steps) {
            const auto& by = step % 2 == 0 ? kata : bela;
            const auto steering = static_cast<Steering>(step / 2);
            const auto before = run;
            const auto steered = steer(run, counts, steering, by, noon);
            if (!steered) {
                const auto why = steered.error().code;
                const bool is_known =
                    why == Errc::run_not_steerable || why == Errc::second_person_needed;
                RC_ASSERT(is_known);
                continue;
            }
            run = steered->run;
            RC_ASSERT(before.state != RunState::stopped || run.state == RunState::stopped);
            if (run.state == RunState::running) RC_ASSERT(run.released_by->sub == bela.sub);
            RC_ASSERT((run.paused_because != RunPause::none) == (run.state == RunState::paused));
            RC_ASSERT(run.ended_at.has_value() == run.is_over());
        }
    });
}

// ------------------------------------------------------------------------------- its items

TEST_F(RefundRuns, know_what_became_of_an_item_by_the_facts) {
    pay();
    EXPECT_EQ(known_outcome(payment, item()), std::nullopt);
    const auto refund = ask();
    EXPECT_EQ(known_outcome(payment, item())->state, ItemState::unknown);
    hear(refunded("re_1", 22000, refund));
    EXPECT_EQ(known_outcome(payment, item())->state, ItemState::done);
    EXPECT_EQ(refund_of(payment, item()), "TR42-R1");
}

TEST_F(RefundRuns, try_what_was_refused_once_more_only_when_a_person_says_so) {
    pay();
    refuse(ask());
    auto tried = item();
    const auto refused = known_outcome(payment, tried);
    EXPECT_EQ(refused->state, ItemState::refused);
    EXPECT_EQ(refused->detail, "no money");
    tried.tries = 2;
    EXPECT_EQ(known_outcome(payment, tried), std::nullopt);
    const auto second = ask();
    EXPECT_EQ(known_outcome(payment, tried)->state, ItemState::unknown);
    hear(refunded("re_1", 22000, second));
    EXPECT_EQ(known_outcome(payment, tried)->state, ItemState::done);
}

TEST_F(RefundRuns, do_not_give_back_again_what_was_refused_and_made_after_all) {
    pay();
    const auto refund = ask(eur(5000));
    refuse(refund);
    hear(refunded("re_1", 5000, refund));
    auto tried = item(eur(5000));
    tried.tries = 2;
    EXPECT_EQ(known_outcome(payment, tried)->state, ItemState::done);
}

TEST_F(RefundRuns, leave_out_what_somebody_else_has_given_back_meanwhile) {
    pay();
    hear(refunded("re_1", 5000));
    EXPECT_EQ(known_outcome(payment, item(eur(5000)))->why, LeftOut::changed);
    hear(refunded("re_2", 17000));
    EXPECT_EQ(known_outcome(payment, item())->why, LeftOut::refunded);
}

TEST(RefundRunKeys, are_of_one_form) {
    for (const auto* key : {"run-7-TR123", "run-70-TR1"}) EXPECT_TRUE(is_key_of_run(key)) << key;
    for (const auto* key :
         {"", "run-", "run-7-TR", "run--TR1", "run-7-TR1x", "xrun-7-TR1", "run-7-tr1", "run-x-TR1"})
        EXPECT_FALSE(is_key_of_run(key)) << key;
}

struct SettledRun : SteeredRun {
    RefundItem asked(Processor processor = Processor::stripe) {
        RefundItem item{PlannedRefund{42, processor, eur(100), 0}};
        item.run_id = 7;
        item.state = ItemState::asked;
        return item;
    }
    SettledItem settled(ItemState state, const RefundItem& before, bool others_open = true) {
        auto made = settle(run, before, {state}, others_open, noon);
        run = made.run;
        return made;
    }
};

TEST_F(SettledRun, stops_by_itself_after_five_refusals_in_a_row) {
    for (int i = 0; i < 4; ++i) settled(ItemState::refused, asked());
    settled(ItemState::done, asked());
    for (int i = 0; i < 4; ++i) settled(ItemState::refused, asked());
    EXPECT_EQ(run.state, RunState::running);
    settled(ItemState::refused, asked());
    EXPECT_EQ(run.state, RunState::paused);
    EXPECT_EQ(run.paused_because, RunPause::refusals);
    EXPECT_EQ(after(Steering::go_on), "running");
    settled(ItemState::refused, asked());
    EXPECT_EQ(run.state, RunState::running);
}

TEST_F(SettledRun, counts_what_each_processor_refuses) {
    for (int i = 0; i < 4; ++i) {
        settled(ItemState::refused, asked(Processor::stripe));
        settled(ItemState::done, asked(Processor::simplepay));
    }
    EXPECT_EQ(run.state, RunState::running);
    settled(ItemState::refused, asked(Processor::stripe));
    EXPECT_EQ(run.state, RunState::paused);
}

TEST_F(SettledRun, stops_by_itself_when_a_provider_is_silent) {
    for (int i = 0; i < 3; ++i) settled(ItemState::waiting, asked());
    auto unknown = asked();
    settled(ItemState::unknown, unknown);
    unknown.state = ItemState::unknown;
    settled(ItemState::unknown, unknown);
    EXPECT_EQ(run.state, RunState::running);
    const auto last = settled(ItemState::waiting, asked());
    EXPECT_EQ(run.state, RunState::paused);
    EXPECT_EQ(run.paused_because, RunPause::silence);
    EXPECT_FALSE(last.due_at) << "nothing has its turn while it is paused";
}

TEST_F(SettledRun, is_done_when_nothing_is_open_whatever_its_state) {
    settled(ItemState::done, asked());
    EXPECT_EQ(run.state, RunState::running);
    after(Steering::pause);
    settled(ItemState::refused, asked(), false);
    EXPECT_EQ(run.state, RunState::done);
    EXPECT_EQ(run.ended_at, noon);
}

TEST_F(SettledRun, looks_again_at_what_is_unknown_also_when_it_was_stopped) {
    after(Steering::stop);
    EXPECT_TRUE(settled(ItemState::unknown, asked()).due_at);
    const auto late = settled(ItemState::waiting, asked(), false);
    EXPECT_EQ(late.state, ItemState::left_out);
    EXPECT_EQ(late.why, LeftOut::stopped);
    EXPECT_EQ(run.state, RunState::stopped);
}

}  // namespace
}  // namespace payments
