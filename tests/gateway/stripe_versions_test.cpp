#include <gtest/gtest.h>

#include "fixtures/gateway.hpp"
#include "fixtures/stripe_openapi.hpp"
#include "gateway/stripe/events.hpp"
#include "gateway/stripe/requests.hpp"
#include "support/crypto.hpp"

// Events shaped as every version of Stripe's API has them mean the same, whichever of them an
// endpoint was made with (docs/providers/stripe.md, 11). Which members an object has at which
// version is Stripe's own types' word: tests/reference/stripe/field-history.json.
namespace payments::stripe {
namespace {

using Json = boost::json::object;

const boost::json::value& history() {
    static const auto read = test::reference_json("stripe/field-history.json");
    return read;
}

std::vector<std::string> versions_from(std::string_view first) {
    std::vector<std::string> list;
    for (const auto& version : history().at("versions").as_array())
        if (test::text(version) >= first) list.push_back(test::text(version));
    return list;
}

// Versions compare as texts: each begins with its day.
bool has(const boost::json::value& window, const std::string& version) {
    const auto& first = window.at("first");
    const auto& last = window.at("last");
    return (first.is_null() || test::text(first) <= version) &&
           (last.is_null() || version <= test::text(last));
}

// Stripe's own example of an object, with the members that this version has and `changes` to some;
// of a member that no example shows nothing is known but that it may be null.
Json shaped(const std::string& kind, const std::string& type, const std::string& version) {
    const auto old = test::reference_json("stripe/fixtures.json").at("resources").at(kind);
    const auto newer =
        test::reference_json("stripe/fixtures-2026-07-29.json").at("resources").at(kind);
    Json object;
    for (const auto& [name, window] : history().at("fields").at(type).as_object()) {
        if (!has(window, version)) continue;
        object[name] = nullptr;
        for (const auto* example : {&newer, &old})
            if (const auto* value = example->as_object().if_contains(name)) object[name] = *value;
    }
    return object;
}

Json with(Json object, const Json& changes) {
    for (const auto& [name, value] : changes) {
        EXPECT_TRUE(object.contains(name)) << name << ": this version has no such member";
        object[name] = value;
    }
    return object;
}

const Json ours{
    {"transaction_id", "42"}, {"reference", "TR42"}, {"attempt", "pi-create-TR42-1772442900123"}};

struct VersionedEvent {
    std::string type, kind, object_type;
    Json changes;
    Status means;  // once it and all before it were heard
};

std::vector<VersionedEvent> story() {
    const Json paid{{"id", "pi_1"},      {"amount", 1'749'000}, {"amount_received", 1'749'000},
                    {"currency", "huf"}, {"metadata", ours},    {"status", "succeeded"}};
    const Json charge{{"id", "ch_1"},         {"amount", 1'749'000}, {"amount_captured", 1'749'000},
                      {"amount_refunded", 0}, {"captured", true},    {"currency", "huf"},
                      {"metadata", ours},     {"paid", true},        {"payment_intent", "pi_1"},
                      {"status", "succeeded"}};
    const Json refund{{"id", "re_1"},         {"amount", 500'050}, {"currency", "huf"},
                      {"metadata", Json{}},   {"charge", "ch_1"},  {"payment_intent", "pi_1"},
                      {"status", "succeeded"}};
    const auto dispute = [](const char* status) {
        return Json{{"id", "dp_1"},          {"amount", 1'749'045}, {"currency", "huf"},
                    {"charge", "ch_1"},      {"status", status},    {"payment_intent", "pi_1"},
                    {"reason", "fraudulent"}};
    };
    auto open = paid;
    open["amount_received"] = 0;
    open["status"] = "requires_action";
    auto declined = open;
    declined["status"] = "requires_payment_method";
    declined["last_payment_error"] =
        Json{{"type", "card_error"}, {"code", "card_declined"}, {"charge", "ch_0"}};
    auto pending = refund;
    pending["id"] = "re_2";
    pending["amount"] = 1'248'950;
    pending["status"] = "pending";
    const std::string intent = "payment_intent";
    return {
        {"payment_intent.requires_action", intent, "PaymentIntent", open, Status::pending},
        {"payment_intent.payment_failed", intent, "PaymentIntent", declined, Status::pending},
        {"payment_intent.succeeded", intent, "PaymentIntent", paid, Status::paid},
        {"charge.succeeded", "charge", "Charge", charge, Status::paid},
        {"charge.dispute.created", "dispute", "Dispute", dispute("warning_needs_response"),
         Status::paid},
        {"charge.dispute.updated", "dispute", "Dispute", dispute("needs_response"),
         Status::disputed},
        {"charge.dispute.closed", "dispute", "Dispute", dispute("won"), Status::paid},
        {"refund.created", "refund", "Refund", refund, Status::partially_refunded},
        {"refund.updated", "refund", "Refund", pending, Status::refunded},
    };
}

Heard versioned_event(const VersionedEvent& told, const std::string& version, int number) {
    const auto object = with(shaped(told.kind, told.object_type, version), told.changes);
    const Json changes{
        {"id", "evt_" + std::to_string(number)}, {"object", "event"}, {"api_version", version},
        {"created", 1'772'443'000 + number},     {"livemode", false}, {"type", told.type},
        {"data", Json{{"object", object}}}};
    const auto body = boost::json::serialize(with(shaped("event", "Event", version), changes));
    const std::vector<std::string> secrets{"whsec_test"};
    const std::string time = "1772443269";
    const auto v1 = crypto::hex(crypto::hmac_sha256(secrets[0], time + "." + body));
    const Time now{std::chrono::seconds{1'772'443'269}};
    return read_event("t=" + time + ",v1=" + v1, body, secrets, "test", now).value().heard;
}

TEST(StripeVersions, events_of_every_one_since_the_first_that_was_pinned_reach_the_same_status) {
    const auto versions = versions_from("2024-04-10");
    ASSERT_GE(versions.size(), 6U);
    const auto attempt = test::attempt_for("FULL-FEE-HUF-STRIPE-INTENTS", "17490", "test");
    for (const auto& version : versions) {
        SCOPED_TRACE(version);
        Facts facts;
        int number = 0;
        for (const auto& told : story()) {
            const auto heard = versioned_event(told, version, ++number);
            EXPECT_EQ(heard.unmatched_reason, "") << told.type;
            EXPECT_EQ(heard.subject.provider_id, "pi_1") << told.type;
            for (const auto& fact : heard.facts)
                facts = learn(std::move(facts), fact, attempt.terms());
            EXPECT_EQ(name(status(facts)), name(told.means)) << told.type;
        }
        EXPECT_EQ(refunded_minor(facts), 1'749'000);
    }
}

TEST(StripeVersions, the_pinned_one_is_the_newest_we_have_types_of_and_knows_what_we_send) {
    const std::string pinned{api_version};
    EXPECT_EQ(pinned, versions_from("2024-04-10").back());
    const auto attempt = test::attempt_for("FULL-FEE-HUF-STRIPE-INTENTS", "17490", "test");
    const auto& parameters = history().at("fields").at("PaymentIntentCreateParams").as_object();
    for (const auto& [field, value] : test::decode_form(create_body(attempt).value())) {
        const auto parameter = field.substr(0, field.find('['));
        const auto* window = parameters.if_contains(parameter);
        ASSERT_TRUE(window) << parameter;
        EXPECT_TRUE(has(*window, pinned)) << parameter;
    }
}

}  // namespace
}  // namespace payments::stripe
