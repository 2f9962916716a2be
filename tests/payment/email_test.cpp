#include "payment/email.hpp"

#include <gtest/gtest.h>

#include <string>

using payments::is_email;

TEST(Email, of_every_usual_form_is_one) {
    for (const auto* good :
         {"a@b.hu", "eva.kovacs@example.com", "eva+tickets@mail.example.co.uk", "o'neill@x-y.org",
          "user_1@xn--bcher-kva.example", "A.B@EXAMPLE.COM", "éva@példa.hu", "1@2.de",
          "a!#$%&'*+-/=?^_`{|}~b@example.org"})
        EXPECT_TRUE(is_email(good)) << good;
    EXPECT_TRUE(is_email(std::string(64, 'a') + "@example.com"));
}

TEST(Email, that_a_provider_would_refuse_is_none) {
    for (const auto* bad :
         {"",
          "a",
          "@",
          "a@",
          "@b.hu",
          "a@com",
          "a@gmail,com",
          "a@gmail.com.",
          "a@.com",
          "a@b..hu",
          "a@@b.hu",
          "a@b@c.hu",
          ".a@b.hu",
          "a.@b.hu",
          "a..b@c.hu",
          "a b@c.hu",
          " a@b.hu",
          "a@b.hu ",
          "a@b.h",
          "a@-b.hu",
          "a@b-.hu",
          "a@b_c.hu",
          "a@127.0.0.1",
          "a@[127.0.0.1]",
          "a,b@c.hu",
          "<a@b.hu>",
          "\"a\"@b.hu",
          "a@b.hu\n",
          "mailto:a@b.hu",
          "a@b.hu;c@d.hu"})
        EXPECT_FALSE(is_email(bad)) << bad;
    EXPECT_FALSE(is_email(std::string(65, 'a') + "@example.com"));
    EXPECT_FALSE(is_email("a@" + std::string(64, 'b') + ".com"));
    EXPECT_FALSE(is_email(
        "a@" + std::string(60, 'b') + "." + std::string(63, 'c') + "." + std::string(63, 'd') +
        "." + std::string(63, 'e') + ".com"
    ));
}
