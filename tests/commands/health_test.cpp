#include "flow/office/health.hpp"

#include <gtest/gtest.h>

namespace payments {

using namespace std::chrono_literals;

namespace {

constexpr Time asked_then{std::chrono::days{20'500}};

Measurements all_well() {
    Measurements measured;
    measured.keys = {true, true, false, false};
    measured.ahead_of_database = 20ms;
    measured.outsides = {
        {"SimplePay", "sandbox.simplepay.hu", "", true, asked_then, asked_then + 300ms}};
    measured.stripe_endpoint = MeasuredEndpoint{"", true, true, {}};
    measured.public_url = "https://payments.example";
    measured.public_commit = measured.our_commit = "91a6b84";
    measured.disk = Measurements::Disk{50, 100};
    measured.tells_others = true;
    measured.events_waiting = 3;
    measured.events_dead = 0;
    measured.oldest_event = 5s;
    return measured;
}

// "bad database; warn disk" of what is not good.
std::string troubles(const Measurements& measured) {
    std::string text;
    for (const auto& finding : judge(measured)) {
        if (finding.state == CheckState::good) continue;
        EXPECT_FALSE(finding.advice.empty()) << finding.name;
        EXPECT_EQ(finding.advice.find('\n'), std::string::npos) << finding.name;
        text += (text.empty() ? "" : "; ") + std::string{name(finding.state)} + " " + finding.name;
    }
    return text;
}

}  // namespace

TEST(Health, what_is_well_needs_no_advice) {
    EXPECT_EQ(troubles(all_well()), "");
    EXPECT_EQ(worst(judge(all_well())), CheckState::good);
    for (const auto& finding : judge(all_well())) {
        EXPECT_TRUE(finding.advice.empty()) << finding.name;
        EXPECT_FALSE(finding.sentence.empty()) << finding.name;
    }
}

TEST(Health, a_database_that_is_down_is_the_first_thing_to_be_told) {
    auto measured = all_well();
    measured.database_failure = "database db1/payments: connection refused";
    measured.ahead_of_database.reset();
    measured.events_waiting.reset();
    measured.events_dead.reset();
    measured.disk = Measurements::Disk{10, 100};
    EXPECT_EQ(troubles(measured), "bad database; warn disk");
    EXPECT_EQ(judge(measured).front().sentence, measured.database_failure);
    EXPECT_EQ(worst(judge(measured)), CheckState::bad);
}

TEST(Health, clocks_may_differ_by_less_than_two_seconds) {
    auto measured = all_well();
    for (const auto& [ahead, expected] :
         std::vector<std::pair<std::chrono::milliseconds, std::string>>{
             {1999ms, ""},
             {-1999ms, ""},
             {2s, "warn clock"},
             {-3s, "warn clock"},
             {30s, "bad clock"},
             {-1h, "bad clock"}}) {
        measured.ahead_of_database = ahead;
        EXPECT_EQ(troubles(measured), expected) << ahead.count();
    }
    measured = all_well();
    measured.outsides[0].date = asked_then - 90s;
    EXPECT_EQ(troubles(measured), "bad clock of SimplePay");
    measured.outsides[0].date.reset();
    EXPECT_EQ(troubles(measured), "");
}

TEST(Health, an_address_that_does_not_answer_is_bad_where_payments_need_it) {
    auto measured = all_well();
    measured.outsides[0].why_not = "the host cannot be found";
    measured.outsides[0].date.reset();
    EXPECT_EQ(troubles(measured), "bad SimplePay");
    measured.outsides[0].is_needed = false;
    EXPECT_EQ(troubles(measured), "warn SimplePay");
}

TEST(Health, keys_of_two_modes_are_bad) {
    auto measured = all_well();
    measured.keys.stripe_is_live = true;
    EXPECT_EQ(troubles(measured), "bad mode");
    measured.keys.has_simplepay = false;
    EXPECT_EQ(troubles(measured), "");
    measured.wrong_keys = {"PAYMENTS_USER_KEYS: there is no such file"};
    EXPECT_EQ(troubles(measured), "bad keys");
}

TEST(Health, stripes_endpoint_must_be_there_and_send_all) {
    auto measured = all_well();
    auto& endpoint = *measured.stripe_endpoint;
    endpoint.lacks = {"charge.refunded"};
    EXPECT_EQ(troubles(measured), "warn webhook endpoint");
    endpoint.is_enabled = false;
    EXPECT_EQ(troubles(measured), "bad webhook endpoint");
    endpoint.is_there = false;
    EXPECT_EQ(troubles(measured), "bad webhook endpoint");
    endpoint.why_unknown = "it answered 403";
    EXPECT_EQ(troubles(measured), "unknown webhook endpoint");
}

TEST(Health, the_public_address_must_lead_here) {
    auto measured = all_well();
    measured.public_commit = "caefcc2";
    EXPECT_EQ(troubles(measured), "warn public URL");
    measured.public_commit = "";
    EXPECT_EQ(troubles(measured), "");
    measured.public_failure = "no answer: refused";
    EXPECT_EQ(troubles(measured), "bad public URL");
    measured.public_url = "";
    EXPECT_EQ(troubles(measured), "");
}

TEST(Health, others_must_be_told) {
    auto measured = all_well();
    measured.oldest_event = 61min;
    EXPECT_EQ(troubles(measured), "warn events");
    measured.events_dead = 1;
    EXPECT_EQ(troubles(measured), "bad events");
    measured.tells_others = false;
    EXPECT_EQ(troubles(measured), "warn events");
}

TEST(Health, a_disk_has_room_or_not) {
    auto measured = all_well();
    measured.disk = Measurements::Disk{15, 100};
    EXPECT_EQ(troubles(measured), "warn disk");
    measured.disk = Measurements::Disk{5, 100};
    EXPECT_EQ(troubles(measured), "bad disk");
}

}  // namespace payments
