#include "support/clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace payments {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

const Time morning = sys_days{2026y / 3 / 2} + 9h + 21min + 9s + 123ms;

TEST(Clock, a_time_is_written_in_utc_with_milliseconds) {
    EXPECT_EQ(rfc3339(morning), "2026-03-02T09:21:09.123Z");
    EXPECT_EQ(rfc3339(Time{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(Time{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, the_time_for_simplepay_has_a_colon_offset_and_no_fraction) {
    EXPECT_EQ(iso8601_seconds(morning), "2026-03-02T09:21:09+00:00");
}

TEST(Clock, a_time_is_read_with_any_offset) {
    for (const auto* text :
         {"2026-03-02T09:21:09.123Z", "2026-03-02t09:21:09.123z", "2026-03-02T10:21:09.123+01:00",
          "2026-03-02T10:21:09.123+0100", "2026-03-02T04:51:09.123-04:30",
          "2026-03-02T09:21:09.1239999Z", "2026-03-03T00:21:09,123+15:00"})
        EXPECT_EQ(parse_time(text), morning) << text;
    EXPECT_EQ(parse_time("2026-03-02T09:21:09Z"), morning - 123ms);
    EXPECT_EQ(parse_time("2026-03-02T09:21:09.1Z"), morning - 23ms);
    EXPECT_EQ(parse_time("2024-02-29T00:00:00Z"), Time{sys_days{2024y / 2 / 29}});
}

TEST(Clock, a_time_that_does_not_exist_or_lacks_a_part_is_not_read) {
    for (const auto* text :
         {"",
          "2026-03-02",
          "2026-03-02T09:21Z",
          "2026-03-02T09:21:09",
          "2026-03-02 09:21:09Z",
          "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z",
          "2026-00-01T00:00:00Z",
          "2026-03-02T24:00:00Z",
          "2026-03-02T09:60:00Z",
          "2026-03-02T09:21:60Z",
          "2026-03-02T09:21:09.Z",
          "2026-03-02T09:21:09+1:00",
          "2026-03-02T09:21:09+01",
          "2026-03-02T09:21:09+24:00",
          "2026-03-02T09:21:09+01:60",
          "2026-03-02T09:21:09Z ",
          "+026-03-02T09:21:09Z",
          "2026-3-2T9:21:9Z",
          "2026-03-02T09:21:09ZZ"})
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

TEST(Clock, every_time_of_four_digit_years_is_read_as_it_was_written) {
    const auto first = Time{sys_days{0y / 1 / 1}}.time_since_epoch().count();
    const auto end = Time{sys_days{10000y / 1 / 1}}.time_since_epoch().count();
    EXPECT_TRUE(rc::check([&] {
        const Time time{std::chrono::milliseconds{*rc::gen::inRange(first, end)}};
        RC_ASSERT(parse_time(rfc3339(time)) == time);
        RC_ASSERT(
            parse_time(iso8601_seconds(time)) == std::chrono::floor<std::chrono::seconds>(time)
        );
    }));
}

Task<void> sleep_and_tell(SystemClock& clock, Time until, Time& woke) {
    co_await clock.sleep_until(until);
    woke = clock.now();
}

TEST(Clock, a_sleeper_wakes_when_the_time_has_come) {
    boost::asio::io_context loop;
    SystemClock clock;
    const auto until = clock.now() + 20ms;
    Time woke{};
    boost::asio::co_spawn(loop, sleep_and_tell(clock, until, woke), [](std::exception_ptr e) {
        EXPECT_FALSE(e);
    });
    loop.run();
    EXPECT_GE(woke, until);
}

}  // namespace
}  // namespace payments
