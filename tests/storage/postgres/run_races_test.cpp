// Two replicas start, steer and work off refund runs at once: no payment is open in two runs, no
// item is worked on by two, and what a person has stopped is not asked for.
#include "storage/postgres/race.hpp"

namespace payments {
namespace {

using namespace testing_support;

// Of the same three payments, whose runs are forgotten between two scenes.
struct RunScene {
    std::optional<ClaimedItem> claimed{};
};
using RunPart = std::function<std::string(Racer&, RunScene&)>;

const Actor starter{"kata", "Kata"}, releaser{"anna", "Anna"};
constexpr auto item_lease = 1min;

class PostgresRunRaces : public PostgresRace {
protected:
    PostgresRunRaces() : PostgresRace({"refund_runs", "refund_items", "refund_pace"}) {
        for (int ticket = 1; ticket <= 3; ++ticket) {
            const auto id = run(store->open(attempt(ticket))).transaction.id;
            run(store->record(heard(id, {captured()})));
            payments.push_back(id);
        }
    }

    static std::string code_of(const Error& error) {
        return "refused: " + std::to_string(static_cast<int>(error.code));
    }
    std::string start(Racer& at, const std::string& digest, RunState state) {
        NewRun order{{}, {}, {ActionKind::refund_run, starter, noon, {}, {}}};
        order.run.digest = digest;
        order.run.state = state;
        order.run.started_by = starter;
        order.run.started_at = noon;
        // Both have the first payment; the other one of each is its own.
        for (const std::size_t i : {0UL, digest == "A" ? 1UL : 2UL})
            order.items.emplace_back(PlannedRefund{payments[i], Processor::simplepay, eur(22000), 0}
            );
        const SightOfScopes everywhere{true, {}};
        const auto started = run(at.store.start_run(std::move(order), everywhere));
        if (!started) return code_of(started.error());
        return (started->is_new ? "began " : "there is ") + started->run.digest;
    }
    RunPart starting(const std::string& digest, RunState state = RunState::running) {
        return [=, this](Racer& at, RunScene&) { return start(at, digest, state); };
    }
    std::int64_t number_of(const std::string& digest) {
        const auto rows = watcher.ask(
            "SELECT coalesce(max(id), 0) FROM refund_runs WHERE digest = '" + digest + "'"
        );
        return rows[0].integer(0);
    }
    RunPart steering(Steering how) {
        return [=, this](Racer& at, RunScene&) {
            const auto& by = how == Steering::release ? releaser : starter;
            const auto steered = run(at.store.steer_run({first_run, how, by, noon + 10s}));
            if (!steered) return code_of(steered.error());
            return std::string{steered->is_new ? "made " : "was "} +
                   std::string{name(steered->run.state)};
        };
    }
    RunPart claiming(Time now = noon + 10s) {
        return [=, this](Racer& at, RunScene&) {
            const auto item = run(at.store.claim_item({Processor::simplepay, now, item_lease, 1s}));
            if (!item) return std::string{"nothing"};
            return std::to_string(place_of(item->item.transaction_id)) + " was " +
                   std::string{name(item->item.state)};
        };
    }
    RunPart settling(ItemState state) {
        return [=](Racer& at, RunScene& scene) {
            ItemOutcome outcome{state, {}, "words"};
            const auto settled =
                run(at.store.settle_item(scene.claimed->item, outcome, noon + 20s));
            return settled ? "settled, run " + std::string{name(settled->run.state)}
                           : std::string{"settled by another"};
        };
    }
    std::int64_t place_of(std::int64_t payment) const {
        return std::ranges::find(payments, payment) - payments.begin();
    }

    // A scene after these parts.
    std::function<RunScene()> after(std::vector<RunPart> parts, bool claims = false) {
        return [=, this] {
            watcher.run(
                "DELETE FROM refund_items; DELETE FROM refund_runs;"
                "UPDATE refund_pace SET next_at = 0"
            );
            RunScene scene;
            for (const auto& part : parts) part(quick, scene);
            first_run = number_of("A");
            if (claims) claim_for(scene);
            actions = count_actions();
            return scene;
        };
    }
    void claim_for(RunScene& scene) {
        scene.claimed = run(store->claim_item({Processor::simplepay, noon, item_lease, 1s}));
    }
    RunPart working_off(ItemState state) {
        return [=, this](Racer& at, RunScene& scene) {
            watcher.run("UPDATE refund_pace SET next_at = 0");
            claim_for(scene);
            return settling(state)(at, scene);
        };
    }

    std::int64_t count_actions() {
        return watcher.ask("SELECT count(*) FROM actions WHERE kind = 'refund_run'")[0].integer(0);
    }
    std::string state_of_all() {
        std::string all;
        const auto add = [&](const std::string& sql) {
            const auto rows = watcher.ask(sql);
            for (int i = 0; i < rows.size(); ++i) all += std::string{rows[i].text(0)} + "; ";
        };
        add("SELECT concat_ws(' ', digest, state, paused_because, ended_at, simplepay_failures)"
            " FROM refund_runs ORDER BY digest, id");
        add("SELECT concat_ws(' ', r.digest, i.transaction_id, i.state, i.why, i.tries, i.due_at)"
            " FROM refund_items AS i JOIN refund_runs AS r ON r.id = i.run_id"
            " ORDER BY r.digest, r.id, i.transaction_id");
        add("SELECT concat_ws(' ', 'next', next_at) FROM refund_pace ORDER BY processor");
        all += "actions " + std::to_string(count_actions() - actions) + "; ";
        // Else it would be given back twice.
        const auto twice = watcher.ask(
            "SELECT transaction_id FROM refund_items WHERE state IN ('waiting', 'asked', 'unknown')"
            " GROUP BY transaction_id HAVING count(*) > 1"
        );
        EXPECT_EQ(twice.size(), 0) << "a payment is open in two runs: " << all;
        return all;
    }
    int race(
        const std::string& before, const std::function<RunScene()>& make,
        const std::vector<Part<RunScene>>& parts
    ) {
        return race_all<RunScene>(before, parts, make, [this](RunScene&) {
            return state_of_all();
        });
    }

    std::vector<std::int64_t> payments;
    std::int64_t first_run = 0, actions = 0;
};

TEST_F(PostgresRunRaces, of_two_starts_that_share_a_payment_one_is_made) {
    race("there was no run", after({}), {{"a start", starting("A")}, {"another", starting("B")}});
}

TEST_F(PostgresRunRaces, a_run_that_waits_for_its_release_is_released_or_stopped) {
    race(
        "a run needed its release", after({starting("A", RunState::needs_release)}),
        {{"its release", steering(Steering::release)},
         {"its stop", steering(Steering::stop)},
         {"its start once more", starting("A")},
         {"a start of another", starting("B")}}
    );
}

TEST_F(PostgresRunRaces, what_is_stopped_or_paused_is_claimed_before_or_not_at_all) {
    race(
        "a run was running", after({starting("A")}),
        {{"a claim", claiming(), true},
         {"its pause", steering(Steering::pause)},
         {"its stop", steering(Steering::stop)},
         {"a start of another", starting("B")}}
    );
    race(
        "a run was paused", after({starting("A"), steering(Steering::pause)}),
        {{"a claim", claiming(), true},
         {"its going on", steering(Steering::go_on)},
         {"its stop", steering(Steering::stop)}}
    );
}

TEST_F(PostgresRunRaces, one_outcome_of_an_item_counts) {
    race(
        "a payment was asked for", after({starting("A")}, true),
        {{"its refund", settling(ItemState::done)},
         {"its refusal", settling(ItemState::refused)},
         {"a claim", claiming(), true},
         {"a claim after its lease", claiming(noon + 1h), true},
         {"a pause", steering(Steering::pause)},
         {"a stop", steering(Steering::stop)},
         {"a start of another run", starting("B")}}
    );
}

TEST_F(PostgresRunRaces, what_was_refused_waits_again_in_one_run) {
    race(
        "a run was over, with a refusal",
        after({starting("A"), working_off(ItemState::refused), working_off(ItemState::done)}),
        {{"trying again", steering(Steering::again)},
         {"the same plan anew", starting("A")},
         {"another with the payment", starting("B")}}
    );
}

}  // namespace
}  // namespace payments
