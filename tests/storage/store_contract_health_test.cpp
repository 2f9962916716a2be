// What the port promises of how the installation is, asked of both databases.
#include <gtest/gtest.h>

#include "fixtures/store_contract.hpp"

namespace payments {
namespace {

using namespace testing_support;

class StoreContractHealth : public StoreContract {
protected:
    static Heartbeat of(std::string name, Time at = noon) {
        Heartbeat heartbeat;
        auto& replica = heartbeat.replica;
        replica.name = std::move(name);
        replica.version = "0.1.0";
        replica.commit = "91a6b84";
        replica.settings = "5e77";
        replica.started_at = noon - 1h;
        replica.seen_at = at;
        replica.keys_read_at = noon - 2min;
        return heartbeat;
    }
    static OutsideCalls calls(std::string outside, std::size_t bucket, std::int64_t count) {
        OutsideCalls made{std::move(outside)};
        made.counts.calls = made.counts.by_time[bucket] = count;
        made.counts.unanswered = 1;
        return made;
    }
    HealthRecord record(Time calls_since = noon - 15min) {
        return run(store->health_record(calls_since, noon - 24h));
    }
};

TEST_P(StoreContractHealth, nothing_is_known_of_a_new_installation) {
    const auto known = record();
    EXPECT_TRUE(known.replicas.empty());
    EXPECT_TRUE(known.calls.empty());
    EXPECT_FALSE(known.signed_by_simplepay || known.signed_by_stripe);
    EXPECT_FALSE(known.ledger || known.backup_at);
}

TEST_P(StoreContractHealth, a_replica_is_what_it_told_last) {
    auto first = of("pay1:7", noon - 1min);
    first.replica.signed_by_stripe = noon - 3min;
    first.replica.ahead = 250ms;
    run(store->beat(first));
    auto second = of("pay1:7");
    second.replica.version = "0.2.0";
    second.replica.ahead = -4ms;
    second.replica.keys_trouble = "no such file";
    second.replica.signed_by_simplepay = noon - 1min;
    run(store->beat(second));
    run(store->beat(of("pay2:9", noon - 30s)));

    const auto known = record();
    ASSERT_EQ(known.replicas.size(), 2U);
    const auto& replica = known.replicas[0];
    EXPECT_EQ(replica.name, "pay1:7");
    EXPECT_EQ(replica.version, "0.2.0");
    EXPECT_EQ(replica.commit, "91a6b84");
    EXPECT_EQ(replica.settings, "5e77");
    EXPECT_EQ(replica.started_at, noon - 1h);
    EXPECT_EQ(replica.seen_at, noon);
    EXPECT_EQ(replica.ahead, -4ms);
    EXPECT_EQ(replica.keys_read_at, noon - 2min);
    EXPECT_EQ(replica.keys_trouble, "no such file");
    EXPECT_EQ(known.replicas[1].name, "pay2:9");
    EXPECT_EQ(known.replicas[1].ahead, std::nullopt);
    // A process that has begun again has taken no message yet.
    EXPECT_EQ(known.signed_by_stripe, noon - 3min);
    EXPECT_EQ(known.signed_by_simplepay, noon - 1min);
}

TEST_P(StoreContractHealth, calls_of_all_replicas_are_added_up) {
    auto one = of("pay1:7"), other = of("pay2:9", noon - 14min), older = of("pay2:9", noon - 16min);
    one.calls = {calls("stripe", 3, 5), calls("tickets", 0, 2)};
    other.calls = {calls("stripe", call_seconds.size(), 7)};
    older.calls = {calls("stripe", 3, 100)};
    for (const auto* heartbeat : {&older, &other, &one}) run(store->beat(*heartbeat));

    const auto known = record();
    ASSERT_EQ(known.calls.size(), 2U);
    const auto& stripe = known.calls[known.calls[0].outside == "stripe" ? 0 : 1];
    EXPECT_EQ(stripe.outside, "stripe");
    auto expected = calls("stripe", 3, 5).counts;
    expected += calls("stripe", call_seconds.size(), 7).counts;
    EXPECT_EQ(stripe.counts, expected);
}

TEST_P(StoreContractHealth, what_is_old_is_forgotten_a_few_at_a_time) {
    for (int i = 0; i < 5; ++i) {
        auto old = of("pay1:7", noon - 8 * 24h + i * 1min);
        old.calls = {calls("stripe", 3, 1)};
        run(store->beat(old));
    }
    auto fresh = of("pay2:9");
    fresh.calls = {calls("stripe", 3, 1)};
    run(store->beat(fresh));
    const auto before = noon - 7 * 24h;
    EXPECT_EQ(run(store->forget_heartbeats(before, 3)), 3);
    EXPECT_EQ(run(store->forget_heartbeats(before, 3)), 2);
    EXPECT_EQ(run(store->forget_heartbeats(before, 3)), 0);
    const auto known = run(store->health_record(noon - 30 * 24h, noon - 30 * 24h));
    ASSERT_EQ(known.replicas.size(), 1U);
    EXPECT_EQ(known.replicas[0].name, "pay2:9");
    ASSERT_EQ(known.calls.size(), 1U);
    EXPECT_EQ(known.calls[0].counts.calls, 1);
}

TEST_P(StoreContractHealth, the_newest_run_and_the_newest_backup_count) {
    LedgerCheck found{noon - 1h, 12};
    found.differences = 2;
    found.first_difference = "TR5: broken";
    run(store->note_ledger_check(found));
    run(store->note_ledger_check(LedgerCheck{noon - 2h, 11}));
    run(store->note_backup(noon - 3h));
    run(store->note_backup(noon - 3h));
    run(store->note_backup(noon - 30h));
    const auto known = record();
    ASSERT_TRUE(known.ledger);
    EXPECT_EQ(known.ledger->at, noon - 1h);
    EXPECT_EQ(known.ledger->transactions, 12);
    EXPECT_EQ(known.ledger->differences, 2);
    EXPECT_EQ(known.ledger->first_difference, "TR5: broken");
    EXPECT_EQ(known.backup_at, noon - 3h);
}

TEST_P(StoreContractHealth, a_server_has_a_clock_of_its_own) {
    const auto there = run(store->database_time());
    ASSERT_EQ(there.has_value(), GetParam().name != "Sqlite");
    if (!there) return;
    EXPECT_LT(std::chrono::abs(std::chrono::system_clock::now() - *there), 1min);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreContractHealth, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

}  // namespace
}  // namespace payments
