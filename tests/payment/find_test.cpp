// How the words in a search box are read.
#include "payment/find.hpp"

#include <gtest/gtest.h>

namespace payments {
namespace {

std::string read_as(std::string_view text) {
    std::string names;
    for (const auto name : read_search_text(text).read_as())
        names += (names.empty() ? "" : " ") + std::string{name};
    return names;
}

std::string amount(std::string_view text) {
    const auto read = read_search_text(text);
    return read.amount ? read.amount->readable() : "";
}

TEST(SearchText, a_reference_is_a_transaction_and_so_is_the_name_of_its_refund) {
    for (const auto* text : {"TR123", "tr123", " TR123 ", "TR123-R1", "tr123-r2"}) {
        EXPECT_EQ(read_as(text), "transaction") << text;
        EXPECT_EQ(read_search_text(text).transaction_id, 123) << text;
    }
    for (const auto* text :
         {"TR0123", "TR", "TR12x", "TR12-R", "TR12-Rx", "TR99999999999999999999"})
        EXPECT_EQ(read_as(text), "") << text;
}

TEST(SearchText, digits_may_be_anything_that_is_numbered) {
    EXPECT_EQ(read_as("123"), "transaction ticket provider_id refund_or_dispute");
    const auto read = read_search_text("512345678");
    EXPECT_EQ(read.transaction_id, 512345678);
    EXPECT_EQ(read.ticket_id, 512345678);
    EXPECT_EQ(read.provider_id, "512345678");
    // Too large for a number of ours, and perhaps not for SimplePay.
    EXPECT_EQ(read_as("99999999999999999999"), "provider_id refund_or_dispute");
}

TEST(SearchText, stripe_s_ids_say_what_they_are_of) {
    EXPECT_EQ(read_as("pi_3Abc"), "provider_id");
    EXPECT_EQ(read_search_text("pi_3Abc").provider_id, "pi_3Abc");
    for (const auto* text : {"re_1", "pyr_1", "dp_1", "du_1"})
        EXPECT_EQ(read_as(text), "refund_or_dispute") << text;
    for (const auto* text : {"pi_", "re_", "cus_1", "pi_3Abc_secret x"})
        EXPECT_EQ(read_as(text), "");
}

TEST(SearchText, an_address_is_whole_and_without_regard_to_case) {
    EXPECT_EQ(read_search_text("Kovacs@Example.HU").email, "kovacs@example.hu");
    EXPECT_EQ(read_as("kovacs@example.hu"), "email");
    for (const auto* text : {"kovacs@", "@example.hu", "kovacs"}) EXPECT_EQ(read_as(text), "");
    EXPECT_EQ(fold_email("ÉVA@x.hu"), "Éva@x.hu");
}

TEST(SearchText, an_amount_has_a_currency_on_either_side) {
    EXPECT_EQ(amount("220 EUR"), "220 EUR");
    EXPECT_EQ(amount("220,50 eur"), "220.5 EUR");
    EXPECT_EQ(amount("EUR 220.50"), "220.5 EUR");
    EXPECT_EQ(amount("104 000 HUF"), "104000 HUF");
    EXPECT_EQ(
        amount("104\xc2\xa0"
               "000HUF"),
        "104000 HUF"
    );
    for (const auto* text : {"220 XXQ", "EUR", "220 EUR EUR", "-1 EUR", "1.2.3 EUR", "2 2 0 0 x"})
        EXPECT_EQ(amount(text), "") << text;
}

TEST(SearchText, what_can_mean_nothing_names_nothing) {
    for (const auto* text : {"", "  ", "Kovács Éva", "\xff\xfe", "TR-1", "'; DROP TABLE facts; --"})
        EXPECT_EQ(read_as(text), "") << text;
}

}  // namespace
}  // namespace payments
