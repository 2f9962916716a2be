// Two replicas take up work at once that is due, or one of them while something becomes of it:
// nobody takes what another has, of one transaction one event is under way, and nothing is left.
#include <algorithm>
#include <map>

#include "storage/postgres/race.hpp"

namespace payments {
namespace {

using namespace testing_support;

constexpr auto lease = 10s;
const Time later = noon + 1h;  // when every lease is over

// What one of the two has taken up, by number, and whether it may be taken again at once.
struct ClaimScene {
    std::vector<std::int64_t> taken_by_slow{}, taken_by_other{};
    bool is_replayed = false;
};
using Numbers = std::vector<std::int64_t>;

class PostgresClaimRaces : public PostgresRace {
protected:
    PostgresClaimRaces() : PostgresRace({"transactions", "outbox", "unmatched", "facts"}) {
        for (int ticket = 1; ticket <= 3; ++ticket) {
            attempts.push_back(run(store->open(attempt(ticket))).transaction.id);
            // Two events: it was paid, and given back.
            const auto paid = run(store->open(attempt(10 + ticket))).transaction.id;
            run(store->record(heard(paid, {captured()})));
            run(store->record(heard(paid, {refunded("r" + std::to_string(paid), 22000)})));
            run(store->record(notice(
                {{}, "lost" + std::to_string(ticket), Processor::simplepay}, {captured()},
                "e" + std::to_string(ticket)
            )));
        }
    }

    // Everything is due as it was in the beginning.
    void renew() {
        const auto due = std::to_string(noon.time_since_epoch().count());
        watcher.run(
            "UPDATE transactions SET checks = 0, check_at = CASE WHEN live THEN " + due +
            " END; UPDATE outbox SET delivered_at = NULL, dead_at = NULL, skipped = false,"
            " tries = 0, next_at = " +
            due + "; UPDATE unmatched SET tries = 0, next_try_at = " + due
        );
    }

    // Takes up some, and does with each what its worker does.
    struct Worker {
        std::string name;
        std::function<Numbers(Racer&)> take;
        bool gives_back = false;  // what it has taken, or another has, may be taken at once again
    };
    static Worker claiming_due(int limit) {
        return {"a claim of " + std::to_string(limit), [=](Racer& at) {
                    Numbers taken;
                    const DueClaim claim{noon, limit, {lease, lease}};
                    for (const auto& one : run(at.store.claim_due(claim))) taken.push_back(one.id);
                    return taken;
                }};
    }
    static Worker claiming_messages(int limit) {
        return {"a claim of " + std::to_string(limit), [=](Racer& at) {
                    Numbers taken;
                    for (const auto& one : run(at.store.claim_unmatched(noon, limit)))
                        taken.push_back(one.number);
                    return taken;
                }};
    }
    static Numbers claim_events(Racer& at, int limit, std::optional<DeliveryOutcome> outcome = {}) {
        Numbers taken;
        for (const auto& one : run(at.store.claim_events(noon, limit))) {
            taken.push_back(one.number);
            if (outcome) run(at.store.record_delivery(one, *outcome));
        }
        return taken;
    }
    static Worker claiming_events(int limit) {
        return {"a claim of " + std::to_string(limit), [=](Racer& at) {
                    return claim_events(at, limit);
                }};
    }
    static Worker ending_as(const std::string& name, DeliveryOutcome outcome) {
        return {name, [=](Racer& at) { return claim_events(at, 2, outcome); }};
    }
    // Nothing is taken; what is under way elsewhere is due at once.
    static Worker replaying(std::optional<EventState> state) {
        return {
            "a replay",
            [=](Racer& at) {
                EventFilter which;
                which.state = state;
                run(at.store.replay_events(which, noon));
                return Numbers{};
            },
            true};
    }
    static Numbers skip(Racer& at) {
        EventFilter which;
        which.state = EventState::waiting;
        run(at.store.skip_events(which, noon));
        return {};
    }

    // What both took up at once; `check` sees it, and how the two were named.
    void race(
        const std::vector<Worker>& workers,
        const std::function<void(const ClaimScene&, const std::string&)>& check
    ) {
        for (const auto& one : workers)
            for (const auto& other : workers) {
                bool was_held = true;
                for (int held_at = 0; was_held; ++held_at) {
                    renew();
                    ClaimScene scene;
                    scene.is_replayed = one.gives_back || other.gives_back;
                    const auto come = [](const Worker& worker, Racer& at, Numbers& taken) {
                        taken = worker.take(at);
                        return std::string{};
                    };
                    const auto came = at_once(
                        held_at, [&] { return come(one, slow, scene.taken_by_slow); },
                        [&] { return come(other, quick, scene.taken_by_other); }
                    );
                    was_held = came.was_held || held_at == 0;
                    const auto names = one.name + ", held up at " + std::to_string(held_at) +
                                       ", and " + other.name;
                    EXPECT_EQ(came.slow + came.other, "") << names;
                    check(scene, names);
                }
            }
    }
    static void expect_no_two_took_one(const ClaimScene& scene, const std::string& names) {
        for (const auto taken : scene.taken_by_slow)
            EXPECT_EQ(std::ranges::count(scene.taken_by_other, taken), 0)
                << names << ": " << taken << " was taken by both";
    }

    Numbers attempts;
};

TEST_F(PostgresClaimRaces, a_check_that_is_due_is_made_by_one) {
    race({claiming_due(1), claiming_due(2), claiming_due(10)}, [&](auto& scene, auto& names) {
        expect_no_two_took_one(scene, names);
        // Whoever has died with some leaves them to the next.
        const DueClaim all{later, 10, {lease, lease}};
        EXPECT_EQ(run(store->claim_due(all)).size(), attempts.size()) << names;
    });
}

// The next check is planned from what is known behind the lock: what comes beside it is not lost.
TEST_F(PostgresClaimRaces, what_is_heard_beside_a_claim_plans_the_next_check) {
    struct Asked {
        std::int64_t id = 0;
    };
    int ticket = 100;
    const std::function<Asked()> make = [&] {
        watcher.run("UPDATE transactions SET check_at = NULL");
        return Asked{run(store->open(attempt(++ticket))).transaction.id};
    };
    const std::function<std::string(Asked&)> state = [&](Asked& asked) {
        const auto rows = watcher.ask(
            "SELECT concat_ws(' ', status, check_at, checks) FROM transactions WHERE id = " +
            std::to_string(asked.id)
        );
        return std::string{rows[0].text(0)};
    };
    const auto claim = [](Racer& at, Asked& asked) {
        const DueClaim due{noon + 5s, 10, {lease, lease}};
        std::string all = "nothing";
        for (const auto& one : run(at.store.claim_due(due)))
            all = one.id == asked.id ? "taken" : "another";
        return all;
    };
    const auto hear = [](Fact what) {
        return [=](Racer& at, Asked& asked) {
            run(at.store.record(heard(asked.id, {what})));
            return std::string{"heard"};
        };
    };
    const auto accept = [&](Racer& at, Asked& asked) {
        return hear(accepted("p" + std::to_string(asked.id)))(at, asked);
    };
    race_all<Asked>(
        "a check was due",
        {{"a claim", claim, true},
         {"an acceptance", accept},
         {"a capture", hear(captured())},
         {"a failure", hear(fact(FactKind::failed))}},
        make, state
    );
    EXPECT_EQ(differences(), std::vector<std::string>{});
}

TEST_F(PostgresClaimRaces, a_kept_message_is_read_again_by_one) {
    race(
        {claiming_messages(1), claiming_messages(2), claiming_messages(10)},
        [&](auto& scene, auto& names) {
            expect_no_two_took_one(scene, names);
            EXPECT_EQ(run(store->claim_unmatched(later, 10)).size(), 3U) << names;
        }
    );
}

TEST_F(PostgresClaimRaces, an_event_is_delivered_by_one_and_those_of_a_transaction_in_order) {
    using enum DeliveryOutcome::Kind;
    std::map<std::int64_t, std::int64_t> transaction_of;
    for (const auto& event : run(store->events({}, 0, 100)))
        transaction_of.emplace(event.number, event.transaction_id);
    const auto under_way = [&](const std::string& names) {
        const auto rows = watcher.ask(
            "SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND dead_at IS NULL"
            " AND tries = 0 AND next_at > " +
            std::to_string(noon.time_since_epoch().count()) +
            " GROUP BY transaction_id HAVING count(*) > 1"
        );
        EXPECT_EQ(rows.size(), 0) << names << ": two events of a transaction are under way";
    };
    race(
        {claiming_events(1),
         claiming_events(10),
         ending_as("a delivery", {delivered, noon, {}, ""}),
         ending_as("a failure", {failed, noon, noon + 10min, "busy"}),
         ending_as("a giving up", {dead, noon, {}, "gone"}),
         {"a skipping", skip},
         replaying({}),
         replaying(EventState::dead)},
        [&](auto& scene, auto& names) {
            if (!scene.is_replayed) {
                expect_no_two_took_one(scene, names);
                under_way(names);
            }
            // Nothing is lost, and all comes in order.
            Numbers waiting, delivered_then;
            EventFilter which;
            which.state = EventState::waiting;
            for (const auto& event : run(store->events(which, 0, 100)))
                waiting.push_back(event.number);
            for (int i = 0; i < 10; ++i)
                for (const auto& event : run(store->claim_events(later + i * 1h, 10))) {
                    delivered_then.push_back(event.number);
                    run(store->record_delivery(event, {delivered, later, {}, ""}));
                }
            std::map<std::int64_t, std::int64_t> newest;
            for (const auto event : delivered_then) {
                auto& before = newest[transaction_of[event]];
                EXPECT_LT(before, event) << names;
                before = event;
            }
            std::ranges::sort(delivered_then);
            EXPECT_EQ(delivered_then, waiting) << names;
        }
    );
}

}  // namespace
}  // namespace payments
