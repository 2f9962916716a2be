#include "payment/confirm.hpp"

#include <gtest/gtest.h>

using namespace payments;
using namespace std::chrono_literals;

TEST(Confirm, a_signed_notification_counts_by_itself_as_the_rule_says) {
    struct {
        Confirm rule;
        std::chrono::milliseconds unconfirmed_for;
        std::string_view detail;  // of the capture, "" for none
    } const table[] = {
        // clang-format off
        {Confirm::prefer, 0ms,          ""},
        {Confirm::prefer, 15min - 1ms,  ""},
        {Confirm::prefer, 15min,        "the signed IPN alone: SimplePay did not answer for 15 minutes"},
        {Confirm::prefer, 24h,          "the signed IPN alone: SimplePay did not answer for 15 minutes"},
        {Confirm::always, 0ms,          ""},
        {Confirm::always, 24h * 365,    ""},
        {Confirm::never,  0ms,          "the signed IPN alone, by PAYMENTS_SIMPLEPAY_CONFIRM=never"},
        {Confirm::never,  24h,          "the signed IPN alone, by PAYMENTS_SIMPLEPAY_CONFIRM=never"},
        // clang-format on
    };
    Fact claim;
    claim.kind = FactKind::claimed;
    claim.provider_id = "501";
    for (const auto& row : table) {
        const auto captured = capture_without_confirmation(row.rule, claim, row.unconfirmed_for);
        EXPECT_EQ(captured ? captured->detail : "", row.detail);
        if (captured) {
            EXPECT_EQ(captured->kind, FactKind::captured);
            EXPECT_FALSE(captured->amount) << "the notification has none: the whole amount";
        }
    }
}
