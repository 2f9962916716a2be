#pragma once

#include "running_sandbox.hpp"
#include "sandbox/stripe/stripe.hpp"

// The Stripe stand-in as a caller of its API sees it, with calls that many tests begin with.
namespace payments::sandbox {

inline constexpr std::string_view webhook_path = "/payments/stripe/webhook";

class StripeStandIn : public RunningSandbox {
protected:
    StripeStandIn() : RunningSandbox(0) {}

    Fetched api(
        const std::string& method, const std::string& path, const std::string& form = {},
        const std::string& key = {}, const std::string& secret = "sk_test_ozora_sandbox"
    ) {
        Headers headers{{"Authorization", "Bearer " + secret}};
        if (method == "POST") {
            headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        }
        if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
        return call(method, stripe() + "/v1/" + path, form, headers);
    }
    boost::json::object create(const std::string& more = {}, const std::string& key = {}) {
        const auto answer = api("POST", "payment_intents", good + more, key);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return parsed(answer.body).as_object();
    }
    Fetched confirm(const boost::json::object& intent, const std::string& number) {
        const auto form =
            "key=pk_test_ozora_sandbox&client_secret=" + text(intent, "client_secret") +
            "&payment_method_data[type]=card&payment_method_data[card][number]=" + number +
            "&payment_method_data[card][exp_month]=12" + "&payment_method_data[card][exp_year]=40" +
            "&payment_method_data[card][cvc]=123";
        return call(
            "POST", stripe() + "/v1/payment_intents/" + text(intent, "id") + "/confirm", form
        );
    }
    boost::json::object retrieve(const boost::json::object& intent) {
        return parsed(api("GET", "payment_intents/" + text(intent, "id")).body).as_object();
    }
    boost::json::object paid() {
        const auto intent = create();
        EXPECT_EQ(confirm(intent, "4242424242424242").status, 200);
        return retrieve(intent);
    }
    static std::string text(const boost::json::object& o, std::string_view name) {
        const auto* value = o.if_contains(name);
        return value && value->is_string() ? std::string{value->get_string()} : "";
    }
    static boost::json::object error_of(const Fetched& answer) {
        return parsed(answer.body).at("error").as_object();
    }
    std::string refusal_of(const std::string& form) {
        const auto answer = api("POST", "payment_intents", form);
        EXPECT_EQ(answer.status, 400) << answer.body;
        const auto error = error_of(answer);
        return text(error, "code") + " " + text(error, "param");
    }
    std::vector<std::string> event_types() {
        std::vector<std::string> types;
        const auto list = parsed(api("GET", "events?limit=100").body).at("data").as_array();
        for (auto it = list.rbegin(); it != list.rend(); ++it) {
            types.push_back(text(it->as_object(), "type"));
        }
        return types;
    }

    const std::string good =
        "amount=1749000&currency=huf&automatic_payment_methods[enabled]=true"
        "&automatic_payment_methods[allow_redirects]=never&metadata[payment_id]=7";
};

}  // namespace payments::sandbox
