#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "config.hpp"

// For tests of what an operator can set.
namespace payments {

// The least that can be served: no processor but Stripe.
inline Texts enough() {
    return {
        {"PAYMENTS_USER_KEYS",              "user.jwks"                      },
        {"PAYMENTS_SERVICE_KEYS",           "https://id.example/service.jwks"},
        {"PAYMENTS_SERVICE_SIGNING_KEY",    "payments.jwk"                   },
        {"PAYMENTS_TICKETS_URL",            "https://tickets.example"        },
        {"PAYMENTS_STRIPE_SECRET_KEY",      "sk_test_1"                      },
        {"PAYMENTS_STRIPE_WEBHOOK_SECRETS", "whsec_1"                        },
    };
}

inline Texts with(Texts texts, const Texts& more) {
    for (const auto& [name, text] : more) texts[name] = text;
    return texts;
}

inline Texts without(Texts texts, std::initializer_list<std::string> names) {
    for (const auto& name : names) texts.erase(name);
    return texts;
}

inline std::string joined(const std::vector<std::string>& sentences) {
    std::string all;
    for (const auto& sentence : sentences) all += sentence + "\n";
    return all;
}

// Settings that must be right.
inline Settings settings(const Texts& more) {
    auto loaded = load_settings(with(enough(), more), {});
    EXPECT_EQ(joined(loaded.mistakes), "");
    return loaded.settings.value_or(Settings{});
}

// What is said about one text of one setting; "" when it is taken.
inline std::string mistake_of(const std::string& name, const std::string& text) {
    const auto loaded = load_settings(
        with(
            enough(),
            {
                {name, text}
    }
        ),
        {}
    );
    EXPECT_EQ(loaded.mistakes.empty(), loaded.settings.has_value());
    return joined(loaded.mistakes);
}

inline bool is_taken(const std::string& name, const std::string& text) {
    return mistake_of(name, text).empty();
}

}  // namespace payments
