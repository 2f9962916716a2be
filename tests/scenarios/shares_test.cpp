#include "flow/shares.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <memory>
#include <vector>

#include "fixtures/scripted_world.hpp"

namespace payments {
namespace {

using testing_support::Gate;
namespace asio = boost::asio;

struct SharesTest : testing::Test {
    asio::io_context loop;
    Shares shares{8};
    Gate gate;  // what is worked on waits here
    std::map<std::string, int> working;
    std::vector<std::string> done;

    static Task<void> one(SharesTest* test, std::string client, std::string name) {
        const auto share = co_await test->shares.take(client);
        ++test->working[client];
        co_await test->gate.pass();
        --test->working[client];
        test->done.push_back(name);
    }
    void begin(const std::string& client, const std::string& name = "") {
        asio::co_spawn(loop, one(this, client, name), asio::detached);
        go_on();
    }
    void go_on() {
        loop.restart();
        loop.poll();
    }
};

TEST_F(SharesTest, a_client_is_worked_for_up_to_its_share_and_another_does_not_wait_for_it) {
    gate.close();
    for (int i = 0; i < 1000; ++i) begin("flood");
    begin("visitor");
    EXPECT_EQ(working["flood"], 8);
    EXPECT_EQ(working["visitor"], 1);
    EXPECT_EQ(shares.clients(), 2U);
    gate.open();
    go_on();
    EXPECT_EQ(done.size(), 1001U);
    EXPECT_EQ(shares.clients(), 0U);
}

TEST_F(SharesTest, those_who_wait_come_in_the_order_of_their_coming) {
    gate.close();
    std::vector<std::string> names;
    for (int i = 0; i < 20; ++i) {
        names.push_back(std::to_string(i));
        begin("client", names.back());
    }
    gate.open();
    go_on();
    EXPECT_EQ(done, names);
}

TEST_F(SharesTest, who_does_not_wait_takes_what_is_free_or_nothing) {
    const std::string client = "client";
    std::vector<std::optional<Shares::Share>> taken;
    for (int i = 0; i < 8; ++i) taken.push_back(shares.try_take(client));
    EXPECT_TRUE(taken.back());
    EXPECT_FALSE(shares.has_room(client));
    EXPECT_FALSE(shares.try_take(client));
    taken.clear();
    EXPECT_TRUE(shares.has_room(client));
    EXPECT_EQ(shares.clients(), 0U);
}

TEST_F(SharesTest, a_share_that_is_replaced_is_given_back) {
    auto one = shares.try_take("one"), other = shares.try_take("other");
    one = std::move(other);
    other.reset();
    EXPECT_EQ(shares.clients(), 1U);
    EXPECT_TRUE(shares.has_room("one"));
    one.reset();
    EXPECT_EQ(shares.clients(), 0U);
}

Task<void> wait(Shares* shares, std::chrono::milliseconds patience, std::vector<bool>* outcomes) {
    std::string client = "client";
    const auto share = co_await shares->take_within(std::move(client), patience);
    outcomes->push_back(share.has_value());
}

TEST_F(SharesTest, patience_ends_without_a_share_and_nobody_behind_is_held_up) {
    Shares single{1};
    std::vector<bool> outcomes;
    auto held = single.try_take("client");
    asio::co_spawn(loop, wait(&single, std::chrono::milliseconds{1}, &outcomes), asio::detached);
    asio::co_spawn(loop, wait(&single, std::chrono::hours{1}, &outcomes), asio::detached);
    while (outcomes.empty()) loop.run_one();
    EXPECT_EQ(outcomes, std::vector<bool>{false});
    held.reset();
    loop.run();
    EXPECT_EQ(outcomes, (std::vector<bool>{false, true}));
    EXPECT_EQ(single.clients(), 0U);
}

Task<void> hold(Shares* shares, std::string client, int* count) {
    const auto share = co_await shares->take(client);
    ++*count;
    asio::steady_timer never{co_await asio::this_coro::executor};
    never.expires_at(asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
}

TEST_F(SharesTest, whoever_is_cut_off_while_it_waits_is_forgotten) {
    const std::string client = "client";
    int held = 0;
    {
        asio::io_context other;
        for (int i = 0; i < 20; ++i)
            asio::co_spawn(other, hold(&shares, client, &held), asio::detached);
        other.poll();
        EXPECT_EQ(held, 8);
    }
    EXPECT_EQ(shares.clients(), 0U);
}

// As when the process ends: the loop goes last (app/serve).
TEST_F(SharesTest, whoever_still_waits_may_be_destroyed_after_the_shares) {
    auto single = std::make_unique<Shares>(1);
    std::vector<bool> outcomes;
    auto held = single->try_take("client");
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(loop, wait(single.get(), std::chrono::hours{1}, &outcomes), asio::detached);
    go_on();
    single.reset();
    held.reset();
    EXPECT_TRUE(outcomes.empty());
}

}  // namespace
}  // namespace payments
