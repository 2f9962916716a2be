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

}  // namespace
}  // namespace payments::utf8
