#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fixtures/postgres_place.hpp"
#include "fixtures/store_contract.hpp"
#include "storage/databases.hpp"
#include "storage/postgres/session.hpp"

// Two replicas at one database, of which the slow one can be held up wherever it writes.
namespace payments::testing_support {

struct Racer {
    ServiceStore& store;
    const DatabaseTarget target;  // for what has connections of its own
};

// What two replicas answered that did something at once.
struct RaceOutcome {
    bool was_held = false;  // the slow one was held up at all
    std::string slow, other;
};

class PostgresRace : public testing::Test {
protected:
    // Writes to these tables are where the slow replica may be held up.
    explicit PostgresRace(const std::vector<std::string>& tables) {
        std::string sql =
            "CREATE TABLE race (held_at integer NOT NULL); INSERT INTO race VALUES (1);"
            "CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$"
            " DECLARE passed integer; BEGIN"
            " IF current_setting('application_name') = 'slow' THEN"
            " passed := coalesce(nullif(current_setting('race.passed', true), ''), '0')::integer;"
            " PERFORM set_config('race.passed', (passed + 1)::text, true);"
            " IF passed + 1 = (SELECT held_at FROM race) THEN"
            " PERFORM pg_advisory_xact_lock_shared(77); END IF; END IF; RETURN NULL; END $$;"
            "CREATE FUNCTION hold_up_the_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF current_setting('application_name') = 'slow' AND (SELECT held_at FROM race) = 0"
            " THEN PERFORM pg_advisory_xact_lock_shared(77); END IF; RETURN NULL; END $$;";
        for (const auto& table : tables)
            sql +=
                "CREATE TRIGGER holding BEFORE INSERT OR UPDATE OR DELETE ON " + table +
                " FOR EACH STATEMENT EXECUTE FUNCTION hold_up();"
                "CREATE CONSTRAINT TRIGGER holding_the_end AFTER INSERT OR UPDATE OR DELETE ON " +
                table +
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                " EXECUTE FUNCTION hold_up_the_end();";
        watcher.run(sql);
    }
    ~PostgresRace() override {
        slow_store.reset();
        store.reset();
        drop_postgres_place(place);
    }

    // Both do what they do at once: the slow one is held up before the write of this number in a
    // transaction, from 1, or before its commit, at 0, until the other is done or waits for it.
    // What either throws is what it answers.
    using Act = std::function<std::string()>;
    RaceOutcome at_once(int held_at, const Act& of_slow, const Act& of_other) {
        watcher.run("UPDATE race SET held_at = " + std::to_string(held_at));
        watcher.run("SELECT pg_advisory_lock(77)");
        RaceOutcome outcome;
        std::atomic<bool> slow_is_done = false, other_is_done = false;
        std::jthread held{[&] {
            outcome.slow = answer_of(of_slow);
            slow_is_done = true;
        }};
        wait_until([&] { return slow_is_done || waits("application_name = 'slow'"); });
        outcome.was_held = !slow_is_done;
        std::jthread beside{[&] {
            outcome.other = answer_of(of_other);
            other_is_done = true;
        }};
        wait_until([&] { return other_is_done || waits("application_name <> 'slow'"); });
        watcher.run("SELECT pg_advisory_unlock(77)");
        held.join();
        beside.join();
        return outcome;
    }
    static std::string answer_of(const Act& act) {
        try {
            return act();
        } catch (const std::exception& thrown) {
            return std::string{"threw: "} + thrown.what();
        }
    }

    // One thing that a replica may do to a scene, and what was answered.
    template <class Scene>
    struct Part {
        std::string name;
        std::function<std::string(Racer&, Scene&)> act;
        // As if it had come at another moment: what is locked is passed over.
        bool may_find_nothing = false;
    };

    // Lets every part come at once with every other, the first held up wherever it writes. What
    // comes of it, as the answers and `state` tell, must be what comes of one after the other.
    // `make` makes a new scene. Returns how many races there were.
    template <class Scene>
    int race_all(
        const std::string& before, const std::vector<Part<Scene>>& parts,
        const std::function<Scene()>& make, const std::function<std::string(Scene&)>& state
    ) {
        int races = 0;
        for (const auto& one : parts)
            for (const auto& other : parts) {
                const auto possible = one_after_the_other(one, other, make, state);
                bool was_held = true;
                for (int held_at = 0; was_held; ++held_at) {
                    auto scene = make();
                    const auto came = at_once(
                        held_at, [&] { return one.act(slow, scene); },
                        [&] { return other.act(quick, scene); }
                    );
                    was_held = came.was_held || held_at == 0;
                    ++races;
                    const auto all = told(came.slow, came.other, state(scene));
                    std::string expected;
                    for (const auto& each : possible) expected += "\nor: " + each;
                    EXPECT_TRUE(possible.contains(all))
                        << before << "; " << one.name << ", held up at " << held_at << ", and "
                        << other.name << " came to: " << all << expected;
                }
            }
        return races;
    }

    static postgres::ServerAddress address_of(std::string url) {
        postgres::ServerAddress made;
        made.url = std::move(url);
        return made;
    }
    std::vector<std::string> differences() const {
        std::vector<std::string> found;
        for (const auto& one : verify_ledger(quick.target).differences)
            found.push_back(std::to_string(one.transaction_id) + ": " + one.detail);
        return found;
    }

    const std::string place = make_postgres_place();
    const std::string slow_place =
        place + (place.find('?') == place.npos ? "?" : "&") + "application_name=slow";
    postgres::Session watcher{address_of(place)};
    std::unique_ptr<ServiceStore> store = open_postgres(place);
    std::unique_ptr<ServiceStore> slow_store = open_postgres(slow_place);

    Racer quick{*store, {{}, address_of(place)}};
    Racer slow{*slow_store, {{}, address_of(slow_place)}};

private:
    static std::string told(
        const std::string& one, const std::string& other, const std::string& state
    ) {
        return "\n  " + one + "\n  " + other + "\n  " + state;
    }
    template <class Scene>
    std::set<std::string> one_after_the_other(
        const Part<Scene>& one, const Part<Scene>& other, const std::function<Scene()>& make,
        const std::function<std::string(Scene&)>& state
    ) {
        std::set<std::string> possible;
        const auto act = [&](const Part<Scene>& part, Scene& scene) {
            return answer_of([&] { return part.act(quick, scene); });
        };
        for (const bool is_first : {true, false}) {
            auto scene = make();
            const auto before = is_first ? act(one, scene) : "";
            const auto of_other = act(other, scene);
            const auto of_one = is_first ? before : act(one, scene);
            possible.insert(told(of_one, of_other, state(scene)));
        }
        if (one.may_find_nothing) {
            auto scene = make();
            const auto of_other = act(other, scene);
            possible.insert(told("nothing", of_other, state(scene)));
        }
        if (other.may_find_nothing) {
            auto scene = make();
            const auto of_one = act(one, scene);
            possible.insert(told(of_one, "nothing", state(scene)));
        }
        return possible;
    }
    template <class Condition>
    static void wait_until(Condition is_met) {
        for (int i = 0; i < 5'000 && !is_met(); ++i) std::this_thread::sleep_for(1ms);
    }
    bool waits(const std::string& who) {
        const auto rows = watcher.ask(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND " +
            who
        );
        return rows[0].integer(0) > 0;
    }
};

}  // namespace payments::testing_support
