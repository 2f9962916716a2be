#include <set>

#include "fixtures/store_contract.hpp"

// What every store promises of the events that others are told.
namespace payments::testing_support {
namespace {

class StoreContractEvents : public StoreContract {
protected:
    using Numbers = std::vector<std::int64_t>;

    // A paid attempt, of which one event tells.
    std::int64_t paid(std::int64_t ticket_id = 42) {
        const auto id = open(ticket_id).id;
        record(id, {accepted("5" + std::to_string(ticket_id)), captured()});
        return id;
    }
    std::vector<OutgoingEvent> claim(Time now, int limit = 100) {
        return run(store->claim_events(now, limit));
    }
    static Numbers numbers(const std::vector<OutgoingEvent>& events) {
        Numbers found;
        for (const auto& event : events) found.push_back(event.number);
        return found;
    }
    static std::vector<std::string> types(const std::vector<OutgoingEvent>& events) {
        std::vector<std::string> found;
        for (const auto& event : events) found.push_back(event.type);
        return found;
    }
    void deliver(const OutgoingEvent& event, Time now) {
        const DeliveryOutcome settlement{DeliveryOutcome::Kind::delivered, now};
        run(store->record_delivery(event, settlement));
    }
    void fail(const OutgoingEvent& event, Time now, Time next) {
        const DeliveryOutcome settlement{DeliveryOutcome::Kind::failed, now, next, "refused"};
        run(store->record_delivery(event, settlement));
    }
    void bury(const OutgoingEvent& event, Time now) {
        const DeliveryOutcome settlement{DeliveryOutcome::Kind::dead, now, {}, "refused"};
        run(store->record_delivery(event, settlement));
    }
    std::vector<OutgoingEvent> all(EventFilter which = {}) {
        return run(store->events(which, 0, 1000));
    }
    std::int64_t replay(EventFilter which, Time now) {
        return run(store->replay_events(which, now));
    }
    static EventFilter of(EventState state) {
        EventFilter filter;
        filter.state = state;
        return filter;
    }
    static EventFilter of_transaction(std::int64_t id) {
        EventFilter filter;
        filter.transaction_id = id;
        return filter;
    }

    const Time later = noon + 1h;
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractEvents, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

// ------------------------------------------------------------------------------- what is told

TEST_P(StoreContractEvents, an_event_is_due_at_once_and_says_what_has_changed) {
    const auto id = paid();
    const auto due = claim(noon + 1min);
    ASSERT_EQ(due.size(), 1u);
    const auto& event = due[0];
    EXPECT_EQ(event.type, "payment.paid");
    EXPECT_EQ(event.at, noon + 1min);
    EXPECT_EQ(event.transaction_id, id);
    EXPECT_EQ(event.ticket_id, 42);
    EXPECT_EQ(event.code.text(), "FULL-FEE-EUR-SIMPLE");
    EXPECT_EQ(event.amount, eur(22000));
    EXPECT_EQ(event.opened_at, noon);
    EXPECT_EQ(event.before.status, Status::created);
    EXPECT_EQ(event.after.status, Status::paid);
    EXPECT_EQ(event.after.refunded_minor, 0);
    EXPECT_EQ(event.provider_id, "542");
    EXPECT_EQ(event.review_reason, "");
    EXPECT_EQ(event.tries, 0);
}

TEST_P(StoreContractEvents, an_event_tells_how_it_was_then_and_not_how_it_is_now) {
    const auto id = open(42).id;
    record(id, {captured(21000)});
    record(id, {accepted("501"), refunded("r1", 5000)});
    record(id, {refunded("r2", 16000)});

    const auto events = all();
    ASSERT_GE(events.size(), 2u);
    EXPECT_EQ(events[0].type, "payment.review");
    EXPECT_EQ(events[0].provider_id, "");
    EXPECT_EQ(events[0].after.refunded_minor, 0);
    EXPECT_EQ(events[0].review_reason, "amount differs: 210 EUR captured instead of 220 EUR");
    EXPECT_EQ(events[1].provider_id, "501");
    EXPECT_EQ(events[1].before.refunded_minor, 0);
    EXPECT_EQ(events[1].after.refunded_minor, 5000);
}

TEST_P(StoreContractEvents, what_changes_nothing_for_others_is_not_told) {
    const auto id = open(42).id;
    record(id, {accepted("501")});
    EXPECT_TRUE(claim(later).empty());
    record(id, {captured()});
    record(id, {captured()});
    EXPECT_EQ(types(claim(later)), std::vector<std::string>{"payment.paid"});
}

// --------------------------------------------------------------------------------- the order

TEST_P(StoreContractEvents, of_one_transaction_only_the_oldest_is_claimed_until_it_is_delivered) {
    const auto id = paid();
    record(id, {refunded("r1", 5000)});
    record(id, {refunded("r2", 17000)});

    for (const auto* type : {"payment.paid", "payment.refunded", "payment.refunded"}) {
        const auto due = claim(later);
        EXPECT_EQ(types(due), std::vector<std::string>{type});
        EXPECT_TRUE(claim(later).empty());
        deliver(due[0], later);
    }
    EXPECT_TRUE(claim(later).empty());
}

TEST_P(StoreContractEvents, one_that_waits_for_its_next_try_holds_back_its_transaction_alone) {
    const auto held = paid(42);
    record(held, {refunded("r1", 5000)});
    const auto first = claim(noon + 1min);
    paid(43);
    fail(first[0], noon + 1min, noon + 2min);

    const auto due = claim(noon + 2min - 1ms);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].ticket_id, 43);
    EXPECT_EQ(numbers(claim(noon + 2min)), numbers(first));
}

TEST_P(StoreContractEvents, one_that_was_given_up_holds_nobody_back) {
    const auto id = paid();
    record(id, {refunded("r1", 5000)});
    bury(claim(later)[0], later);
    EXPECT_EQ(types(claim(later)), std::vector<std::string>{"payment.refunded"});
}

TEST_P(StoreContractEvents, the_longest_due_come_first_and_no_more_than_asked_for) {
    for (std::int64_t ticket = 1; ticket <= 5; ++ticket) paid(ticket);
    const auto first = claim(noon + 1min, 2);
    EXPECT_EQ(first.size(), 2u);
    fail(first[1], noon + 1min, noon + 2min);
    const auto rest = claim(noon + 2min, 10);
    ASSERT_EQ(rest.size(), 4u);
    EXPECT_EQ(rest[3].number, first[1].number);
}

// ------------------------------------------------------------------------------- the workers

TEST_P(StoreContractEvents, a_claimed_event_is_nobody_elses_until_its_worker_must_have_died) {
    paid();
    const auto claimed = claim(noon + 1min);
    EXPECT_TRUE(claim(noon + 3min - 1ms).empty());
    const auto again = claim(noon + 3min);
    EXPECT_EQ(numbers(again), numbers(claimed));
    EXPECT_EQ(again[0].tries, 0);
}

TEST_P(StoreContractEvents, many_workers_at_once_claim_each_event_once) {
    for (std::int64_t ticket = 1; ticket <= 40; ++ticket) paid(ticket);
    const auto other_process = GetParam().open(place);
    const auto answers = run_together(16, 4, [&](int i) {
        return (i % 2 ? *store : *other_process).claim_events(noon + 1min, 3);
    });

    std::multiset<std::int64_t> claimed;
    for (const auto& answer : answers)
        for (const auto& event : answer.value()) claimed.insert(event.number);
    EXPECT_EQ(claimed.size(), 40u);
    EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), 40u);
}

TEST_P(StoreContractEvents, a_failure_counts_once_however_many_workers_report_it) {
    paid();
    const auto slow = claim(noon + 1min);
    const auto quick = claim(noon + 3min);
    fail(quick[0], noon + 3min, noon + 4min);
    fail(slow[0], noon + 3min, noon + 10min);
    const auto kept = all()[0];
    EXPECT_EQ(kept.tries, 1);
    EXPECT_EQ(kept.next_at, noon + 4min);
    EXPECT_EQ(kept.last_error, "refused");
}

TEST_P(StoreContractEvents, a_late_delivery_counts_whatever_others_have_reported) {
    paid();
    const auto slow = claim(noon + 1min);
    const auto quick = claim(noon + 3min);
    bury(quick[0], noon + 3min);
    deliver(slow[0], noon + 4min);
    EXPECT_EQ(all()[0].delivered_at, noon + 4min);
    EXPECT_EQ(all(of(EventState::dead)).size(), 0u);

    fail(quick[0], noon + 5min, noon + 6min);
    EXPECT_EQ(all()[0].delivered_at, noon + 4min);
    EXPECT_TRUE(claim(later).empty());
}

TEST_P(StoreContractEvents, what_was_settled_outlives_the_process) {
    paid(42);
    paid(43);
    deliver(claim(noon + 1min, 1)[0], noon + 1min);
    store.reset();
    store = GetParam().open(place);
    const auto due = claim(later);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].ticket_id, 43);
}

// ---------------------------------------------------------------------------- the dead letters

TEST_P(StoreContractEvents, dead_ones_are_listed_and_never_claimed) {
    paid(42);
    paid(43);
    bury(claim(noon + 1min, 1)[0], noon + 2min);
    const auto dead = all(of(EventState::dead));
    ASSERT_EQ(dead.size(), 1u);
    EXPECT_EQ(dead[0].ticket_id, 42);
    EXPECT_EQ(dead[0].dead_at, noon + 2min);
    EXPECT_EQ(dead[0].last_error, "refused");
    EXPECT_EQ(all(of(EventState::waiting)).size(), 1u);
    EXPECT_EQ(all(of(EventState::delivered)).size(), 0u);
    const auto due = claim(later);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].ticket_id, 43);
}

TEST_P(StoreContractEvents, replayed_dead_ones_are_due_as_if_never_tried) {
    paid(42);
    paid(43);
    bury(claim(noon + 1min, 1)[0], noon + 1min);
    EXPECT_EQ(replay(of(EventState::dead), later), 1);
    EXPECT_EQ(replay(of(EventState::dead), later), 0);
    const auto due = claim(later);
    ASSERT_EQ(due.size(), 2u);
    EXPECT_EQ(due[1].ticket_id, 42);
    EXPECT_EQ(due[1].tries, 0);
    EXPECT_EQ(due[1].last_error, "");
}

TEST_P(StoreContractEvents, a_transaction_is_replayed_from_its_first_event_in_order) {
    const auto id = paid();
    record(id, {refunded("r1", 5000)});
    paid(43);
    for (int i = 0; i < 2; ++i)
        for (const auto& event : claim(later)) deliver(event, later);

    EXPECT_EQ(replay(of_transaction(id), later), 2);
    for (const auto* type : {"payment.paid", "payment.refunded"}) {
        const auto due = claim(later);
        EXPECT_EQ(types(due), std::vector<std::string>{type});
        deliver(due.at(0), later);
    }
    EXPECT_TRUE(claim(later).empty());
}

TEST_P(StoreContractEvents, one_event_is_replayed_by_its_name_and_only_by_its_own) {
    paid(42);
    paid(43);
    const auto delivered = claim(later);
    for (const auto& event : delivered) deliver(event, later);

    EventFilter filter;
    filter.id = EventId{delivered[1].number, noon + 1ms};  // of another database
    EXPECT_EQ(replay(filter, later), 0);
    filter.id = delivered[1].id();
    EXPECT_EQ(replay(filter, later), 1);
    EXPECT_EQ(numbers(claim(later)), Numbers{delivered[1].number});
}

TEST_P(StoreContractEvents, what_changed_since_a_moment_is_replayed) {
    const auto id = paid();  // at noon + 1min
    auto refund = heard(id, {refunded("r1", 5000)});
    refund.at = noon + 10min;
    run(store->record(refund));
    for (int i = 0; i < 2; ++i)
        for (const auto& event : claim(later)) deliver(event, later);

    EventFilter filter;
    filter.since = noon + 10min;
    EXPECT_EQ(replay(filter, later), 1);
    EXPECT_EQ(types(claim(later)), std::vector<std::string>{"payment.refunded"});
}

TEST_P(StoreContractEvents, old_ones_can_be_skipped_and_replayed_after_all) {
    paid(42);
    auto late = heard(open(43).id, {captured()});
    late.at = noon + 10min;
    run(store->record(late));

    EventFilter old;
    old.before = noon + 10min;
    EXPECT_EQ(run(store->skip_events(old, later)), 1);
    EXPECT_EQ(run(store->skip_events(old, later)), 0);
    EXPECT_EQ(all(of(EventState::skipped)).size(), 1u);
    EXPECT_EQ(all(of(EventState::dead)).size(), 0u);
    EXPECT_EQ(run(store->backlog()).dead, 0);
    const auto due = claim(later);
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].ticket_id, 43);
    EXPECT_EQ(replay(of(EventState::dead), later), 0);
    EXPECT_EQ(replay(of(EventState::skipped), later), 1);
    EXPECT_EQ(claim(later).size(), 1u);
}

TEST_P(StoreContractEvents, a_dead_one_that_is_skipped_is_off_the_list) {
    paid();
    bury(claim(later)[0], later);
    EXPECT_EQ(run(store->skip_events(of(EventState::dead), later)), 1);
    EXPECT_EQ(run(store->backlog()).dead, 0);
    EXPECT_EQ(replay(of(EventState::dead), later), 0);
}

// ---------------------------------------------------------------------------------- the lists

TEST_P(StoreContractEvents, are_listed_page_by_page) {
    for (std::int64_t ticket = 1; ticket <= 5; ++ticket) paid(ticket);
    const auto first = run(store->events({}, 0, 2));
    const auto second = run(store->events({}, first.back().number, 2));
    const auto third = run(store->events({}, second.back().number, 2));
    EXPECT_EQ(first.size(), 2u);
    EXPECT_EQ(second.size(), 2u);
    EXPECT_EQ(third.size(), 1u);
    EXPECT_GT(second[0].number, first[1].number);
}

TEST_P(StoreContractEvents, the_backlog_says_how_many_wait_how_long_and_how_many_are_dead) {
    const auto none = run(store->backlog());
    EXPECT_EQ(none.waiting, 0);
    EXPECT_EQ(none.dead, 0);
    EXPECT_EQ(none.oldest_waiting_at, std::nullopt);

    for (std::int64_t ticket = 1; ticket <= 4; ++ticket) paid(ticket);
    const auto due = claim(noon + 1min);
    deliver(due[0], noon + 1min);
    bury(due[1], noon + 1min);
    const auto some = run(store->backlog());
    EXPECT_EQ(some.waiting, 2);
    EXPECT_EQ(some.dead, 1);
    EXPECT_EQ(some.oldest_waiting_at, noon + 1min);
}

}  // namespace
}  // namespace payments::testing_support
