#include "config.hpp"

#include <gtest/gtest.h>

namespace payments {
namespace {

Texts enough() {
    return {
        {"PAYMENTS_USER_KEYS",              "user.jwks"                      },
        {"PAYMENTS_SERVICE_KEYS",           "https://id.example/service.jwks"},
        {"PAYMENTS_SERVICE_SIGNING_KEY",    "payments.jwk"                   },
        {"PAYMENTS_TICKETS_URL",            "https://tickets.example"        },
        {"PAYMENTS_STRIPE_SECRET_KEY",      "sk_test_1"                      },
        {"PAYMENTS_STRIPE_WEBHOOK_SECRETS", "whsec_1"                        },
    };
}

TEST(Config, needs_keys_the_tickets_service_and_one_processor_only) {
    const auto loaded = load_settings(enough(), {});
    EXPECT_TRUE(loaded.mistakes.empty()) << loaded.mistakes.front();
    ASSERT_TRUE(loaded.settings.has_value());
    EXPECT_EQ(loaded.settings->listen.port, 8080);
    EXPECT_EQ(loaded.settings->routes.at("startPayment"), "/payments/start");
}

}  // namespace
}  // namespace payments
