// Two replicas change one ticket at once, and one of them is held up at the worst moment: it has
// read and decided, and has written nothing yet. Whatever each of the two does, what comes of it
// must be what would have come of doing one after the other.
#include "storage/postgres/race.hpp"

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

Step give_back_under(const std::string& key, std::optional<std::int64_t> minor) {
    return [=](Store& store, const Raced& raced) {
        RefundDetails details{{}, "asked for", "alice"};
        if (minor) details.amount = eur(*minor);
        details.key = key;
        const auto made =
            run(store.reserve_refund({raced.last, details, Source::staff, noon + 2min, noon + 3min})
            );
        if (!made) return "refused: " + std::to_string(static_cast<int>(made.error().code));
        const auto& name = made->refund.reference;
        return "reserved" + name.substr(name.find("-R")) + (made->is_new ? ", new" : ", known");
    };
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

std::string hear_of_another_refund(Store& store, const Raced& raced) {
    const auto number = "re_other_" + std::to_string(raced.ticket);
    return told(run(store.record(heard(raced.last, {refunded(number, 10000)}))));
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

std::vector<Deed> refund_deeds() {
    const auto last = &Raced::last;
    return {
        {"a refund under a key", {give_back_under("one", 15000)}},
        {"a refund under another key", {give_back_under("two", 15000)}},
        {"a small refund under a third key", {give_back_under("three", 5000)}},
        {"a refund of all that is left", {give_back_under("", {})}},
        {"two refunds, under two keys",
         {give_back_under("one", 15000), give_back_under("two", 7000)}},
        {"money of the attempt", {hear(last, {captured()})}},
        {"a refund that was made at the provider", {hear_of_another_refund}},
        {"a dispute", {hear(last, {fact(FactKind::disputed, "dp_1")})}},
        {"a dispute that is lost",
         {hear(last, {fact(FactKind::disputed, "dp_1")}),
          hear(last, {fact(FactKind::dispute_lost, "dp_1")})}},
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

class PostgresRaces : public PostgresRace {
protected:
    PostgresRaces() : PostgresRace({"transactions", "facts", "notifications", "actions"}) {}

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

    std::string held_up(const Before& before, const Deed& one, const Deed& other) {
        const auto raced = prepared(before);
        const auto came = at_once(
            1, [&] { return "\n  " + one.steps.front()(*slow_store, raced); },
            [&] {
                std::string answers;
                for (const auto& step : other.steps) answers += "\n  " + step(*store, raced);
                return answers;
            }
        );
        return came.slow + came.other + state(raced);
    }
    // How many races there were.
    int race_all_of(const std::vector<Before>& before_them, const std::vector<Deed>& all) {
        int races = 0;
        for (const auto& before : before_them)
            for (const auto& one : all) {
                if (one.steps.size() > 1) continue;  // what is held up is one change
                for (const auto& other : all) {
                    const bool has_attempt = before.name != "nothing";
                    if (!has_attempt && (one.needs_attempt || other.needs_attempt)) continue;
                    const auto possible = one_after_the_other(before, one, other);
                    const auto came = held_up(before, one, other);
                    ++races;
                    std::string expected;
                    for (const auto& each : possible) expected += "\nor:" + each;
                    EXPECT_TRUE(possible.contains(came))
                        << "There was " << before.name << "; " << one.name << " was held up while "
                        << other.name << " came. It ended as" << came << expected;
                }
            }
        EXPECT_EQ(differences(), std::vector<std::string>{});
        return races;
    }

    std::int64_t next_ticket = 1;
};

TEST_F(PostgresRaces, whoever_is_held_up_comes_before_or_after_the_other) {
    EXPECT_EQ(race_all_of(befores(), deeds()), 2 * 3 + 5 * 9 * 12);
}

// With the same key there is one refund, with others never more than there is.
TEST_F(PostgresRaces, refunds_that_are_asked_for_at_once_are_made_once_and_within_what_is_left) {
    const auto before = befores();
    const auto is_paid = [](const Before& one) {
        return one.name == "a paid attempt" || one.name == "one that failed and a paid one";
    };
    std::vector<Before> paid;
    std::ranges::copy_if(before, std::back_inserter(paid), is_paid);
    EXPECT_EQ(race_all_of(paid, refund_deeds()), 2 * 7 * 9);
}

}  // namespace
}  // namespace payments
