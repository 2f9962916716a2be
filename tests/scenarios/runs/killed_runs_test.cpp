// The process dies in the middle of a refund run, at each of its steps: another goes on, and each
// payment is given back once.
#include "fixtures/interruptions.hpp"
#include "flow/refund_payment.hpp"
#include "scenarios/runs/refund_world.hpp"

namespace payments {

using namespace testing_support;

namespace {

struct Died {};

Task<void> die() {
    throw Died{};
    co_return;
}

Task<void> take_turn(FlowContext& world, Processor processor) {
    co_await refund_due_item(world, processor);
}

Task<void> refund_by_hand(FlowContext& world, std::int64_t id) {
    RefundRequest request;
    request.transaction_id = id;
    request.by = "clerk";
    co_await refund_payment(world, std::move(request));
}

Task<void> pause_run(RefundRunStore& runs, std::int64_t run, Time now) {
    SteeringOrder order{run, Steering::pause, {"kata", "Kata"}, now};
    co_await runs.steer_run(std::move(order));
}

// What a worker asks of runs on its way.
class SteppingRuns final : public RefundRunStore {
public:
    SteppingRuns(RefundRunStore& runs, Steps& steps) : runs_(runs), steps_(steps) {}

    Task<Result<StartedRun>> start_run(NewRun run, SightOfScopes sight) override {
        return runs_.start_run(std::move(run), std::move(sight));
    }
    Task<std::optional<RunWithTallies>> open_run(std::string digest, SightOfScopes sight) override {
        return runs_.open_run(std::move(digest), std::move(sight));
    }
    Task<std::optional<RunWithTallies>> run(std::int64_t id, SightOfScopes sight) override {
        return runs_.run(id, std::move(sight));
    }
    Task<RunsPage> runs(RunsQuery query) override { return runs_.runs(std::move(query)); }
    Task<ItemsPage> run_items(ItemsQuery query) override { return runs_.run_items(query); }
    Task<std::vector<std::int64_t>> payments_in_runs() override { return runs_.payments_in_runs(); }
    Task<Result<Steered>> steer_run(SteeringOrder order) override {
        return runs_.steer_run(std::move(order));
    }
    Task<std::optional<ClaimedItem>> claim_item(ItemClaim claim) override {
        co_await steps_.pass();
        auto claimed = co_await runs_.claim_item(claim);
        co_await steps_.pass();
        co_return claimed;
    }
    Task<std::optional<SettledItem>> settle_item(RefundItem item, ItemOutcome outcome, Time now)
        override {
        co_await steps_.pass();
        auto settled = co_await runs_.settle_item(std::move(item), std::move(outcome), now);
        co_await steps_.pass();
        co_return settled;
    }

private:
    RefundRunStore& runs_;
    Steps& steps_;
};

}  // namespace

class KilledRun : public RefundWorld {
protected:
    KilledRun() { rules.releases_refund_runs = false; }

    // A worker that does one item, until `other` happens at its step number `at`. Returns whether
    // it came so far.
    bool interrupted(
        Processor processor, std::size_t at, const std::function<Task<void>()>& other
    ) {
        Steps steps;
        SteppingStore stepping_store{store, steps};
        SteppingGateway simple_gateway{simplepay, steps}, stripe_gateway{stripe, steps};
        SteppingRuns runs{*database, steps};
        FlowContext mortal{rules,          clock,          stepping_store, tickets,
                           simple_gateway, stripe_gateway, returns,        [](Status) {}};
        mortal.runs = &runs;
        steps.interrupt(at, other);
        try {
            await(refund_due_item(mortal, processor));
        } catch (const Died&) {
        }
        return steps.passed() >= at;
    }
    // Until the run is over: its items' leases end, and the background looks after refunds.
    void come_to_rest(std::int64_t run) {
        for (int i = 0; i < 40 && standing(run).starts_with("running"); ++i) {
            wait(1min);
            work(1s);
        }
    }
    void at_every_step(Processor processor, const std::function<Task<void>()>& what) {
        const std::string code = processor == Processor::stripe ? stripes : simple;
        std::int64_t ticket = 1000;
        for (std::size_t step = 1;; ++step) {
            const auto id = paid(code, ++ticket);
            const auto run = running(named({id}));
            pass(1s);  // the pace leaves room
            const bool came_so_far = interrupted(processor, step, what);
            come_to_rest(run);
            // SimplePay was not told yet: what it does not list after 15 minutes was not made.
            if (standing(run) == "done: refused 1") {
                EXPECT_EQ(given_back(id), 0) << "step " << step;
                steer(run, "again");
                come_to_rest(run);
            }
            EXPECT_EQ(standing(run), "done: done 1") << "step " << step;
            EXPECT_EQ(given_back(id), 22000) << "step " << step;
            EXPECT_EQ(status(id), "refunded") << "step " << step;
            if (!came_so_far) {
                EXPECT_GT(step, 10u) << "there are steps to die at";
                return;
            }
        }
    }
};

TEST_F(KilledRun, goes_on_after_each_step_at_stripe) { at_every_step(Processor::stripe, die); }

TEST_F(KilledRun, goes_on_after_each_step_at_simplepay) {
    at_every_step(Processor::simplepay, die);
}

// The first worker was only slow: its lease has ended, and another takes its item.
TEST_F(KilledRun, gives_back_once_though_two_workers_are_at_one_item) {
    for (const auto processor : {Processor::stripe, Processor::simplepay})
        at_every_step(processor, [this, processor] {
            clock.time += 1min;
            return take_turn(world, processor);
        });
}

// A clerk gives it back by hand while a worker stands at each of its steps.
TEST_F(KilledRun, gives_back_once_though_a_clerk_is_quicker) {
    std::int64_t ticket = 2000;
    for (std::size_t step = 1;; ++step) {
        const auto id = paid(stripes, ++ticket);
        const auto run = running(named({id}));
        pass(1s);
        const bool came_so_far =
            interrupted(Processor::stripe, step, [this, id] { return refund_by_hand(world, id); });
        come_to_rest(run);
        EXPECT_TRUE(standing(run).starts_with("done: ")) << standing(run);
        EXPECT_EQ(given_back(id), 22000) << "step " << step;
        if (!came_so_far) return;
    }
}

TEST_F(KilledRun, is_paused_within_one_item_whenever_the_person_says_so) {
    std::int64_t ticket = 3000;
    for (std::size_t step = 1;; ++step) {
        const auto first = paid(stripes, ++ticket), second = paid(stripes, ++ticket);
        const auto run = running(named({first, second}));
        pass(1s);
        const bool came_so_far = interrupted(Processor::stripe, step, [this, run] {
            return pause_run(*database, run, clock.now());
        });
        if (!came_so_far) return;
        work();
        const auto now = standing(run);
        EXPECT_TRUE(now.starts_with("paused (person): waiting ")) << step << ": " << now;
        steer(run, "go_on");
        come_to_rest(run);
        EXPECT_EQ(standing(run), "done: done 2") << "step " << step;
    }
}

}  // namespace payments
