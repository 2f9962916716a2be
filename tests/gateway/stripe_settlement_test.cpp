// What is asked of Stripe about its payouts, and what is made of the answers.
#include <gtest/gtest.h>

#include "fixtures/calling.hpp"
#include "fixtures/scripted_server.hpp"
#include "fixtures/stripe_openapi.hpp"
#include "gateway/stripe/settlements.hpp"
#include "settlement/readers/readers.hpp"
#include "support/json.hpp"

namespace payments::gateway {
namespace {

using test::answered;
using test::HeardRequest;
using test::ScriptedServer;

std::string list_of(const std::vector<std::string>& items, bool has_more = false) {
    std::string text = R"({"object":"list","url":"/v1/x","has_more":)";
    text += has_more ? "true" : "false";
    text += R"(,"data":[)";
    for (std::size_t i = 0; i < items.size(); ++i) text += (i > 0 ? "," : "") + items[i];
    return text + "]}";
}

std::string payout(const std::string& id, const std::string& words) {
    return R"({"id":")" + id +
           R"(","object":"payout","amount":5000000,"arrival_date":1783468800,)" +
           R"("automatic":true,"created":1783404000,"currency":"huf","livemode":false,)" +
           R"("metadata":{"who":"Anna"},"statement_descriptor":null,"trace_id":null,)" + words +
           "}";
}
const std::string completed = R"("reconciliation_status":"completed","status":"paid")";

std::string charge_line(const std::string& id) {
    std::string line =
        R"({"id":"txn_ID","object":"balance_transaction","amount":10400000,)"
        R"("available_on":1783468800,"created":1783404000,"currency":"huf",)"
        R"("description":"For Anna","exchange_rate":null,"fee":164500,"fee_details":[{)"
        R"("amount":164500,"application":null,"currency":"huf",)"
        R"("description":"Stripe processing fees","type":"stripe_fee"}],"net":10235500,)"
        R"("reporting_category":"charge","status":"available","type":"charge","source":{)"
        R"("id":"ch_ID","object":"charge","amount":10400000,"currency":"huf",)"
        R"("payment_intent":"pi_ID","billing_details":{"name":"Kovács Anna",)"
        R"("email":"anna@example.com"},"receipt_email":"anna@example.com",)"
        R"("metadata":{"transaction_id":"7","name":"Anna"}}})";
    for (const std::string place : {"txn_ID", "ch_ID", "pi_ID"})
        line = test::replaced(line, place, place.substr(0, place.size() - 2) + id);
    return line;
}

class StripeSettlement : public testing::Test {
protected:
    Result<PayoutList> payouts(const ScriptedServer& server) {
        return test::await_on(loop, source(server).payouts(since));
    }
    Result<SettlementDocument> lines(const ScriptedServer& server) {
        std::string id = "po_1";
        return test::await_on(loop, source(server).lines_of(id));
    }
    StripeSettlements& source(const ScriptedServer& server) {
        StripeSettings settings;
        settings.url = server.url();
        settings.secret_key = "rk_test_1";
        source_.emplace(client, clock, settings);
        return *source_;
    }
    static settlement::ParsedFile read(const SettlementDocument& document) {
        settlement::ReadOptions options;
        options.name = document.name;
        options.account = document.account;
        options.payout = document.payout;
        options.format = settlement::format_of(document.format);
        const auto file = settlement::read_file(document.bytes, options);
        EXPECT_TRUE(file.has_value()) << (file ? "" : file.error().detail);
        return file ? *file : settlement::ParsedFile{};
    }

    boost::asio::io_context loop;
    HttpsClient client{loop, {}};
    test::StandingClock clock;
    const Time since{std::chrono::seconds{1'783'000'000}};
    std::optional<StripeSettlements> source_;
};

TEST_F(StripeSettlement, payouts_are_listed_page_by_page_with_those_that_failed_since) {
    ScriptedServer server{[](const HeardRequest& request) {
        if (request.target.find("status=failed") != std::string::npos)
            return answered(200, list_of({payout("po_0", R"("status":"failed")")}));
        const bool is_second = request.target.find("starting_after=po_3") != std::string::npos;
        if (is_second) return answered(200, list_of({payout("po_2", completed)}));
        const std::string early = R"("reconciliation_status":"in_progress","status":"in_transit")";
        const std::string by_hand = R"("reconciliation_status":"not_applicable","status":"paid")";
        return answered(200, list_of({payout("po_4", early), payout("po_3", by_hand)}, true));
    }};
    const auto list = payouts(server);
    ASSERT_TRUE(list.has_value());
    ASSERT_EQ(list->payouts.size(), 4U);
    EXPECT_EQ(list->payouts[0].lines, PayoutLines::not_yet);
    EXPECT_EQ(list->payouts[1].lines, PayoutLines::never_told);
    EXPECT_EQ(list->payouts[2].lines, PayoutLines::complete);
    EXPECT_EQ(list->payouts[3].id, "po_0");
    const auto heard = server.heard();
    ASSERT_EQ(heard.size(), 3U);
    EXPECT_EQ(heard[0].target, "/v1/payouts?created[gte]=1783000000&limit=100");
    EXPECT_EQ(heard[0].header("authorization"), "Bearer rk_test_1");
    EXPECT_EQ(
        heard[2].target,
        "/v1/payouts?status=failed&created[gte]=1780408000&created[lt]=1783000000&limit=100"
    );
    EXPECT_EQ(list->document.account, "test");
    EXPECT_EQ(list->document.bytes.find("Anna"), std::string::npos);
    const auto file = read(list->document);
    ASSERT_EQ(file.payouts.size(), 4U);
    EXPECT_EQ(file.payouts[3].status, settlement::PayoutStatus::failed);
}

TEST_F(StripeSettlement, lines_come_without_the_person_who_paid_and_are_read_as_a_file_is) {
    ScriptedServer server{[](const HeardRequest& request) {
        const bool is_second = request.target.find("starting_after=txn_b") != std::string::npos;
        if (is_second) return answered(200, list_of({charge_line("a")}));
        const std::string bill =
            R"({"id":"txn_b","object":"balance_transaction","amount":-15000,"created":1783404000,)"
            R"("currency":"huf","description":"Radar","fee":0,"fee_details":[],"net":-15000,)"
            R"("reporting_category":"fee","source":null,"type":"stripe_fee"})";
        return answered(200, list_of({bill}, true));
    }};
    const auto document = lines(server);
    ASSERT_TRUE(document.has_value());
    const auto first = server.heard().front().target;
    EXPECT_EQ(first, "/v1/balance_transactions?payout=po_1&expand[]=data.source&limit=100");
    EXPECT_EQ(test::stripe_faults("GET", first, ""), std::vector<std::string>{});
    EXPECT_EQ(document->name, "stripe-po_1.json");
    EXPECT_EQ(document->payout, "po_1");
    EXPECT_EQ(document->bytes.find("Anna"), std::string::npos);
    EXPECT_EQ(document->bytes.find("example.com"), std::string::npos);
    EXPECT_NE(document->bytes.find("Radar"), std::string::npos);
    const auto file = read(*document);
    ASSERT_EQ(file.lines.size(), 2U);
    const auto& line = file.lines[1];
    EXPECT_EQ(line.kind, settlement::LineKind::charge);
    EXPECT_EQ(line.charge_id, "ch_a");
    EXPECT_EQ(line.payment_id, "pi_a");
    EXPECT_EQ(line.reference, "TR7");
    EXPECT_EQ(line.net_minor, 10'235'500);
    EXPECT_EQ(line.payout_id, "po_1");
}

TEST_F(StripeSettlement, a_page_too_large_is_asked_for_in_parts) {
    ScriptedServer server{[](const HeardRequest& request) {
        if (request.target.find("limit=100") == std::string::npos)
            return answered(200, list_of({charge_line("a")}));
        return answered(200, std::string(2 * 1024 * 1024, ' '));
    }};
    EXPECT_TRUE(lines(server).has_value());
    EXPECT_NE(server.heard().back().target.find("limit=20"), std::string::npos);
}

TEST_F(StripeSettlement, a_page_that_was_asked_for_too_often_is_asked_for_again) {
    int refused = 0;
    ScriptedServer server{[&refused](const HeardRequest&) {
        // More than the three tries of a call.
        if (++refused <= 4)
            return answered(
                429, R"({"error":{"type":"invalid_request_error","code":"rate_limit"}})"
            );
        return answered(200, list_of({charge_line("a")}));
    }};
    const auto asked_at = clock.time;
    EXPECT_TRUE(lines(server).has_value());
    EXPECT_EQ(server.heard().size(), 5U);
    EXPECT_EQ(clock.time, asked_at) << "it waits by the clock it was given";
}

TEST_F(StripeSettlement, what_cannot_be_had_is_an_error_that_says_why) {
    ScriptedServer refusing{[](const HeardRequest&) {
        return answered(
            403, R"({"error":{"type":"invalid_request_error","code":"more_permissions_required"}})"
        );
    }};
    const auto refused = lines(refusing);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::provider_refused);
    EXPECT_NE(refused.error().detail.find("must be allowed to read payouts"), std::string::npos);
    EXPECT_EQ(refusing.heard().size(), 1U);

    const std::vector<std::string> no_lists{
        "{}",
        "[]",
        R"({"object":"list","data":[],"has_more":true})",
        R"({"object":"list","data":[{"object":"payout"}],"has_more":false})",
        R"({"object":"list","data":[{"id":"po_1","amount":1,"amount":2}],"has_more":false})",
        list_of({payout("po_1", completed), payout("po_1", completed)}),
    };
    for (const auto& bytes : no_lists) {
        ScriptedServer server{[&bytes](const HeardRequest&) { return answered(200, bytes); }};
        const auto list = payouts(server);
        ASSERT_FALSE(list.has_value()) << bytes;
        EXPECT_EQ(list.error().code, Errc::provider_garbled) << bytes;
    }
}

TEST_F(StripeSettlement, a_list_that_goes_round_in_circles_ends) {
    ScriptedServer server{[](const HeardRequest&) {
        return answered(200, list_of({charge_line("a"), charge_line("b")}, true));
    }};
    EXPECT_EQ(lines(server).error().code, Errc::provider_garbled);
    EXPECT_EQ(server.heard().size(), 2U);
}

TEST_F(StripeSettlement, keys_of_their_own_are_used_instead_of_all_others) {
    ScriptedServer server{[](const HeardRequest&) { return answered(200, list_of({})); }};
    const auto keys_used = [&](std::vector<std::string> own) {
        StripeSettings settings;
        settings.url = server.url();
        settings.secret_key = "sk_test_new";
        settings.retired_keys = {"sk_live_old"};
        settings.settlement_keys = std::move(own);
        const auto before = server.heard().size();
        std::vector<std::string> accounts;
        for (const auto& one : stripe_settlements(client, clock, settings))
            accounts.push_back(test::await_on(loop, one->payouts(since))->document.account);
        std::vector<std::string> keys;
        const auto heard = server.heard();
        for (auto i = before; i < heard.size(); i += 2)
            keys.push_back(heard[i].header("authorization") + " " + accounts[(i - before) / 2]);
        return keys;
    };
    using Texts = std::vector<std::string>;
    EXPECT_EQ(keys_used({}), (Texts{"Bearer sk_test_new test", "Bearer sk_live_old live"}));
    EXPECT_EQ(keys_used({"rk_live_1"}), (Texts{"Bearer rk_live_1 live"}));
}

}  // namespace
}  // namespace payments::gateway
