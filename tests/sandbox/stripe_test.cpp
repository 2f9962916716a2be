#include "stripe_stand_in.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

using boost::json::object;

TEST_F(StripeStandIn, a_new_payment_intent_has_every_member_of_its_version) {
    const auto intent = create("&description=Order+A-1024&receipt_email=anna%40example.hu");
    EXPECT_TRUE(text(intent, "id").starts_with("pi_"));
    EXPECT_TRUE(text(intent, "client_secret").starts_with(text(intent, "id") + "_secret_"));
    EXPECT_EQ(intent.at("amount"), 1749000);
    EXPECT_EQ(text(intent, "status"), "requires_payment_method");
    EXPECT_EQ(text(intent, "description"), "Order A-1024");
    EXPECT_EQ(intent.at("metadata").at("payment_id"), "7");
    EXPECT_EQ(text(intent, "capture_method"), "automatic_async");
    for (const auto name :
         {"amount_received", "last_payment_error", "latest_charge", "livemode", "next_action",
          "payment_method_types", "shipping"}) {
        EXPECT_TRUE(intent.contains(name)) << name;
    }
}

TEST_F(StripeStandIn, a_key_replays_the_first_answer) {
    const auto first = api("POST", "payment_intents", good, "k1");
    const auto again = api("POST", "payment_intents", good, "k1");
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(*again.header("idempotent-replayed"), "true");
    EXPECT_EQ(*again.header("original-request"), *first.header("request-id"));
    EXPECT_EQ(first.header("idempotent-replayed"), nullptr);
}

TEST_F(StripeStandIn, a_key_with_other_parameters_is_an_idempotency_error) {
    create("", "k1");
    const auto other = api("POST", "payment_intents", good + "&description=x", "k1");
    EXPECT_EQ(other.status, 400);
    EXPECT_EQ(text(error_of(other), "type"), "idempotency_error");
}

TEST_F(StripeStandIn, refusals_that_began_nothing_leave_the_key_free) {
    EXPECT_EQ(api("POST", "payment_intents", "amount=1&currency=eur", "k1").status, 400);
    EXPECT_EQ(api("POST", "payment_intents", good, "k2", "sk_test_wrong").status, 401);
    order_fault(stripe(), "create", "429");
    const auto limited = api("POST", "payment_intents", good, "k3");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(*limited.header("stripe-rate-limited-reason"), "global-rate");
    for (const auto key : {"k1", "k2", "k3"}) {
        const auto answer = api("POST", "payment_intents", good, key);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.header("idempotent-replayed"), nullptr);
    }
}

TEST_F(StripeStandIn, a_stored_500_stays_a_500) {
    order_fault(stripe(), "create", "500-stored");
    EXPECT_EQ(api("POST", "payment_intents", good, "k1").status, 500);
    const auto again = api("POST", "payment_intents", good, "k1");
    EXPECT_EQ(again.status, 500);
    EXPECT_EQ(*again.header("idempotent-replayed"), "true");
    EXPECT_EQ(parsed(api("GET", "payment_intents").body).at("data").as_array().size(), 1U);
}

TEST_F(StripeStandIn, a_lost_answer_is_heard_again_with_the_same_key) {
    order_fault(stripe(), "create", "reset-after");
    EXPECT_EQ(api("POST", "payment_intents", good, "k1").kind, Fetched::Kind::failed);
    EXPECT_EQ(*api("POST", "payment_intents", good, "k1").header("idempotent-replayed"), "true");
    EXPECT_EQ(parsed(api("GET", "payment_intents").body).at("data").as_array().size(), 1U);
}

TEST_F(StripeStandIn, a_key_whose_first_call_still_runs_is_409) {
    order_fault(stripe(), "create", "slow", 1, 400);
    std::jthread first{[&] { EXPECT_EQ(api("POST", "payment_intents", good, "k1").status, 200); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
    const auto second = api("POST", "payment_intents", good, "k1");
    first.join();
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(text(error_of(second), "code"), "idempotency_key_in_use");
    EXPECT_EQ(api("POST", "payment_intents", good, "k1").status, 200);
}

TEST_F(StripeStandIn, keys_are_forgotten_after_a_day) {
    const auto first = create("", "k1");
    control(stripe(), "clock", R"({"advance_s":86401})");
    EXPECT_NE(text(create("", "k1"), "id"), text(first, "id"));
}

TEST_F(StripeStandIn, the_card_that_pays_leaves_a_captured_charge) {
    const auto intent = paid();
    EXPECT_EQ(text(intent, "status"), "succeeded");
    EXPECT_EQ(intent.at("amount_received"), 1749000);
    const auto charge = parsed(api("GET", "charges/" + text(intent, "latest_charge")).body);
    EXPECT_EQ(charge.at("captured"), true);
    EXPECT_EQ(charge.at("metadata").at("payment_id"), "7");
    EXPECT_TRUE(charge.at("balance_transaction").is_null());
    control(stripe(), "clock", R"({"advance_s":3})");
    EXPECT_EQ(event_types().back(), "charge.updated");
}

TEST_F(StripeStandIn, declined_cards_leave_the_payment_intent_payable) {
    const auto intent = create();
    const auto declined = confirm(intent, "4000000000009995");
    EXPECT_EQ(declined.status, 402);
    EXPECT_EQ(text(error_of(declined), "decline_code"), "insufficient_funds");
    EXPECT_EQ(text(retrieve(intent), "status"), "requires_payment_method");
    EXPECT_EQ(retrieve(intent).at("last_payment_error").at("code"), "card_declined");
    EXPECT_EQ(confirm(intent, "4000000000000002").status, 402);
    EXPECT_EQ(confirm(intent, "4242424242424241").status, 402);
    EXPECT_EQ(confirm(intent, "4242+4242+4242+4242").status, 200);
    EXPECT_EQ(text(retrieve(intent), "status"), "succeeded");
    EXPECT_EQ(confirm(intent, "4242424242424242").status, 400);
}

TEST_F(StripeStandIn, three_d_secure_waits_for_the_bank) {
    const auto intent = create();
    const auto answer = parsed(confirm(intent, "4000000000003220").body);
    EXPECT_EQ(answer.at("status"), "requires_action");
    EXPECT_EQ(answer.at("next_action").at("type"), "use_stripe_sdk");
    const std::string page{
        answer.at("next_action").at("use_stripe_sdk").at("stripe_js").as_string()};
    EXPECT_EQ(page, stripe() + "/3ds/" + text(intent, "id"));
    EXPECT_TRUE(call("GET", page).header("content-type")->starts_with("text/html"));
    EXPECT_EQ(parsed(call("POST", page + "/complete").body).at("status"), "succeeded");
    const auto charge =
        parsed(api("GET", "charges/" + text(retrieve(intent), "latest_charge")).body);
    EXPECT_EQ(
        charge.at("payment_method_details").at("card").at("three_d_secure").at("result"),
        "authenticated"
    );
}

TEST_F(StripeStandIn, a_challenge_can_fail_or_be_followed_by_a_decline) {
    const auto failed = create();
    confirm(failed, "4000002760003184");
    call("POST", stripe() + "/3ds/" + text(failed, "id") + "/fail");
    EXPECT_EQ(text(retrieve(failed), "status"), "requires_payment_method");
    EXPECT_EQ(
        retrieve(failed).at("last_payment_error").at("code"),
        "payment_intent_authentication_failure"
    );
    const auto declined = create();
    confirm(declined, "4000008400001629");
    call("POST", stripe() + "/3ds/" + text(declined, "id") + "/complete");
    EXPECT_EQ(retrieve(declined).at("last_payment_error").at("code"), "card_declined");
}

TEST_F(StripeStandIn, confirming_needs_a_return_url_unless_redirects_are_off) {
    const auto answer = api("POST", "payment_intents", "amount=1000&currency=eur");
    const auto intent = parsed(answer.body).as_object();
    EXPECT_EQ(confirm(intent, "4242424242424242").status, 400);
    const auto path = "payment_intents/" + text(intent, "id") + "/confirm";
    const auto named =
        api("POST", path,
            "payment_method=pm_card_authenticationRequired&return_url=http%3A%2F%2Fshop");
    EXPECT_EQ(
        parsed(named.body).at("next_action").at("redirect_to_url").at("return_url"), "http://shop"
    );
    EXPECT_EQ(api("POST", path, "payment_method=pm_card_nothing&return_url=x").status, 400);
}

TEST_F(StripeStandIn, a_payment_method_given_at_first_is_confirmed_later) {
    const auto intent = create("&payment_method=pm_card_mastercard");
    EXPECT_EQ(text(intent, "status"), "requires_confirmation");
    const auto path = "payment_intents/" + text(intent, "id") + "/confirm";
    const auto paid_one = parsed(api("POST", path, "expand[]=payment_method").body);
    EXPECT_EQ(paid_one.at("status"), "succeeded");
    EXPECT_EQ(paid_one.at("payment_method").at("id"), intent.at("payment_method"));
    EXPECT_EQ(paid_one.at("payment_method").at("card").at("brand"), "mastercard");
    EXPECT_EQ(api("POST", "payment_intents", good + "&payment_method=pm_card_nothing").status, 400);
}

TEST_F(StripeStandIn, cancel_is_refused_once_paid) {
    const auto intent = create();
    const auto path = "payment_intents/" + text(intent, "id") + "/cancel";
    const auto cancelled = parsed(api("POST", path, "cancellation_reason=abandoned").body);
    EXPECT_EQ(cancelled.at("status"), "canceled");
    EXPECT_EQ(cancelled.at("cancellation_reason"), "abandoned");
    EXPECT_EQ(confirm(intent, "4242424242424242").status, 400);
    const auto late = api("POST", "payment_intents/" + text(paid(), "id") + "/cancel");
    EXPECT_EQ(late.status, 400);
    EXPECT_EQ(text(error_of(late), "code"), "payment_intent_unexpected_state");
    EXPECT_EQ(error_of(late).at("payment_intent").at("status"), "succeeded");
}

TEST_F(StripeStandIn, refunds_never_exceed_what_was_charged) {
    const auto intent = paid();
    const auto by = "payment_intent=" + text(intent, "id");
    const auto refund =
        parsed(api("POST", "refunds", by + "&amount=49000&metadata[refund_id]=3").body);
    EXPECT_EQ(refund.at("status"), "succeeded");
    EXPECT_EQ(refund.at("metadata").at("refund_id"), "3");
    EXPECT_EQ(api("POST", "refunds", by + "&amount=1700001").status, 400);
    EXPECT_EQ(parsed(api("POST", "refunds", by).body).at("amount"), 1700000);
    const auto more = api("POST", "refunds", by);
    EXPECT_EQ(text(error_of(more), "code"), "charge_already_refunded");
    EXPECT_EQ(parsed(api("GET", "refunds?" + by).body).at("data").as_array().size(), 2U);
    const auto id = std::string{refund.at("id").as_string()};
    EXPECT_EQ(parsed(api("GET", "refunds/" + id).body).at("amount"), 49000);
    EXPECT_EQ(api("POST", "refunds", "amount=5").status, 400);
    EXPECT_EQ(api("POST", "refunds", "payment_intent=" + text(create(), "id")).status, 400);
}

TEST_F(StripeStandIn, a_partial_capture_takes_only_its_part) {
    const auto intent = create("&capture_method=manual");
    confirm(intent, "4242424242424242");
    const auto path = "payment_intents/" + text(intent, "id") + "/capture";
    EXPECT_EQ(api("POST", path, "amount_to_capture=0").status, 400);
    EXPECT_EQ(
        text(error_of(api("POST", path, "amount_to_capture=1749001")), "code"), "amount_too_large"
    );
    const auto captured = parsed(api("POST", path, "amount_to_capture=1000000").body);
    EXPECT_EQ(captured.at("status"), "succeeded");
    EXPECT_EQ(captured.at("amount"), 1749000);
    EXPECT_EQ(captured.at("amount_received"), 1000000);
    EXPECT_EQ(captured.at("amount_capturable"), 0);
    const auto charge =
        parsed(api("GET", "charges/" + std::string{captured.at("latest_charge").as_string()}).body);
    EXPECT_EQ(charge.at("amount"), 1749000);
    EXPECT_EQ(charge.at("amount_captured"), 1000000);
    const auto by = "payment_intent=" + text(intent, "id");
    EXPECT_EQ(api("POST", "refunds", by + "&amount=1000001").status, 400);
    EXPECT_EQ(parsed(api("POST", "refunds", by).body).at("amount"), 1000000);
}

TEST_F(StripeStandIn, webhooks_are_signed_over_their_bytes_with_the_present_time) {
    create("", "k1");
    const auto hook = wait_for(std::string{webhook_path}, 1)[0];
    const auto header = *hook.header("stripe-signature");
    const auto t = header.substr(2, header.find(',') - 2);
    const auto expected =
        crypto::hex(crypto::hmac_sha256("whsec_ozora_sandbox", t + "." + hook.body));
    EXPECT_EQ(header, "t=" + t + ",v1=" + expected);
    const auto age_s =
        std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds{1} -
        std::stoll(t);
    EXPECT_LE(std::abs(age_s), 5);
    const auto event = parsed(hook.body);
    EXPECT_EQ(event.at("type"), "payment_intent.created");
    EXPECT_EQ(event.at("request").at("idempotency_key"), "k1");
}

TEST_F(StripeStandIn, while_secrets_roll_each_signs) {
    control(stripe(), "settings", R"({"webhook_secrets":["whsec_new","whsec_old"]})");
    create();
    const auto header = *wait_for(std::string{webhook_path}, 1)[0].header("stripe-signature");
    EXPECT_NE(header.find(",v1="), header.rfind(",v1="));
}

TEST_F(StripeStandIn, events_tell_the_life_of_a_payment) {
    const auto intent = paid();
    api("POST", "refunds", "payment_intent=" + text(intent, "id"));
    EXPECT_EQ(
        event_types(), (std::vector<std::string>{
                           "payment_intent.created", "payment_intent.succeeded", "charge.succeeded",
                           "refund.created", "charge.refunded"})
    );
    const auto some = parsed(api("GET", "events?types[]=refund.created&types[]=charge.*").body);
    EXPECT_EQ(some.at("data").as_array().size(), 3U);
}

TEST_F(StripeStandIn, webhooks_not_taken_come_again_with_a_new_signature) {
    receiver().answer_with([](const Request&) { return Reply{500, "", ""}; });
    create();
    log_of(stripe(), "webhook", 1);
    EXPECT_EQ(
        parsed(api("GET", "events?delivery_success=false").body).at("data").as_array().size(), 1U
    );
    receiver().answer_with([](const Request&) { return Reply{204, "", ""}; });
    control(stripe(), "clock", R"({"advance_s":11})");
    EXPECT_EQ(log_of(stripe(), "webhook", 2).at(1).at("verdict"), "OK");
    control(stripe(), "clock", R"({"advance_s":259200})");
    EXPECT_EQ(log_of(stripe(), "webhook", 2).size(), 2U);
}

TEST_F(StripeStandIn, named_payment_methods_do_what_their_cards_do) {
    const auto pay_with = [&](const std::string& name) {
        const auto form = "amount=1000&currency=eur&payment_method_types[0]=card&confirm=true";
        return api("POST", "payment_intents", form + ("&payment_method=" + name));
    };
    EXPECT_EQ(parsed(pay_with("pm_card_bypassPending").body).at("status"), "succeeded");
    EXPECT_EQ(pay_with("pm_card_chargeDeclined").status, 402);
    EXPECT_EQ(pay_with("pm_card_chargeCustomerFail").status, 402);
    EXPECT_EQ(parsed(pay_with("pm_card_createDisputeInquiry").body).at("status"), "succeeded");
    control(stripe(), "clock", R"({"advance_s":3})");
    const auto dispute = parsed(api("GET", "events?type=charge.dispute.created").body);
    EXPECT_EQ(
        dispute.at("data").at(0).at("data").at("object").at("status"), "warning_needs_response"
    );
}

TEST_F(StripeStandIn, a_refund_takes_new_metadata) {
    const auto refund = parsed(
        api("POST", "refunds", "payment_intent=" + text(paid(), "id") + "&metadata[a]=1").body
    );
    const auto path = "refunds/" + std::string{refund.at("id").as_string()};
    EXPECT_EQ(
        parsed(api("POST", path, "metadata[b]=2&metadata[a]=").body).at("metadata"),
        (object{{"b", "2"}})
    );
    EXPECT_EQ(event_types().back(), "refund.updated");
}

TEST_F(StripeStandIn, webhooks_can_be_doubled_held_back_forged_or_lost) {
    const auto types_after = [&](const char* fault, std::size_t count) {
        const auto before = receiver().received(webhook_path).size();
        order_fault(stripe(), "webhook", fault);
        create();
        wait_for(std::string{webhook_path}, before + count);
        return receiver().received(webhook_path).size() - before;
    };
    EXPECT_EQ(types_after("duplicate", 2), 2U);
    EXPECT_EQ(types_after("parallel-duplicate", 2), 2U);
    EXPECT_EQ(types_after("twin", 2), 2U);
    EXPECT_EQ(types_after("never", 0), 0U);
    EXPECT_EQ(types_after("out-of-order", 0), 0U);
    EXPECT_EQ(types_after("stale", 2), 2U);
    order_fault(stripe(), "payment_intent.created", "forged");
    create();
    const auto forged = wait_for(std::string{webhook_path}, 9).back();
    EXPECT_EQ(
        forged.header("stripe-signature")
            ->find(crypto::hex(crypto::hmac_sha256(
                "whsec_ozora_sandbox",
                forged.header("stripe-signature")->substr(2, 10) + "." + forged.body
            ))),
        std::string::npos
    );
}

TEST_F(StripeStandIn, disputes_and_refunds_by_hand_are_ordered_by_control) {
    const auto intent = paid();
    const auto about = "{\"payment_intent\":\"" + text(intent, "id") + "\"";
    control(stripe(), "refund", about + ",\"amount\":1000}");
    control(stripe(), "dispute", about + "}");
    control(stripe(), "dispute", about + ",\"status\":\"lost\"}");
    const auto types = event_types();
    EXPECT_NE(std::find(types.begin(), types.end(), "charge.dispute.created"), types.end());
    EXPECT_EQ(types.back(), "charge.dispute.closed");
    const auto refused = api("POST", "refunds", "payment_intent=" + text(intent, "id"));
    EXPECT_EQ(text(error_of(refused), "code"), "charge_disputed");
}

TEST_F(StripeStandIn, a_dispute_moves_its_money_back_and_forth) {
    const auto about = "{\"payment_intent\":\"" + text(paid(), "id") + "\"";
    control(stripe(), "dispute", about + ",\"status\":\"warning_needs_response\"}");
    for (const auto* status : {"needs_response", "won", "appeal_under_review", "lost"})
        control(stripe(), "dispute", about + ",\"status\":\"" + status + "\"}");
    const auto types = event_types();
    const auto count = [&](const char* type) {
        return std::count(types.begin(), types.end(), std::string{"charge.dispute."} + type);
    };
    EXPECT_EQ(count("funds_withdrawn"), 2);
    EXPECT_EQ(count("funds_reinstated"), 1);
    EXPECT_EQ(count("closed"), 2);
    const auto events = parsed(api("GET", "events?type=charge.dispute.closed").body);
    const auto& newest = events.at("data").at(0).at("data").at("object");
    ASSERT_EQ(newest.at("balance_transactions").as_array().size(), 3U);
    EXPECT_EQ(newest.at("balance_transactions").at(1).at("amount"), newest.at("amount"));
    EXPECT_EQ(newest.at("balance_transactions").at(2).at("type"), "adjustment");
}

TEST_F(StripeStandIn, a_warning_of_fraud_is_an_event) {
    const auto intent = paid();
    control(stripe(), "fraud-warning", "{\"payment_intent\":\"" + text(intent, "id") + "\"}");
    const auto events = parsed(api("GET", "events?type=radar.early_fraud_warning.created").body);
    const auto& warning = events.at("data").at(0).at("data").at("object");
    EXPECT_EQ(warning.at("payment_intent"), intent.at("id"));
    EXPECT_EQ(warning.at("charge"), intent.at("latest_charge"));
}

TEST_F(StripeStandIn, a_refund_that_fails_later_gives_the_money_back_to_us) {
    const auto intent = paid();
    const auto refund = parsed(api("POST", "refunds", "payment_intent=" + text(intent, "id")).body);
    control(stripe(), "fail-refund", json::write(object{{"refund", refund.at("id")}}));
    const auto charge = parsed(api("GET", "charges/" + text(intent, "latest_charge")).body);
    EXPECT_EQ(charge.at("amount_refunded"), 0);
    EXPECT_EQ(event_types().back(), "refund.updated");
}

TEST_F(StripeStandIn, answers_can_be_wrong_on_purpose_while_the_objects_stay_right) {
    const auto intent = paid();
    const auto path = "payment_intents/" + text(intent, "id");
    order_fault(stripe(), "retrieve", "wrong-amount");
    EXPECT_EQ(parsed(api("GET", path).body).at("amount_received"), 1749100);
    order_fault(stripe(), "retrieve", "other-livemode");
    EXPECT_EQ(parsed(api("GET", path).body).at("livemode"), true);
    EXPECT_EQ(parsed(api("GET", path).body).at("amount_received"), 1749000);
}

}  // namespace
}  // namespace payments::sandbox
