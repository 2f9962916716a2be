// Which payment at a provider was made for which attempt.
#include "payment/provenance.hpp"

#include <gtest/gtest.h>

#include "fixtures/facts.hpp"

namespace payments::testing_support {
namespace {

Transaction attempt_with(std::string provider_id) {
    Transaction transaction{
        .id = 2,
        .ticket_id = 43,
        .code = code("FULL-FEE-EUR-SIMPLE"),
        .amount = eur(22000),
        .account = "M1",
        .email = "eva@example.org",
        .metas = "{}",
        .created_at = noon + 123ms,
        .expires_at = noon + 30min,
    };
    transaction.provider_id = std::move(provider_id);
    return transaction;
}

TEST(Provenance, of_an_attempt_with_an_id_the_id_alone_decides) {
    const auto attempt = attempt_with("501");
    EXPECT_TRUE(is_made_for(attempt, {"501"}));
    EXPECT_TRUE(is_made_for(attempt, {"501", noon - 24h, eur(1)}));
    EXPECT_FALSE(may_be_made_for(attempt, {"502", noon + 1min, eur(22000)}));
    EXPECT_FALSE(is_made_for(attempt, {"", noon + 1min, eur(22000)}));
}

TEST(Provenance, of_an_attempt_without_an_id_the_moment_and_the_amount_decide) {
    const auto attempt = attempt_with("");
    EXPECT_TRUE(is_made_for(attempt, {"501", noon}));
    EXPECT_TRUE(is_made_for(attempt, {"501", noon + 1min, eur(22000)}));
    EXPECT_FALSE(may_be_made_for(attempt, {"501", noon - 1s, eur(22000)}));
    EXPECT_FALSE(may_be_made_for(attempt, {"501", noon + 1min, eur(21000)}));
}

TEST(Provenance, what_is_not_told_proves_nothing) {
    const auto attempt = attempt_with("");
    EXPECT_TRUE(may_be_made_for(attempt, {"501"}));
    EXPECT_FALSE(is_made_for(attempt, {"501"}));
}

TEST(Provenance, nothing_was_made_for_an_attempt_whose_number_is_spent) {
    auto attempt = attempt_with("");
    attempt.entries.push_back({noon, Source::query, fact(FactKind::foreign_payment, "501")});
    EXPECT_FALSE(may_be_made_for(attempt, {"502", noon + 1min, eur(22000)}));
}

}  // namespace
}  // namespace payments::testing_support
