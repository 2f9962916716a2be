#include "stripe_stand_in.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

using boost::json::object;

TEST_F(StripeStandIn, unknown_names_are_refused_also_inside_objects) {
    EXPECT_EQ(refusal_of(good + "&colour=red"), "parameter_unknown colour");
    EXPECT_EQ(
        refusal_of(good + "&automatic_payment_methods[colour]=red"),
        "parameter_unknown automatic_payment_methods[colour]"
    );
    EXPECT_EQ(refusal_of(good + "&metadata[a][b]=c"), "parameter_unknown metadata[a][b]");
}

TEST_F(StripeStandIn, lengths_are_counted_in_characters) {
    const auto repeated = [](int count) {
        std::string text;
        for (int i = 0; i < count; ++i) text += "%C5%91";  // two bytes, one character
        return text;
    };
    const auto status_of = [&](const std::string& more) {
        return api("POST", "payment_intents", good + more).status;
    };
    EXPECT_EQ(status_of("&metadata[k]=" + repeated(500)), 200);
    EXPECT_EQ(status_of("&metadata[k]=" + repeated(501)), 400);
    EXPECT_EQ(status_of("&metadata[" + repeated(40) + "]=v"), 200);
    EXPECT_EQ(status_of("&metadata[" + repeated(41) + "]=v"), 400);
}

TEST_F(StripeStandIn, values_are_checked) {
    EXPECT_EQ(refusal_of("currency=huf"), "parameter_missing amount");
    EXPECT_EQ(refusal_of("amount=100.5&currency=eur"), "parameter_invalid_integer amount");
    EXPECT_EQ(refusal_of("amount=49&currency=eur"), "amount_too_small amount");
    EXPECT_EQ(refusal_of("amount=17499&currency=huf"), "amount_too_small amount");
    EXPECT_EQ(refusal_of("amount=100000000&currency=huf"), "amount_too_large amount");
    EXPECT_EQ(refusal_of("amount=1000&currency=xyz"), " currency");
    EXPECT_EQ(refusal_of(good + "&description="), "parameter_invalid_empty description");
    EXPECT_EQ(
        refusal_of(good + "&description=" + std::string(1001, 'x')),
        "parameter_invalid_string_blank description"
    );
    EXPECT_EQ(refusal_of(good + "&capture_method=later"), " capture_method");
    EXPECT_EQ(refusal_of(good + "&metadata[" + std::string(41, 'k') + "]=v"), " metadata");
    EXPECT_EQ(refusal_of(good + "&receipt_email=nobody"), "email_invalid receipt_email");
    std::string many;
    for (int i = 0; i < 50; ++i) many += "&metadata[k" + std::to_string(i) + "]=v";
    EXPECT_EQ(refusal_of(good + many), " metadata");
}

TEST_F(StripeStandIn, keys_decide_what_a_caller_may_do) {
    EXPECT_EQ(api("POST", "payment_intents", good, "", "sk_test_wrong").status, 401);
    EXPECT_EQ(call("GET", stripe() + "/v1/payment_intents").status, 401);
    EXPECT_EQ(api("POST", "payment_intents", good, "", "pk_test_ozora_sandbox").status, 403);
    const auto intent = create();
    const auto path = "payment_intents/" + text(intent, "id");
    EXPECT_EQ(api("GET", path, "", "", "pk_test_ozora_sandbox").status, 404);
    const auto reduced =
        api("GET", path + "?client_secret=" + text(intent, "client_secret"), "", "",
            "pk_test_ozora_sandbox");
    EXPECT_EQ(reduced.status, 200);
    EXPECT_FALSE(parsed(reduced.body).as_object().contains("metadata"));
    EXPECT_EQ(*reduced.header("access-control-allow-origin"), "*");
    const auto basic = call(
        "GET", stripe() + "/v1/" + path, "",
        {{"Authorization", "Basic " + crypto::base64("sk_test_ozora_sandbox:")}}
    );
    EXPECT_EQ(basic.status, 200);
}

TEST_F(StripeStandIn, json_bodies_and_unknown_paths_are_refused) {
    const auto json_body = call(
        "POST", stripe() + "/v1/payment_intents", R"({"amount":100})",
        {{"Authorization", "Bearer sk_test_ozora_sandbox"}, {"Content-Type", "application/json"}}
    );
    EXPECT_EQ(json_body.status, 400);
    EXPECT_EQ(api("GET", "payment_methods").status, 404);
    const auto missing = api("GET", "payment_intents/pi_nothere");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(text(error_of(missing), "code"), "resource_missing");
}

TEST_F(StripeStandIn, the_version_is_echoed_and_every_answer_has_a_request_id) {
    const auto answer = call(
        "GET", stripe() + "/v1/payment_intents", "",
        {{"Authorization", "Bearer sk_test_ozora_sandbox"}, {"Stripe-Version", "2025-03-31.basil"}}
    );
    EXPECT_EQ(*answer.header("stripe-version"), "2025-03-31.basil");
    EXPECT_TRUE(answer.header("request-id")->starts_with("req_"));
}

TEST_F(StripeStandIn, a_version_that_cannot_be_is_refused) {
    const auto with = [&](const char* version) {
        return call(
            "GET", stripe() + "/v1/payment_intents", "",
            {{"Authorization", "Bearer sk_test_ozora_sandbox"}, {"Stripe-Version", version}}
        );
    };
    for (const auto version : {"2022-11-15", "2024-09-30.acacia", "2026-10-28.endive"}) {
        EXPECT_EQ(with(version).status, 200) << version;
    }
    for (const auto version :
         {"latest", "2019-2-19", "2024-13-01", "2024-04-10.acacia", "2026-10-28",
          "2026-10-28.basil", "2099-01-01.endive", "2024-04-10."}) {
        const auto answer = with(version);
        EXPECT_EQ(answer.status, 400) << version;
        EXPECT_EQ(text(error_of(answer), "type"), "invalid_request_error");
        EXPECT_EQ(
            text(error_of(answer), "message"), "Invalid Stripe API version: " + std::string{version}
        );
    }
}

TEST_F(StripeStandIn, searches_page_by_token) {
    for (int i = 0; i < 5; ++i) create("&metadata[kind]=" + std::string{i == 2 ? "b" : "a"});
    const std::string query = "payment_intents/search?query=metadata%5B'kind'%5D:'a'&limit=3";
    const auto first = parsed(api("GET", query + "&expand[]=total_count").body);
    EXPECT_EQ(first.at("has_more"), true);
    EXPECT_EQ(first.at("total_count"), 4);
    const auto token = percent_encode(first.at("next_page").as_string());
    const auto second = parsed(api("GET", query + "&page=" + token).body);
    EXPECT_EQ(second.at("data").as_array().size(), 1U);
    EXPECT_EQ(second.at("has_more"), false);
    EXPECT_TRUE(second.at("next_page").is_null());
    EXPECT_EQ(text(error_of(api("GET", query + "&page=nonsense")), "param"), "page");
}

TEST_F(StripeStandIn, pages_have_a_size_and_a_place) {
    const auto intent = create();
    const auto refused = [&](const std::string& query) {
        const auto answer = api("GET", query);
        EXPECT_EQ(answer.status, 400) << query;
        const auto error = error_of(answer);
        return text(error, "code") + " " + text(error, "param") + ": " + text(error, "message");
    };
    EXPECT_EQ(
        refused("events?limit=0"),
        "parameter_invalid_integer limit: This value must be greater than or equal to 1."
    );
    EXPECT_EQ(
        refused("refunds?limit=101"),
        "parameter_invalid_integer limit: This value must be less than or equal to 100."
    );
    EXPECT_EQ(
        refused("payment_intents?starting_after=pi_1"),
        "resource_missing starting_after: No such payment_intent: 'pi_1'"
    );
    EXPECT_EQ(
        refused("events?ending_before=" + text(intent, "id")),
        "resource_missing ending_before: No such event: '" + text(intent, "id") + "'"
    );
    // The place may be one that the filter leaves out.
    paid();
    const auto newest = parsed(api("GET", "events?limit=1").body).at("data").at(0).at("id");
    const auto older = parsed(api("GET", "events?type=payment_intent.created&starting_after=" +
                                             std::string{newest.as_string()})
                                  .body);
    EXPECT_EQ(older.at("data").as_array().size(), 2U);
}

TEST_F(StripeStandIn, lists_page_from_the_newest_and_search_finds_metadata) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(text(create("&metadata[n]=" + std::to_string(i)), "id"));
    }
    const auto page = parsed(api("GET", "payment_intents?limit=2&starting_after=" + ids[4]).body);
    EXPECT_EQ(page.at("has_more"), true);
    EXPECT_EQ(page.at("data").at(0).at("id"), ids[3].c_str());
    EXPECT_EQ(page.at("data").as_array().size(), 2U);
    const auto found =
        parsed(api("GET", "payment_intents/search?query=metadata%5B'n'%5D:'3'").body);
    ASSERT_EQ(found.at("data").as_array().size(), 1U);
    EXPECT_EQ(found.at("data").at(0).at("id"), ids[3].c_str());
    EXPECT_EQ(found.at("object"), "search_result");
}

TEST_F(StripeStandIn, latest_charge_expands) {
    const auto intent = paid();
    const auto shown =
        parsed(api("GET", "payment_intents/" + text(intent, "id") + "?expand[0]=latest_charge").body
        );
    EXPECT_EQ(shown.at("latest_charge").at("object"), "charge");
}

TEST_F(StripeStandIn, whatever_holds_an_id_expands) {
    const auto intent = paid();
    control(stripe(), "clock", R"({"advance_s":3})");
    const auto by = "payment_intent=" + text(intent, "id");
    const auto refund = parsed(
        api("POST", "refunds", by + "&expand[]=payment_intent.latest_charge&expand[]=charge").body
    );
    EXPECT_EQ(refund.at("charge").at("object"), "charge");
    EXPECT_EQ(refund.at("payment_intent").at("latest_charge").at("captured"), true);
    const auto charge =
        parsed(api("GET", "charges/" + text(intent, "latest_charge") +
                              "?expand[]=refunds&expand[]=balance_transaction.source")
                   .body);
    EXPECT_EQ(charge.at("refunds").at("data").at(0).at("id"), refund.at("id"));
    EXPECT_EQ(charge.at("balance_transaction").at("source").at("id"), charge.at("id"));
    const auto list = parsed(
        api("GET", "payment_intents?expand[]=data.payment_method&expand[]=data.latest_charge").body
    );
    EXPECT_EQ(list.at("data").at(0).at("payment_method").at("card").at("last4"), "4242");
    EXPECT_EQ(list.at("data").at(0).at("latest_charge").at("object"), "charge");
}

TEST_F(StripeStandIn, what_holds_no_id_cannot_be_expanded) {
    const auto path = "payment_intents/" + text(paid(), "id") + "?expand[]=";
    const auto refused = [&](const std::string& query) {
        const auto answer = api("GET", query);
        EXPECT_EQ(answer.status, 400) << query;
        return text(error_of(answer), "message");
    };
    EXPECT_EQ(refused(path + "charges"), "This property cannot be expanded (charges).");
    EXPECT_EQ(refused(path + "amount"), "This property cannot be expanded (amount).");
    EXPECT_EQ(refused("events?expand[]=data"), "This property cannot be expanded (data).");
    EXPECT_EQ(
        refused("payment_intents?expand[]=latest_charge"),
        "This property cannot be expanded (latest_charge). You may want to try expanding "
        "'data.latest_charge' instead."
    );
    const std::string deep = "latest_charge.payment_intent.latest_charge.payment_intent.review";
    EXPECT_NE(refused(path + deep).find("more than 4 levels"), std::string::npos);
    EXPECT_EQ(refused("refunds?expand[]=data.colour").find("This property cannot"), 0U);
}

TEST_F(StripeStandIn, an_event_is_delivered_again_on_request) {
    create();
    log_of(stripe(), "webhook", 1);
    const auto event = parsed(api("GET", "events").body).at("data").at(0);
    const std::string id{event.at("id").as_string()};
    const auto again = api("POST", "events/" + id + "/retry", "for_stripecli=true");
    EXPECT_EQ(parsed(again.body).at("id"), event.at("id"));
    const auto hooks = wait_for(std::string{webhook_path}, 2);
    EXPECT_EQ(parsed(hooks[1].body).at("id"), event.at("id"));
    EXPECT_EQ(parsed(hooks[1].body).at("pending_webhooks"), 1);
    EXPECT_EQ(api("POST", "events/evt_1/retry").status, 404);
}

TEST_F(StripeStandIn, payment_method_types_end_with_the_version_that_dropped_them) {
    const auto with = [&](const char* version) {
        return call(
            "POST", stripe() + "/v1/payment_intents",
            "amount=1000&currency=eur&payment_method_types[]=card",
            {{"Authorization", "Bearer sk_test_ozora_sandbox"}, {"Stripe-Version", version}}
        );
    };
    EXPECT_EQ(with("2024-04-10").status, 200);
    EXPECT_EQ(with("2026-08-26.dahlia").status, 200);
    EXPECT_EQ(
        text(error_of(with("2026-09-30.endive")), "code"),
        "payment_method_types_no_longer_supported"
    );
}

TEST_F(StripeStandIn, a_filter_of_payment_method_types_comes_with_its_version) {
    const auto with = [&](const std::string& more, const char* version = "2026-10-28.endive") {
        return call(
            "POST", stripe() + "/v1/payment_intents", "amount=1000&currency=eur" + more,
            {{"Authorization", "Bearer sk_test_ozora_sandbox"}, {"Stripe-Version", version}}
        );
    };
    const std::string filter = "&allowed_payment_method_types[]=card";
    EXPECT_EQ(text(error_of(with(filter, "2026-06-24.dahlia")), "code"), "parameter_unknown");
    const auto made = parsed(with(filter + "&allowed_payment_method_types[]=klarna").body);
    EXPECT_EQ(made.at("payment_method_types"), (boost::json::array{"card"}));
    EXPECT_EQ(made.at("allowed_payment_method_types").as_array().size(), 2U);
    EXPECT_EQ(parsed(with("").body).at("payment_method_types"), (boost::json::array{"card"}));
    EXPECT_EQ(with(filter + "&automatic_payment_methods[enabled]=true").status, 400);
    EXPECT_EQ(with(filter + "&payment_method_configuration=pmc_1").status, 400);
    EXPECT_EQ(with(filter + "&payment_method_types[]=card", "2026-08-26.dahlia").status, 400);
    EXPECT_EQ(with("&allowed_payment_method_types[]=klarna").status, 400);
}

}  // namespace
}  // namespace payments::sandbox
