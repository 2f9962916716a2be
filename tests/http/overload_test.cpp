#include "http/api/overload.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "http/api/problem.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

// Runs until nothing is left to do now.
void run_what_is_there(asio::io_context& loop) {
    loop.restart();
    loop.run_for(50ms);
}

TEST(LoopDelay, tells_how_long_a_busy_loop_lets_things_wait) {
    asio::io_context loop;
    LoopDelay delay{loop};
    EXPECT_EQ(delay.now(), 0ns);  // the first question begins a measurement
    asio::post(loop, [] { std::this_thread::sleep_for(30ms); });
    loop.poll_one();
    EXPECT_GE(delay.now(), 30ms);  // it is still away
    run_what_is_there(loop);
    EXPECT_GE(delay.now(), 30ms);
}

TEST(LoopDelay, stands_in_line_behind_what_was_ready_before_it) {
    constexpr int many = 500;  // more than a loop takes from the kernel at once
    asio::io_context loop;
    LoopDelay delay{loop};
    std::vector<std::unique_ptr<Socket>> sockets;
    int served = 0;
    char byte = 0;
    for (int i = 0; i < many; ++i) {
        auto reading = std::make_unique<Socket>(loop);
        auto writing = std::make_unique<Socket>(loop);
        asio::local::connect_pair(*reading, *writing);
        reading->async_wait(Socket::wait_read, [&](auto) {
            ++served;
            std::this_thread::sleep_for(100us);
        });
        asio::write(*writing, asio::buffer(&byte, 1));
        sockets.push_back(std::move(reading));
        sockets.push_back(std::move(writing));
    }
    delay.now();
    while (served < many) loop.run_one();
    run_what_is_there(loop);
    EXPECT_GE(delay.now(), many * 100us);
}

TEST(LoopDelay, forgets_what_was_measured_long_ago) {
    asio::io_context loop;
    LoopDelay delay{loop};
    delay.now();
    std::this_thread::sleep_for(20ms);
    run_what_is_there(loop);
    std::this_thread::sleep_for(110ms);
    EXPECT_EQ(delay.now(), 0ns);
}

struct OverloadTest : testing::Test {
    asio::io_context loop;
    Metrics metrics;
    std::chrono::milliseconds store_wait{};

    Overload with(std::chrono::milliseconds wait_max) {
        return Overload{loop, [this] { return store_wait; }, metrics, wait_max};
    }
    // The loop is idle: what waits for it comes back at once.
    Result<void> ask(Overload& overload) {
        auto admitted = overload.admit();
        loop.restart();
        loop.poll();
        return admitted;
    }
    std::string refused() const {
        const Metrics* const all[] = {&metrics};
        const auto text = render(all, true);
        const auto line = text.find("\npayments_refused_for_load_total ");
        return text.substr(line + 1, text.find('\n', line + 1) - line - 1);
    }
};

TEST_F(OverloadTest, admits_while_nothing_waits_too_long) {
    auto overload = with(100ms);
    store_wait = 100ms;
    EXPECT_TRUE(ask(overload));
    std::this_thread::sleep_for(120ms);
    EXPECT_TRUE(ask(overload));
    EXPECT_EQ(refused(), "payments_refused_for_load_total 0");
}

TEST_F(OverloadTest, refuses_while_the_database_lets_calls_wait_and_admits_again_after_it) {
    auto overload = with(100ms);
    store_wait = 101ms;
    EXPECT_TRUE(ask(overload));  // it may be over in a moment
    std::this_thread::sleep_for(110ms);
    const auto admitted = ask(overload);
    ASSERT_FALSE(admitted);
    EXPECT_EQ(admitted.error().code, Errc::overloaded);
    EXPECT_EQ(refused(), "payments_refused_for_load_total 1");
    store_wait = 0ms;
    EXPECT_TRUE(ask(overload));
}

TEST_F(OverloadTest, takes_no_two_moments_for_an_overload) {
    auto overload = with(100ms);
    for (int i = 0; i < 3; ++i) {
        store_wait = 1s;
        EXPECT_TRUE(ask(overload));
        std::this_thread::sleep_for(60ms);
        store_wait = 0ms;
        EXPECT_TRUE(ask(overload));
        std::this_thread::sleep_for(60ms);
    }
}

TEST_F(OverloadTest, refuses_at_once_when_there_was_an_overload_just_before) {
    auto overload = with(100ms);
    store_wait = 1s;
    EXPECT_TRUE(ask(overload));
    std::this_thread::sleep_for(110ms);
    EXPECT_FALSE(ask(overload));
    store_wait = 0ms;
    EXPECT_TRUE(ask(overload));
    store_wait = 1s;
    EXPECT_FALSE(ask(overload));
}

TEST_F(OverloadTest, refuses_while_the_loop_lets_things_wait) {
    auto overload = with(20ms);
    EXPECT_TRUE(overload.admit());
    std::this_thread::sleep_for(25ms);
    EXPECT_TRUE(overload.admit());
    std::this_thread::sleep_for(110ms);
    EXPECT_FALSE(overload.admit());
}

TEST_F(OverloadTest, has_those_whom_it_refuses_come_back_at_different_times) {
    auto overload = with(1ms);
    store_wait = 1s;
    EXPECT_TRUE(ask(overload));
    std::this_thread::sleep_for(110ms);
    std::set<int> waits;
    for (int i = 0; i < 100; ++i) waits.insert(ask(overload).error().retry_after_s);
    EXPECT_EQ(waits, (std::set{2, 3, 4, 5}));
}

// A crowd that comes within two seconds, of which so many a second are admitted; who is refused
// comes again when told to.
struct Crowd {
    std::int64_t refused = 0;
    std::chrono::milliseconds took{};

    Crowd(int people, int admitted_a_second) {
        RetrySpread retry;
        RetrySpread::Instant now{1h};
        std::mt19937 random{7};
        std::map<std::chrono::milliseconds, int> coming;
        for (int i = 0; i < people; ++i) ++coming[std::chrono::milliseconds{random() % 2000}];
        double room = 0;
        for (; !coming.empty(); took += 1ms, now += 1ms) {
            room = std::min(room + admitted_a_second / 1000.0, admitted_a_second / 20.0);
            if (coming.begin()->first > took) continue;
            auto here = coming.extract(coming.begin()).mapped();
            for (; here > 0 && room >= 1; --here, --room) retry.admitted(now);
            refused += here;
            for (; here > 0; --here) {
                const std::chrono::milliseconds on_the_way{random() % 300};
                ++coming[took + std::chrono::seconds{retry.refused(now)} + on_the_way];
            }
        }
    }
};

TEST(RetrySpread, lets_a_large_crowd_ask_less_often_and_wait_no_longer) {
    const Crowd large{60'000, 1000};
    EXPECT_LT(large.refused, 300'000);  // 480,000 when all come back after 2 to 5 s
    EXPECT_LT(large.took, 66s);         // it takes a minute to admit so many
    const Crowd small{5'000, 1000};
    EXPECT_LT(small.took, 9s);
}

TEST(RetrySpread, forgets_a_crowd_that_has_gone) {
    RetrySpread retry;
    RetrySpread::Instant now{1h};
    const auto latest_of = [&](int count) {
        int latest = 0;
        for (int i = 0; i < count; ++i, now += 10ms) latest = std::max(latest, retry.refused(now));
        return latest;
    };
    EXPECT_EQ(latest_of(90), 5);
    latest_of(1000);
    EXPECT_EQ(latest_of(90), 17);
    now += 3s;
    EXPECT_EQ(latest_of(90), 5);
    latest_of(1000);
    for (int i = 0; i < 1000; ++i, now += 10ms) retry.admitted(now);
    EXPECT_EQ(latest_of(90), 5);
}

TEST(RepeatedProblem, is_told_as_each_of_its_kind_is) {
    const Error error = Error{Errc::overloaded, "\"instance\": too \\many"}.retry_after(4);
    const RepeatedProblem repeated{error};
    for (const auto& id : {std::string{"r"}, std::string(128, 'x'), std::string{"a.b-c_D"}}) {
        const auto expected = to_response(error, id);
        const auto told = repeated.to_response(id);
        EXPECT_EQ(told.status, expected.status);
        EXPECT_EQ(told.content_type, expected.content_type);
        EXPECT_EQ(told.body, expected.body);
        EXPECT_EQ(told.headers, expected.headers);
    }
}

TEST_F(OverloadTest, refuses_nothing_when_that_is_turned_off) {
    auto overload = with(0ms);
    store_wait = 1h;
    EXPECT_TRUE(ask(overload));
}

}  // namespace
}  // namespace payments::http
