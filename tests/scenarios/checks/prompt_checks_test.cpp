// Whoever hears of a payment asks its provider about it, too, and nobody has to find and claim it.
#include "flow/checks/prompt_checks.hpp"

#include "fixtures/scenario.hpp"
#include "flow/record_facts.hpp"

namespace payments {

using namespace testing_support;
using namespace std::chrono_literals;

// Stands where another clock stands; sleepers wake when the gate is opened.
struct GatedClock final : Clock {
    explicit GatedClock(const Clock& clock) : of(clock) {}
    Time now() const override { return of.now(); }
    std::chrono::milliseconds steady() const override { return of.steady(); }
    Task<void> sleep_until(Time when) override {
        slept_for = when - of.now();
        return gate.pass();
    }

    const Clock& of;
    Gate gate;
    std::chrono::milliseconds slept_for{};
};

class Prompt : public Scenario {
protected:
    void SetUp() override {
        waking.gate.close();
        world.prompt = &prompt;
        simplepay.on_ask = [this](const Transaction& attempt) {
            auto captured = word_of(attempt, FactKind::captured);
            captured.amount = attempt.amount;
            return said({captured});
        };
    }
    void finished(std::int64_t id) {
        const auto name = "finished " + std::to_string(id);
        EXPECT_EQ(ipn(id, {claim_of(id)}, name).status, 200);
    }
    void add(const Transaction& attempt, int times) {
        for (int i = 0; i < times; ++i) {
            auto place = prompt.try_place(attempt.account);
            ASSERT_TRUE(place);
            prompt.add(world, attempt, std::move(*place));
        }
    }
    // As many as are taken, of which the first 25 are being asked about.
    void fill(const Transaction& attempt) {
        simplepay.ask_gate.close();
        add(attempt, 25);
        run_ready();
        EXPECT_EQ(simplepay.ask_gate.waiting(), 1u);
        add(attempt, 125);
        EXPECT_FALSE(prompt.try_place(attempt.account));
    }
    // A notice of a payment, which does not wait for its end.
    std::shared_ptr<bool> hear(std::int64_t id, PromptChecks& by) {
        world.prompt = &by;
        const auto is_heard = std::make_shared<bool>(false);
        auto heard = Heard::about(id, Source::ipn, clock.now(), {claim_of(id)}).and_check();
        heard.message =
            SignedMessage{Processor::simplepay, "notice " + std::to_string(id), "good", "{}"};
        boost::asio::co_spawn(
            loop, record_facts(world, std::move(heard)),
            [is_heard](std::exception_ptr, const Recorded&) { *is_heard = true; }
        );
        run_ready();
        return is_heard;
    }
    // As at a stop, for a second.
    std::shared_ptr<bool> begin_to_finish() {
        const auto is_over = std::make_shared<bool>(false);
        boost::asio::co_spawn(
            loop, prompt.finish(world, clock.steady() + 1s),
            [is_over](std::exception_ptr) { *is_over = true; }
        );
        run_ready();
        return is_over;
    }
    void gathered() {
        waking.gate.open();
        run_ready();
    }
    void run_ready() {
        loop.restart();
        // The store has threads of its own.
        while (loop.run_one_for(200ms) > 0) loop.restart();
    }

    GatedClock waking{clock};
    PromptChecks prompt{waking, loop.get_executor()};
    // Of a call that may take 10 s, with what clocks may differ by and what it may wait.
    const std::chrono::milliseconds claimed_for = 10s + 5s + 500ms + 2s;
};

TEST_F(Prompt, a_notice_is_acknowledged_and_then_confirmed_though_nobody_reconciles) {
    const auto id = started();
    finished(id);
    EXPECT_EQ(status(id), "pending");
    EXPECT_TRUE(simplepay.asked.empty());
    EXPECT_EQ(waking.slept_for, 100ms);
    EXPECT_EQ(reconcile(), 0u);  // it is claimed

    gathered();
    EXPECT_EQ(status(id), "paid");
    EXPECT_EQ(story(id), "accepted claimed captured");
    EXPECT_EQ(read(id).entries.back().source, Source::query);
    EXPECT_EQ(await(database->next_due()), std::nullopt);
    EXPECT_EQ(std::ranges::count(store.calls, "claim_due"), 1);
}

TEST_F(Prompt, those_that_come_together_are_asked_about_in_one_question) {
    const std::vector ids{started(simple, 42), started(simple, 43), started(simple, 44)};
    for (const auto id : ids) finished(id);
    gathered();
    EXPECT_EQ(simplepay.asked, (std::vector<std::vector<std::int64_t>>(1, ids)));
    for (const auto id : ids) EXPECT_EQ(status(id), "paid");
}

TEST_F(Prompt, what_comes_while_its_account_is_asked_is_asked_about_behind_that) {
    const auto first = started(simple, 42), second = started(simple, 43);
    simplepay.ask_gate.close();
    finished(first);
    gathered();
    ASSERT_EQ(simplepay.ask_gate.waiting(), 1u);
    finished(second);
    gathered();
    EXPECT_EQ(simplepay.asked.size(), 1u);
    simplepay.ask_gate.open();
    gathered();
    EXPECT_EQ(simplepay.asked, (std::vector<std::vector<std::int64_t>>{{first}, {second}}));
    EXPECT_EQ(status(second), "paid");
}

TEST_F(Prompt, a_silent_account_delays_no_other) {
    const auto silent = started(stripes, 42), answering = started(simple, 43);
    stripe.ask_gate.close();
    auto unclear = told(Processor::stripe, {silent, "", {}}, {});
    notify(Processor::stripe, "something happened", std::move(unclear).and_check());
    finished(answering);
    gathered();
    EXPECT_EQ(stripe.ask_gate.waiting(), 1u);
    EXPECT_EQ(status(answering), "paid");
    stripe.ask_gate.open();
    gathered();
}

TEST_F(Prompt, a_visitor_who_is_back_has_it_asked_about) {
    const auto id = started();
    come_back(return_of(id, "SUCCESS"));
    gathered();
    EXPECT_EQ(status(id), "paid");
}

// The process died before it asked, or was held up.
TEST_F(Prompt, when_it_is_never_asked_the_claim_ends_and_another_takes_it_up) {
    const auto id = started();
    finished(id);
    pass(claimed_for - 1ms);
    EXPECT_EQ(reconcile(), 0u);
    pass(1ms);
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Prompt, what_has_waited_for_long_is_left_to_whom_its_claim_falls) {
    const auto id = started();
    finished(id);
    pass(2s + 1ms);
    gathered();
    EXPECT_TRUE(simplepay.asked.empty());
    pass(claimed_for);
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Prompt, an_answer_that_cannot_be_recorded_is_asked_for_again_when_the_claim_has_ended) {
    const auto id = started();
    finished(id);
    store.lose("record");
    gathered();
    EXPECT_EQ(simplepay.asked.size(), 1u);
    EXPECT_NE(logged().find("a check is put off"), std::string::npos);
    store.restore();
    EXPECT_EQ(status(id), "pending");
    pass(claimed_for);
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");

    // And it goes on with what comes later.
    const auto next = started(simple, 43);
    waking.gate.close();
    finished(next);
    gathered();
    EXPECT_EQ(status(next), "paid");
}

TEST_F(Prompt, when_its_provider_is_silent_checks_are_left_in_the_database_for_anyone) {
    const auto id = started(simple, 42), other = started(simple, 43);
    const auto attempt = read(other);
    fill(attempt);
    EXPECT_TRUE(prompt.may_get_a_place(attempt.account));
    pass(501ms);
    EXPECT_FALSE(prompt.may_get_a_place(attempt.account));
    finished(id);
    EXPECT_EQ(await(database->next_due()), clock.time);

    simplepay.ask_gate.open();
    gathered();
    EXPECT_TRUE(prompt.may_get_a_place(attempt.account));
    EXPECT_EQ(simplepay.asked.size(), 6u);
    EXPECT_EQ(status(id), "pending");
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Prompt, who_finds_no_place_is_heard_when_one_is_free) {
    PromptChecks patient{waking, loop.get_executor(), {1, 1h}};
    const auto first = started(simple, 42), second = started(simple, 43);
    EXPECT_TRUE(*hear(first, patient));
    const auto is_heard = hear(second, patient);
    EXPECT_FALSE(*is_heard);
    EXPECT_EQ(story(second), "accepted");

    gathered();
    EXPECT_EQ(status(first), "paid");
    EXPECT_TRUE(*is_heard);
    EXPECT_EQ(status(second), "paid");
    EXPECT_EQ(simplepay.asked, (std::vector<std::vector<std::int64_t>>{{first}, {second}}));
}

TEST_F(Prompt, who_has_waited_for_a_place_in_vain_leaves_the_check_in_the_database) {
    PromptChecks hasty{waking, loop.get_executor(), {1, 1ms}};
    const auto first = started(simple, 42), second = started(simple, 43);
    EXPECT_TRUE(*hear(first, hasty));
    EXPECT_TRUE(*hear(second, hasty));
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(simplepay.asked, (std::vector<std::vector<std::int64_t>>{{second}}));
    gathered();
    EXPECT_EQ(status(first), "paid");
    EXPECT_EQ(status(second), "paid");
}

TEST_F(Prompt, silence_frees_a_place_and_is_no_reason_to_wait_for_the_next) {
    const auto attempt = read(started());
    simplepay.on_ask = [](const Transaction&) { return silence(); };
    fill(attempt);
    pass(501ms);
    simplepay.ask_gate.open();
    gathered();
    EXPECT_TRUE(prompt.try_place(attempt.account));
    fill(attempt);
    EXPECT_TRUE(prompt.may_get_a_place(attempt.account));  // nobody had been asked about
    pass(501ms);
    simplepay.ask_gate.open();
    run_ready();
    EXPECT_FALSE(prompt.may_get_a_place(attempt.account));
}

TEST_F(Prompt, an_account_has_places_of_its_own) {
    const auto attempt = read(started());
    fill(attempt);
    EXPECT_TRUE(prompt.try_place("another"));
    simplepay.ask_gate.open();
    gathered();
}

TEST_F(Prompt, a_visitor_who_is_back_does_not_wait_for_a_place) {
    PromptChecks patient{waking, loop.get_executor(), {1, 1h}};
    world.prompt = &patient;
    const auto id = started();
    const auto held = patient.try_place("");
    come_back(return_of(id, "SUCCESS"));
    EXPECT_EQ(reconcile(), 1u);
    EXPECT_EQ(status(id), "paid");
}

TEST_F(Prompt, a_place_is_free_again_when_nothing_came_of_what_was_heard) {
    PromptChecks narrow{waking, loop.get_executor(), {1, 1h}};
    world.prompt = &narrow;
    notify(
        Processor::simplepay, "of another", told(Processor::simplepay, {99, "", {}}, {}).and_check()
    );
    EXPECT_TRUE(narrow.try_place(""));
}

TEST_F(Prompt, at_a_stop_what_waits_is_asked_about_at_once) {
    const auto id = started();
    finished(id);
    const auto is_over = begin_to_finish();
    EXPECT_EQ(status(id), "paid");
    gathered();
    EXPECT_TRUE(*is_over);
}

TEST_F(Prompt, a_stop_does_not_wait_for_a_provider_that_is_silent) {
    const auto id = started();
    finished(id);
    simplepay.ask_gate.close();
    const auto is_over = begin_to_finish();
    EXPECT_EQ(simplepay.ask_gate.waiting(), 1u);
    EXPECT_FALSE(*is_over);
    pass(1s);
    gathered();
    EXPECT_TRUE(*is_over);
    EXPECT_EQ(status(id), "pending");
    simplepay.ask_gate.open();
    run_ready();
}

TEST_F(Prompt, when_25_have_come_they_are_not_kept_waiting_for_more) {
    const auto attempt = read(started());
    add(attempt, 24);
    run_ready();
    EXPECT_TRUE(simplepay.asked.empty());
    add(attempt, 1);
    run_ready();
    ASSERT_EQ(simplepay.asked.size(), 1u);
    EXPECT_EQ(simplepay.asked[0].size(), 25u);

    // Whoever gathers finds nothing, and the next is gathered for again.
    add(attempt, 1);
    gathered();
    EXPECT_EQ(simplepay.asked.size(), 2u);
}

// Nothing was learned of it but that a notice came.
TEST_F(Prompt, a_notice_about_nothing_of_ours_asks_about_nothing) {
    notify(
        Processor::simplepay, "of another", told(Processor::simplepay, {99, "", {}}, {}).and_check()
    );
    gathered();
    EXPECT_TRUE(simplepay.asked.empty());
}

}  // namespace payments
