// Time cut into what people add up by.
#include "support/buckets.hpp"

#include <gtest/gtest.h>

#include "support/times.hpp"

namespace payments {
namespace {

using Starts = std::vector<std::string>;

// Where each begins, as clocks show it there; behind it what follows may not be before its end.
Starts starts(
    const std::string& from, const std::string& to, BucketSize size,
    const std::string& zone_name = "Europe/Budapest"
) {
    const auto zone = TimeZone::load(zone_name);
    if (!zone) return {"no such zone"};
    const auto begin = parse_time(from).value(), end = parse_time(to).value();
    Starts list;
    Time last = begin;
    for (const auto& [at, until] : cut(begin, end, size, *zone)) {
        EXPECT_EQ(at, last);
        EXPECT_LT(at, until);
        last = until;
        list.push_back(rfc3339(at, zone->offset_at(at)));
    }
    EXPECT_EQ(last, std::max(begin, end));
    return list;
}

TEST(Buckets, an_hour_that_comes_twice_is_two) {
    EXPECT_EQ(
        starts("2026-10-25T01:00:00+02:00", "2026-10-25T04:00:00+01:00", BucketSize::hour),
        (Starts{
            "2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00",
            "2026-10-25T03:00:00+01:00"})
    );
}

TEST(Buckets, an_hour_that_is_left_out_is_none) {
    EXPECT_EQ(
        starts("2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00", BucketSize::hour),
        (Starts{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"})
    );
}

TEST(Buckets, hours_begin_where_clocks_there_show_whole_ones) {
    EXPECT_EQ(
        starts("2026-07-01T00:00:00Z", "2026-07-01T02:00:00Z", BucketSize::hour, "Asia/Kathmandu"),
        (Starts{
            "2026-07-01T05:45:00+05:45", "2026-07-01T06:00:00+05:45", "2026-07-01T07:00:00+05:45"})
    );
    // Clocks are put back by half an hour.
    EXPECT_EQ(
        starts(
            "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z", BucketSize::hour, "Australia/Lord_Howe"
        ),
        (Starts{
            "2026-04-05T01:00:00+11:00", "2026-04-05T01:30:00+10:30", "2026-04-05T02:00:00+10:30"})
    );
}

TEST(Buckets, days_have_23_and_25_hours_and_the_first_and_last_may_be_parts) {
    EXPECT_EQ(
        starts("2026-10-24T12:00:00+02:00", "2026-10-26T12:00:00+01:00", BucketSize::day),
        (Starts{
            "2026-10-24T12:00:00+02:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"})
    );
}

TEST(Buckets, months_follow_each_other_over_new_year) {
    EXPECT_EQ(
        starts("2026-11-01T00:00:00+01:00", "2027-02-01T00:00:00+01:00", BucketSize::month),
        (Starts{
            "2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"})
    );
}

TEST(Buckets, minutes_are_minutes_and_no_time_has_none) {
    EXPECT_EQ(
        starts("2026-11-01T00:00:00Z", "2026-11-01T00:02:00Z", BucketSize::minute, "UTC"),
        (Starts{"2026-11-01T00:00:00+00:00", "2026-11-01T00:01:00+00:00"})
    );
    for (const auto size :
         {BucketSize::minute, BucketSize::hour, BucketSize::day, BucketSize::month})
        EXPECT_EQ(starts("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z", size), Starts{});
}

TEST(Buckets, what_clocks_show_is_written_with_its_offset) {
    const auto at = parse_time("2026-11-01T00:30:15.250Z").value();
    EXPECT_EQ(rfc3339(at, std::chrono::minutes{-210}), "2026-10-31T21:00:15-03:30");
    EXPECT_EQ(rfc3339(at, {}), "2026-11-01T00:30:15+00:00");
}

}  // namespace
}  // namespace payments
