// Personal data as staff see them.
#include "http/api/office/masking.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>

#include "fixtures/gateway.hpp"

namespace payments::http {
namespace {

std::string masked_metas(std::string_view text) {
    return json::write(mask_metas(json::parse(text).value().get_object()));
}

TEST(Masking, of_billing_data_where_somebody_lives_stays_but_not_at_which_door) {
    EXPECT_EQ(
        masked_metas(R"({"email":"kovacs@example.hu","name":"Kovács Éva","company":"Őrség Kft.",
            "country":"HU","state":"Baranya","city":"Pécs","zip":"7621","address":"Fő tér 1.",
            "phone":"+36301234567","language":"hu","tax_number":"12345678","address2":""})"),
        R"({"email":"k***s@e***.hu","name":"K. É.","company":"Ő. K.","country":"HU",)"
        R"("state":"Baranya","city":"Pécs","zip":"***","address":"***","phone":"***",)"
        R"("language":"hu","tax_number":"***","address2":""})"
    );
}

TEST(Masking, members_that_nobody_knows_are_hidden_whatever_they_hold) {
    EXPECT_EQ(
        masked_metas(R"({"nick":"Évi","age":33,"more":{"iban":"HU1"},"none":null,"city":{"x":1}})"),
        R"({"nick":"***","age":"***","more":"***","none":null,"city":"***"})"
    );
    EXPECT_EQ(masked_metas(R"({"city":"kovacs@example.hu"})"), R"({"city":"k***s@e***.hu"})");
}

TEST(Masking, an_address_as_the_name_of_a_member_is_hidden_in_billing_data_too) {
    EXPECT_EQ(masked_metas(R"({"eva@example.org":"x","zip":""})"), R"({"***":"***","zip":""})");
}

TEST(Masking, what_only_looks_like_an_id_is_a_name) {
    for (const auto* text : {"eva_kovacs", "eva_Kovacs", "cus_"})
        EXPECT_NE(
            mask_message(R"({"customer":")" + std::string{text} + R"("})"),
            R"({"customer":")" + std::string{text} + R"("})"
        ) << text;
    for (const auto* text : {"cus_QXghqfjFNsqG", "new_QXg1hqf4jFNsqG"})
        EXPECT_EQ(
            mask_message(R"({"customer":")" + std::string{text} + R"("})"),
            R"({"customer":")" + std::string{text} + R"("})"
        );
}

TEST(Masking, of_a_message_persons_are_hidden_at_any_depth_and_the_rest_stays) {
    EXPECT_EQ(
        mask_message(R"({"id":"evt_1","data":{"object":{"id":"pi_1","amount":22000,
            "receipt_email":"eva@example.org","customer":"cus_12345","billing_details":{
            "name":"Éva Kovács","email":"eva@example.org","phone":"1","address":{"line1":"Fő tér 1",
            "postal_code":"7621","city":"Pécs","country":"HU"}},
            "payment_method_details":{"card":{"last4":"4242","fingerprint":"Xt5"}}}}})"),
        R"({"id":"evt_1","data":{"object":{"id":"pi_1","amount":22000,)"
        R"("receipt_email":"e***a@e***.org","customer":"cus_12345","billing_details":{)"
        R"("name":"É. K.","email":"e***a@e***.org","phone":"***","address":{"line1":"***",)"
        R"("postal_code":"***","city":"Pécs","country":"HU"}},)"
        R"("payment_method_details":{"card":{"last4":"4242","fingerprint":"***"}}}}})"
    );
}

TEST(Masking, an_address_is_hidden_wherever_it_stands) {
    EXPECT_EQ(
        mask_message(
            R"({"description":"for eva@example.org, ticket 42","list":["eva@example.org"]})"
        ),
        R"({"description":"***","list":["e***a@e***.org"]})"
    );
    EXPECT_EQ(
        mask_message(R"({"customerEmail":"eva@example.org"})"),
        R"({"customerEmail":"e***a@e***.org"})"
    );
}

TEST(Masking, what_is_not_an_address_alone_is_hidden_as_a_whole) {
    for (const auto* text : {"eva@example.org,Kovacs", "eva@example.org;Dob.utca", "Kovacs@home"})
        EXPECT_EQ(mask_message(R"({"to":")" + std::string{text} + R"("})"), R"({"to":"***"})")
            << text;
    EXPECT_EQ(mask_message(R"({"email":"Kovács Éva"})"), R"({"email":"K. É."})");
    EXPECT_EQ(mask_message(R"({"sent":{"eva@example.org":1}})"), R"({"sent":{"***":1}})");
}

TEST(Masking, a_member_is_known_by_how_its_name_ends) {
    for (const auto* name :
         {"customer_purchase_ip",
          "clientIp",
          "ip",
          "IPAddress",
          "billing_address",
          "shippingAddress2",
          "address-line1",
          "bank_address_line_2",
          "address_zip",
          "postalCode",
          "verified_phone",
          "verified_phone_last4",
          "tracking_number",
          "client_secret",
          "receipt_url",
          "paymentUrl",
          "token",
          "tokens",
          "customer_signature",
          "evidence",
          "iban",
          "payer_id",
          "dateOfBirth"})
        EXPECT_EQ(
            mask_message(R"({")" + std::string{name} + R"(":"Fo 1"})"),
            R"({")" + std::string{name} + R"(":"***"})"
        );
    for (const auto* name :
         {"verified_name", "account_holder_name", "lname", "customerName", "cardholderName",
          "account_holder", "customer", "owner", "company"})
        EXPECT_EQ(
            mask_message(R"({")" + std::string{name} + R"(":"Kovács Éva"})"),
            R"({")" + std::string{name} + R"(":"K. É."})"
        );
}

TEST(Masking, members_that_only_look_alike_are_shown) {
    for (const auto* text :
         {R"({"tip":2,"amount":100,"last4":"4242","timeline":"x","discount":1.5})",
          R"({"postal_code_check":"pass","address_line1_check":"pass","account_holder_type":"x"})",
          R"({"evidence_details":{"due_by":1,"has_evidence":false}})",
          R"({"status":"succeeded","payment_intent":"pi_1","livemode":true})"})
        EXPECT_EQ(mask_message(text), text);
}

TEST(Masking, what_a_sensitive_member_holds_is_hidden_to_its_depth) {
    EXPECT_EQ(
        mask_message(R"({"evidence":{"uncategorized_text":"Éva","access":["1.2.3.4",{"a":7}],
            "refund_policy":null,"country":"HU"}})"),
        R"({"evidence":{"uncategorized_text":"***","access":["***",{"a":"***"}],)"
        R"("refund_policy":null,"country":"HU"}})"
    );
    EXPECT_EQ(
        mask_message(R"({"phones":1,"phone":["+36301",36302],"name":["Éva",{"first":"Éva"}]})"),
        R"({"phones":1,"phone":["***","***"],"name":["É.",{"first":"É."}]})"
    );
    EXPECT_EQ(
        mask_message(R"({"customer":{"id":"cus_Qx1","object":"Éva","phone":"1","balance":5}})"),
        R"({"customer":{"id":"cus_Qx1","object":"É.","phone":"***","balance":"***"}})"
    );
}

TEST(Masking, ids_at_a_provider_are_shown_and_people_who_look_like_them_are_not) {
    EXPECT_EQ(mask_message(R"({"customer":"cus_Qx1f"})"), R"({"customer":"cus_Qx1f"})");
    for (const std::string name :
         {"Dr_Kovacs", "dr_kovács", "kovacsne_eva", "dr_", "_x", "dr_kovacs_eva", "dr_ kovacs"}) {
        const auto masked = mask_message(R"({"customer":")" + name + R"("})");
        EXPECT_EQ(masked.find(name), std::string::npos) << masked;
    }
    EXPECT_EQ(mask_message(R"({"name":"dr_Kovacs"})"), R"({"name":"d."})");
}

// ------------------------------------------------------------------- messages as they really are

// What stands for personal data in the reference: a person's own, and what Stripe's examples say.
constexpr std::array personal{"Jenny Rosen", "AOB934RVNwzk6xtn", "r40d4vOgg3VecDJF",    "_secret_",
                              "/receipts/",  "sdk_test@",        "SimplePay V2",        "Address 1",
                              "Address 2",   "06201234567",      "sandbox.simplepay.hu"};

void expect_nothing_personal(const std::string& masked) {
    ASSERT_NE(masked, "");
    for (const auto* text : personal) EXPECT_EQ(masked.find(text), std::string::npos) << text;
}

TEST(Masking, of_the_messages_in_the_reference_nothing_personal_is_shown_and_the_ids_are) {
    for (const auto* file : {"stripe/fixtures.json", "stripe/fixtures-2026-07-29.json"}) {
        const auto fixtures = test::reference_json(file);
        for (const auto& [kind, object] : fixtures.at("resources").as_object()) {
            const auto masked = mask_message(boost::json::serialize(object));
            expect_nothing_personal(masked);
            const auto id = R"("id":)" + boost::json::serialize(object.at("id"));
            EXPECT_NE(masked.find(id), std::string::npos) << masked;
        }
    }
    const auto events = test::reference_json("stripe-webhook-vectors.json");
    for (const auto& event : events.as_array()) {
        const auto masked = mask_message(test::text(event.at("payload")));
        if (!masked.empty()) expect_nothing_personal(masked);
    }
    const auto bodies = test::reference_json("simplepay-vectors.json");
    int read = 0;
    for (const auto& body : bodies.as_array()) {
        const auto masked = mask_message(test::text(body.at("body")));
        if (masked.empty()) continue;  // one is no JSON
        ++read;
        expect_nothing_personal(masked);
    }
    EXPECT_EQ(read, 8);
}

// Puts a text where the example has nothing or a text, in every member of this object but those
// that may be shown.
void fill(boost::json::value& object, std::string_view text) {
    for (auto& member : object.as_object()) {
        auto& value = member.value();
        const bool is_place =
            member.key() == "country" || member.key() == "state" || member.key() == "city";
        if (value.is_object())
            fill(value, text);
        else if (!is_place && (value.is_null() || value.is_string()))
            value = json::value(text);
    }
}

TEST(Masking, whatever_stripe_may_tell_of_a_person_is_hidden_where_its_examples_have_nothing) {
    constexpr std::string_view secret = "Fő utca 1., 203.0.113.9";
    for (const auto* file : {"stripe/fixtures.json", "stripe/fixtures-2026-07-29.json"}) {
        auto resources = test::reference_json(file).at("resources");
        auto& charge = resources.at("charge").as_object();
        fill(charge.at("billing_details"), secret);
        charge["receipt_number"] = json::value(secret);
        charge["receipt_email"] = json::value(secret);
        charge["shipping"] = {
            {"name", secret},
            {"phone", secret},
            {"tracking_number", secret},
            {"address", {{"line1", secret}, {"postal_code", secret}, {"country", "HU"}}}};
        auto& dispute = resources.at("dispute");
        fill(dispute.at("evidence"), secret);
        for (const auto* kind : {"charge", "dispute"}) {
            const auto masked = mask_message(boost::json::serialize(resources.at(kind)));
            EXPECT_EQ(masked.find("203.0.113.9"), std::string::npos) << masked;
        }
    }
}

TEST(Masking, what_is_no_json_is_not_shown_at_all) {
    EXPECT_EQ(mask_message("eva@example.org"), "");
    EXPECT_EQ(mask_message(""), "");
}

}  // namespace
}  // namespace payments::http
