// What every Store promises about work to be done, keys, many callers at once and sudden ends.
#include <csignal>
#include <cstdlib>
#include <set>

#include "fixtures/store_contract.hpp"

namespace payments {

using namespace testing_support;

namespace {

// Counts the callers that have heard of their attempt.
Task<void> open_and_count(Store& store, std::int64_t ticket_id, std::shared_ptr<int> count) {
    co_await store.open(attempt(ticket_id));
    ++*count;
}

}  // namespace

class StoreContractWork : public StoreContract {
protected:
    std::vector<std::int64_t> claim(Time now, int limit = 10) {
        std::vector<std::int64_t> ids;
        for (const auto& claimed : run(store->claim_due({now, limit}))) ids.push_back(claimed.id);
        return ids;
    }
    using Ids = std::vector<std::int64_t>;

    KeyClaim::Kind claim_key(std::string fingerprint = "f1", Time now = noon) {
        return run(store->claim_key("start", "k1", std::move(fingerprint), now)).kind;
    }
    using Kind = KeyClaim::Kind;
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractWork, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

// ----------------------------------------------------------------------------- checks

TEST_P(StoreContractWork, a_new_attempt_is_checked_when_open_said_so_and_not_before) {
    const auto id = open(42).id;
    EXPECT_EQ(run(store->next_due()), noon + 2s);
    EXPECT_EQ(claim(noon + 1999ms), Ids{});
    EXPECT_EQ(claim(noon + 2s), Ids{id});
}

TEST_P(
    StoreContractWork, a_claimed_attempt_is_not_claimed_again_but_comes_up_when_nothing_is_heard
) {
    const auto id = open(42).id;
    EXPECT_EQ(claim(noon + 2s), Ids{id});
    EXPECT_EQ(claim(noon + 2s), Ids{});
    const auto next = run(store->next_due());
    ASSERT_TRUE(next);
    EXPECT_GT(*next, noon + 2s);
    EXPECT_EQ(claim(*next), Ids{id});
}

TEST_P(StoreContractWork, a_claim_lasts_as_long_as_its_lease_and_no_answer_waits_for_its_end) {
    const auto id = open(42).id;
    const DueClaim claimed{noon + 2s, 10, {15s, 40s}};
    EXPECT_EQ(run(store->claim_due(claimed)).size(), 1u);
    EXPECT_EQ(run(store->next_due()), noon + 17s);
    run(store->record(Heard::answer(id, noon + 3s, {accepted("501")}, noon + 2s)));
    EXPECT_EQ(run(store->next_due()), noon + 1min + 3s);
}

TEST_P(StoreContractWork, a_check_that_is_wanted_at_once_may_be_claimed_as_it_is_recorded) {
    const auto id = open(42).id;
    auto wanted = heard(id, {captured()}, Source::ipn).and_check();
    wanted.at = noon + 2s;
    wanted.message = message("1");
    wanted.claimed_for = CheckLeases{90s, 120s};
    run(store->record(wanted));
    EXPECT_EQ(claim(noon + 2s), Ids{});
    EXPECT_EQ(run(store->next_due()), noon + 92s);

    // The answer to a question from before does not end it, one to a later question does.
    run(store->record(Heard::answer(id, noon + 3s, {captured()}, noon + 1s)));
    EXPECT_EQ(run(store->next_due()), noon + 92s);
    run(store->record(Heard::answer(id, noon + 4s, {captured()}, noon + 2s)));
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

TEST_P(StoreContractWork, a_check_whose_claimer_has_died_comes_up_when_the_claim_has_ended) {
    const auto id = open(42).id;
    auto wanted = heard(id, {captured()}, Source::ipn).and_check();
    wanted.at = noon + 2s;
    wanted.claimed_for = CheckLeases{90s, 120s};
    run(store->record(wanted));
    EXPECT_EQ(claim(noon + 91s), Ids{});
    EXPECT_EQ(claim(noon + 92s), Ids{id});
}

TEST_P(StoreContractWork, checks_are_claimed_of_some_accounts_or_of_all_but_some) {
    auto there = attempt(41);
    there.account = "OTHER";
    const auto other = run(store->open(there)).transaction.id;
    auto at_stripe = attempt(43);
    at_stripe.code.processor = Processor::stripe;
    const auto id = open(42).id, of_stripe = run(store->open(at_stripe)).transaction.id;
    const auto account = attempt(42).account;
    const auto claim_of = [&](std::vector<ProviderAccount> accounts, bool all_but_these) {
        DueClaim claim{noon + 2s, 10};
        claim.accounts = std::move(accounts);
        claim.all_but_these = all_but_these;
        Ids ids;
        for (const auto& one : run(store->claim_due(claim))) ids.push_back(one.id);
        return ids;
    };
    const ProviderAccount ours{Processor::simplepay, account},
        others{Processor::simplepay, "OTHER"};
    EXPECT_EQ(claim_of({{Processor::simplepay, "OTHE"}}, false), Ids{});
    EXPECT_EQ(claim_of({others}, false), Ids{other});
    EXPECT_EQ(claim_of({ours}, true), Ids{of_stripe});
    EXPECT_EQ(claim_of({}, true), Ids{id});
}

TEST_P(StoreContractWork, the_longest_due_are_claimed_first_and_no_more_than_asked_for) {
    auto later = attempt(41);
    later.check_at = noon + 3s;
    const auto last = run(store->open(later)).transaction.id;
    const auto first = open(42).id;
    record_soon(first, {accepted("501")});
    const auto second = open(43).id;

    EXPECT_EQ(claim(noon + 3s, 1), Ids{second});
    EXPECT_EQ(claim(noon + 3s, 5), Ids{last});
    EXPECT_EQ(run(store->claim_due({noon + 1h, 1})).size(), 1u);
}

TEST_P(StoreContractWork, a_message_leaves_a_check_that_is_due_as_it_is) {
    const auto id = open(42).id;
    record_soon(id, {captured()});
    EXPECT_EQ(run(store->next_due()), std::nullopt);
    auto unclear = heard(id, {}, Source::webhook).and_check();
    unclear.message = message("evt_1");
    run(store->record(unclear));

    auto next = heard(id, {fact(FactKind::disputed, "dp_1")}, Source::webhook);
    next.message = message("evt_2");
    run(store->record(next));
    EXPECT_EQ(claim(noon + 1min), Ids{id});
}

TEST_P(StoreContractWork, the_answer_to_an_earlier_question_leaves_a_check_that_is_due_as_it_is) {
    const auto id = open(42).id;
    EXPECT_EQ(claim(noon + 2s), Ids{id});
    auto unclear = heard(id, {}, Source::ipn).and_check();
    unclear.message = message("1");
    run(store->record(unclear));
    record(id, {captured()});  // as it was before the message
    EXPECT_EQ(claim(noon + 1min), Ids{id});
    record(id, {captured()});
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

TEST_P(StoreContractWork, the_late_answer_to_a_question_from_before_does_not_end_a_check) {
    const auto id = open(42).id;
    EXPECT_EQ(claim(noon + 2s), Ids{id});
    auto unclear = heard(id, {captured()}, Source::ipn).and_check();
    unclear.message = message("1");
    run(store->record(unclear));
    EXPECT_EQ(claim(noon + 1min), Ids{id});  // and its answer will be lost

    run(store->record(Heard::answer(id, noon + 1min, {captured()}, noon + 2s)));
    EXPECT_NE(run(store->next_due()), std::nullopt);
    run(store->record(Heard::answer(id, noon + 1min, {captured()}, noon + 1min)));
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

TEST_P(StoreContractWork, a_free_ticket_that_is_settled_late_is_not_checked_for_ever) {
    auto free = attempt(42);
    free.amount = eur(0);
    const auto id = run(store->open(free)).transaction.id;
    run(store->record(heard(id, {captured(0)}, Source::service)));
    EXPECT_EQ(claim(noon + 2min), Ids{id});
    run(store->record(heard(id, {captured(0)}, Source::service)));
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

TEST_P(StoreContractWork, claimed_attempts_come_with_their_events) {
    const auto id = open(42).id;
    record(id, {accepted("501")});
    const auto claimed = run(store->claim_due({noon + 1h, 10}));
    ASSERT_EQ(claimed.size(), 1u);
    ASSERT_EQ(claimed[0].entries.size(), 1u);
    EXPECT_EQ(claimed[0].provider_id, "501");
}

TEST_P(StoreContractWork, many_workers_at_once_claim_each_attempt_once) {
    for (std::int64_t ticket = 1; ticket <= 40; ++ticket) open(ticket);
    const auto other_process = GetParam().open(place);
    const auto answers = run_together(16, 4, [&](int i) {
        return (i % 2 ? *store : *other_process).claim_due({noon + 2s, 3});
    });

    std::multiset<std::int64_t> claimed;
    for (const auto& answer : answers)
        for (const auto& transaction : answer.value()) claimed.insert(transaction.id);
    EXPECT_EQ(claimed.size(), 40u);
    EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), 40u);
}

TEST_P(StoreContractWork, an_attempt_that_is_over_is_not_checked_any_more) {
    record_soon(open(42).id, {captured()});
    record_soon(open(43).id, {fact(FactKind::failed)});
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

TEST_P(StoreContractWork, a_claim_of_payment_is_checked_within_seconds) {
    const auto id = open(42).id;
    record(id, {accepted("501")});
    for (int i = 0; i < 4; ++i) claim(*run(store->next_due()));
    auto ipn = heard(id, {fact(FactKind::claimed)}, Source::ipn);
    ipn.at = noon + 10min;
    run(store->record(ipn));
    EXPECT_LE(*run(store->next_due()), noon + 10min + 5s);
}

TEST_P(StoreContractWork, what_must_be_checked_now_is_due_at_once_even_when_it_is_over) {
    const auto id = open(42).id;
    record(id, {captured()});
    auto back = heard(id, {}, Source::visitor).and_check();
    run(store->record(back));
    EXPECT_EQ(run(store->next_due()), back.at);
    EXPECT_EQ(claim(back.at), Ids{id});
    EXPECT_GE(*run(store->next_due()), back.at + 1min);
}

TEST_P(StoreContractWork, an_answered_check_is_done_although_it_told_nothing_new) {
    const auto id = open(42).id;
    record(id, {captured()});
    auto back = heard(id, {}, Source::visitor).and_check();
    run(store->record(back));
    claim(back.at);
    const auto answered = record(id, {captured()});
    EXPECT_FALSE(answered.news);
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

TEST_P(StoreContractWork, a_check_that_was_asked_for_is_not_forgotten_for_other_news) {
    const auto id = open(42).id;
    record(id, {captured()});
    auto refund_notice = heard(id, {}, Source::webhook).and_check();
    run(store->record(refund_notice));
    // Before anybody asked, while the provider is asked, and after it did not answer.
    run(store->record(heard(id, {fact(FactKind::returned)}, Source::visitor)));
    EXPECT_EQ(run(store->next_due()), refund_notice.at);
    EXPECT_EQ(claim(refund_notice.at), Ids{id});
    const auto reschedule_check = run(store->next_due());
    EXPECT_TRUE(reschedule_check);
    run(store->record(heard(id, {fact(FactKind::attempt_failed)}, Source::webhook)));
    EXPECT_EQ(run(store->next_due()), reschedule_check);
}

TEST_P(StoreContractWork, an_answer_does_not_end_a_check_asked_for_after_the_question) {
    const auto id = open(42).id;
    record(id, {captured()});
    auto notice = heard(id, {}, Source::webhook).and_check();
    run(store->record(notice));
    claim(notice.at);
    run(store->record(notice));  // while the question is under way
    record(id, {captured()});
    EXPECT_EQ(run(store->next_due()), notice.at);
}

TEST_P(StoreContractWork, a_known_fact_from_elsewhere_leaves_the_next_check_alone) {
    const auto id = open(42).id;
    record(id, {accepted("501")});
    const auto planned = run(store->next_due());
    auto again = heard(id, {accepted("501")}, Source::ipn);
    again.at = noon + 1h;
    run(store->record(again));
    EXPECT_EQ(run(store->next_due()), planned);
}

TEST_P(StoreContractWork, what_needs_that_nobody_was_sent_counts_until_there_is_an_id_or_an_end) {
    const auto given_up = [&](std::int64_t id) {
        return run(store->record(heard(id, {fact(FactKind::failed)}).if_nobody_was_sent()));
    };
    const auto unheard = open(42).id, begun = open(43).id, over = open(44).id;
    record(begun, {accepted("501")});
    record(over, {fact(FactKind::cancelled)});

    EXPECT_TRUE(given_up(unheard).news);
    EXPECT_EQ(read(unheard).status, Status::failed);
    for (const auto id : {begun, over}) {
        const auto before = read(id);
        const auto recorded = given_up(id);
        EXPECT_FALSE(recorded.news);
        EXPECT_EQ(recorded.transaction->status, before.status);
        EXPECT_EQ(recorded.before, before.status);
        EXPECT_EQ(read(id).entries.size(), before.entries.size());
    }
}

// ------------------------------------------------------------------------------- keys

TEST_P(StoreContractWork, a_key_is_fresh_once_then_runs_then_answers) {
    EXPECT_EQ(claim_key(), Kind::fresh);
    EXPECT_EQ(claim_key(), Kind::running);
    run(store->store_response("start", "k1", {201, R"({"a":"é"})"}));
    const auto answered = run(store->claim_key("start", "k1", "f1", noon + 23h));
    EXPECT_EQ(answered.kind, Kind::answered);
    EXPECT_EQ(answered.answer.status, 201);
    EXPECT_EQ(answered.answer.body, R"({"a":"é"})");
}

TEST_P(StoreContractWork, a_key_that_came_with_another_body_is_reused_whatever_became_of_it) {
    claim_key("f1");
    EXPECT_EQ(claim_key("f2"), Kind::reused);
    run(store->store_response("start", "k1", {200, "{}"}));
    EXPECT_EQ(claim_key("f2"), Kind::reused);
    EXPECT_EQ(claim_key("f1"), Kind::answered);
}

TEST_P(StoreContractWork, the_same_key_of_another_operation_is_another_key) {
    claim_key();
    EXPECT_EQ(run(store->claim_key("refund", "k1", "f9", noon)).kind, Kind::fresh);
}

TEST_P(StoreContractWork, a_key_whose_request_died_is_taken_over_after_a_minute_by_one_caller) {
    claim_key("f1", noon);
    EXPECT_EQ(claim_key("f1", noon + 60s), Kind::running);
    EXPECT_EQ(claim_key("f1", noon + 61s), Kind::fresh);
    EXPECT_EQ(claim_key("f1", noon + 62s), Kind::running);
}

TEST_P(StoreContractWork, the_first_answer_to_a_key_stays) {
    claim_key();
    run(store->store_response("start", "k1", {200, "first"}));
    run(store->store_response("start", "k1", {200, "second"}));
    run(store->release_key("start", "k1"));
    EXPECT_EQ(run(store->claim_key("start", "k1", "f1", noon)).answer.body, "first");
}

TEST_P(StoreContractWork, a_released_key_is_fresh_again) {
    claim_key("f1");
    run(store->release_key("start", "k1"));
    EXPECT_EQ(claim_key("f2"), Kind::fresh);
}

TEST_P(StoreContractWork, old_keys_are_forgotten) {
    claim_key("f1", noon);
    run(store->claim_key("start", "k2", "f1", noon + 1h));
    run(store->forget_keys(noon + 1h));
    EXPECT_EQ(claim_key("f2"), Kind::fresh);
    EXPECT_EQ(run(store->claim_key("start", "k2", "f1", noon + 1h)).kind, Kind::running);
}

TEST_P(StoreContractWork, of_twenty_claims_of_a_key_at_once_exactly_one_is_fresh) {
    const auto answers =
        run_together(20, 4, [&](int) { return store->claim_key("start", "k1", "f1", noon); });
    int fresh = 0;
    for (const auto& answer : answers) fresh += answer.value().kind == Kind::fresh;
    EXPECT_EQ(fresh, 1);
}

TEST_P(StoreContractWork, of_twenty_that_take_over_a_dead_requests_key_exactly_one_is_fresh) {
    claim_key("f1", noon);
    const auto answers =
        run_together(20, 4, [&](int) { return store->claim_key("start", "k1", "f1", noon + 1h); });
    int fresh = 0, running = 0;
    for (const auto& answer : answers) {
        fresh += answer.value().kind == Kind::fresh;
        running += answer.value().kind == Kind::running;
    }
    EXPECT_EQ(fresh, 1);
    EXPECT_EQ(running, 19);
}

// -------------------------------------------------------------- many callers, sudden ends

TEST_P(StoreContractWork, one_change_that_is_refused_takes_nothing_of_its_neighbours_with_it) {
    const auto answers =
        run_together(40, 4, [&](int i) { return store->open(attempt(i % 10 == 0 ? -1 - i : i)); });
    for (int i = 0; i < 40; ++i)
        EXPECT_EQ(answers[static_cast<std::size_t>(i)].has_value(), i % 10 != 0) << i;
    EXPECT_EQ(run(store->ticket_ids(0, 100)).size(), 36u);
}

TEST_P(StoreContractWork, what_waits_is_still_done_when_the_store_closes) {
    boost::asio::io_context loop;
    auto done = std::make_shared<int>(0);
    for (int i = 1; i <= 50; ++i)
        boost::asio::co_spawn(loop, open_and_count(*store, i, done), [](std::exception_ptr) {});
    loop.poll();
    store.reset();
    loop.run();
    store = GetParam().open(place);
    EXPECT_EQ(*done, 50);
    EXPECT_EQ(run(store->ticket_ids(0, 100)).size(), 50u);
}

TEST_P(StoreContractWork, what_was_acknowledged_is_there_after_the_process_was_killed) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    ::setenv("PAYMENTS_TEST_PLACE", place.c_str(), 0);  // the child runs this test again
    const std::string shared = std::getenv("PAYMENTS_TEST_PLACE");
    const auto die_after_recording = [&] {
        store.reset();
        GetParam().drop_place(place);  // the child's own
        const auto doomed = GetParam().open(shared);
        const auto id = run(doomed->open(attempt(42))).transaction.id;
        run(doomed->record(heard(id, {captured()})));
        std::raise(SIGKILL);
    };
    EXPECT_EXIT(die_after_recording(), testing::KilledBySignal(SIGKILL), "");
    ::unsetenv("PAYMENTS_TEST_PLACE");

    const auto after = run(store->transactions_of(42));
    ASSERT_EQ(after.size(), 1u);
    EXPECT_EQ(after[0].status, Status::paid);
    EXPECT_EQ(outbox().size(), 1u);
}

TEST_P(StoreContractWork, a_store_that_works_is_ready) {
    EXPECT_NO_THROW(run(store->check_ready()));
}

}  // namespace payments
