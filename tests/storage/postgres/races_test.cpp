// Two replicas change one ticket at once, and one of them is held up at the worst moment: it has
// read and decided, and has written nothing yet. Whatever each of the two does, what comes of it
// must be what would have come of doing one after the other.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <set>
#include <thread>

#include "fixtures/postgres_place.hpp"
#include "fixtures/store_contract.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/verify_ledger.hpp"

namespace payments {
namespace {

using namespace testing_support;

// The ticket that is raced for. `first` and `last` are its attempts when the race begins, 0 while
// there is none; what the race opens is found by the ticket.
struct Raced {
    std::int64_t ticket = 0, first = 0, last = 0;
};
// Does one thing to it, and says what was answered.
using Step = std::function<std::string(Store&, const Raced&)>;
// Steps of one person, in their order: others' may come between them.
struct Deed {
    std::string name;
    std::vector<Step> steps;
    bool needs_attempt = true;
};
struct Before {
    std::string name;
    std::function<void(Store&, Raced&)> make;
};

std::string told(const Recorded& recorded) {
    return recorded.news ? "news, before: " + std::string{name(recorded.before)} : "known";
}

Step hear(std::int64_t Raced::*whom, std::vector<Fact> facts) {
    return [=](Store& store, const Raced& raced) {
        return told(run(store.record(heard(raced.*whom, facts))));
    };
}

std::string start(Store& store, const Raced& raced) {
    auto asked = attempt(raced.ticket);
    asked.scope_id = run(store.scope_id({"HU", "2026", "summer"}));
    const auto opened = run(store.open(std::move(asked)));
    return opened.is_new ? "opened" : "in the way: " + std::string{name(opened.transaction.status)};
}

std::string pay_newest(Store& store, const Raced& raced) {
    const auto attempts = run(store.transactions_of(raced.ticket));
    return told(run(store.record(heard(attempts.back().id, {captured()}))));
}

std::string move_elsewhere(Store& store, const Raced& raced) {
    const auto scope = run(store.scope_id({"EN", "2027", "winter"}));
    // Who moves nothing has nothing to say, so how many there were is not compared.
    run(store.move_ticket(raced.ticket, scope));
    return "moved";
}

std::string give_back(Store& store, const Raced& raced) {
    RefundDetails details{{}, "asked for", "alice"};
    details.amount = eur(15000);
    const auto made =
        run(store.reserve_refund({raced.first, details, Source::staff, noon + 2min, noon + 3min}));
    return made ? "reserved" : "refused: " + std::to_string(static_cast<int>(made.error().code));
}

std::string hear_of_refund(Store& store, const Raced& raced) {
    const auto number = "re_" + std::to_string(raced.ticket);
    return told(run(store.record(heard(raced.first, {refunded(number, 15000)}))));
}

std::string note(Store& store, const Raced& raced) {
    NewAction action{
        ActionKind::note, {"anna", "Anna K."}, noon, raced.first, {{"text", "called"}}};
    return "note " + std::to_string(run(store.record_action(std::move(action))).value().seq);
}

std::string ipn(Store& store, const Raced& raced) {
    auto message_of_all = notice({}, {captured()}, "e" + std::to_string(raced.ticket));
    message_of_all.subject.transaction_id = raced.first;
    return told(run(store.record(std::move(message_of_all))));
}

std::vector<Deed> deeds() {
    const auto first = &Raced::first, last = &Raced::last;
    return {
        {"a start", {start}, false},
        {"a start that is paid", {start, pay_newest}, false},
        {"a move of the ticket", {move_elsewhere}, false},
        {"money of the first attempt", {hear(first, {captured()})}},
        {"money of the last attempt", {hear(last, {captured()})}},
        {"the end of the first attempt", {hear(first, {fact(FactKind::failed)})}},
        {"the end of the last attempt", {hear(last, {fact(FactKind::expired)})}},
        {"a notification", {ipn}},
        {"a refund", {give_back}},
        {"a refund that was made", {give_back, hear_of_refund}},
        {"a dispute that is lost",
         {hear(first, {fact(FactKind::disputed, "dp_1")}),
          hear(first, {fact(FactKind::dispute_lost, "dp_1")})}},
        {"a note", {note}},
    };
}

std::vector<Before> befores() {
    const auto open = [](Store& store, Raced& raced) {
        raced.last = run(store.open(attempt(raced.ticket))).transaction.id;
        if (raced.first == 0) raced.first = raced.last;
    };
    const auto hear_of_last = [](Store& store, const Raced& raced, Fact one) {
        run(store.record(heard(raced.last, {std::move(one)})));
    };
    return {
        {"nothing", [](Store&, Raced&) {}},
        {"an attempt", open},
        {"a paid attempt",
         [=](Store& store, Raced& raced) {
             open(store, raced);
             hear_of_last(store, raced, captured());
         }},
        {"one that failed",
         [=](Store& store, Raced& raced) {
             open(store, raced);
             hear_of_last(store, raced, fact(FactKind::failed));
         }},
        {"one that failed and a new one",
         [=](Store& store, Raced& raced) {
             open(store, raced);
             hear_of_last(store, raced, fact(FactKind::failed));
             open(store, raced);
         }},
        {"one that failed and a paid one",
         [=](Store& store, Raced& raced) {
             open(store, raced);
             hear_of_last(store, raced, fact(FactKind::failed));
             open(store, raced);
             hear_of_last(store, raced, captured());
         }},
    };
}

class PostgresRaces : public testing::Test {
protected:
    PostgresRaces() {
        std::string sql =
            "CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF current_setting('application_name') = 'slow' THEN"
            " PERFORM pg_advisory_xact_lock_shared(77); END IF; RETURN NULL; END $$;";
        for (const std::string table : {"transactions", "facts", "notifications", "actions"})
            sql += "CREATE TRIGGER holding BEFORE INSERT OR UPDATE ON " + table +
                   " FOR EACH STATEMENT EXECUTE FUNCTION hold_up();";
        watcher.run(sql);
        auto given = PostgresOptions{};
        given.address.url = place + (place.find('?') == place.npos ? "?" : "&");
        given.address.url += "application_name=slow";
        slow = open_postgres(given);
    }
    ~PostgresRaces() override {
        slow.reset();
        store.reset();
        drop_postgres_place(place);
    }

    postgres::ServerAddress address() const {
        postgres::ServerAddress made;
        made.url = place;
        return made;
    }

    Raced prepared(const Before& before) {
        Raced raced{next_ticket++};
        before.make(*store, raced);
        return raced;
    }

    // What is on record in the end, by our own numbers of no attempt: those of two tickets differ.
    std::string state(const Raced& raced) {
        std::string all;
        for (const auto& one : run(store->transactions_of(raced.ticket))) {
            all += "\n  " + std::string{name(one.status)} + " in scope " +
                   std::to_string(one.scope_id.value_or(0)) + ":";
            for (const auto& entry : one.entries) all += ' ' + std::string{name(entry.fact.kind)};
            all += "; told of";
            for (const auto& event : run(store->events_of(one.id))) all += ' ' + event.type;
            const auto notes = run(store->actions_of(one.id, {}));
            all += "; actions " + std::to_string(notes.size());
        }
        return all;
    }

    // `one` in a single piece before, between or behind the steps of `other`.
    std::set<std::string> one_after_the_other(
        const Before& before, const Deed& one, const Deed& other
    ) {
        std::set<std::string> possible;
        for (std::size_t place_of_one = 0; place_of_one <= other.steps.size(); ++place_of_one) {
            const auto raced = prepared(before);
            std::string first, second;
            for (std::size_t i = 0; i <= other.steps.size(); ++i) {
                if (i == place_of_one) first = "\n  " + one.steps.front()(*store, raced);
                if (i < other.steps.size()) second += "\n  " + other.steps[i](*store, raced);
            }
            possible.insert(first + second + state(raced));
        }
        return possible;
    }

    std::string at_once(const Before& before, const Deed& one, const Deed& other) {
        const auto raced = prepared(before);
        watcher.run("SELECT pg_advisory_lock(77)");
        std::string first, second;
        std::atomic<bool> one_is_done = false, other_is_done = false;
        std::jthread held{[&] {
            first = "\n  " + one.steps.front()(*slow, raced);
            one_is_done = true;
        }};
        wait_until([&] { return one_is_done || waits("application_name = 'slow'"); });
        std::jthread beside{[&] {
            for (const auto& step : other.steps) second += "\n  " + step(*store, raced);
            other_is_done = true;
        }};
        wait_until([&] { return other_is_done || waits("application_name <> 'slow'"); });
        watcher.run("SELECT pg_advisory_unlock(77)");
        held.join();
        beside.join();
        return first + second + state(raced);
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

    const std::string place = make_postgres_place();
    postgres::Session watcher{address()};
    std::unique_ptr<Store> store = open_postgres(place), slow;
    std::int64_t next_ticket = 1;
};

TEST_F(PostgresRaces, whoever_is_held_up_comes_before_or_after_the_other) {
    const auto all = deeds();
    int races = 0;
    for (const auto& before : befores())
        for (const auto& one : all) {
            if (one.steps.size() > 1) continue;  // what is held up is one change
            for (const auto& other : all) {
                const bool has_attempt = before.name != "nothing";
                if (!has_attempt && (one.needs_attempt || other.needs_attempt)) continue;
                const auto possible = one_after_the_other(before, one, other);
                const auto came = at_once(before, one, other);
                ++races;
                std::string expected;
                for (const auto& each : possible) expected += "\none of:" + each;
                EXPECT_TRUE(possible.contains(came))
                    << "There was " << before.name << "; " << one.name << " was held up while "
                    << other.name << " came. It ended as" << came << expected;
            }
        }
    EXPECT_EQ(races, 2 * 3 + 5 * 9 * 12);
    for (const auto& one : postgres::verify_ledger(address()).differences)
        ADD_FAILURE() << one.transaction_id << ": " << one.detail;
}

}  // namespace
}  // namespace payments
