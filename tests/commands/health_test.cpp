#include "flow/office/health.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

namespace payments {

using namespace std::chrono_literals;

namespace {

constexpr Time asked_then{std::chrono::days{20'500}};

Replica running(std::string name) {
    Replica replica;
    replica.name = std::move(name);
    replica.version = "0.1.0";
    replica.commit = "91a6b84";
    replica.settings = "5e77";
    replica.seen_at = asked_then - 40s;
    replica.keys_read_at = asked_then - 4min;
    replica.ahead = -3ms;
    return replica;
}

CallCounts calls(std::int64_t count, std::int64_t unanswered) {
    CallCounts counts{count, unanswered};
    counts.by_time[8] = count;  // up to 250 ms
    return counts;
}

Measurements all_well() {
    Measurements measured;
    measured.at = asked_then;
    measured.keys = {true, true, false, false};
    measured.database.ahead = 20ms;
    measured.database.answered_in = 3ms;
    measured.database.backlog = Backlog{3, 0, asked_then - 5s};
    measured.database.is_every_payment_summed = true;
    measured.database.record = HealthRecord{
        .replicas = {running("pay1:7"), running("pay2:9")},
        .calls = {{"stripe", calls(200, 2)}},
        .ledger = LedgerCheck{asked_then - 3h, 1204},
        .backup_at = asked_then - 10h,
        .erasing = ErasingRecord{asked_then - 20s, 1},
    };
    measured.outsides = {
        {"simplepay", "sandbox.simplepay.hu", "", true, asked_then, asked_then + 300ms}};
    measured.stripe_endpoint = MeasuredEndpoint{"", true, true, {}};
    measured.public_url = "https://payments.example";
    measured.public_commit = measured.our_commit = "91a6b84";
    measured.disk = Measurements::Disk{50, 100};
    measured.tells_others = true;
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

// Whatever can be found, one thing after another.
std::vector<Measurements> every_trouble() {
    const std::vector<std::function<void(Measurements&)>> troubles{
        [](Measurements&) {},
        [](Measurements& m) { m.database.failure = "refused"; },
        [](Measurements& m) { m.database.ahead = 3s; },
        [](Measurements& m) { m.database.ahead = -3s; },
        [](Measurements& m) { m.outsides[0].why_not = "refused"; },
        [](Measurements& m) { m.wrong_keys = {"PAYMENTS_USER_KEYS: there is no such file"}; },
        [](Measurements& m) {
            m.keys = {true, true, true, true};
        },
        [](Measurements& m) { m.keys.stripe_is_live = true; },
        [](Measurements& m) { m.stripe_endpoint->why_unknown = "it answered 403"; },
        [](Measurements& m) { m.stripe_endpoint->is_enabled = false; },
        [](Measurements& m) { m.stripe_endpoint->is_there = false; },
        [](Measurements& m) {
            m.stripe_endpoint->lacks = {"charge.refunded", "refund.failed"};
        },
        [](Measurements& m) { m.public_failure = "refused"; },
        [](Measurements& m) { m.public_commit = "caefcc2"; },
        [](Measurements& m) { m.tells_others = false; },
        [](Measurements& m) { m.database.backlog->dead = 2; },
        [](Measurements& m) { m.database.backlog->oldest_waiting_at = asked_then - 2h; },
        [](Measurements& m) { m.database.record->replicas.clear(); },
        [](Measurements& m) { m.database.record->replicas[0].version = "0.2.0"; },
        [](Measurements& m) { m.database.record->replicas[0].settings = "0bad"; },
        [](Measurements& m) { m.database.record->replicas[0].keys_trouble = "refused"; },
        [](Measurements& m) { m.database.record->backup_at.reset(); },
        [](Measurements& m) { m.database.record->ledger.reset(); },
        [](Measurements& m) { m.database.record->ledger->differences = 1; },
        [](Measurements& m) { m.database.record->erasing->round_at = asked_then - 3h; },
        [](Measurements& m) { m.database.is_every_payment_summed = false; },
    };
    std::vector<Measurements> all;
    for (const auto& make : troubles) {
        all.push_back(all_well());
        make(all.back());
    }
    return all;
}

}  // namespace

// Of openapi.yaml, FindingCode.
TEST(Health, every_finding_has_a_code_with_what_belongs_into_its_sentence) {
    const std::map<std::string_view, std::string> has{
        {"database_failed", "why"},
        {"clock_agrees", "replica address by_ms"},
        {"clock_ahead", "replica address by_ms"},
        {"clock_behind", "replica address by_ms"},
        {"answers", "address"},
        {"silent", "address why"},
        {"key_wrong", "why"},
        {"mode_mixed", "live"},
        {"endpoint_unknown", "why"},
        {"endpoint_lacks", "events"},
        {"public_well", "url"},
        {"public_failed", "url why"},
        {"public_other_commit", "url commit ours"},
        {"disk_free", "percent"},
        {"events_given_up", "count"},
        {"events_late", "count"},
        {"replicas_alike", "count"},
        {"key_sets_read", "age_s"},
        {"key_set_old", "replica age_s why"},
        {"calls_made", "count unanswered within_ms"},
        {"backup_noted", "age_s"},
        {"ledger_agrees", "age_s transactions differences first"},
        {"ledger_differs", "age_s transactions differences first"},
        {"erasing_done", "age_s waiting"},
        {"erasing_late", "age_s waiting"},
    };
    std::set<std::string_view> found;
    for (const auto& measured : every_trouble())
        for (const auto& finding : judge(measured)) {
            const auto code = name(finding.code);
            found.insert(code);
            std::string names;
            for (const auto& [what, value] : finding.with)
                names += (names.empty() ? "" : " ") + what;
            const auto listed = has.find(code);
            EXPECT_EQ(names, listed == has.end() ? "" : listed->second) << code;
        }
    EXPECT_EQ(found.size(), finding_codes);
}

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
    measured.database = DatabaseLook{.failure = "database db1/payments: connection refused"};
    measured.disk = Measurements::Disk{10, 100};
    EXPECT_EQ(troubles(measured), "bad database; warn disk");
    EXPECT_EQ(judge(measured).front().sentence, measured.database.failure);
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
        measured.database.ahead = ahead;
        EXPECT_EQ(troubles(measured), expected) << ahead.count();
    }
    measured = all_well();
    measured.outsides[0].date = asked_then - 90s;
    EXPECT_EQ(troubles(measured), "bad clock_simplepay");
    measured.outsides[0].date.reset();
    EXPECT_EQ(troubles(measured), "");
}

TEST(Health, an_address_that_does_not_answer_is_bad_where_payments_need_it) {
    auto measured = all_well();
    measured.outsides[0].why_not = "the host cannot be found";
    measured.outsides[0].date.reset();
    EXPECT_EQ(troubles(measured), "bad simplepay");
    measured.outsides[0].is_needed = false;
    EXPECT_EQ(troubles(measured), "warn simplepay");
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
    EXPECT_EQ(troubles(measured), "warn webhook_endpoint");
    endpoint.is_enabled = false;
    EXPECT_EQ(troubles(measured), "bad webhook_endpoint");
    endpoint.is_there = false;
    EXPECT_EQ(troubles(measured), "bad webhook_endpoint");
    endpoint.why_unknown = "it answered 403";
    EXPECT_EQ(troubles(measured), "unknown webhook_endpoint");
}

TEST(Health, the_public_address_must_lead_here) {
    auto measured = all_well();
    measured.public_commit = "caefcc2";
    EXPECT_EQ(troubles(measured), "warn public_url");
    measured.public_commit = "";
    EXPECT_EQ(troubles(measured), "");
    measured.public_failure = "no answer: refused";
    EXPECT_EQ(troubles(measured), "bad public_url");
    measured.public_url = "";
    EXPECT_EQ(troubles(measured), "");
}

TEST(Health, others_must_be_told) {
    auto measured = all_well();
    measured.database.backlog->oldest_waiting_at = asked_then - 61min;
    EXPECT_EQ(troubles(measured), "warn events");
    measured.database.backlog->dead = 1;
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

TEST(Health, replicas_that_run_must_be_alike) {
    auto measured = all_well();
    auto& other = measured.database.record->replicas[1];
    other.settings = "0bad";
    EXPECT_EQ(troubles(measured), "warn replicas");
    other.commit = "caefcc2";
    EXPECT_EQ(judge(measured).front().sentence, "replicas run different versions");
    // One that was replaced says nothing any more.
    other.seen_at = asked_then - 3min;
    EXPECT_EQ(troubles(measured), "");
    measured.database.record->replicas[0].seen_at = asked_then - 1h;
    EXPECT_EQ(troubles(measured), "warn replicas");
}

TEST(Health, the_clock_of_each_replica_is_held_against_the_database) {
    auto measured = all_well();
    measured.database.record->replicas[1].ahead = -40s;
    EXPECT_EQ(troubles(measured), "bad clock");
    EXPECT_EQ(
        judge(measured).front().sentence,
        "the clock of pay2:9 is 40.0 s behind that of the database"
    );
}

TEST(Health, keys_that_cannot_be_read_again_are_old_keys) {
    auto measured = all_well();
    auto& replica = measured.database.record->replicas[0];
    replica.keys_trouble = "https://id.example/users.jwks answered 500";
    replica.keys_read_at = asked_then - 3h;
    EXPECT_EQ(troubles(measured), "warn key_sets");
    EXPECT_EQ(
        judge(measured).front().sentence,
        "pay1:7 uses keys of tokens that it read 3 hours ago: https://id.example/users.jwks "
        "answered 500"
    );
}

TEST(Health, a_few_calls_may_fail_and_not_many) {
    auto measured = all_well();
    const auto with = [&](std::int64_t count, std::int64_t unanswered) {
        measured.database.record->calls[0].counts = calls(count, unanswered);
        return troubles(measured);
    };
    EXPECT_EQ(with(2, 2), "");
    EXPECT_EQ(with(200, 9), "");
    EXPECT_EQ(with(200, 10), "warn stripe_calls");
    EXPECT_EQ(with(200, 100), "bad stripe_calls");
    EXPECT_EQ(
        judge(measured).front().sentence,
        "200 calls in 15 minutes, 100 unanswered, 95 % within 243 ms"
    );
}

TEST(Health, a_backup_is_of_today) {
    auto measured = all_well();
    auto& at = measured.database.record->backup_at;
    at = asked_then - 26h;
    EXPECT_EQ(troubles(measured), "");
    at = asked_then - 27h;
    EXPECT_EQ(troubles(measured), "warn backup");
    at = asked_then - 72h;
    EXPECT_EQ(troubles(measured), "bad backup");
    at.reset();
    EXPECT_EQ(troubles(measured), "warn backup");
}

TEST(Health, the_books_were_read_lately_and_differ_in_nothing) {
    auto measured = all_well();
    auto& check = measured.database.record->ledger;
    check->at = asked_then - 24h * 8 - 1s;
    EXPECT_EQ(troubles(measured), "warn ledger");
    check->differences = 2;
    check->first_difference = "TR5: the chain is broken";
    EXPECT_EQ(troubles(measured), "bad ledger");
    EXPECT_EQ(
        judge(measured).front().sentence,
        "8 days ago, 1204 transactions: 2 differences, the first is TR5: the chain is broken"
    );
    check.reset();
    EXPECT_EQ(troubles(measured), "warn ledger");
    measured.database.is_every_payment_summed = false;
    EXPECT_EQ(troubles(measured), "warn sums; warn ledger");
}

TEST(CallCounts, times_lie_evenly_between_their_bounds) {
    CallCounts counts{4};
    EXPECT_EQ(time_of(counts, 50), std::nullopt);
    counts.by_time[7] = 2;                          // 50 to 100 ms
    counts.by_time[counts.by_time.size() - 1] = 2;  // beyond all bounds
    EXPECT_EQ(time_of(counts, 25), 75ms);
    EXPECT_EQ(time_of(counts, 50), 100ms);
    EXPECT_EQ(time_of(counts, 95), 30s);
    CallCounts quick{1};
    quick.by_time[0] = 1;
    EXPECT_EQ(time_of(quick, 95), 1ms);
}

TEST(CallCounts, what_was_told_is_taken_off) {
    auto now = calls(5, 2);
    now -= calls(3, 1);
    EXPECT_EQ(now, calls(2, 1));
    now += calls(3, 1);
    EXPECT_EQ(now, calls(5, 2));
}

}  // namespace payments
