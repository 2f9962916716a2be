#include "support/form.hpp"

#include <gtest/gtest.h>

namespace payments {
namespace {

TEST(Form, what_is_written_reads_back) {
    const form::Pairs pairs{{"a", "1+1=2 & more"}, {"é", "%"}, {"empty", ""}};
    EXPECT_EQ(form::write(pairs), "a=1%2b1%3d2%20%26%20more&%c3%a9=%25&empty=");
    EXPECT_EQ(form::read(form::write(pairs)), pairs);
}

TEST(Form, a_plus_is_a_blank_and_names_may_lack_a_value) {
    const auto pairs = form::read("a=b+c&d&&e==").value();
    EXPECT_EQ(form::value_of(pairs, "a"), "b c");
    EXPECT_EQ(form::value_of(pairs, "d"), "");
    EXPECT_EQ(form::value_of(pairs, "e"), "=");
    EXPECT_EQ(form::value_of(pairs, "f"), "");
    EXPECT_EQ(pairs.size(), 3U);
}

TEST(Form, what_two_readers_could_read_in_two_ways_is_refused) {
    for (const auto* wrong : {"a=1&a=2", "a=1&%61=1", "a=%", "a=%4", "a=%zz", "%=1"})
        EXPECT_FALSE(form::read(wrong)) << wrong;
}

TEST(Form, no_more_names_are_read_than_anybody_needs) {
    std::string text;
    for (std::size_t i = 0; i < form::pairs_max; ++i) text += "&n" + std::to_string(i);
    EXPECT_EQ(form::read(text)->size(), form::pairs_max);
    EXPECT_FALSE(form::read(text + "&one"));
}

}  // namespace
}  // namespace payments
