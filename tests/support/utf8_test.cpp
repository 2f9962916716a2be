#include "support/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

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

TEST(Utf8, what_is_printable_holds_characters_alone) {
    for (const std::string text :
         {"", "report (1).csv", "\xC3\xA1rv\xC3\xADz", "\xC2\xA0", "\xE2\x82\xAC"})
        EXPECT_TRUE(is_printable(text)) << text;
    for (const std::string text :
         {"\xFF", "a\xC3", "\n", "\x1B[31m", "\x7F", "\xC2\x85", "\xED\xA0\x80"})
        EXPECT_FALSE(is_printable(text)) << text;
    EXPECT_FALSE(is_printable(std::string(1, '\0')));
}

TEST(Utf8, what_is_printed_has_no_control_character) {
    EXPECT_EQ(printable("\xC3\xA1rv\xC3\xADz"), "\xC3\xA1rv\xC3\xADz");
    const std::string in_place{replacement};
    EXPECT_EQ(printable("a\nb\x1B[2J"), "a" + in_place + "b" + in_place + "[2J");
    EXPECT_EQ(
        printable("\xC2\x85"
                  "c"),
        in_place + "c"
    );  // one, of a control of two bytes
    EXPECT_EQ(printable("\xFF\xC3"), in_place + in_place);
}

}  // namespace
}  // namespace payments::utf8
