#include "sandbox/simplepay/simplepay.hpp"

#include "running_sandbox.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

using boost::json::object;

constexpr std::string_view eur_key = "9A2sDc7xh1JKW8r193RwW7X7X2ts837w";

class SimplePayStandIn : public RunningSandbox {
protected:
    SimplePayStandIn() : RunningSandbox(0) {}  // time stands still unless a test moves it

    static object envelope(object members) {
        object request{
            {"salt", "4f1c9b7e2d3a48f0b6c5d4e3f2a19087"},
            {"merchant", "PUBLICTESTHUF"},
            {"sdkVersion", "test"}};
        for (auto& [name, value] : members) request[name] = value;
        return request;
    }
    static object order(std::string_view order_ref = "TR1") {
        return envelope(
            {{"orderRef", order_ref},
             {"currency", "HUF"},
             {"customerEmail", "vevo@example.com"},
             {"language", "HU"},
             {"methods", {"CARD"}},
             {"total", "12990"},
             {"url", "http://shop.example/return"},
             {"invoice",
              {{"name", "Kovács Éva"},
               {"country", "hu"},
               {"city", "Győr"},
               {"zip", "9021"},
               {"address", "Fő utca 1."}}}}
        );
    }

    Fetched post(
        const std::string& endpoint, const std::string& body, std::string_view key = huf_key
    ) {
        return call(
            "POST", simplepay() + "/payment/v2/" + endpoint, body,
            {{"Content-Type", "application/json"}, {"Signature", simplepay::signature(key, body)}}
        );
    }
    object ask(const std::string& endpoint, const object& request, std::string_view key = huf_key) {
        const auto answer = post(endpoint, json::write(request), key);
        EXPECT_EQ(answer.status, 200);
        const auto* signature = answer.header("signature");
        EXPECT_TRUE(signature && *signature == simplepay::signature(key, answer.body));
        return parsed(answer.body).as_object();
    }
    std::string codes(const object& answer) {
        const auto* found = answer.if_contains("errorCodes");
        return found ? json::write(*found) : "";
    }
    // The codes `start` answers with when `change` was made to a good order.
    std::string refusal_of(const std::function<void(object&)>& change) {
        auto request = order();
        change(request);
        return codes(ask("start", request));
    }
    std::string act(const object& started, const std::string& body) {
        const std::string page{started.at("paymentUrl").as_string()};
        const auto answer = parsed(call("POST", page + "/act", body).body);
        const auto& redirect = answer.at("redirect_url");
        return redirect.is_null() ? "" : std::string{redirect.as_string()};
    }
    // The message of a return address, after its signature was checked.
    object back_message(const std::string& address, std::string_view key = huf_key) {
        Request back;
        back.query = address.substr(address.find('?') + 1);
        const auto text = crypto::unbase64(back.parameter("r")).value_or("{}");
        EXPECT_EQ(back.parameter("s"), simplepay::signature(key, text));
        return parsed(text).as_object();
    }
    void advance(double seconds) {
        control(simplepay(), "clock", json::write(object{{"advance_s", seconds}}));
    }
    object query(std::string_view order_ref) {
        const auto answer =
            ask("query",
                envelope({{"orderRefs", {order_ref}}, {"refunds", true}, {"detailed", true}}));
        return answer.at("transactions").at(0).as_object();
    }
    object pay(std::string_view order_ref = "TR1") {
        const auto started = ask("start", order(order_ref));
        act(started, R"({"action":"pay"})");
        advance(2);
        return started;
    }
    object refund(std::string_view order_ref, const boost::json::value& total) {
        return ask(
            "refund",
            envelope({{"orderRef", order_ref}, {"currency", "HUF"}, {"refundTotal", total}})
        );
    }
    static std::string status_of(const object& transaction) {
        return std::string{transaction.at("status").as_string()};
    }
};

TEST_F(SimplePayStandIn, start_answers_in_the_present_member_order_with_decimal_totals) {
    const auto body = post("start", json::write(order())).body;
    EXPECT_TRUE(body.starts_with("{\"transactionId\":5")) << body;
    EXPECT_NE(body.find(R"(,"orderRef":"TR1","merchant":"PUBLICTESTHUF","timeout":")"), body.npos);
    EXPECT_NE(body.find(R"(,"total":12990.0,"paymentUrl":"http://)"), body.npos);
    EXPECT_NE(body.find(R"(,"currency":"HUF","salt":")"), body.npos);
}

TEST_F(SimplePayStandIn, endpoint_names_are_matched_without_regard_to_case) {
    EXPECT_EQ(codes(ask("START", order())), "");
    const auto cancelled =
        ask("transactionCancel", envelope({{"orderRef", "TR1"}, {"currency", "HUF"}}));
    EXPECT_EQ(status_of(cancelled), "CANCELLED");
}

TEST_F(SimplePayStandIn, only_posts_are_answered_and_unknown_paths_are_404) {
    EXPECT_EQ(call("GET", simplepay() + "/payment/v2/start").status, 405);
    EXPECT_EQ(post("begin", "{}").status, 404);
    EXPECT_EQ(call("POST", simplepay() + "/payment/v1/start", "{}").status, 404);
}

TEST_F(SimplePayStandIn, the_envelope_is_checked_in_order) {
    const auto first_code = [&](const std::string& body, std::string_view key = huf_key) {
        return codes(parsed(post("start", body, key).body).as_object());
    };
    EXPECT_EQ(first_code("not json"), "[5321]");
    EXPECT_EQ(first_code("[]"), "[5321]");
    EXPECT_EQ(first_code("{}"), "[5201]");
    EXPECT_EQ(first_code(R"({"merchant":"NOBODY"})"), "[5010]");
    EXPECT_EQ(first_code(R"({"merchant":"PUBLICTESTHUF"})", "another key"), "[5302]");
    EXPECT_EQ(first_code(R"({"merchant":"PUBLICTESTHUF","salt":"short"})"), "[5401]");
    auto request = order();
    request.erase("sdkVersion");
    EXPECT_EQ(first_code(json::write(request)), "[5320]");
}

TEST_F(SimplePayStandIn, a_signature_over_other_bytes_is_5302_with_the_partial_echo) {
    const auto body = json::write(order());
    const auto answer = call(
        "POST", simplepay() + "/payment/v2/start", body + " ",
        {{"Signature", simplepay::signature(huf_key, body)}}
    );
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.starts_with(R"({"errorCodes":[5302],"salt":")")) << answer.body;
    EXPECT_TRUE(answer.body.ends_with(R"(,"total":0.0})")) << answer.body;
}

TEST_F(SimplePayStandIn, member_errors_are_collected) {
    EXPECT_EQ(
        refusal_of([](object& o) {
            o["invoice"].as_object().erase("city");
            o["invoice"].as_object().erase("address");
        }),
        "[5310,5312]"
    );
    EXPECT_EQ(
        refusal_of([](object& o) {
            o.erase("orderRef");
            o.erase("customerEmail");
        }),
        "[5213,5219]"
    );
}

TEST_F(SimplePayStandIn, each_member_of_start_has_its_code) {
    EXPECT_EQ(refusal_of([](object& o) { o["currency"] = "GBP"; }), "[5223]");
    EXPECT_EQ(refusal_of([](object& o) { o["currency"] = "EUR"; }), "[5307]");
    EXPECT_EQ(refusal_of([](object& o) { o["customerEmail"] = "nobody"; }), "[5219]");
    EXPECT_EQ(refusal_of([](object& o) { o["language"] = "XX"; }), "[5220]");
    EXPECT_EQ(refusal_of([](object& o) { o["methods"] = {"QVIK"}; }), "[5014]");
    EXPECT_EQ(refusal_of([](object& o) { o.erase("total"); }), "[5324]");
    EXPECT_EQ(refusal_of([](object& o) { o["total"] = 0; }), "[5324]");
    EXPECT_EQ(refusal_of([](object& o) { o["total"] = "12990.50"; }), "[5321]");
    EXPECT_EQ(refusal_of([](object& o) { o["timeout"] = "tomorrow"; }), "[5094]");
    EXPECT_EQ(refusal_of([](object& o) { o["timeout"] = "2020-01-01T00:00:00+01:00"; }), "[5094]");
    EXPECT_EQ(refusal_of([](object& o) { o.erase("url"); }), "[5325]");
    EXPECT_EQ(refusal_of([](object& o) { o["url"] = object{{"success", "http://x"}}; }), "[5321]");
    EXPECT_EQ(refusal_of([](object& o) { o["twoStep"] = true; }), "[5308]");
    EXPECT_EQ(refusal_of([](object& o) { o["twoStep"] = "true"; }), "[5321]");
    EXPECT_EQ(refusal_of([](object& o) { o["invoice"].as_object()["country"] = "HUN"; }), "[5322]");
    EXPECT_EQ(refusal_of([](object& o) { o["language"] = "hu"; }), "");
}

TEST_F(SimplePayStandIn, prices_and_extras_with_decimals_count_and_the_forints_are_rounded) {
    const auto total_with = [&](const char* order_ref, const std::function<void(object&)>& change) {
        auto request = order(order_ref);
        request["items"] = boost::json::array{
            object{{"ref", "a"}, {"title", "Jegy"}, {"amount", 3}, {"price", 333.33}}};
        change(request);
        const auto answer = ask("start", request);
        EXPECT_EQ(codes(answer), "");
        return answer.at("total").to_number<double>();
    };
    EXPECT_EQ(total_with("TR1", [](object&) {}), 1000);
    EXPECT_EQ(total_with("TR2", [](object& o) { o["discount"] = "100.5"; }), 899);
    EXPECT_EQ(total_with("TR3", [](object& o) { o["shippingCost"] = 99.6; }), 1100);
    EXPECT_EQ(total_with("TR4", [](object& o) { o["discount"] = nullptr; }), 1000);
    for (const auto& unreadable : boost::json::array{"ten", "-5", -5, true}) {
        for (const auto member : {"discount", "shippingCost"}) {
            EXPECT_EQ(refusal_of([&](object& o) { o[member] = unreadable; }), "[5321]");
        }
    }
}

TEST_F(SimplePayStandIn, refused_sums_and_methods_come_with_reference_and_currency) {
    const auto refused = [&](const std::function<void(object&)>& change) {
        auto request = order();
        change(request);
        return ask("start", request);
    };
    const auto free = refused([](object& o) {
        o["items"] = boost::json::array{object{{"title", "Jegy"}, {"amount", 1}, {"price", 0}}};
    });
    EXPECT_EQ(codes(free), "[5346]");
    EXPECT_EQ(free.at("orderRef"), "TR1");
    EXPECT_EQ(free.at("currency"), "HUF");
    EXPECT_EQ(refused([](object& o) { o["methods"] = {"QVIK"}; }).at("orderRef"), "TR1");
    EXPECT_FALSE(refused([](object& o) { o["invoice"] = object{}; }).contains("orderRef"));
}

TEST_F(SimplePayStandIn, an_empty_transaction_id_is_none) {
    ask("start", order());
    const auto cancel = [&](std::string_view order_ref) {
        return ask(
            "transactioncancel",
            envelope({{"transactionId", ""}, {"orderRef", order_ref}, {"currency", "HUF"}})
        );
    };
    EXPECT_EQ(codes(cancel("")), "[5111]");
    EXPECT_EQ(codes(cancel("TR1")), "");
}

TEST_F(SimplePayStandIn, an_order_reference_is_taken_once) {
    ask("start", order());
    const auto again = ask("start", order());
    EXPECT_EQ(codes(again), "[5013]");
    EXPECT_EQ(again.at("orderRef"), "TR1");
}

TEST_F(SimplePayStandIn, items_override_the_total) {
    auto request = order();
    request["items"] = boost::json::array{
        object{{"ref", "a"}, {"title", "Jegy"}, {"amount", 2}, {"price", 1000}},
        object{{"ref", "b"}, {"title", "Kemping"}, {"amount", "1"}, {"price", "500"}, {"tax", 10}}};
    request["shippingCost"] = 100;
    request["discount"] = "50";
    const auto body = post("start", json::write(request)).body;
    EXPECT_NE(body.find("\"total\":2600.0,"), body.npos) << body;
    EXPECT_EQ(
        refusal_of([](object& o) {
            o["orderRef"] = "TR2";
            o["items"] = boost::json::array{object{{"amount", 0}, {"price", 0}}};
        }),
        "[5313,5315,5346]"
    );
}

TEST_F(SimplePayStandIn, a_euro_amount_keeps_its_cents) {
    auto request = order();
    request["merchant"] = "PUBLICTESTEUR";
    request["currency"] = "EUR";
    request["total"] = 12.5;
    const auto body = post("start", json::write(request), eur_key).body;
    EXPECT_NE(body.find("\"total\":12.5,"), body.npos) << body;
}

TEST_F(SimplePayStandIn, the_default_deadline_is_five_minutes_then_the_payment_times_out) {
    control(simplepay(), "clock", R"({"now":"2026-03-02T09:00:00Z"})");
    const auto started = ask("start", order());
    EXPECT_EQ(started.at("timeout"), "2026-03-02T10:05:00+01:00");
    advance(299);
    EXPECT_EQ(status_of(query("TR1")), "INIT");
    advance(2);
    EXPECT_EQ(status_of(query("TR1")), "TIMEOUT");
    EXPECT_EQ(back_message(act(started, R"({"action":"pay"})")).at("e"), "TIMEOUT");
}

TEST_F(SimplePayStandIn, times_are_budapest_local_across_the_change_of_clocks) {
    auto request = order();
    control(simplepay(), "clock", R"({"now":"2027-03-28T00:00:00Z"})");
    request["timeout"] = "2027-03-28T00:59:59Z";
    EXPECT_EQ(ask("start", request).at("timeout"), "2027-03-28T01:59:59+01:00");
    request["orderRef"] = "TR2";
    request["timeout"] = "2027-03-28T01:00:00+0000";
    EXPECT_EQ(ask("start", request).at("timeout"), "2027-03-28T03:00:00+02:00");
}

TEST_F(SimplePayStandIn, query_leaves_unknown_ids_out_and_mixes_both_lists) {
    const auto first = ask("start", order("TR1"));
    ask("start", order("TR2"));
    const auto answer =
        ask("query",
            envelope(
                {{"transactionIds", {std::to_string(first.at("transactionId").as_int64()), "99"}},
                 {"orderRefs", {"TR2", "TR404"}}}
            ));
    EXPECT_EQ(answer.at("totalCount"), 2);
    const auto none = ask("query", envelope({{"orderRefs", {"TR404"}}}));
    EXPECT_EQ(none.at("totalCount"), 0);
    EXPECT_TRUE(none.at("transactions").as_array().empty());
}

TEST_F(SimplePayStandIn, query_takes_fifty_ids_of_each_kind) {
    boost::json::array ids(51, "1");
    EXPECT_EQ(codes(ask("query", envelope({{"transactionIds", ids}}))), "[5327]");
    EXPECT_EQ(codes(ask("query", envelope({{"orderRefs", ids}}))), "[5328]");
    ids.pop_back();
    EXPECT_EQ(codes(ask("query", envelope({{"transactionIds", ids}, {"orderRefs", ids}}))), "");
}

TEST_F(SimplePayStandIn, details_come_only_when_asked_for) {
    ask("start", order());
    const auto plain = ask("query", envelope({{"orderRefs", {"TR1"}}}));
    EXPECT_FALSE(plain.at("transactions").at(0).as_object().contains("currency"));
    const auto detailed = query("TR1");
    EXPECT_EQ(detailed.at("currency"), "HUF");
    EXPECT_EQ(detailed.at("currencyEnum"), "HUF");
    EXPECT_EQ(detailed.at("invoice").at("lname"), "Kovács Éva");
}

TEST_F(SimplePayStandIn, a_paid_payment_is_checked_for_fraud_before_it_is_finished) {
    const auto started = ask("start", order());
    const auto back = back_message(act(started, R"({"action":"pay"})"));
    EXPECT_EQ(back.at("r"), 0);
    EXPECT_EQ(back.at("e"), "SUCCESS");
    EXPECT_EQ(back.at("o"), "TR1");
    EXPECT_EQ(back.at("t"), started.at("transactionId"));
    EXPECT_EQ(status_of(query("TR1")), "INFRAUD");
    advance(2);
    EXPECT_EQ(status_of(query("TR1")), "FINISHED");
    const auto ipn = wait_for("/payments/simplepay/ipn", 1)[0];
    EXPECT_EQ(*ipn.header("signature"), simplepay::signature(huf_key, ipn.body));
    EXPECT_TRUE(ipn.body.starts_with(R"({"salt":")"));
    const auto message = parsed(ipn.body).as_object();
    EXPECT_EQ(message.at("status"), "FINISHED");
    EXPECT_FALSE(message.contains("total"));
}

TEST_F(SimplePayStandIn, each_way_off_the_page_has_its_event_and_address) {
    auto request = order();
    request["urls"] = object{{"fail", "http://shop.example/fail?a=1"}};
    auto back = act(ask("start", request), R"({"action":"decline","code":2066})");
    EXPECT_TRUE(back.starts_with("http://shop.example/fail?a=1&r=")) << back;
    EXPECT_EQ(back_message(back).at("r"), 2066);
    EXPECT_EQ(back_message(back).at("e"), "FAIL");
    EXPECT_EQ(status_of(query("TR1")), "NOTAUTHORIZED");
    back = act(ask("start", order("TR2")), R"({"action":"cancel"})");
    EXPECT_TRUE(back.starts_with("http://shop.example/return?r=")) << back;
    EXPECT_EQ(back_message(back).at("e"), "CANCEL");
    back = act(ask("start", order("TR3")), R"({"action":"timeout"})");
    EXPECT_EQ(back_message(back).at("e"), "TIMEOUT");
    EXPECT_EQ(act(ask("start", order("TR4")), R"({"action":"close"})"), "");
    EXPECT_EQ(status_of(query("TR4")), "CANCELLED");
}

TEST_F(SimplePayStandIn, a_challenge_passes_or_fails) {
    const auto passed = ask("start", order("TR1"));
    EXPECT_EQ(act(passed, R"({"action":"challenge"})"), "");
    EXPECT_EQ(status_of(query("TR1")), "INPAYMENT");
    EXPECT_EQ(back_message(act(passed, R"({"action":"challenge-pass"})")).at("e"), "SUCCESS");
    const auto failed = ask("start", order("TR2"));
    act(failed, R"({"action":"challenge"})");
    EXPECT_EQ(back_message(act(failed, R"({"action":"challenge-fail"})")).at("e"), "FAIL");
}

TEST_F(SimplePayStandIn, the_return_is_fully_percent_encoded_unless_a_bare_plus_is_ordered) {
    order_fault(simplepay(), "return", "bare-plus", -1);
    bool seen = false;
    for (int i = 0; i < 40 && !seen; ++i) {
        const auto back = act(ask("start", order("TR" + std::to_string(i))), R"({"action":"pay"})");
        EXPECT_EQ(back.find('/', back.find("&s=")), back.npos);
        seen = back.find('+') != back.npos;
    }
    EXPECT_TRUE(seen);
    call("DELETE", simplepay() + "/control/faults");
    for (int i = 50; i < 70; ++i) {
        const auto back = act(ask("start", order("TR" + std::to_string(i))), R"({"action":"pay"})");
        EXPECT_EQ(back.find('+'), back.npos);
    }
}

TEST_F(SimplePayStandIn, a_return_can_be_wrong_or_missing) {
    order_fault(simplepay(), "return", "bad-signature");
    const auto back = act(ask("start", order("TR1")), R"({"action":"pay"})");
    Request request;
    request.query = back.substr(back.find('?') + 1);
    const auto text = crypto::unbase64(request.parameter("r")).value();
    EXPECT_NE(request.parameter("s"), simplepay::signature(huf_key, text));
    order_fault(simplepay(), "return", "never");
    EXPECT_EQ(act(ask("start", order("TR2")), R"({"action":"pay"})"), "");
    EXPECT_EQ(status_of(query("TR2")), "INFRAUD");
}

TEST_F(SimplePayStandIn, cancel_works_only_before_the_payer_has_begun) {
    ask("start", order("TR1"));
    const auto request = envelope({{"orderRef", "TR1"}, {"currency", "HUF"}});
    EXPECT_EQ(status_of(ask("transactioncancel", request)), "CANCELLED");
    EXPECT_EQ(codes(ask("transactioncancel", request)), "[5022]");
    EXPECT_EQ(codes(ask("transactioncancel", envelope({{"currency", "HUF"}}))), "[5111]");
    EXPECT_EQ(
        codes(ask("transactioncancel", envelope({{"orderRef", "TR9"}, {"currency", "HUF"}}))),
        "[5011]"
    );
}

TEST_F(SimplePayStandIn, refunds_add_up_to_what_was_charged_and_are_told_as_finished) {
    pay();
    const auto first = refund("TR1", 5000);
    EXPECT_GT(first.at("refundTransactionId").as_int64(), first.at("transactionId").as_int64());
    EXPECT_EQ(query("TR1").at("refundStatus"), "PARTIAL");
    EXPECT_EQ(codes(refund("TR1", 7991)), "[5110]");
    EXPECT_EQ(codes(refund("TR1", -1)), "[5110]");
    EXPECT_EQ(codes(refund("TR1", "7990")), "");
    const auto paid_back = query("TR1");
    EXPECT_EQ(paid_back.at("refundStatus"), "FULL");
    EXPECT_EQ(paid_back.at("refunds").as_array().size(), 2U);
    EXPECT_EQ(paid_back.at("refunds").at(0).at("refundTotal"), -5000);
    EXPECT_EQ(codes(refund("TR1", 1)), "[5110]");
    advance(1);
    const auto ipns = wait_for("/payments/simplepay/ipn", 3);
    const auto last = parsed(ipns[2].body).as_object();
    EXPECT_EQ(last.at("status"), "FINISHED");
    EXPECT_TRUE(last.contains("refundStatus"));
}

TEST_F(SimplePayStandIn, a_refund_by_hand_is_ordered_by_control_and_told_like_any_other) {
    pay();
    control(simplepay(), "refund", R"({"order_ref":"TR1","total":"5000"})");
    EXPECT_EQ(query("TR1").at("refundStatus"), "PARTIAL");
    control(simplepay(), "refund", R"({"order_ref":"TR1"})");
    EXPECT_EQ(query("TR1").at("refundStatus"), "FULL");
    EXPECT_EQ(codes(refund("TR1", 1)), "[5110]");
}

TEST_F(SimplePayStandIn, only_charged_payments_are_refunded) {
    ask("start", order());
    EXPECT_EQ(codes(refund("TR1", 100)), "[5022]");
    EXPECT_EQ(codes(refund("TR404", 100)), "[5011]");
}

TEST_F(SimplePayStandIn, a_blocked_sum_is_charged_once_in_part_or_released) {
    control(simplepay(), "settings", R"({"merchants":{"PUBLICTESTHUF":{"two_step":true}}})");
    const auto finish = [&](std::string_view order_ref, int original, int approved) {
        return ask(
            "finish", envelope(
                          {{"orderRef", order_ref},
                           {"currency", "HUF"},
                           {"originalTotal", original},
                           {"approveTotal", approved}}
                      )
        );
    };
    act(ask("start", order("TR1")), R"({"action":"pay"})");
    EXPECT_EQ(status_of(query("TR1")), "AUTHORIZED");
    EXPECT_EQ(codes(finish("TR1", 100, 100)), "[5020]");
    EXPECT_EQ(codes(finish("TR1", 12990, 12991)), "[5323]");
    EXPECT_EQ(codes(finish("TR1", 12990, 9000)), "");
    EXPECT_EQ(codes(finish("TR1", 12990, 9000)), "[5021]");
    EXPECT_EQ(codes(refund("TR1", 9001)), "[5110]");
    act(ask("start", order("TR2")), R"({"action":"pay"})");
    finish("TR2", 12990, 0);
    EXPECT_EQ(status_of(query("TR2")), "REVERSED");
    ask("start", order("TR3"));
    EXPECT_EQ(codes(finish("TR3", 12990, 12990)), "[5022]");
    act(ask("start", order("TR4")), R"({"action":"pay"})");
    advance(21 * 86400 + 1);
    EXPECT_EQ(status_of(query("TR4")), "REVERSED");
}

TEST_F(SimplePayStandIn, failures_are_notified_only_where_that_is_switched_on) {
    act(ask("start", order("TR1")), R"({"action":"cancel"})");
    control(simplepay(), "settings", R"({"merchants":{"PUBLICTESTHUF":{"failed_ipn":true}}})");
    act(ask("start", order("TR2")), R"({"action":"cancel"})");
    const auto ipns = wait_for("/payments/simplepay/ipn", 1);
    EXPECT_EQ(parsed(ipns[0].body).at("orderRef"), "TR2");
    EXPECT_EQ(parsed(ipns[0].body).at("status"), "CANCELLED");
}

TEST_F(SimplePayStandIn, a_refused_ipn_comes_again_at_the_offsets_from_the_first_attempt) {
    receiver().answer_with([](const Request&) { return Reply{500, "text/plain", "no"}; });
    pay();
    log_of(simplepay(), "ipn", 1);
    advance(299);
    EXPECT_EQ(log_of(simplepay(), "ipn", 1).size(), 1U);
    advance(1);
    log_of(simplepay(), "ipn", 2);
    advance(300);
    log_of(simplepay(), "ipn", 3);
    advance(259200);
    const auto all = log_of(simplepay(), "ipn", 18);
    EXPECT_EQ(all.size(), 18U);
    EXPECT_EQ(all.at(0).at("verdict"), "NOT200");
    const auto deliveries = control(simplepay(), "deliveries").at("deliveries").as_array();
    EXPECT_EQ(deliveries.at(0).at("given_up"), true);
    receiver().answer_with([](const Request& request) { return echo_of(request); });
    control(simplepay(), "resend", R"({"order_ref":"TR1"})");
    EXPECT_EQ(log_of(simplepay(), "ipn", 19).at(18).at("verdict"), "OK");
}

TEST_F(SimplePayStandIn, an_answer_can_be_lost_before_or_after_the_payment_exists) {
    order_fault(simplepay(), "start", "reset");
    EXPECT_EQ(post("start", json::write(order())).kind, Fetched::Kind::failed);
    EXPECT_EQ(ask("query", envelope({{"orderRefs", {"TR1"}}})).at("totalCount"), 0);
    order_fault(simplepay(), "start", "reset-after");
    EXPECT_EQ(post("start", json::write(order())).kind, Fetched::Kind::failed);
    EXPECT_EQ(codes(ask("start", order())), "[5013]");
    order_fault(simplepay(), "query", "no-answer");
    const auto body = json::write(envelope({{"orderRefs", {"TR1"}}}));
    const auto silent = call(
        "POST", simplepay() + "/payment/v2/query", body,
        {{"Signature", simplepay::signature(huf_key, body)}}, std::chrono::milliseconds{100}
    );
    EXPECT_EQ(silent.kind, Fetched::Kind::timed_out);
    order_fault(simplepay(), "query", "500");
    EXPECT_EQ(post("query", body).status, 500);
    order_fault(simplepay(), "query", "truncated");
    EXPECT_EQ(post("query", body).kind, Fetched::Kind::failed);
}

TEST_F(SimplePayStandIn, answers_can_be_wrong_on_purpose) {
    auto answer_with = [&, n = 0](const char* fault) mutable {
        order_fault(simplepay(), "start", fault);
        const auto answer = post("start", json::write(order("F" + std::to_string(n++))));
        const auto* sent = answer.header("signature");
        const bool verifies = sent && *sent == simplepay::signature(huf_key, answer.body);
        return std::pair{answer.body, verifies};
    };
    EXPECT_FALSE(answer_with("bad-signature").second);
    EXPECT_FALSE(answer_with("no-signature").second);
    EXPECT_FALSE(answer_with("changed-after-signing").second);
    const auto expect_signed = [&](const char* fault, std::string_view part) {
        const auto [body, verifies] = answer_with(fault);
        EXPECT_TRUE(verifies) << fault;
        EXPECT_NE(body.find(part), body.npos) << body;
    };
    expect_signed("wrong-amount", "\"total\":12991.0");
    expect_signed("other-order", "\"orderRef\":\"F40\"");
    expect_signed("escaped-slashes", "http:\\/\\/");
    expect_signed(
        "old-order", "\",\"merchant\":\"PUBLICTESTHUF\",\"orderRef\":\"F6\",\"currency\""
    );
    expect_signed("extra-members", "\"loyalty\":{");
    expect_signed("pretty", "\n");
}

TEST_F(SimplePayStandIn, notices_can_be_doubled_disordered_or_false) {
    const auto bodies = [&](const char* fault, const char* order_ref, std::size_t count) {
        const auto before = receiver().received("/payments/simplepay/ipn").size();
        order_fault(simplepay(), "ipn", fault);
        pay(order_ref);
        auto all = wait_for("/payments/simplepay/ipn", before + count);
        return std::vector<Request>(all.begin() + static_cast<std::ptrdiff_t>(before), all.end());
    };
    EXPECT_EQ(bodies("duplicate", "TR1", 2).size(), 2U);
    EXPECT_EQ(bodies("parallel-duplicate", "TR2", 2).size(), 2U);
    EXPECT_EQ(parsed(bodies("out-of-order", "TR3", 2)[1].body).at("status"), "TIMEOUT");
    const auto unsigned_one = bodies("bad-signature", "TR4", 1)[0];
    EXPECT_NE(*unsigned_one.header("signature"), simplepay::signature(huf_key, unsigned_one.body));
    EXPECT_EQ(parsed(bodies("unknown-order", "TR5", 1)[0].body).at("orderRef"), "NOSUCHORDER");
    EXPECT_EQ(parsed(bodies("unknown-merchant", "TR6", 1)[0].body).at("merchant"), "SOMEONEELSE");
    EXPECT_NE(bodies("bare-offset", "TR7", 1)[0].body.find("+0"), std::string::npos);
    EXPECT_NE(bodies("extra-members", "TR8", 1)[0].body.find("12.50"), std::string::npos);
    order_fault(simplepay(), "ipn", "never");
    pay("TR9");
    EXPECT_EQ(status_of(query("TR9")), "FINISHED");
    control(simplepay(), "forge", R"({"order_ref":"TR404","transaction_id":1})");
    for (const auto& entry : log_of(simplepay(), "ipn", 11)) {
        EXPECT_NE(parsed(std::string{entry.at("body").as_string()}).at("orderRef"), "TR9");
    }
}

TEST_F(SimplePayStandIn, reset_forgets_payments_faults_and_evidence) {
    ask("start", order());
    order_fault(simplepay(), "start", "500");
    control(simplepay(), "reset", "{}");
    EXPECT_EQ(codes(ask("start", order())), "");
    EXPECT_EQ(log_of(simplepay(), "start", 1).size(), 1U);
}

TEST_F(SimplePayStandIn, payment_pages_tell_their_state_and_unknown_tokens_are_404) {
    const auto started = ask("start", order());
    const std::string page{started.at("paymentUrl").as_string()};
    EXPECT_TRUE(call("GET", page).header("content-type")->starts_with("text/html"));
    const auto state = parsed(call("GET", page + "/state").body).as_object();
    EXPECT_EQ(state.at("order_ref"), "TR1");
    EXPECT_EQ(state.at("total"), "12990.0");
    EXPECT_EQ(state.at("status"), "INIT");
    EXPECT_EQ(call("GET", simplepay() + "/trx/unknown").status, 404);
}

}  // namespace
}  // namespace payments::sandbox
