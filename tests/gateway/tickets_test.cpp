#include "gateway/tickets.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;
using test::answered;
using test::HeardRequest;
using test::ScriptedServer;

const std::string body =
    R"({"ticket":{"id":42,"status":"registered","flag":"HU","year":2026,"event":"OZORA",)"
    R"("email":" visitor@example.com\n","name":"Kovács Éva","language":"hu",)"
    R"("metas":[{"keyword":"transfer_price_eur","value":"220.50"},)"
    R"({"keyword":"transfer_price_huf","value":88000},{"keyword":"zip","value":"0071"},)"
    R"({"value":"no keyword"}],"template":{"id":1,"title":"Full","payment_options":[)"
    R"({"code":"FULL-FEE-EUR-SIMPLE","title":"Full fee","amount":220.5,)"
    R"("ticket_statuses":["registered","transferred"],"valid_from":"2026-01-01T00:00:00Z",)"
    R"("valid_until":"2026-02-01T00:00:00+01:00"},)"
    R"({"code":"FULL-FEE-HUF-SIMPLE","amount":"88000"},)"
    R"({"code":"FULL-FEE-USD-SIMPLE","amount":true,"valid_from":"tomorrow"},)"
    R"({"code":"LATER-FEE-EUR-SIMPLE","valid_until":7,"ticket_statuses":"registered"},7]}}})";

TEST(TicketBody, every_member_is_read_exactly) {
    const auto ticket = read_ticket(42, body).value();
    EXPECT_EQ(ticket.id, 42);
    EXPECT_EQ(ticket.status, "registered");
    EXPECT_EQ(ticket.flag, "HU");
    EXPECT_EQ(ticket.year, "2026");
    EXPECT_EQ(ticket.event, "OZORA");
    EXPECT_EQ(ticket.email, "visitor@example.com") << "without the blanks around it";
    EXPECT_EQ(ticket.name, "Kovács Éva");
    EXPECT_EQ(ticket.language, "hu");
    EXPECT_EQ(ticket.metas.at("transfer_price_eur"), "220.50");
    EXPECT_EQ(ticket.metas.at("transfer_price_huf"), "88000");
    EXPECT_EQ(ticket.metas.at("zip"), "0071");
    EXPECT_EQ(ticket.metas.size(), 3U);
}

TEST(TicketBody, an_option_that_cannot_be_read_spoils_itself_alone) {
    const auto ticket = read_ticket(42, body).value();
    ASSERT_EQ(ticket.options.size(), 5U);
    const auto& full = ticket.options[0];
    EXPECT_EQ(full.unreadable, "");
    EXPECT_EQ(full.code, "FULL-FEE-EUR-SIMPLE");
    EXPECT_EQ(full.title, "Full fee");
    EXPECT_EQ(full.amount, "220.5");
    EXPECT_EQ(full.ticket_statuses, (std::vector<std::string>{"registered", "transferred"}));
    EXPECT_EQ(full.valid_until, Time{std::chrono::seconds{1'769'900'400}});
    EXPECT_EQ(ticket.options[1].amount, "88000");
    EXPECT_EQ(ticket.options[1].ticket_statuses, std::vector<std::string>{"registered"});
    EXPECT_EQ(
        ticket.options[2].unreadable, "amount must be a number, valid_from must be an RFC 3339 time"
    );
    EXPECT_NE(ticket.options[3].unreadable, "");
    EXPECT_NE(ticket.options[4].unreadable, "");
}

TEST(TicketBody, a_body_that_is_no_ticket_is_no_answer) {
    for (const auto* wrong :
         {"", "[]", "{}", R"({"ticket":null})", R"({"ticket":{"id":43,"status":"x"}})",
          R"({"ticket":{"id":"42","status":"x"}})", R"({"ticket":{"id":42}})"})
        EXPECT_EQ(read_ticket(42, wrong).error().code, Errc::tickets_unavailable) << wrong;
    EXPECT_EQ(read_ticket(42, R"({"ticket":{"id":42,"status":"x","year":"2026"}})")->year, "2026");
}

class TicketCalls : public testing::Test {
protected:
    Result<Ticket> get(const std::string& url, std::optional<Privileges> user = {}) {
        if (!service) {
            TicketsSettings settings;
            settings.url = url;
            settings.timeout = std::chrono::milliseconds{300};
            service.emplace(client, clock, settings, [this](const Privileges* privileges) {
                ++minted;
                if (fail_minting) throw std::runtime_error{"no key"};
                return privileges ? "user-" + privileges->at("payments_search") : "own";
            });
        }
        return test::await_on(loop, service->get(42, std::move(user), "00-trace-01"));
    }

    boost::asio::io_context loop;
    HttpsClient client{loop, {}};
    test::StandingClock clock;
    std::optional<TicketService> service;
    int minted = 0;
    bool fail_minting = false;
};

TEST_F(TicketCalls, the_call_is_ours_or_a_users_and_carries_the_trace) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, body); }};
    EXPECT_EQ(get(server.url() + "/api")->email, "visitor@example.com");
    EXPECT_TRUE(get(server.url() + "/api", Privileges{{"payments_search", "true"}}));
    const auto heard = server.heard();
    EXPECT_EQ(heard.at(0).method, "POST");
    EXPECT_EQ(heard.at(0).target, "/api/tickets/get");
    EXPECT_EQ(heard.at(0).body, R"({"ticket_id":42})");
    EXPECT_EQ(heard.at(0).header("authorization"), "Bearer own");
    EXPECT_EQ(heard.at(0).header("traceparent"), "00-trace-01");
    EXPECT_EQ(heard.at(0).header("content-type"), "application/json");
    EXPECT_EQ(heard.at(1).header("authorization"), "Bearer user-true");
}

TEST_F(TicketCalls, a_token_serves_the_calls_of_a_minute_by_equal_privileges) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, body); }};
    const auto user = [](std::string may_search) {
        return Privileges{{"payments_search", std::move(may_search)}};
    };
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(get(server.url()));
        EXPECT_TRUE(get(server.url(), user("true")));
        EXPECT_TRUE(get(server.url(), user("false")));
    }
    EXPECT_EQ(minted, 3);
    EXPECT_EQ(server.heard().at(7).header("authorization"), "Bearer user-true");
    EXPECT_EQ(server.heard().at(8).header("authorization"), "Bearer user-false");

    clock.time += 59s;
    EXPECT_TRUE(get(server.url()));
    EXPECT_EQ(minted, 3);
    clock.time += 1s;
    EXPECT_TRUE(get(server.url()));
    EXPECT_EQ(minted, 4);
    clock.time -= 1h;  // a clock that was set back must not keep a token for an hour
    EXPECT_TRUE(get(server.url()));
    EXPECT_EQ(minted, 5);
}

TEST_F(TicketCalls, no_more_tokens_are_kept_than_a_few) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, body); }};
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 70; ++i)
            EXPECT_TRUE(get(server.url(), Privileges{{"payments_search", std::to_string(i)}}));
    EXPECT_EQ(minted, 140);
}

TEST_F(TicketCalls, each_refusal_has_its_meaning) {
    std::atomic<int> status{404};
    ScriptedServer server{[&](const HeardRequest&) { return answered(status, "{}"); }};
    EXPECT_EQ(get(server.url()).error().code, Errc::unknown_ticket);
    status = 403;
    EXPECT_EQ(get(server.url()).error().code, Errc::ticket_out_of_scope);
    for (const int other : {401, 500, 302}) {
        status = other;
        EXPECT_EQ(get(server.url()).error().code, Errc::tickets_unavailable) << other;
    }
}

TEST_F(TicketCalls, silence_is_a_timeout_and_nobody_there_is_unavailable) {
    ScriptedServer server{[](const HeardRequest&) { return test::silent(); }};
    EXPECT_EQ(get(server.url()).error().code, Errc::tickets_timeout);
    service.reset();
    EXPECT_EQ(get(test::deserted_url()).error().code, Errc::tickets_unavailable);
}

TEST_F(TicketCalls, a_connection_that_breaks_is_tried_once_more) {
    std::atomic<int> calls{0};
    ScriptedServer server{
        [&](const HeardRequest&) { return ++calls == 1 ? test::closed() : answered(200, body); }};
    EXPECT_TRUE(get(server.url()));
    EXPECT_EQ(calls, 2);
}

TEST_F(TicketCalls, after_five_failures_calls_fail_at_once_until_one_is_let_through) {
    std::atomic<bool> up{false};
    ScriptedServer server{
        [&](const HeardRequest&) { return up ? answered(200, body) : answered(503, ""); }};
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(get(server.url()));
    EXPECT_EQ(server.heard().size(), 5U);
    const auto refused = get(server.url());
    EXPECT_EQ(refused.error().code, Errc::tickets_unavailable);
    EXPECT_EQ(refused.error().retry_after_s, 5);
    EXPECT_EQ(server.heard().size(), 5U);

    clock.time += std::chrono::milliseconds{5001};
    EXPECT_FALSE(get(server.url()));
    EXPECT_FALSE(get(server.url()));
    EXPECT_EQ(server.heard().size(), 6U) << "one is let through, and fails";

    clock.time += std::chrono::milliseconds{5001};
    up = true;
    EXPECT_TRUE(get(server.url()));
    EXPECT_TRUE(get(server.url()));
    EXPECT_EQ(server.heard().size(), 8U);
}

TEST_F(TicketCalls, a_clock_that_is_set_back_does_not_prolong_the_rest) {
    std::atomic<bool> up{false};
    ScriptedServer server{
        [&](const HeardRequest&) { return up ? answered(200, body) : answered(503, ""); }};
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(get(server.url()));
    up = true;
    clock.time -= 1h;
    clock.set_by -= 1h;
    clock.time += 5001ms;
    EXPECT_TRUE(get(server.url()));
}

TEST_F(TicketCalls, a_probe_that_throws_is_followed_by_another) {
    std::atomic<bool> up{false};
    ScriptedServer server{
        [&](const HeardRequest&) { return up ? answered(200, body) : answered(503, ""); }};
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(get(server.url()));
    up = true;
    clock.time += 5001ms;
    fail_minting = true;
    EXPECT_THROW(get(server.url(), Privileges{{"payments_search", "HU"}}), std::runtime_error);
    fail_minting = false;
    clock.time += 5001ms;
    EXPECT_TRUE(get(server.url()));
}

}  // namespace
}  // namespace payments::gateway
