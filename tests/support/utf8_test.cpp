#include "support/utf8.hpp"

#include <gtest/gtest.h>

namespace payments::utf8 {
namespace {

TEST(Utf8, characters_are_counted_and_not_bytes) {
    EXPECT_EQ(length(""), 0U);
    EXPECT_EQ(length("Eva"), 3U);
    EXPECT_EQ(length("\xC3\x89va"), 3U);
    EXPECT_EQ(length("\xF0\x9F\x8E\xAA\xE2\x82\xAC"), 2U);
    EXPECT_EQ(length(std::string(255, '\0')), 255U);
    EXPECT_EQ(length("\xFF\xC3"), 2U);
}

TEST(Utf8, what_is_no_character_is_replaced_byte_by_byte) {
    EXPECT_EQ(cleaned("\xC3\x89va"), "\xC3\x89va");
    for (const std::string_view bad : {"\xFF", "\xC3", "\x80"})
        EXPECT_EQ(
            cleaned("a" + std::string{bad} + "b"),
            "a\xEF\xBF\xBD"
            "b"
        );
    const std::string surrogate = "\xED\xA0\x80";
    EXPECT_EQ(length(cleaned(surrogate)), 3U);
}

}  // namespace
}  // namespace payments::utf8
