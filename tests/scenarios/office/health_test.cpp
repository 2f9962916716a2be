// Replicas tell that they run, and the database says what it knows of the installation.
#include <boost/asio/steady_timer.hpp>

#include "fixtures/scenario.hpp"
#include "flow/office/keep_beating.hpp"
#include "flow/office/look_at_database.hpp"
#include "flow/within.hpp"

namespace payments {

using namespace testing_support;

class HealthScenario : public Scenario {
protected:
    Heart heart{Pulse{
        [] {
            Replica self;
            self.name = "pay1:7";
            return self;
        },
        [this] { return counted; }}};
    std::vector<OutsideCalls> counted{{"stripe"}, {"tickets"}};

    void beat() { await(heart.beat(world, *database)); }
    HealthRecord record() {
        return await(database->health_record(clock.time - calls_judged_for, clock.time - 24h));
    }
    std::shared_ptr<DatabaseLook> look() {
        auto found = std::make_shared<DatabaseLook>();
        await(look_at_database(store, *database, clock, found));
        return found;
    }
};

TEST_F(HealthScenario, a_heartbeat_tells_what_was_counted_since_the_one_before) {
    counted[0].counts = {5, 1};
    beat();
    pass(1min);
    counted[0].counts = {8, 1};
    beat();
    pass(1min);
    beat();
    const auto known = record();
    ASSERT_EQ(known.replicas.size(), 1U);
    EXPECT_EQ(known.replicas[0].seen_at, noon + 2min);
    EXPECT_EQ(known.replicas[0].ahead.has_value(), stores.name != "Sqlite");
    ASSERT_EQ(known.calls.size(), 1U);
    EXPECT_EQ(known.calls[0].counts, (CallCounts{8, 1}));
}

TEST_F(HealthScenario, the_database_says_what_it_knows) {
    beat();
    started();
    const auto found = look();
    EXPECT_EQ(found->failure, "");
    EXPECT_TRUE(found->answered_in);
    EXPECT_EQ(found->backlog->waiting, 0);
    EXPECT_EQ(found->record->replicas.size(), 1U);
    EXPECT_TRUE(found->is_every_payment_summed);
}

TEST_F(HealthScenario, a_database_that_is_lost_is_a_finding_and_no_error) {
    store.lose("check_ready");
    const auto found = look();
    EXPECT_FALSE(found->failure.empty());
    EXPECT_FALSE(found->record);
}

namespace {

Task<void> sleep_and_say(std::chrono::milliseconds time, std::shared_ptr<int>, bool* is_over) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, time};
    co_await timer.async_wait(boost::asio::use_awaitable);
    *is_over = true;
}

Task<void> fail_at_once() {
    throw StoreDown{"lost"};
    co_return;
}

}  // namespace

TEST_F(HealthScenario, who_waits_within_a_time_does_not_wait_longer) {
    bool is_over = false;
    const auto held = std::make_shared<int>();
    EXPECT_TRUE(await(within(10s, sleep_and_say(1ms, held, &is_over))));
    EXPECT_TRUE(is_over);
    is_over = false;
    EXPECT_FALSE(await(within(1ms, sleep_and_say(30ms, held, &is_over))));
    EXPECT_FALSE(is_over);
    // It goes on by itself, and lets go of what it held.
    until([&] { return is_over; });
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_THROW(await(within(10s, fail_at_once())), StoreDown);
}

}  // namespace payments
