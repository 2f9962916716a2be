#include "support/metrics.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <thread>

namespace payments {
namespace {

using namespace std::chrono_literals;

std::string shown(std::initializer_list<const Metrics*> all, bool is_ready = true) {
    return render(std::span{all.begin(), all.size()}, is_ready);
}

// The value of a series as it stands in the text, "" when it is not there.
std::string value_of(const std::string& text, const std::string& series) {
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
    return "";
}

TEST(Metrics, count_requests_by_operation_and_status) {
    Metrics metrics;
    metrics.http_request("startPayment", 200, 3ms);
    metrics.http_request("startPayment", 200, 7ms);
    metrics.http_request("startPayment", 409, 1ms);

    const auto text = shown({&metrics});
    EXPECT_EQ(
        value_of(text, R"(payments_http_requests_total{operation="startPayment",status="200"})"),
        "2"
    );
    EXPECT_EQ(
        value_of(text, R"(payments_http_requests_total{operation="startPayment",status="409"})"),
        "1"
    );
}

TEST(Metrics, the_time_of_a_request_falls_into_the_buckets_at_and_above_it) {
    Metrics metrics;
    metrics.http_request("startPayment", 200, 3ms);
    metrics.http_request("startPayment", 200, 40ms);

    const auto text = shown({&metrics});
    const std::string bucket =
        R"(payments_http_request_seconds_bucket{operation="startPayment",le=)";
    EXPECT_EQ(value_of(text, bucket + R"("0.0025"})"), "0");
    EXPECT_EQ(value_of(text, bucket + R"("0.005"})"), "1");
    EXPECT_EQ(value_of(text, bucket + R"("0.05"})"), "2");
    EXPECT_EQ(value_of(text, bucket + R"("+Inf"})"), "2");
    const std::string count = R"(payments_http_request_seconds_count{operation="startPayment"})";
    EXPECT_EQ(value_of(text, count), "2");
}

TEST(Metrics, what_every_event_loop_counted_is_added_up) {
    Metrics one, other, store;
    one.http_request("health", 200, 1ms);
    other.http_request("health", 200, 1ms);
    other.http_request("listTicketIds", 401, 1ms);
    one.transaction(Status::paid);
    other.transaction(Status::paid);
    store.commit(5);

    const auto text = shown({&one, &other, &store});
    EXPECT_EQ(
        value_of(text, R"(payments_http_requests_total{operation="health",status="200"})"), "2"
    );
    EXPECT_EQ(
        value_of(text, R"(payments_http_requests_total{operation="listTicketIds",status="401"})"),
        "1"
    );
    EXPECT_EQ(value_of(text, R"(payments_http_request_seconds_count{operation="health"})"), "2");
    EXPECT_EQ(value_of(text, R"(payments_transactions_total{status="paid"})"), "2");
    EXPECT_EQ(value_of(text, "payments_store_commits_total"), "1");
}

TEST(Metrics, a_family_is_described_once_however_many_loops_have_it) {
    Metrics one, other;
    one.http_request("health", 200, 1ms);
    other.http_request("health", 200, 1ms);

    const auto text = shown({&one, &other});
    const std::string type = "# TYPE payments_http_requests_total counter";
    const auto first = text.find(type);
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(text.find(type, first + 1), std::string::npos);
}

TEST(Metrics, a_status_that_http_does_not_have_counts_as_500) {
    Metrics metrics;
    metrics.http_request("health", 0, 1ms);
    metrics.http_request("health", 600, 1ms);

    const auto text = shown({&metrics});
    EXPECT_EQ(
        value_of(text, R"(payments_http_requests_total{operation="health",status="500"})"), "2"
    );
}

// A label without a value is none to Prometheus, and its time of 0 would spoil those of the others.
TEST(Metrics, a_request_of_no_operation_has_no_such_label_and_no_time) {
    Metrics one, other;
    one.http_request("", 404, {});
    other.http_request("", 404, {});
    other.http_request("startPayment", 200, 3ms);

    const auto text = shown({&one, &other});
    EXPECT_EQ(value_of(text, R"(payments_http_requests_total{status="404"})"), "2");
    EXPECT_EQ(text.find("=\"\""), std::string::npos) << text;
    EXPECT_EQ(
        value_of(text, R"(payments_http_request_seconds_count{operation="startPayment"})"), "1"
    );
    EXPECT_EQ(value_of(text, "payments_http_request_seconds_count"), "");
}

TEST(Metrics, tell_a_refusing_provider_from_a_silent_one) {
    Metrics metrics;
    metrics.provider_request("simplepay", "start", CallOutcome::answered, 200ms);
    metrics.provider_request("simplepay", "start", CallOutcome::unanswered, 10s);
    metrics.provider_request("stripe", "start", CallOutcome::refused, 100ms);
    metrics.provider_request("stripe", "start", CallOutcome::unreachable, 1ms);

    const auto text = shown({&metrics});
    const std::string calls = R"(payments_provider_requests_total{operation="start",outcome=)";
    EXPECT_EQ(value_of(text, calls + R"("answered",provider="simplepay"})"), "1");
    EXPECT_EQ(value_of(text, calls + R"("unanswered",provider="simplepay"})"), "1");
    EXPECT_EQ(value_of(text, calls + R"("refused",provider="stripe"})"), "1");
    EXPECT_EQ(value_of(text, calls + R"("unreachable",provider="stripe"})"), "1");
    EXPECT_EQ(
        value_of(
            text,
            R"(payments_provider_request_seconds_count{operation="start",provider="simplepay"})"
        ),
        "2"
    );
}

TEST(Metrics, every_status_of_a_transaction_is_there_from_the_start) {
    Metrics metrics;
    const auto text = shown({&metrics});
    for (int i = 0; i <= static_cast<int>(Status::review); ++i) {
        const std::string status{name(static_cast<Status>(i))};
        EXPECT_EQ(value_of(text, "payments_transactions_total{status=\"" + status + "\"}"), "0");
    }
}

TEST(Metrics, count_notifications_by_processor_and_result) {
    Metrics metrics;
    metrics.notification(Processor::simplepay, NoticeResult::matched);
    metrics.notification(Processor::stripe, NoticeResult::refused);

    const auto text = shown({&metrics});
    const std::string of = "payments_notifications_total{processor=";
    EXPECT_EQ(value_of(text, of + R"("simplepay",result="matched"})"), "1");
    EXPECT_EQ(value_of(text, of + R"("stripe",result="refused"})"), "1");
    EXPECT_EQ(value_of(text, of + R"("stripe",result="unmatched"})"), "0");
    EXPECT_EQ(value_of(text, of + R"("stripe",result="known"})"), "0");
}

TEST(Metrics, count_commits_and_how_many_changes_shared_one) {
    Metrics metrics;
    metrics.commit(1);
    metrics.commit(30);
    metrics.commit_failed();

    const auto text = shown({&metrics});
    EXPECT_EQ(value_of(text, "payments_store_commits_total"), "2");
    EXPECT_EQ(value_of(text, "payments_store_commit_failures_total"), "1");
    EXPECT_EQ(value_of(text, "payments_refused_for_load_total"), "0");
    EXPECT_EQ(value_of(text, "payments_store_group_size_sum"), "31");
    EXPECT_EQ(value_of(text, R"(payments_store_group_size_bucket{le="16"})"), "1");
    EXPECT_EQ(value_of(text, R"(payments_store_group_size_bucket{le="32"})"), "2");
}

TEST(Metrics, tell_of_the_events_that_others_are_told) {
    Metrics one, other;
    one.delivery(DeliveryOutcome::Kind::delivered);
    other.delivery(DeliveryOutcome::Kind::delivered);
    other.delivery(DeliveryOutcome::Kind::failed);
    one.backlog(3, 90s, 1);

    const auto text = shown({&one, &other});
    EXPECT_EQ(value_of(text, R"(payments_events_total{outcome="delivered"})"), "2");
    EXPECT_EQ(value_of(text, R"(payments_events_total{outcome="failed"})"), "1");
    EXPECT_EQ(value_of(text, R"(payments_events_total{outcome="dead"})"), "0");
    EXPECT_EQ(value_of(text, "payments_events_waiting"), "3");
    EXPECT_EQ(value_of(text, "payments_events_oldest_waiting_seconds"), "90");
    EXPECT_EQ(value_of(text, "payments_events_dead"), "1");
    EXPECT_NE(text.find("# TYPE payments_events_waiting gauge"), std::string::npos);
}

TEST(Metrics, say_whether_the_service_is_ready) {
    EXPECT_EQ(value_of(shown({}, true), "payments_ready"), "1");
    EXPECT_EQ(value_of(shown({}, false), "payments_ready"), "0");
}

TEST(Metrics, tell_of_the_process_itself) {
    const auto text = shown({});
    EXPECT_GT(std::stod(value_of(text, "process_resident_memory_bytes")), 1e6);
    EXPECT_GE(std::stod(value_of(text, "process_open_fds")), 3);
    EXPECT_GE(std::stod(value_of(text, "process_cpu_seconds_total")), 0);
    EXPECT_GT(std::stod(value_of(text, "payments_start_time_seconds")), 1.6e9);
    EXPECT_NE(text.find("payments_build_info{commit=\""), std::string::npos);
    EXPECT_NE(text.find("# TYPE process_cpu_seconds_total counter"), std::string::npos);
}

TEST(Metrics, may_be_read_while_another_thread_counts) {
    Metrics metrics;
    std::jthread loop{[&metrics] {
        for (int i = 0; i < 2'000; ++i) {
            metrics.http_request("health", 100 + i % 500, 1us);
            metrics.provider_request("stripe", "ask", CallOutcome::answered, 1us);
        }
    }};
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(shown({&metrics}).empty());
    loop.join();
    EXPECT_EQ(
        value_of(shown({&metrics}), R"(payments_http_request_seconds_count{operation="health"})"),
        "2000"
    );
}

TEST(Metrics, calls_to_those_outside_are_added_up_for_the_heartbeat) {
    Metrics one, other;
    one.provider_request("stripe", "create", CallOutcome::answered, 60ms);
    one.provider_request("stripe", "retrieve", CallOutcome::refused, 70ms);
    other.provider_request("stripe", "create", CallOutcome::unanswered, 31s);
    other.provider_request("tickets", "get", CallOutcome::unreachable, 1ms);
    other.provider_request("subscriber", "deliver", CallOutcome::answered, 1ms);
    const std::vector<const Metrics*> all{&one, &other};

    const auto calls = calls_of(all);
    ASSERT_EQ(calls.size(), 3U);
    EXPECT_EQ(calls[0].outside, "simplepay");
    EXPECT_EQ(calls[0].counts, CallCounts{});
    EXPECT_EQ(calls[1].outside, "stripe");
    EXPECT_EQ(calls[1].counts.calls, 3);
    EXPECT_EQ(calls[1].counts.unanswered, 1);
    EXPECT_EQ(calls[1].counts.by_time[7], 2) << "up to 100 ms";
    EXPECT_EQ(calls[1].counts.by_time.back(), 1) << "longer than 30 s";
    EXPECT_EQ(calls[2].outside, "tickets");
    EXPECT_EQ(calls[2].counts.unanswered, 1);
}

TEST(Metrics, the_last_signed_message_is_the_newest_that_was_not_refused) {
    Metrics one, other;
    const std::vector<const Metrics*> all{&one, &other};
    one.notification(Processor::stripe, NoticeResult::refused);
    EXPECT_FALSE(last_signed(all, Processor::stripe));
    other.notification(Processor::stripe, NoticeResult::known);
    const auto at = last_signed(all, Processor::stripe);
    ASSERT_TRUE(at);
    EXPECT_LT(std::chrono::system_clock::now() - *at, 1min);
    EXPECT_FALSE(last_signed(all, Processor::simplepay));
}

}  // namespace
}  // namespace payments
