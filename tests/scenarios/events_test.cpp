// Others are told: at least once, in order for each transaction, however long they were away.
#include "fixtures/scenario.hpp"
#include "flow/deliver_events.hpp"

namespace payments {

using namespace testing_support;

class TellingOthers : public Scenario {
protected:
    TellingOthers() {
        world.subscriber = &subscriber;
        world.on_delivery = [this](DeliveryOutcome::Kind kind) { told.push_back(kind); };
    }

    std::int64_t paid(std::int64_t ticket_id = 42) {
        const auto id = started(stripes, ticket_id);
        webhook(id, {capture_of(id)});
        return id;
    }
    void refund(std::int64_t id, const std::string& name, std::int64_t minor) {
        auto fact = refunded(name, minor);
        fact.account = read(id).account;
        fact.provider_id = "pi_" + std::to_string(id);
        webhook(id, {fact});
    }

    // What is due is told, and what then is due, until nothing is.
    void tell() {
        while (await(deliver_due_events(world)) > 0) {
        }
    }
    // Time goes by and everything is told when it falls due.
    void tell_for(std::chrono::milliseconds time) {
        const auto end = clock.time + time;
        for (auto due = next_due(); due && *due <= end; due = next_due()) {
            clock.time = std::max(clock.time, *due);
            tell();
        }
        clock.time = end;
    }
    // Of each transaction only its oldest event that waits can be due.
    std::optional<Time> next_due() {
        EventFilter waiting;
        waiting.state = EventState::waiting;
        std::optional<Time> next;
        std::set<std::int64_t> seen;
        for (const auto& event : await(database->events(waiting, 0, 1000)))
            if (seen.insert(event.transaction_id).second)
                next = std::min(next.value_or(event.next_at), event.next_at);
        return next;
    }
    std::vector<OutgoingEvent> all(std::optional<EventState> state = {}) {
        EventFilter which;
        which.state = state;
        return await(database->events(which, 0, 1000));
    }
    void is_down() {
        subscriber.on_event = [](const auto&) { return DeliveryAttempt::failed("unreachable"); };
    }
    void is_up() {
        subscriber.on_event = [](const auto&) { return DeliveryAttempt::done(); };
        subscriber.heard.clear();
    }
    // The types of what was heard of one transaction, in order: "paid refunded".
    std::string heard_of(std::int64_t id) const {
        std::string types;
        for (const auto& event : subscriber.heard)
            if (event.transaction_id == id)
                types += (types.empty() ? "" : " ") + event.type.substr(event.type.find('.') + 1);
        return types;
    }

    ScriptedSubscriber subscriber;
    std::vector<DeliveryOutcome::Kind> told;
};

// ------------------------------------------------------------------------------ what is told

TEST_F(TellingOthers, a_payment_is_told_once) {
    const auto id = paid();
    tell();
    tell();
    ASSERT_EQ(heard_of(id), "paid");
    EXPECT_EQ(subscriber.heard[0].after.status, Status::paid);
    EXPECT_EQ(subscriber.heard[0].provider_id, "pi_" + std::to_string(id));
    EXPECT_EQ(told, std::vector{DeliveryOutcome::Kind::delivered});
    EXPECT_EQ(all(EventState::delivered).size(), 1u);
}

TEST_F(TellingOthers, what_is_notified_twice_is_told_once) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)}, "evt_1");
    webhook(id, {capture_of(id)}, "evt_1");
    webhook(id, {capture_of(id)}, "evt_2");
    tell();
    EXPECT_EQ(heard_of(id), "paid");
}

TEST_F(TellingOthers, every_way_a_payment_can_go_is_told_in_its_order) {
    const auto id = paid();
    refund(id, "re_1", 5000);
    webhook(id, {word(id, FactKind::disputed, "dp_1")});
    tell();
    EXPECT_EQ(heard_of(id), "paid refunded disputed");

    const auto failed = started(stripes, 43);
    webhook(failed, {word(failed, FactKind::failed)});
    tell();
    EXPECT_EQ(heard_of(failed), "failed");

    const auto other = started(stripes, 44);
    auto little = capture_of(other);
    little.amount = eur(100);
    webhook(other, {little});
    tell();
    EXPECT_EQ(heard_of(other), "review");
    EXPECT_EQ(
        subscriber.heard.back().review_reason, "amount differs: 1 EUR captured instead of 220 EUR"
    );
}

TEST_F(TellingOthers, a_start_alone_is_nothing_to_tell) {
    started(stripes);
    tell();
    EXPECT_TRUE(subscriber.heard.empty());
}

// -------------------------------------------------------------------- a receiver that is away

TEST_F(TellingOthers, after_hours_without_a_receiver_everything_is_told_once_and_in_order) {
    is_down();
    std::vector<std::int64_t> ids;
    for (const auto ticket : {42, 43, 44, 45}) {
        ids.push_back(paid(ticket));
        tell_for(20min);
    }
    for (const auto id : ids) refund(id, "re_" + std::to_string(id), 5000);
    tell_for(6h);

    is_up();
    tell_for(12h);
    for (const auto id : ids) EXPECT_EQ(heard_of(id), "paid refunded");
    EXPECT_EQ(subscriber.heard.size(), 8u);
    EXPECT_EQ(all(EventState::delivered).size(), 8u);
}

TEST_F(TellingOthers, every_try_has_the_same_name_and_says_the_same) {
    is_down();
    const auto id = paid();
    tell_for(1h);
    refund(id, "re_1", 5000);
    tell_for(1h);
    ASSERT_GT(subscriber.heard.size(), 5u);
    const auto first = subscriber.heard.front();
    for (const auto& event : subscriber.heard) {
        EXPECT_EQ(event.id(), first.id());
        EXPECT_EQ(event.after.refunded_minor, 0);
    }
}

TEST_F(TellingOthers, the_tries_of_an_event_last_three_days_and_then_it_is_dead_and_alarmed) {
    is_down();
    const auto id = paid();
    logged();
    tell_for(72h);
    EXPECT_TRUE(all(EventState::dead).empty());
    EXPECT_EQ(logged().find("given up"), std::string::npos);
    tell_for(1h);
    const auto dead = all(EventState::dead);
    ASSERT_EQ(dead.size(), 1u);
    EXPECT_EQ(dead[0].last_error, "unreachable");
    EXPECT_EQ(subscriber.heard.size(), 16u);
    EXPECT_EQ(told.back(), DeliveryOutcome::Kind::dead);
    const auto lines = logged();
    EXPECT_NE(lines.find("an event was given up: nobody was told"), std::string::npos) << lines;
    EXPECT_NE(lines.find(dead[0].id().text()), std::string::npos) << lines;

    is_up();
    refund(id, "re_1", 5000);
    tell();
    EXPECT_EQ(heard_of(id), "refunded");
}

TEST_F(TellingOthers, a_dead_event_is_told_when_it_is_replayed) {
    is_down();
    const auto id = paid();
    tell_for(80h);
    const auto dead = all(EventState::dead).at(0);
    is_up();
    EventFilter which;
    which.state = EventState::dead;
    EXPECT_EQ(await(database->replay_events(which, clock.time)), 1);
    tell();
    ASSERT_EQ(heard_of(id), "paid");
    EXPECT_EQ(subscriber.heard[0].id(), dead.id());
}

TEST_F(TellingOthers, only_the_first_failure_of_an_event_is_logged) {
    is_down();
    paid();
    logged();
    tell_for(10min);
    const auto lines = logged();
    const auto first = lines.find("an event was not taken");
    EXPECT_NE(first, std::string::npos) << lines;
    EXPECT_EQ(lines.find("an event was not taken", first + 1), std::string::npos) << lines;
}

// ------------------------------------------------------------------------ one beside the other

TEST_F(TellingOthers, transactions_are_told_side_by_side_and_one_after_the_other_each) {
    const auto one = paid(42);
    const auto two = paid(43);
    refund(one, "re_1", 5000);
    subscriber.gate.close();
    bool done = false;
    boost::asio::co_spawn(loop, deliver_due_events(world), [&](std::exception_ptr, std::size_t) {
        done = true;
    });
    until([&] { return subscriber.gate.waiting() == 2; });
    EXPECT_EQ(heard_of(one), "paid");
    EXPECT_EQ(heard_of(two), "paid");
    subscriber.gate.open();
    until([&] { return done; });
    tell();
    EXPECT_EQ(heard_of(one), "paid refunded");
}

TEST_F(TellingOthers, a_receiver_that_is_silent_delays_no_payment) {
    paid(42);
    subscriber.gate.close();
    bool done = false;
    boost::asio::co_spawn(loop, deliver_due_events(world), [&](std::exception_ptr, std::size_t) {
        done = true;
    });
    until([&] { return subscriber.gate.waiting() == 1; });
    EXPECT_EQ(status(paid(43)), "paid");
    EXPECT_FALSE(done);
    subscriber.gate.open();
    until([&] { return done; });
}

TEST_F(TellingOthers, one_that_is_refused_delays_no_other) {
    const auto refused = paid(42);
    const auto taken = paid(43);
    subscriber.on_event = [=](const OutgoingEvent& event) {
        return event.transaction_id == refused ? DeliveryAttempt::failed("no")
                                               : DeliveryAttempt::done();
    };
    tell();
    EXPECT_EQ(heard_of(taken), "paid");
    EXPECT_EQ(all(EventState::delivered).size(), 1u);
    EXPECT_EQ(all(EventState::waiting).size(), 1u);
}

// --------------------------------------------------------------------------------- sudden ends

TEST_F(TellingOthers, a_delivery_that_could_not_be_kept_is_made_again_under_the_same_name) {
    const auto id = paid();
    store.lose("record_delivery");
    EXPECT_THROW(await(deliver_due_events(world)), StoreDown);
    store.restore();
    tell();
    EXPECT_EQ(heard_of(id), "paid");  // nobody else may take it yet
    pass(2min);
    tell();
    EXPECT_EQ(heard_of(id), "paid paid");
    EXPECT_EQ(subscriber.heard[0].id(), subscriber.heard[1].id());
    EXPECT_EQ(all(EventState::delivered).size(), 1u);
}

TEST_F(TellingOthers, telling_survives_a_lost_database) {
    paid();
    store.lose("claim_events");
    clock.sleeps_max = 3;
    EXPECT_THROW(await(keep_delivering(world)), SleptEnough);
    EXPECT_TRUE(subscriber.heard.empty());
    EXPECT_EQ(clock.slept_until.size(), 3u);
    store.restore();
    clock.sleeps_max = 4;
    EXPECT_THROW(await(keep_delivering(world)), SleptEnough);
    EXPECT_EQ(subscriber.heard.size(), 1u);
}

TEST_F(TellingOthers, events_wait_for_as_long_as_nobody_is_to_be_told) {
    world.subscriber = nullptr;
    const auto id = paid();
    refund(id, "re_1", 5000);
    pass(24h * 30);
    world.subscriber = &subscriber;
    tell();
    EXPECT_EQ(heard_of(id), "paid refunded");
}

}  // namespace payments
