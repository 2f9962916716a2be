// Personal data as staff see them.
#include "http/api/office/masking.hpp"

#include <gtest/gtest.h>

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

TEST(Masking, what_is_no_json_is_not_shown_at_all) {
    EXPECT_EQ(mask_message("eva@example.org"), "");
    EXPECT_EQ(mask_message(""), "");
}

}  // namespace
}  // namespace payments::http
