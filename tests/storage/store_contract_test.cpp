// What every Store promises (flow/ports.hpp), asked of each adapter.
#include <algorithm>
#include <limits>
#include <map>
#include <random>

#include "fixtures/store_contract.hpp"

namespace payments {

using namespace testing_support;

INSTANTIATE_TEST_SUITE_P(, StoreContract, testing::ValuesIn(store_kinds()), [](const auto& kind) {
    return kind.param.name;
});

// ------------------------------------------------------------------------------- open

TEST_P(StoreContract, a_new_attempt_is_on_record_with_everything_that_was_agreed) {
    const auto opened = run(store->open(attempt(42)));
    const auto kept = read(opened.transaction.id);

    EXPECT_TRUE(opened.is_new);
    EXPECT_EQ(kept.id, opened.transaction.id);
    EXPECT_EQ(kept.ticket_id, 42);
    EXPECT_EQ(kept.code, code("FULL-FEE-EUR-SIMPLE"));
    EXPECT_EQ(kept.amount, eur(22000));
    EXPECT_EQ(kept.account, "MERCHANT-1");
    EXPECT_EQ(kept.email, "eva@example.org");
    EXPECT_EQ(kept.metas, R"({"name":"Éva"})");
    EXPECT_EQ(kept.created_at, noon);
    EXPECT_EQ(kept.updated_at, noon);
    EXPECT_EQ(kept.expires_at, noon + 30min);
    EXPECT_EQ(kept.status, Status::created);
    EXPECT_EQ(kept.provider_id, "");
    EXPECT_EQ(kept.paid_at, std::nullopt);
    EXPECT_TRUE(kept.entries.empty());
}

TEST_P(StoreContract, a_second_attempt_for_the_same_ticket_and_fee_hears_of_the_live_one) {
    const auto first = open(42);
    const auto second = run(store->open(attempt(42, "FULL-FEE-HUF-STRIPE-INTENTS")));

    EXPECT_FALSE(second.is_new);
    EXPECT_EQ(second.transaction.id, first.id);
    EXPECT_EQ(second.transaction.code, code("FULL-FEE-EUR-SIMPLE"));
}

TEST_P(StoreContract, another_ticket_or_another_fee_has_an_attempt_of_its_own) {
    const auto first = open(42);
    const auto other_ticket = run(store->open(attempt(43)));
    const auto other_fee = run(store->open(attempt(42, "CAMPING-FEE-EUR-SIMPLE")));

    EXPECT_TRUE(other_ticket.is_new);
    EXPECT_TRUE(other_fee.is_new);
    EXPECT_GT(other_ticket.transaction.id, first.id);
    EXPECT_GT(other_fee.transaction.id, other_ticket.transaction.id);
}

TEST_P(StoreContract, a_fee_can_be_tried_again_after_each_way_an_attempt_ends_without_money) {
    for (const auto ending : {FactKind::failed, FactKind::cancelled, FactKind::expired}) {
        const auto ended = open(42);
        record(ended.id, {fact(ending)});
        EXPECT_GT(open(42).id, ended.id) << name(ending);
        record(ended.id + 1, {fact(FactKind::failed)});
    }
}

TEST_P(StoreContract, a_fee_that_counts_as_paid_is_not_opened_again) {
    const auto paid = open(42);
    record(paid.id, {captured()});
    const auto again = run(store->open(attempt(42, "FULL-FEE-HUF-STRIPE-INTENTS")));

    EXPECT_FALSE(again.is_new);
    EXPECT_EQ(again.transaction.id, paid.id);
    EXPECT_EQ(again.transaction.status, Status::paid);
    ASSERT_EQ(again.transaction.entries.size(), 1u);
    EXPECT_EQ(again.transaction.entries.front().fact.kind, FactKind::captured);
}

TEST_P(StoreContract, a_fee_that_was_fully_refunded_is_opened_again_but_not_a_partly_refunded_one) {
    const auto paid = open(42);
    record(paid.id, {captured(), refunded("r1", 1000)});
    EXPECT_EQ(open(42).id, paid.id);

    record(paid.id, {refunded("r2", 21000)});
    EXPECT_GT(open(42).id, paid.id);
}

TEST_P(StoreContract, the_attempt_that_was_paid_is_named_before_the_one_that_is_live) {
    const auto late = open(42);
    record(late.id, {fact(FactKind::expired)});
    const auto live = open(42);
    record(late.id, {captured()});
    const auto again = run(store->open(attempt(42)));

    EXPECT_FALSE(again.is_new);
    EXPECT_EQ(again.transaction.id, late.id);
    EXPECT_EQ(read(live.id).status, Status::created);
}

TEST_P(StoreContract, an_attempt_that_was_lost_is_opened_under_its_old_number) {
    const auto known = open(42).id;
    const auto last = run(store->reserve_numbers(known + 10));
    const auto later = open(43).id;
    EXPECT_GT(later, last);
    auto lost = attempt(44);
    lost.number = known + 3;
    const auto opened = run(store->open(std::move(lost)));
    EXPECT_TRUE(opened.is_new);
    EXPECT_EQ(opened.transaction.id, known + 3);
    EXPECT_EQ(read(known + 3).ticket_id, 44);
    const auto newest = open(45).id;
    EXPECT_GT(newest, later);
    EXPECT_EQ(run(store->newest_attempt())->id, newest);
}

TEST_P(StoreContract, a_number_that_was_lost_is_given_to_nobody_else) {
    const auto known = open(42).id;
    auto lost = attempt(44);
    lost.number = known + 3;
    ASSERT_TRUE(run(store->open(std::move(lost))).is_new);
    for (int ticket = 45; ticket < 50; ++ticket) EXPECT_NE(open(ticket).id, known + 3);
    EXPECT_EQ(read(known + 3).ticket_id, 44);
}

TEST_P(StoreContract, a_lost_attempt_whose_fee_was_paid_again_meanwhile_is_a_duplicate) {
    const auto paid = open(42).id;
    const auto last = run(store->reserve_numbers(paid + 10));
    record(paid, {accepted("p1"), captured(22000)});
    auto lost = attempt(42);
    lost.number = last;
    const auto opened = run(store->open(std::move(lost)));
    ASSERT_TRUE(opened.is_new);
    record(last, {accepted("p2"), captured(22000)});
    EXPECT_EQ(read(last).status, Status::review);
    EXPECT_EQ(read(paid).status, Status::paid);
}

TEST_P(StoreContract, a_lost_attempt_waits_for_one_that_can_still_be_paid) {
    const auto live = open(42).id;
    auto lost = attempt(42);
    lost.number = live + 5;
    const auto opened = run(store->open(std::move(lost)));
    EXPECT_FALSE(opened.is_new);
    EXPECT_EQ(opened.transaction.id, live);
}

TEST_P(StoreContract, of_fifty_attempts_at_once_on_several_loops_exactly_one_is_new) {
    const auto other_process = GetParam().open(place);
    const auto answers = run_together(50, 4, [&](int i) {
        return (i % 2 ? *store : *other_process).open(attempt(42));
    });

    int fresh = 0;
    for (const auto& answer : answers) {
        ASSERT_TRUE(answer);
        fresh += answer->is_new;
        EXPECT_EQ(answer->transaction.id, answers.front()->transaction.id);
    }
    EXPECT_EQ(fresh, 1);
    EXPECT_EQ(run(store->transactions_of(42)).size(), 1u);
}

// ------------------------------------------------------------------------------ reads

TEST_P(StoreContract, ticket_ids_are_distinct_and_ascending) {
    open(31090);
    open(42);
    open(42, "CAMPING-FEE-EUR-SIMPLE");
    EXPECT_EQ(run(store->ticket_ids(0, 10)), (std::vector<std::int64_t>{42, 31090}));
}

TEST_P(StoreContract, ticket_ids_come_in_pages_that_neither_miss_nor_repeat_one) {
    constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t ticket : {44L, 42L, 1L, 43L, large}) open(ticket);
    open(43, "CAMPING-FEE-EUR-SIMPLE");
    using Ids = std::vector<std::int64_t>;
    EXPECT_EQ(run(store->ticket_ids(0, 2)), (Ids{1, 42}));
    EXPECT_EQ(run(store->ticket_ids(42, 2)), (Ids{43, 44}));
    EXPECT_EQ(run(store->ticket_ids(44, 2)), (Ids{large}));
    EXPECT_EQ(run(store->ticket_ids(large, 2)), Ids{});
    EXPECT_EQ(run(store->ticket_ids(2, 1)), (Ids{42}));
}

TEST_P(StoreContract, the_newest_attempt_has_the_largest_number_whatever_was_heard_since) {
    EXPECT_FALSE(run(store->newest_attempt()));
    const auto first = open(42);
    const auto second = run(store->open(attempt(7, "FULL-FEE-EUR-SIMPLE", noon + 1s))).transaction;
    record(first.id, {captured()});
    const auto newest = run(store->newest_attempt());

    ASSERT_TRUE(newest);
    EXPECT_EQ(newest->id, second.id);
    EXPECT_EQ(newest->created_at, noon + 1s);
}

TEST_P(StoreContract, the_transactions_of_a_ticket_come_by_id_with_their_events) {
    const auto first = open(42);
    record(first.id, {fact(FactKind::failed, "declined")});
    const auto second = open(42);
    open(43);
    const auto transactions = run(store->transactions_of(42));

    ASSERT_EQ(transactions.size(), 2u);
    EXPECT_EQ(transactions[0].id, first.id);
    EXPECT_EQ(transactions[1].id, second.id);
    ASSERT_EQ(transactions[0].entries.size(), 1u);
    EXPECT_EQ(transactions[0].entries[0].fact.subject, "declined");
    EXPECT_TRUE(transactions[1].entries.empty());
}

TEST_P(StoreContract, what_does_not_exist_is_nothing) {
    EXPECT_FALSE(run(store->transaction(1)).has_value());
    EXPECT_TRUE(run(store->transactions_of(42)).empty());
    EXPECT_TRUE(run(store->ticket_ids(0, 10)).empty());
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

// ----------------------------------------------------------------------------- record

TEST_P(StoreContract, a_fact_is_kept_as_it_was_heard) {
    auto full = captured();
    full.subject = "ch_1";
    full.provider_id = "501";
    full.account = "MERCHANT-1";
    full.occurred_at = noon - 1s;
    full.detail = "card 'ending' 4242\n\"őű\"";
    const auto recorded = record(open(42).id, {full});
    const auto kept = read(recorded.transaction->id);

    EXPECT_TRUE(recorded.news);
    EXPECT_EQ(recorded.before, Status::created);
    EXPECT_EQ(recorded.transaction->status, Status::paid);
    ASSERT_EQ(kept.entries.size(), 1u);
    const auto& event = kept.entries.front();
    EXPECT_EQ(event.at, noon + 1min);
    EXPECT_EQ(event.source, Source::query);
    EXPECT_EQ(event.fact.kind, FactKind::captured);
    EXPECT_EQ(event.fact.subject, "ch_1");
    EXPECT_EQ(event.fact.amount, eur(22000));
    EXPECT_EQ(event.fact.provider_id, "501");
    EXPECT_EQ(event.fact.account, "MERCHANT-1");
    EXPECT_EQ(event.fact.occurred_at, noon - 1s);
    EXPECT_EQ(event.fact.detail, full.detail);
    EXPECT_EQ(kept.provider_id, "501");
    EXPECT_EQ(kept.status, Status::paid);
    EXPECT_EQ(kept.paid_at, noon + 1min);
    EXPECT_EQ(kept.updated_at, noon + 1min);
}

TEST_P(StoreContract, a_fact_heard_again_is_no_news_and_changes_nothing) {
    const auto id = open(42).id;
    record(id, {accepted("501"), captured()});
    auto again = heard(id, {captured(), accepted("501")}, Source::ipn);
    again.at = noon + 2h;
    const auto recorded = run(store->record(again));

    EXPECT_FALSE(recorded.news);
    EXPECT_EQ(recorded.before, Status::paid);
    EXPECT_EQ(read(id).entries.size(), 2u);
    EXPECT_EQ(read(id).paid_at, noon + 1min);
    EXPECT_EQ(outbox().size(), 1u);
}

TEST_P(StoreContract, a_capture_counts_whatever_was_heard_before_it) {
    const auto id = open(42).id;
    record(id, {accepted("501")});
    record(id, {fact(FactKind::failed)});
    const auto late = record(id, {captured()});

    EXPECT_EQ(late.before, Status::failed);
    EXPECT_EQ(late.transaction->status, Status::paid);
    EXPECT_EQ(
        outbox(), (std::vector<OutboxRow>{
                      {"payment.failed", "pending", "failed"}, {"payment.paid", "failed", "paid"}})
    );
}

TEST_P(StoreContract, facts_in_any_order_and_repeated_come_to_the_same_status) {
    const std::vector<Fact> facts{
        accepted("501"),
        fact(FactKind::unanswered),
        fact(FactKind::expired),
        captured(),
        refunded("r1", 500),
        fact(FactKind::disputed, "d"),
        fact(FactKind::dispute_won, "d"),
    };
    std::mt19937 random{20260302};
    for (std::int64_t ticket = 1; ticket <= 15; ++ticket) {
        auto order = facts;
        order.push_back(facts[random() % facts.size()]);
        std::shuffle(order.begin(), order.end(), random);
        const auto id = open(ticket).id;
        for (auto& each : order) {
            if (each.kind == FactKind::accepted) each.provider_id = std::to_string(500 + ticket);
            record(id, {each});
        }
        EXPECT_EQ(read(id).status, Status::partially_refunded) << "ticket " << ticket;
        EXPECT_EQ(read(id).refunded_minor, 500);
        EXPECT_EQ(read(id).entries.size(), facts.size());
    }
}

TEST_P(StoreContract, every_refund_is_told_although_the_status_stays) {
    const auto id = open(42).id;
    record(id, {captured()});
    record(id, {refunded("r1", 1000)});
    record(id, {refunded("r2", 2500)});
    record(id, {refunded("r2", 2500)});

    EXPECT_EQ(read(id).refunded_minor, 3500);
    EXPECT_EQ(
        outbox(), (std::vector<OutboxRow>{
                      {"payment.paid", "created", "paid"},
                      {"payment.refunded", "paid", "partially_refunded"},
                      {"payment.refunded", "partially_refunded", "partially_refunded"},
                  })
    );
}

TEST_P(StoreContract, a_second_capture_of_a_fee_is_kept_for_review_as_a_duplicate) {
    const auto first = open(42);
    record(first.id, {fact(FactKind::expired)});
    const auto second = open(42);
    record(second.id, {captured()});
    const auto late = record(first.id, {captured()});

    EXPECT_EQ(late.transaction->status, Status::review);
    ASSERT_EQ(late.transaction->entries.size(), 3u);
    EXPECT_EQ(late.transaction->entries[2].fact.kind, FactKind::duplicate);
    EXPECT_EQ(late.transaction->entries[2].fact.subject, second.reference());
    EXPECT_EQ(late.transaction->entries[2].source, Source::service);
    EXPECT_EQ(read(second.id).status, Status::paid);
    EXPECT_EQ(outbox().back(), (OutboxRow{"payment.review", "expired", "review"}));
}

TEST_P(StoreContract, a_free_ticket_taken_twice_is_a_duplicate_too) {
    auto free = attempt(42);
    free.amount = eur(0);
    const auto first = run(store->open(free)).transaction;
    record(first.id, {fact(FactKind::cancelled)});
    const auto second = run(store->open(free)).transaction;
    record(second.id, {captured(0)});

    EXPECT_EQ(read(second.id).status, Status::paid);
    EXPECT_TRUE(read(second.id).paid_at.has_value());
    record(first.id, {captured(0)});
    EXPECT_EQ(read(first.id).entries.back().fact.kind, FactKind::duplicate);
}

TEST_P(StoreContract, of_two_captures_at_once_exactly_one_is_a_duplicate) {
    for (std::int64_t ticket = 1; ticket <= 10; ++ticket) {
        const auto first = open(ticket);
        record(first.id, {fact(FactKind::expired)});
        const auto second = open(ticket);
        run_together(2, 2, [&](int i) {
            return store->record(heard(i ? first.id : second.id, {captured()}));
        });
        std::map<Status, int> ended;
        for (const auto& transaction : run(store->transactions_of(ticket)))
            ++ended[transaction.status];
        EXPECT_EQ(ended[Status::paid], 1);
        EXPECT_EQ(ended[Status::review], 1);
    }
}

TEST_P(StoreContract, numbers_that_were_reserved_are_never_given) {
    EXPECT_EQ(run(store->reserve_numbers(3)), 3);
    EXPECT_EQ(open(42).id, 4);
    EXPECT_EQ(run(store->reserve_numbers(2)), 4);
    EXPECT_EQ(open(43).id, 5);
    EXPECT_EQ(run(store->reserve_numbers(1000)), 1000);
    store.reset();
    store = GetParam().open(place);
    EXPECT_EQ(open(44).id, 1001);
    for (const auto& difference : GetParam().verify(place).differences)
        ADD_FAILURE() << difference.detail;
}

TEST_P(StoreContract, a_message_with_evidence_is_about_the_payment_that_was_made_for_the_attempt) {
    const auto told = [&](std::int64_t number, PaymentEvidence evidence, std::string identity) {
        MatchCriteria subject{number, evidence.provider_id, Processor::simplepay};
        subject.evidence = std::move(evidence);
        auto heard = notice(std::move(subject), {fact(FactKind::claimed)}, std::move(identity));
        return run(store->record(std::move(heard))).transaction.has_value();
    };
    const auto id = open(42).id;
    EXPECT_FALSE(told(id, {"501"}, "no proof"));
    EXPECT_FALSE(told(id, {"501", noon - 1s}, "made before"));
    EXPECT_TRUE(told(id, {"501", noon}, "made after"));
    record(id, {accepted("501")});
    EXPECT_TRUE(told(id, {"501"}, "its id"));
    EXPECT_FALSE(told(id, {"502", noon + 1min}, "another id"));
    EXPECT_FALSE(told(id + 1, {"501"}, "another number"));
    record(id, {fact(FactKind::foreign_payment)});
    EXPECT_FALSE(told(id, {"501"}, "spent"));
}

TEST_P(StoreContract, an_id_of_the_provider_that_another_attempt_has_is_kept_for_review) {
    const auto owner = open(42);
    record(owner.id, {accepted("501")});
    const auto thief = open(43);
    auto fact_of_thief = captured();
    fact_of_thief.provider_id = "501";
    record(thief.id, {fact_of_thief});

    EXPECT_EQ(read(thief.id).status, Status::review);
    EXPECT_EQ(read(thief.id).provider_id, "");
    EXPECT_EQ(read(thief.id).entries.at(0).fact.provider_id, "501");
    EXPECT_EQ(read(thief.id).entries.at(1).fact.kind, FactKind::mismatched);
    EXPECT_EQ(read(owner.id).provider_id, "501");
    EXPECT_EQ(read(owner.id).status, Status::pending);
}

TEST_P(StoreContract, two_processors_may_use_the_same_id) {
    const auto simplepay = open(42);
    record(simplepay.id, {accepted("501")});
    const auto stripe = open(43, "FULL-FEE-EUR-STRIPE-INTENTS");
    record(stripe.id, {accepted("501")});
    EXPECT_EQ(read(stripe.id).provider_id, "501");
    EXPECT_EQ(read(stripe.id).status, Status::pending);
}

TEST_P(StoreContract, an_attempt_that_ended_never_stands_beside_a_live_one_as_live_again) {
    const auto first = open(42);
    record(first.id, {fact(FactKind::disputed, "d1")});
    record(first.id, {fact(FactKind::failed), refunded("r1", 22000), captured()});
    record(first.id, {fact(FactKind::dispute_won, "d1")});
    EXPECT_EQ(read(first.id).status, Status::refunded);
    const auto second = open(42);
    EXPECT_GT(second.id, first.id);
    record(first.id, {fact(FactKind::refund_failed, "r1")});

    EXPECT_EQ(read(first.id).status, Status::paid);
    EXPECT_EQ(run(store->open(attempt(42))).transaction.id, first.id);
}

// --------------------------------------------------------------------------- messages

TEST_P(StoreContract, a_message_finds_its_attempt_by_the_providers_id) {
    const auto id = open(42).id;
    record(id, {accepted("501")});
    const auto by_id = notice({{}, "501", Processor::simplepay}, {captured()}, "e1");
    const auto recorded = run(store->record(by_id));

    ASSERT_TRUE(recorded.transaction);
    EXPECT_EQ(recorded.transaction->id, id);
    EXPECT_EQ(recorded.transaction->status, Status::paid);
}

TEST_P(StoreContract, our_own_id_counts_before_the_providers) {
    const auto named = open(42).id;
    const auto other = open(43).id;
    record(other, {accepted("501")});
    const auto both = notice({named, "501", Processor::simplepay}, {}, "e1");
    EXPECT_EQ(run(store->record(both)).transaction->id, named);
}

TEST_P(StoreContract, one_processor_cannot_speak_for_anothers_attempt) {
    const auto id = open(42, "FULL-FEE-EUR-STRIPE-INTENTS").id;
    const auto forged = notice({id, "", Processor::simplepay}, {captured()}, "e1");
    const auto recorded = run(store->record(forged));

    EXPECT_FALSE(recorded.transaction);
    EXPECT_TRUE(recorded.news);
    EXPECT_EQ(read(id).status, Status::created);
    EXPECT_EQ(GetParam().unmatched_reasons(place).size(), 1u);
}

TEST_P(StoreContract, a_message_about_nothing_we_know_is_kept_once_as_unmatched) {
    const auto stray = notice({77, "", Processor::simplepay}, {captured()}, "e1");

    EXPECT_TRUE(run(store->record(stray)).news);
    EXPECT_FALSE(run(store->record(stray)).news);
    EXPECT_EQ(GetParam().unmatched_reasons(place), std::vector<std::string>{"no such transaction"});
}

TEST_P(StoreContract, a_message_of_another_account_or_another_moment_is_about_nothing_of_ours) {
    const auto opened = run(store->open(attempt(42))).transaction;
    const auto told = [&](const std::string& account, std::optional<Time> opened_at, auto event) {
        auto news = heard(opened.id, {captured()}, Source::ipn);
        news.subject.account = account;
        news.subject.opened_at = opened_at;
        news.message = message(event);
        return run(store->record(std::move(news))).transaction.has_value();
    };
    EXPECT_FALSE(told("MERCHANT-2", {}, "m1"));
    EXPECT_FALSE(told("", noon - 1ms, "m2"));
    EXPECT_EQ(run(store->transaction(opened.id))->status, Status::created);
    EXPECT_TRUE(told("MERCHANT-1", noon, "m3"));
}

TEST_P(StoreContract, a_message_that_must_not_count_is_kept_with_the_reason_and_teaches_nothing) {
    const auto id = open(42).id;
    const auto test_mode = Heard::unmatchable(Source::webhook, noon, message("e1"), "test mode");
    const auto recorded = run(store->record(test_mode));

    EXPECT_FALSE(recorded.transaction);
    EXPECT_TRUE(recorded.news);
    EXPECT_TRUE(read(id).entries.empty());
    EXPECT_EQ(GetParam().unmatched_reasons(place), std::vector<std::string>{"test mode"});
}

TEST_P(StoreContract, a_message_without_new_facts_is_news_only_the_first_time) {
    const auto id = open(42).id;
    auto empty = heard(id, {}, Source::webhook);
    empty.message = message("e1");
    EXPECT_TRUE(run(store->record(empty)).news);
    EXPECT_FALSE(run(store->record(empty)).news);
    empty.message = message("e2");
    EXPECT_TRUE(run(store->record(empty)).news);
}

TEST_P(StoreContract, a_message_that_comes_twenty_times_at_once_counts_once) {
    const auto id = open(42).id;
    const auto other_process = GetParam().open(place);
    auto paid = heard(id, {captured()}, Source::webhook);
    paid.message = message("evt_1");
    const auto answers =
        run_together(20, 4, [&](int i) { return (i % 2 ? *store : *other_process).record(paid); });

    int news = 0;
    for (const auto& answer : answers) {
        ASSERT_TRUE(answer);
        news += answer->news;
        EXPECT_EQ(answer->transaction->status, Status::paid);
    }
    EXPECT_EQ(news, 1);
    EXPECT_EQ(read(id).entries.size(), 1u);
    EXPECT_EQ(outbox(), (std::vector<OutboxRow>{{"payment.paid", "created", "paid"}}));
}

}  // namespace payments
