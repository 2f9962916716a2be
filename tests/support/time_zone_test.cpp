// Days of a time zone.
#include "support/time_zone.hpp"

#include <gtest/gtest.h>

#include "support/times.hpp"

namespace payments {
namespace {

using namespace std::chrono;

std::string start(const std::string& zone, year_month_day day) {
    const auto loaded = TimeZone::load(zone);
    return loaded ? rfc3339(loaded->start_of(day)) : "no such zone";
}

TEST(TimeZones, a_day_begins_when_clocks_there_show_midnight) {
    EXPECT_EQ(start("Europe/Budapest", 2026y / 11 / 29), "2026-11-28T23:00:00.000Z");
    EXPECT_EQ(start("Europe/Budapest", 2026y / 7 / 1), "2026-06-30T22:00:00.000Z");
    EXPECT_EQ(start("UTC", 2026y / 7 / 1), "2026-07-01T00:00:00.000Z");
    EXPECT_EQ(start("America/New_York", 2026y / 7 / 1), "2026-07-01T04:00:00.000Z");
    EXPECT_EQ(start("Asia/Kolkata", 2026y / 7 / 1), "2026-06-30T18:30:00.000Z");
}

TEST(TimeZones, the_days_on_which_clocks_are_changed_have_23_and_25_hours) {
    EXPECT_EQ(start("Europe/Budapest", 2026y / 3 / 29), "2026-03-28T23:00:00.000Z");
    EXPECT_EQ(start("Europe/Budapest", 2026y / 3 / 30), "2026-03-29T22:00:00.000Z");
    EXPECT_EQ(start("Europe/Budapest", 2026y / 10 / 25), "2026-10-24T22:00:00.000Z");
    EXPECT_EQ(start("Europe/Budapest", 2026y / 10 / 26), "2026-10-25T23:00:00.000Z");
    EXPECT_EQ(start("Australia/Sydney", 2026y / 1 / 1), "2025-12-31T13:00:00.000Z");
}

TEST(TimeZones, after_the_last_change_in_the_file_its_rule_goes_on) {
    EXPECT_EQ(start("Europe/Budapest", 2150y / 1 / 1), "2149-12-31T23:00:00.000Z");
    EXPECT_EQ(start("Europe/Budapest", 2150y / 7 / 1), "2150-06-30T22:00:00.000Z");
    EXPECT_EQ(start("Australia/Sydney", 2150y / 1 / 1), "2149-12-31T13:00:00.000Z");
    EXPECT_EQ(start("Australia/Sydney", 2150y / 7 / 1), "2150-06-30T14:00:00.000Z");
}

TEST(TimeZones, where_there_is_no_midnight_a_day_begins_when_clocks_are_put_on) {
    // In Santiago 24:00 was followed by 1:00 on 6 September 2026.
    EXPECT_EQ(start("America/Santiago", 2026y / 9 / 6), "2026-09-06T04:00:00.000Z");
    EXPECT_EQ(start("America/Santiago", 2026y / 9 / 7), "2026-09-07T03:00:00.000Z");
}

TEST(TimeZones, where_midnight_comes_twice_a_day_begins_at_the_first) {
    // In Havana 1:00 was followed by 0:00 on 1 November 2026.
    EXPECT_EQ(start("America/Havana", 2026y / 11 / 1), "2026-11-01T04:00:00.000Z");
}

TEST(TimeZones, what_is_no_zone_is_none) {
    EXPECT_FALSE(TimeZone::load("Europe/Ozora"));
    for (const std::string text : {"", "TZif", "TZif2", "not a zone at all, by any means"})
        EXPECT_FALSE(TimeZone::parse(text));
}

}  // namespace
}  // namespace payments
