// What every Store promises (flow/ports.hpp), asked of each adapter.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <random>

#include "support/loop.hpp"
#include "support/stores.hpp"

namespace payments {

using namespace testing_support;
using namespace std::chrono_literals;

namespace {

const Time noon{std::chrono::sys_days{std::chrono::March / 2 / 2026} + 12h};

Code code(std::string_view text) { return Code::parse(text).value(); }
Money eur(std::int64_t minor) { return Money::of(minor, Currency::of("EUR").value()).value(); }

NewAttempt attempt(
    std::int64_t ticket_id, std::string_view code_text = "FULL-FEE-EUR-SIMPLE", Time now = noon
) {
    const auto parsed = code(code_text);
    const auto amount = Money::of(22000, parsed.currency).value();
    return {ticket_id,           parsed, amount,      "MERCHANT-1", "eva@example.org",
            R"({"name":"Éva"})", now,    now + 30min, now + 2s};
}

Fact fact(FactKind kind, std::string subject = "") {
    Fact made;
    made.kind = kind;
    made.subject = std::move(subject);
    return made;
}
Fact captured(std::int64_t minor = 22000) {
    auto made = fact(FactKind::captured);
    made.amount = eur(minor);
    return made;
}
Fact refunded(std::string id, std::int64_t minor) {
    auto made = fact(FactKind::refunded, std::move(id));
    made.amount = eur(minor);
    return made;
}
Fact accepted(std::string provider_id) {
    auto made = fact(FactKind::accepted);
    made.provider_id = std::move(provider_id);
    return made;
}

Heard heard(std::int64_t id, std::vector<Fact> facts, Source source = Source::query) {
    return {
        Subject{id, "", {}},
        source, noon + 1min, std::move(facts)
    };
}


}  // namespace

class StoreContract : public testing::TestWithParam<StoreKind> {
protected:
    void SetUp() override {
        place = GetParam().make_place();
        store = GetParam().open(place);
    }
    void TearDown() override {
        store.reset();
        GetParam().drop_place(place);
    }

    Transaction open(std::int64_t ticket_id, std::string_view code_text = "FULL-FEE-EUR-SIMPLE") {
        return run(store->open(attempt(ticket_id, code_text))).transaction;
    }
    Recorded record(std::int64_t id, std::vector<Fact> facts) {
        return run(store->record(heard(id, std::move(facts))));
    }
    Transaction read(std::int64_t id) { return run(store->transaction(id)).value(); }
    std::vector<OutboxRow> outbox() { return GetParam().outbox(place); }

    std::string place;
    std::unique_ptr<Store> store;
};

INSTANTIATE_TEST_SUITE_P(, StoreContract, testing::Values(sqlite_kind()), [](const auto& kind) {
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
    EXPECT_TRUE(kept.events.empty());
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
    ASSERT_EQ(again.transaction.events.size(), 1u);
    EXPECT_EQ(again.transaction.events.front().fact.kind, FactKind::captured);
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
    EXPECT_EQ(run(store->ticket_ids()), (std::vector<std::int64_t>{42, 31090}));
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
    ASSERT_EQ(transactions[0].events.size(), 1u);
    EXPECT_EQ(transactions[0].events[0].fact.subject, "declined");
    EXPECT_TRUE(transactions[1].events.empty());
}

TEST_P(StoreContract, what_does_not_exist_is_nothing) {
    EXPECT_FALSE(run(store->transaction(1)).has_value());
    EXPECT_TRUE(run(store->transactions_of(42)).empty());
    EXPECT_TRUE(run(store->ticket_ids()).empty());
    EXPECT_EQ(run(store->next_due()), std::nullopt);
}

// ----------------------------------------------------------------------------- record

TEST_P(StoreContract, a_fact_is_kept_as_it_was_heard) {
    auto full = captured();
    full.subject = "ch_1";
    full.provider_id = "501";
    full.account = "MERCHANT-1";
    full.detail = "card 'ending' 4242\n\"őű\"";
    const auto recorded = record(open(42).id, {full});
    const auto kept = read(recorded.transaction->id);

    EXPECT_TRUE(recorded.news);
    EXPECT_EQ(recorded.before, Status::created);
    EXPECT_EQ(recorded.transaction->status, Status::paid);
    ASSERT_EQ(kept.events.size(), 1u);
    const auto& event = kept.events.front();
    EXPECT_EQ(event.at, noon + 1min);
    EXPECT_EQ(event.source, Source::query);
    EXPECT_EQ(event.fact.kind, FactKind::captured);
    EXPECT_EQ(event.fact.subject, "ch_1");
    EXPECT_EQ(event.fact.amount, eur(22000));
    EXPECT_EQ(event.fact.provider_id, "501");
    EXPECT_EQ(event.fact.account, "MERCHANT-1");
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
    EXPECT_EQ(read(id).events.size(), 2u);
    EXPECT_EQ(read(id).paid_at, noon + 1min);
    EXPECT_EQ(outbox().size(), 1u);
}

}  // namespace payments
