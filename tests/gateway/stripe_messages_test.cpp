#include "gateway/stripe/events.hpp"
#include "gateway/stripe/refunds.hpp"
#include "gateway/stripe/requests.hpp"
#include "gateway/stripe/units.hpp"

#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "fixtures/stripe_openapi.hpp"
#include "gateway/stripe/objects.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::stripe {
namespace {

using test::attempt_for;
using test::fact_in;
using test::replaced;
using test::stripe_faults;

Transaction attempt() { return attempt_for("FULL-FEE-HUF-STRIPE-INTENTS", "17490", "test"); }

Money money(const std::string& amount, const std::string& currency) {
    return Money::parse(amount, Currency::of(currency).value()).value();
}

// ------------------------------------------------------------------------- what we send

TEST(StripeRequests, every_one_is_as_the_published_types_have_it) {
    const auto none = std::vector<std::string>{};
    EXPECT_EQ(stripe_faults("POST", "/v1/payment_intents", create_body(attempt()).value()), none);
    EXPECT_EQ(stripe_faults("POST", "/v1/payment_intents/pi_1/cancel", cancel_body()), none);
    EXPECT_EQ(stripe_faults("GET", "/v1/payment_intents/pi_1?expand[]=latest_charge", ""), none);
    EXPECT_EQ(
        stripe_faults("GET", "/v1/payment_intents/search?" + find_query(attempt()), ""), none
    );
    EXPECT_EQ(stripe_faults("GET", "/v1/refunds?" + refunds_query("pi_1"), ""), none);
}

TEST(StripeRequests, the_check_itself_sees_what_stripe_would_refuse) {
    const auto faults = [](const std::string& body) {
        return stripe_faults("POST", "/v1/payment_intents", body).size();
    };
    EXPECT_EQ(faults("amount=1&currency=huf"), 0U);
    EXPECT_EQ(faults("amount=1"), 1U);
    EXPECT_EQ(faults("amount=1.5&currency=huf"), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&unheard=1"), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&automatic_payment_methods[enabled]=maybe"), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&automatic_payment_methods[allow_redirects]=never"), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&automatic_payment_methods[x]=1"), 2U);
    EXPECT_EQ(faults("amount=1&currency=huf&capture_method=later"), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&metadata[a][b]=c"), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&description=" + std::string(1001, 'x')), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&description="), 1U);
    EXPECT_EQ(faults("amount=1&currency=huf&amount=2"), 1U);
    EXPECT_EQ(stripe_faults("POST", "/v1/checkout", "").size(), 1U);
    EXPECT_EQ(stripe_faults("GET", "/v1/refunds?order=TR1", "").size(), 1U);
}

TEST(StripeRequests, the_creation_says_what_is_paid_for_and_is_the_same_every_time) {
    const auto body = create_body(attempt()).value();
    EXPECT_EQ(body, create_body(attempt()).value());
    const auto fields = test::decode_form(body);
    const auto value = [&](const std::string& name) {
        for (const auto& [field, text] : fields)
            if (field == name) return text;
        return std::string{"(missing)"};
    };
    EXPECT_EQ(value("amount"), "1749000");
    EXPECT_EQ(value("currency"), "huf");
    EXPECT_EQ(value("automatic_payment_methods[enabled]"), "true");
    EXPECT_EQ(value("automatic_payment_methods[allow_redirects]"), "never");
    EXPECT_EQ(value("metadata[transaction_id]"), "42");
    EXPECT_EQ(value("metadata[reference]"), "TR42");
    EXPECT_EQ(value("metadata[ticket_id]"), "31090");
    EXPECT_EQ(value("metadata[attempt]"), "pi-create-TR42-1772442900123");
    EXPECT_EQ(value("receipt_email"), "(missing)");
    EXPECT_EQ(value("payment_method_types[0]"), "(missing)");
}

TEST(StripeRequests, the_key_differs_for_the_same_number_in_another_database) {
    auto later = attempt();
    later.created_at += std::chrono::milliseconds{1};
    EXPECT_NE(creation_key(attempt()), creation_key(later));
    EXPECT_LE(creation_key(attempt()).size(), 255U);
}

TEST(StripeRequests, a_form_keeps_brackets_of_names_and_encodes_all_else) {
    EXPECT_EQ(
        encode({{"metadata[k]", "a b&c=d+é[']"}, {"x", ""}}),
        "metadata[k]=a%20b%26c%3Dd%2B%C3%A9%5B%27%5D&x="
    );
}

TEST(StripeMoney, each_currency_is_counted_in_stripes_own_unit) {
    const struct {
        std::string amount, currency;
        std::int64_t units;
    } table[] = {
        {"17490", "HUF", 1'749'000},
        {"220.5", "EUR", 22'050},
        {"220", "USD", 22'000},
        {"500", "JPY", 500},
        {"5", "ISK", 500},
        {"5", "UGX", 500},
        {"7", "MGA", 7},
        {"5.12", "KWD", 5'120},
        {"100.25", "TWD", 10'025},
    };
    for (const auto& row : table) {
        const auto asked = money(row.amount, row.currency);
        ASSERT_TRUE(to_units(asked)) << row.currency;
        EXPECT_EQ(*to_units(asked), row.units) << row.currency;
        EXPECT_EQ(from_units(row.units, row.currency), asked) << row.currency;
    }
    EXPECT_FALSE(to_units(money("5.124", "KWD")));
    EXPECT_EQ(from_units(8'812'345, "huf"), money("88123.45", "HUF"));  // as banks report it
    EXPECT_EQ(to_units(money("44000.5", "HUF")).value(), 4'400'050);
    EXPECT_FALSE(from_units(501, "isk"));
    EXPECT_FALSE(from_units(-1, "eur"));
    EXPECT_FALSE(from_units(1, "zzz"));
}

TEST(StripeMoney, less_than_the_least_or_in_no_whole_units_is_objected_to) {
    const struct {
        std::string amount, currency, objection;
    } table[] = {
        {"0.49", "EUR", "Stripe cannot charge 0.49 EUR: it takes at least 0.5 EUR"},
        {"0.3", "EUR", "Stripe cannot charge 0.3 EUR: it takes at least 0.5 EUR"},
        {"0.5", "EUR", ""},
        {"0.3", "GBP", ""},
        {"174", "HUF", "Stripe cannot charge 174 HUF: it takes at least 175 HUF"},
        {"150", "HUF", "Stripe cannot charge 150 HUF: it takes at least 175 HUF"},
        {"175", "HUF", ""},
        {"49", "JPY", "Stripe cannot charge 49 JPY: it takes at least 50 JPY"},
        {"5.125", "KWD", "Stripe cannot charge 5.125 KWD"},
        {"5.12", "KWD", ""},
        {"0.01", "BGN", ""},  // nobody says what is its least
        {"10000000000", "EUR", "Stripe cannot charge 10000000000 EUR: it is too much"},
    };
    for (const auto& row : table)
        EXPECT_EQ(objection_to(money(row.amount, row.currency)), row.objection)
            << row.amount << row.currency;
}

// ------------------------------------------------------------------------- what we hear

std::string intent(const std::string& status, const std::string& more = "") {
    return R"({"id":"pi_1","object":"payment_intent","amount":1749000,"amount_received":0,)"
           R"("currency":"huf","livemode":false,"client_secret":"pi_1_secret_x",)"
           R"("metadata":{"transaction_id":"42","reference":"TR42",)"
           R"("attempt":"pi-create-TR42-1772442900123"},)" +
           more + R"("status":")" + status + "\"}";
}

std::string error_body(const std::string& type, const std::string& code) {
    return R"({"error":{"type":")" + type + R"(","code":")" + code + R"(","message":"m"}})";
}

TEST(StripeCreation, our_own_payment_intent_is_accepted) {
    const auto started = read_created(attempt(), {200, "", intent("requires_payment_method")});
    ASSERT_EQ(started.outcome, Outcome::accepted);
    EXPECT_EQ(started.client_secret, "pi_1_secret_x");
    EXPECT_EQ(started.facts.at(0).kind, FactKind::accepted);
    EXPECT_EQ(started.facts.at(0).provider_id, "pi_1");
    EXPECT_EQ(started.facts.at(0).account, "test");
}

TEST(StripeCreation, an_object_that_differs_in_anything_is_garbled) {
    const auto good = intent("requires_payment_method");
    for (const auto& body : {
             replaced(good, "1749000", "174900"),
             replaced(good, "\"huf\"", "\"eur\""),
             replaced(good, "false", "true"),
             replaced(good, "payment_intent\"", "charge\""),
             replaced(good, "\"pi_1\"", "\"\""),
             replaced(good, "\"42\"", "\"43\""),
             replaced(good, "1772442900123", "1772442900124"),
             replaced(good, "pi_1_secret_x", ""),
             std::string{"{}"},
             std::string{"not json"},
         })
        EXPECT_EQ(read_created(attempt(), {200, "", body}).outcome, Outcome::garbled) << body;
    EXPECT_EQ(read_created(attempt(), {301, "", ""}).outcome, Outcome::garbled);
    EXPECT_EQ(read_created(attempt(), {403, "", "<html>"}).outcome, Outcome::garbled);
}

TEST(StripeCreation, a_refusal_is_stripes_word_and_the_rest_is_unknown) {
    using enum Outcome;
    const struct {
        int status;
        std::string type, code;
        Outcome kind;
    } table[] = {
        {400, "invalid_request_error", "amount_too_small", refused},
        {401, "invalid_request_error", "", refused},
        {402, "card_error", "card_declined", refused},
        {403, "invalid_request_error", "", refused},
        {400, "idempotency_error", "", unanswered},
        {409, "invalid_request_error", "idempotency_key_in_use", unanswered},
        {429, "invalid_request_error", "rate_limit", unanswered},
        {500, "api_error", "", unanswered},
    };
    for (const auto& row : table) {
        const auto started =
            read_created(attempt(), {row.status, "", error_body(row.type, row.code)});
        EXPECT_EQ(started.outcome, row.kind) << row.status << row.type;
        const auto expected = row.kind == refused ? FactKind::failed : FactKind::unanswered;
        EXPECT_TRUE(fact_in(started.facts, expected));
        EXPECT_EQ(started.reason.find("amount_too_small"), std::string::npos);
    }
    EXPECT_EQ(read_created(attempt(), {502, "", "<html>"}).outcome, unanswered);
}

TEST(StripeCreation, that_our_key_is_refused_says_nothing_of_an_earlier_try) {
    for (const int status : {401, 403, 404}) {
        const ProviderResponse answer{status, "", error_body("invalid_request_error", "")};
        EXPECT_EQ(read_created(attempt(), answer).outcome, Outcome::refused) << status;
        EXPECT_EQ(read_created(attempt(), answer, true).outcome, Outcome::unanswered) << status;
    }
    const ProviderResponse no{400, "", error_body("invalid_request_error", "amount_too_small")};
    EXPECT_EQ(read_created(attempt(), no, true).outcome, Outcome::refused);
}

TEST(StripeCreation, what_may_pass_by_itself_is_worth_repeating_unless_stripe_says_not) {
    for (const auto status : {409, 424, 429, 500, 502, 503, 504})
        EXPECT_TRUE(is_worth_repeating({status, "", ""})) << status;
    for (const auto status : {200, 400, 401, 402, 403, 404})
        EXPECT_FALSE(is_worth_repeating({status, "", ""})) << status;
    EXPECT_FALSE(is_worth_repeating({500, "false", ""}));
    EXPECT_TRUE(is_worth_repeating({400, "true", ""}));
}

TEST(StripeIntent, each_status_means_its_fact) {
    const struct {
        std::string status;
        FactKind kind;
        bool is_payable, is_cancellable;
    } table[] = {
        {"requires_payment_method", FactKind::accepted, true, true},
        {"requires_confirmation", FactKind::accepted, true, true},
        {"requires_action", FactKind::accepted, true, true},
        {"processing", FactKind::accepted, false, false},
        {"requires_capture", FactKind::authorized, false, true},
        {"succeeded", FactKind::captured, false, false},
        {"canceled", FactKind::cancelled, false, false},
    };
    for (const auto& row : table) {
        const auto body =
            intent(row.status, R"("amount_capturable":1749000,"amount_received":1749000,)");
        const auto fixed = replaced(body, R"("amount_received":0,)", "");
        const auto said = read_intent(attempt(), {200, "", fixed});
        EXPECT_TRUE(said.answered) << row.status;
        ASSERT_EQ(said.facts.size(), 1U) << row.status;
        EXPECT_EQ(said.facts[0].kind, row.kind) << row.status;
        EXPECT_EQ(said.facts[0].provider_id, "pi_1");
        EXPECT_EQ(said.is_payable, row.is_payable);
        EXPECT_EQ(said.is_cancellable, row.is_cancellable);
        EXPECT_EQ(said.client_secret.empty(), !row.is_payable);
        const bool has_amount = row.kind == FactKind::captured || row.kind == FactKind::authorized;
        EXPECT_EQ(said.facts[0].amount == attempt().amount, has_amount);
    }
}

TEST(StripeIntent, one_that_is_not_as_agreed_can_be_closed_but_is_not_handed_out) {
    const auto body = intent("requires_payment_method");
    for (const auto& other :
         {replaced(body, R"("currency":"huf")", R"("currency":"eur")"),
          replaced(body, R"("amount":1749000)", R"("amount":1749100)")}) {
        const auto said = read_intent(attempt(), {200, "", other});
        EXPECT_TRUE(said.answered);
        EXPECT_FALSE(said.is_payable);
        EXPECT_TRUE(said.is_cancellable);
        EXPECT_TRUE(said.client_secret.empty());
    }
}

TEST(StripeIntent, a_failed_try_with_a_card_leaves_the_payment_open) {
    const auto body = intent(
        "requires_payment_method",
        R"("last_payment_error":{"type":"card_error","code":"card_declined",)"
        R"("decline_code":"insufficient_funds","message":"no"},)"
    );
    const auto said = read_intent(attempt(), {200, "", body});
    EXPECT_TRUE(said.is_payable);
    const auto* failed = fact_in(said.facts, FactKind::attempt_failed);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->subject, "card_declined");
    EXPECT_EQ(failed->detail, "insufficient_funds");
    EXPECT_TRUE(fact_in(said.facts, FactKind::accepted));
}

TEST(StripeIntent, each_failed_try_is_known_by_its_charge_or_its_payment_method) {
    const auto failed = [](const std::string& what) {
        const auto body = intent(
            "requires_payment_method",
            R"("last_payment_error":{"type":"card_error","code":"card_declined",)" + what + "},"
        );
        return *fact_in(read_intent(attempt(), {200, "", body}).facts, FactKind::attempt_failed);
    };
    const auto first = failed(R"("charge":"ch_1")"), second = failed(R"("charge":"ch_2")");
    EXPECT_EQ(first.subject, "ch_1");
    EXPECT_EQ(first.detail, "card_declined");
    EXPECT_NE(first.identity(), second.identity());
    EXPECT_EQ(
        failed(R"("payment_method":{"id":"pm_1","object":"payment_method"})").subject, "pm_1"
    );

    // The event of the charge tells of the same try.
    const json::object charge{
        {"id", "ch_1"},
        {"object", "charge"},
        {"payment_intent", "pi_1"},
        {"status", "failed"},
        {"failure_code", "card_declined"}};
    EXPECT_EQ(facts_of_charge(charge, "test", "").at(0).identity(), first.identity());
}

TEST(StripeIntent, an_amount_that_is_none_is_a_difference_to_look_at) {
    const auto body =
        replaced(intent("succeeded"), R"("amount_received":0)", R"("amount_received":-50)");
    EXPECT_EQ(read_intent(attempt(), {200, "", body}).facts.at(0).kind, FactKind::mismatched);
}

TEST(StripeIntent, silence_absence_and_other_objects_are_told_apart) {
    const auto absent =
        read_intent(attempt(), {404, "", error_body("invalid_request_error", "resource_missing")});
    EXPECT_TRUE(absent.is_unknown);
    EXPECT_TRUE(absent.answered);
    EXPECT_FALSE(read_intent(attempt(), {500, "", error_body("api_error", "")}).answered);
    EXPECT_FALSE(read_intent(attempt(), {404, "", "<html>"}).answered);
    auto known = attempt();
    known.provider_id = "pi_other";
    EXPECT_FALSE(read_intent(known, {200, "", intent("succeeded")}).answered);
    const auto elsewhere =
        read_intent(known, {404, "", error_body("invalid_request_error", "resource_missing")});
    EXPECT_TRUE(elsewhere.is_unknown);
    EXPECT_FALSE(elsewhere.answered) << "it is at another account than our key's";
    EXPECT_FALSE(
        read_intent(attempt(), {200, "", replaced(intent("succeeded"), "false", "true")}).answered
    );
}

TEST(StripeIntent, a_search_finds_only_what_was_made_for_this_attempt) {
    const auto list = [](const std::string& items) {
        return R"({"object":"search_result","data":[)" + items + R"(],"has_more":false})";
    };
    const auto older = replaced(intent("succeeded"), "1772442900123", "1700000000000");
    EXPECT_EQ(read_found(attempt(), {200, "", list(intent("succeeded"))}), "pi_1");
    EXPECT_EQ(read_found(attempt(), {200, "", list(older)}), "");
    EXPECT_EQ(read_found(attempt(), {200, "", list("")}), "");
    EXPECT_EQ(read_found(attempt(), {500, "", ""}), std::nullopt);
}

TEST(StripeFixtures, stripes_own_objects_of_old_and_new_are_read) {
    for (const auto* file : {"stripe/fixtures.json", "stripe/fixtures-2026-07-29.json"}) {
        const auto resources = test::reference_json(file).at("resources");
        const auto object = [&](const char* name) {
            return json::parse(boost::json::serialize(resources.at(name))).value().as_object();
        };
        const auto open = facts_of_intent(object("payment_intent"), "test");
        EXPECT_TRUE(fact_in(open, FactKind::accepted)) << file;
        EXPECT_TRUE(is_payable(object("payment_intent")));
        EXPECT_TRUE(fact_in(facts_of_charge(object("charge"), "test", ""), FactKind::authorized));
        const auto refunds = facts_of_refund(object("refund"), "test", "");
        EXPECT_TRUE(fact_in(refunds, FactKind::refunded)) << file;
        const auto told = facts_of_dispute(object("dispute"), "test", {});
        ASSERT_EQ(told.size(), 1U) << file;
        EXPECT_EQ(told[0].kind, FactKind::inquiry);
    }
}

// ------------------------------------------------------------------------- webhooks

const std::vector<std::string> secrets{"whsec_new0000000000000000000000000", "whsec_old"};
const Time now{std::chrono::seconds{1'772'443'269}};

std::string header(const std::string& body, const std::string& secret = secrets[0]) {
    const std::string time = "1772443269";
    return "t=" + time + ",v1=" + crypto::hex(crypto::hmac_sha256(secret, time + "." + body));
}

TEST(StripeSignature, every_vector_gets_the_verdict_of_the_official_libraries) {
    const auto vectors = test::reference_json("stripe-webhook-vectors.json");
    ASSERT_EQ(vectors.as_array().size(), 15U);
    for (const auto& v : vectors.as_array()) {
        const std::vector<std::string> secret{test::text(v.at("secret"))};
        const Time at{std::chrono::seconds{v.at("now").as_int64()}};
        EXPECT_EQ(
            is_signed(test::text(v.at("header")), test::text(v.at("payload")), secret, at),
            v.at("accept").as_bool()
        ) << test::text(v.at("name"));
    }
}

TEST(StripeSignature, the_grammar_is_kept_where_libraries_disagree) {
    const std::string body = "{}";
    const auto good = header(body);
    const auto v1 = good.substr(good.find("v1="));
    const auto accepts = [&](const std::string& text) {
        return is_signed(text, body, secrets, now);
    };
    EXPECT_TRUE(accepts(good));
    EXPECT_TRUE(accepts(header(body, secrets[1])));
    EXPECT_TRUE(accepts(good + ",v2=whatever,v0="));
    const std::string time = "t=1772443269,";
    const std::vector<std::string> refused{
        good + ",",
        good + ",x",
        time + good,
        "t= 1772443269," + v1,
        "t=+1772443269," + v1,
        "t=1772443269x," + v1,
        "t=01772443269," + v1,
        "t=1772443269, " + v1,
        time + "v1=",
        good + ",v1=",
        "T=1772443269," + v1,
        "t=99999999999999999999," + v1,
        v1,
        "t=1772443269",
        std::string(5000, 'a'),
    };
    for (const auto& bad : refused) EXPECT_FALSE(accepts(bad)) << bad;
    EXPECT_FALSE(is_signed(good, body, std::vector<std::string>{}, now));
    EXPECT_FALSE(is_signed(header(body, ""), body, std::vector<std::string>{""}, now));
    EXPECT_TRUE(is_signed(good, body, secrets, now + std::chrono::milliseconds{300'999}));
    EXPECT_FALSE(is_signed(good, body, secrets, now + std::chrono::seconds{301}));
}

std::string event(const std::string& type, const std::string& object) {
    return R"({"id":"evt_1","object":"event","livemode":false,"type":")" + type +
           R"(","data":{"object":)" + object + "}}";
}
Heard heard(const std::string& body) {
    return read_event(header(body), body, secrets, "test", now).value().heard;
}

TEST(StripeEvent, a_payment_intent_is_read_by_its_status_and_kept_byte_for_byte) {
    const auto body = event(
        "payment_intent.succeeded",
        replaced(intent("succeeded"), R"("amount_received":0)", R"("amount_received":1749000)")
    );
    const auto h = heard(body);
    EXPECT_EQ(h.subject.transaction_id, 42);
    EXPECT_EQ(h.subject.provider_id, "pi_1");
    EXPECT_EQ(h.subject.processor, Processor::stripe);
    EXPECT_TRUE(h.subject.opened_at);
    EXPECT_EQ(h.source, Source::webhook);
    ASSERT_EQ(h.facts.size(), 1U);
    EXPECT_EQ(h.facts[0].kind, FactKind::captured);
    EXPECT_EQ(h.facts[0].amount, attempt().amount);
    EXPECT_EQ(h.facts[0].account, "test");
    EXPECT_EQ(h.message->identity, "evt_1");
    EXPECT_EQ(h.message->body, body);
    EXPECT_EQ(h.unmatched_reason, "");
}

TEST(StripeEvent, a_payment_intent_in_a_state_we_do_not_know_is_asked_about) {
    const auto told = heard(event("payment_intent.pondered", intent("pondered")));
    EXPECT_TRUE(told.facts.empty());
    EXPECT_TRUE(told.check_now);
    EXPECT_FALSE(heard(event("payment_intent.processing", intent("processing"))).check_now);
}

TEST(StripeEvent, charges_and_refunds_are_about_their_payment_intent) {
    const std::string charge =
        R"({"id":"ch_1","object":"charge","payment_intent":"pi_1","amount":1749000,)"
        R"("amount_captured":1749000,"amount_refunded":0,"currency":"huf","captured":true,)"
        R"("status":"succeeded","metadata":{}})";
    const auto captured = heard(event("charge.succeeded", charge));
    EXPECT_EQ(captured.subject.provider_id, "pi_1");
    EXPECT_EQ(captured.facts.at(0).kind, FactKind::captured);
    EXPECT_FALSE(captured.check_now);

    const auto held = heard(event("charge.succeeded", replaced(charge, "true", "false")));
    EXPECT_EQ(held.facts.at(0).kind, FactKind::authorized);

    const auto back = heard(event(
        "charge.refunded", replaced(charge, R"("amount_refunded":0)", R"("amount_refunded":100)")
    ));
    EXPECT_TRUE(back.check_now) << "which refunds these were is for a question to tell";

    const std::string refund = R"({"id":"re_1","object":"refund","amount":500000,"currency":"huf",)"
                               R"("payment_intent":"pi_1","status":"succeeded"})";
    EXPECT_EQ(heard(event("refund.created", refund)).facts.at(0).kind, FactKind::refunded);
    const auto failed = heard(event("refund.failed", replaced(refund, "succeeded", "failed")));
    EXPECT_EQ(failed.facts.at(0).kind, FactKind::refunded);
    EXPECT_EQ(failed.facts.at(1).kind, FactKind::refund_failed);
}

TEST(StripeEvent, what_is_not_ours_is_kept_as_unmatched) {
    const auto reason = [](const std::string& body) { return heard(body).unmatched_reason; };
    const auto good = event("payment_intent.succeeded", intent("succeeded"));
    EXPECT_EQ(reason(good), "");
    EXPECT_NE(reason(replaced(good, "\"livemode\":false", "\"livemode\":true")), "");
    EXPECT_NE(reason(replaced(good, "\"livemode\":false,", "")), "");
    const std::string thin = R"({"id":"evt_t","object":"v2.core.event"})";
    EXPECT_NE(reason(thin), "");
    EXPECT_NE(reason(event("plan.created", R"({"id":"price_1","object":"plan"})")), "");
    EXPECT_TRUE(heard(replaced(good, "\"livemode\":false", "\"livemode\":true")).facts.empty());

    // Another program's metadata: its number is not ours.
    const auto foreign = heard(replaced(good, "pi-create-TR42-", "order-42-"));
    EXPECT_FALSE(foreign.subject.transaction_id);
    EXPECT_EQ(foreign.subject.provider_id, "pi_1");
}

TEST(StripeEvent, bytes_are_judged_before_they_are_read) {
    const auto code = [](const std::string& text, const std::string& body) {
        return read_event(text, body, secrets, "test", now).error().code;
    };
    const auto good = event("payment_intent.succeeded", intent("succeeded"));
    EXPECT_EQ(code(header(good), good + " "), Errc::invalid_signature);
    EXPECT_EQ(code("", "not json"), Errc::invalid_signature);
    EXPECT_EQ(code(header("not json"), "not json"), Errc::malformed_json);
    EXPECT_EQ(code(header("[]"), "[]"), Errc::invalid_request);
}

TEST(StripeEvent, one_that_was_verified_when_it_came_is_read_whatever_its_signature_is_worth_now) {
    const auto good = event("payment_intent.succeeded", intent("succeeded"));
    const auto fresh = heard(good);
    const auto later = now + std::chrono::days{30};
    EXPECT_FALSE(is_signed(header(good), good, secrets, later));

    const UnmatchedMessage kept{7, {Processor::stripe, "evt_1", header(good), good}, now};
    const auto read = read_kept_event(kept, "test", later).value().heard;
    EXPECT_EQ(read.at, later);
    EXPECT_EQ(read.subject.provider_id, fresh.subject.provider_id);
    EXPECT_EQ(read.subject.transaction_id, fresh.subject.transaction_id);
    ASSERT_EQ(read.facts.size(), fresh.facts.size());
    for (std::size_t i = 0; i < fresh.facts.size(); ++i)
        EXPECT_EQ(read.facts[i].identity(), fresh.facts[i].identity());
    EXPECT_EQ(read.message->identity, fresh.message->identity);
    EXPECT_NE(read_kept_event(kept, "live", later).value().heard.unmatched_reason, "");
}

TEST(StripeKeys, the_prefix_tells_live_from_test) {
    EXPECT_EQ(account_of_key("sk_test_x"), "test");
    EXPECT_EQ(account_of_key("sk_live_x"), "live");
    EXPECT_EQ(account_of_key("rk_live_x"), "live");
}

}  // namespace
}  // namespace payments::stripe
