// The last four digits of a card in what a provider says.
#include "http/api/office/card.hpp"

#include <gtest/gtest.h>

namespace payments::http {
namespace {

TEST(Card, its_last_four_digits_are_found_where_providers_put_them) {
    for (const auto* message :
         {R"({"type":"charge.refunded","data":{"object":{"payment_method_details":{"card":)"
          R"({"brand":"visa","last4":"4242"}}}}})",
          R"({"data":{"object":{"last_payment_error":{"payment_method":{"card":)"
          R"({"last4":"4242"}}}}}})",
          R"({"data":{"object":{"list":[{"card":{"networks":{},"last4":"4242"}}]}}})",
          R"({"orderRef":"TR1","status":"FINISHED","cardMask":"xxxx-xxxx-xxxx-4242"})"})
        EXPECT_EQ(card_in(message), "4242") << message;
}

TEST(Card, nothing_else_is_taken_for_them) {
    for (const auto* message :
         {"", "no JSON", "[]", R"({"last4":"4242"})", R"({"us_bank_account":{"last4":"4242"}})",
          R"({"card":{"last4":"42"}})", R"({"card":{"last4":4242}})",
          R"({"card":{"last4":"42x2"}})", R"({"card":{"wallet":{"last4":"4242"}}})",
          R"({"cardMask":"4111111111111111"})", R"({"cardMask":"xxxx"})", R"({"cardMask":null})"})
        EXPECT_EQ(card_in(message), "") << message;
}

}  // namespace
}  // namespace payments::http
