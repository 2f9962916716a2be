#include "support/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace payments::json {
namespace {

value read(std::string_view text) { return parse(text).value(); }

// What is wrong with the text, as "pointer detail" lines.
std::string wrongs(std::string_view text) {
    const auto result = parse(text);
    if (result) return "nothing";
    if (result.error().code != Errc::invalid_request) return "another error";
    std::string lines;
    for (const auto& wrong : result.error().wrong)
        lines += (lines.empty() ? "" : "\n") + wrong.pointer + " " + wrong.detail;
    return lines;
}

TEST(Json, a_document_becomes_a_tree_in_its_order) {
    const auto v = read(R"( {"b": [1, "x", null, true], "a": {"c": -2.5}} )");
    EXPECT_EQ(write(v), R"({"b":[1,"x",null,true],"a":{"c":-2.5}})");
}

TEST(Json, any_value_may_stand_alone) {
    EXPECT_EQ(read("42"), 42);
    EXPECT_EQ(read("\"x\""), "x");
    EXPECT_TRUE(read(" null ").is_null());
}

TEST(Json, text_that_is_not_json_is_malformed) {
    for (const std::string_view text :
         {"",
          " ",
          "{",
          "[1",
          "{\"a\"}",
          "{\"a\":}",
          "{a:1}",
          "[1,]",
          "{\"a\":1,}",
          "nul",
          "01",
          "+1",
          "1.",
          ".5",
          "1e",
          "-",
          "'a'",
          "\"a",
          "\"\t\"",
          "\"\\x\"",
          "\"\\u12g4\"",
          "1 2",
          "{} x",
          "// c\n1",
          "NaN",
          "Infinity",
          "\xEF\xBB\xBF{}",
          "\"\xC0\x80\"",
          "\"\xED\xA0\x80\"",
          "\"\xF4\x90\x80\x80\"",
          "\"\xE2\x82\"",
          "\"\xFF\"",
          "\xC2\xA0 1"}) {
        const auto result = parse(text);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, Errc::malformed_json) << text;
    }
    EXPECT_EQ(parse(std::string_view("\"\0\"", 3)).error().code, Errc::malformed_json);
    EXPECT_EQ(parse(std::string_view("1\0", 2)).error().code, Errc::malformed_json);
}

TEST(Json, a_number_without_a_fraction_is_an_integer_however_it_is_written) {
    for (const auto* text : {"100", "100.0", "1e2", "1.00E+2", "1000e-1", "10000000.0e-5"}) {
        const auto v = read(text);
        ASSERT_TRUE(v.is_int64()) << text;
        EXPECT_EQ(v.get_int64(), 100) << text;
    }
    EXPECT_EQ(read("-0"), 0);
    EXPECT_EQ(read("0.000"), 0);
    EXPECT_EQ(read("0e99"), 0);
    EXPECT_EQ(read("-220.0"), -220);
    EXPECT_EQ(read("9223372036854775807").get_int64(), INT64_MAX);
    EXPECT_EQ(read("-9223372036854775808.0").get_int64(), INT64_MIN);
    EXPECT_EQ(read("9007199254740993.0").get_int64(), 9007199254740993);
    EXPECT_EQ(read("1e18").get_int64(), 1000000000000000000);
}

TEST(Json, any_other_number_is_the_nearest_double) {
    EXPECT_EQ(read("0.1").get_double(), 0.1);
    EXPECT_EQ(read("-220.55").get_double(), -220.55);
    EXPECT_EQ(read("3.141592653589793238462643383279").get_double(), 3.141592653589793);
    EXPECT_EQ(read("9223372036854775808").get_double(), 9223372036854775808.0);
    EXPECT_EQ(read("18446744073709551616").get_double(), 18446744073709551616.0);
    EXPECT_EQ(read("1.7976931348623157e308").get_double(), 1.7976931348623157e308);
    EXPECT_EQ(read("2.2250738585072011e-308").get_double(), 2.2250738585072011e-308);
    EXPECT_EQ(read("1e-400").get_double(), 0.0);
    // A fraction too small for a double must not turn a wrong id into a right one.
    EXPECT_TRUE(read("42.00000000000000000001").is_double());
}

TEST(Json, a_number_beyond_all_doubles_is_refused_in_its_place) {
    EXPECT_EQ(wrongs(R"({"a":[1,1e400]})"), "/a/1 is too large a number");
    EXPECT_EQ(wrongs("-1e400"), " is too large a number");
    EXPECT_EQ(wrongs("[1e99999999999]"), "/0 has too large an exponent");
}

TEST(Json, a_member_that_appears_twice_is_refused) {
    EXPECT_EQ(wrongs(R"({"a":1,"a":1})"), "/a appears more than once");
    EXPECT_EQ(wrongs(R"({"a":1,"\u0061":1})"), "/a appears more than once");
    EXPECT_EQ(wrongs(R"([{},{"x":{"a":1,"b":2,"a":{}}}])"), "/1/x/a appears more than once");
    EXPECT_EQ(wrongs(R"({"a/b~c":1,"a/b~c":2})"), "/a~1b~0c appears more than once");
    EXPECT_EQ(wrongs(R"({"a":1,"A":1})"), "nothing");
    EXPECT_EQ(wrongs(R"([{"a":1},{"a":1}])"), "nothing");
}

TEST(Json, the_character_nul_is_refused_in_names_and_in_strings) {
    EXPECT_EQ(wrongs(R"({"a":["x","\u0000"]})"), "/a/1 must not hold U+0000 or a lone surrogate");
    EXPECT_EQ(wrongs(R"({"a\u0000b":1})"), "/a\uFFFDb must not hold U+0000 or a lone surrogate");
    EXPECT_EQ(wrongs(R"({"a":"\\u0000"})"), "nothing");
}

TEST(Json, a_surrogate_without_its_other_half_is_refused) {
    for (const auto* text :
         {R"({"a":"\ud800"})", R"({"a":"\uDFFF"})", R"({"a":"\ud800\n"})",
          R"({"a":"\ud800\ud800"})", R"({"a":"\udc00\ud800"})", R"({"a":"\ud83c\u0041"})",
          R"({"a":"x\ud83c\\udfaa"})"})
        EXPECT_EQ(wrongs(text), "/a must not hold U+0000 or a lone surrogate") << text;
    EXPECT_EQ(read(R"("\ud83c\udfaa")"), "\xF0\x9F\x8E\xAA");
    EXPECT_EQ(read(R"("\\ud800")"), "\\ud800");
}

TEST(Json, every_mistake_is_named_at_once_and_in_order) {
    EXPECT_EQ(
        wrongs(R"({"a":"\u0000","b":{"c":1,"c":2},"d":["\udc00"]})"),
        "/a must not hold U+0000 or a lone surrogate\n"
        "/b/c appears more than once\n"
        "/d/0 must not hold U+0000 or a lone surrogate"
    );
    EXPECT_EQ(parse(R"({"a":1,"a":2)").error().code, Errc::malformed_json);
}

TEST(Json, a_flood_of_mistakes_stays_a_short_answer) {
    std::string text = "{\"" + std::string(5000, 'k') + "\":{\"a\":0";
    for (int i = 0; i < 1000; ++i) text += ",\"a\":0";
    const auto result = parse(text + "}}");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().wrong.size(), 16U);
    for (const auto& wrong : result.error().wrong) EXPECT_LE(wrong.pointer.size(), 256U);
}

TEST(Json, thirty_two_levels_are_read_and_thirty_three_are_not) {
    const auto nested = [](int levels) {
        return std::string(static_cast<std::size_t>(levels), '[') +
               std::string(static_cast<std::size_t>(levels), ']');
    };
    EXPECT_TRUE(parse(nested(32)));
    EXPECT_EQ(parse(nested(33)).error().code, Errc::invalid_request);
    EXPECT_EQ(parse(nested(100'000)).error().code, Errc::invalid_request);
    std::string objects = "1";
    for (int i = 0; i < 33; ++i) objects = "{\"a\":" + objects + "}";
    EXPECT_TRUE(wrongs(objects).ends_with("/a is nested deeper than 32 levels"));
}

// ------------------------------------------------------------------------- what others signed

// What a lenient reader makes of it, then what is wrong as "pointer detail" lines.
std::string leniently(std::string_view text) {
    const auto result = parse_leniently(text);
    if (!result) return "unreadable";
    auto lines = write(result->tree);
    for (const auto& wrong : result->wrong) lines += "\n" + wrong.pointer + " " + wrong.detail;
    return lines;
}

TEST(Json, what_keeps_the_rules_is_read_leniently_as_it_is_strictly) {
    const std::string text = R"({"b":[1,"x",null,true],"a":{"c":-2.5},"d":"\u00e9\ud83c\udfaa"})";
    EXPECT_EQ(leniently(text), write(read(text)));
    for (const auto* broken : {"", "{", "[1,]", "{} x", "nul"})
        EXPECT_EQ(leniently(broken), "unreadable") << broken;
}

TEST(Json, forbidden_characters_are_replaced_where_others_signed_them) {
    const std::string nul = "must not hold U+0000 or a lone surrogate";
    EXPECT_EQ(
        leniently(R"({"a":"x\u0000y","b":2})"), "{\"a\":\"x\xEF\xBF\xBDy\",\"b\":2}\n/a " + nul
    );
    EXPECT_EQ(leniently(R"({"a":["\ud800"]})"), "{\"a\":[\"\xEF\xBF\xBD\"]}\n/a/0 " + nul);
    EXPECT_EQ(leniently(R"({"k\u0000":1})"), "{\"k\xEF\xBF\xBD\":1}\n/k\xEF\xBF\xBD " + nul);
    EXPECT_EQ(leniently("{\"a\":\"f\xFCr\"}"), "unreadable");
}

TEST(Json, a_member_that_comes_twice_is_missing_unless_both_say_the_same) {
    EXPECT_EQ(
        leniently(R"({"a":1,"b":2,"a":3})"), "{\"a\":null,\"b\":2}\n/a appears more than once"
    );
    EXPECT_EQ(leniently(R"({"a":[1],"a":[1]})"), "{\"a\":[1]}\n/a appears more than once");
    EXPECT_EQ(
        leniently(R"({"a":1,"a":2,"a":1})"),
        "{\"a\":null}\n/a appears more than once\n/a appears more than once"
    );
}

TEST(Json, what_is_too_deep_or_too_large_is_missing_and_its_neighbours_are_not) {
    const auto deep = [](std::size_t levels) {
        return R"({"a":)" + std::string(levels, '[') + "1" + std::string(levels, ']') +
               R"(,"b":2})";
    };
    EXPECT_EQ(parse_leniently(deep(31))->wrong, std::vector<Wrong>{});
    const auto over = parse_leniently(deep(200)).value();
    EXPECT_EQ(over.tree.at("b"), 2);
    ASSERT_EQ(over.wrong.size(), 1U);
    EXPECT_EQ(over.wrong[0].detail, "is nested deeper than 32 levels");
    std::string objects = "1";
    for (int i = 0; i < 40; ++i) objects = R"({"x":)" + objects + R"(,"y":"z","y":"\u0000"})";
    EXPECT_TRUE(parse_leniently(R"({"a":)" + objects + R"(,"b":2})").value().tree.at("b") == 2);
    EXPECT_EQ(leniently(deep(100'000)), "unreadable");
    EXPECT_EQ(leniently(R"({"a":1e400,"b":2})"), "{\"a\":null,\"b\":2}\n/a is too large a number");
}

TEST(Json, doubles_are_written_as_people_write_them) {
    EXPECT_EQ(write(220.5), "220.5");
    EXPECT_EQ(write(0.1), "0.1");
    EXPECT_EQ(write(-12.34), "-12.34");
    EXPECT_EQ(write(220.0), "220");
    EXPECT_EQ(write(1e21), "1000000000000000000000");
    EXPECT_EQ(write(0.000001), "0.000001");
    EXPECT_EQ(write(1e300), "1e+300");
    EXPECT_EQ(write(5e-324), "5e-324");
    EXPECT_THROW(write(std::nan("")), std::invalid_argument);
    EXPECT_THROW(write(INFINITY), std::invalid_argument);
}

TEST(Json, strings_are_escaped_only_where_json_asks_for_it) {
    EXPECT_EQ(write("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(write("\b\f\n\r\t\x01\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
    EXPECT_EQ(write("\u00e9\xF0\x9F\x8E\xAA"), "\"\u00e9\xF0\x9F\x8E\xAA\"");
}

TEST(Json, two_texts_that_mean_the_same_have_one_canonical_form) {
    const auto* one = R"({"b":[{"y":1,"x":2.50}],"a":"\u0041"})";
    const auto* other = R"( { "a":"A", "b":[ {"x":25e-1,"y":1.0} ] } )";
    EXPECT_EQ(canonical(read(one)), R"({"a":"A","b":[{"x":2.5,"y":1}]})");
    EXPECT_EQ(canonical(read(one)), canonical(read(other)));
    EXPECT_NE(canonical(read("[1,2]")), canonical(read("[2,1]")));
}

TEST(Json, what_was_written_is_read_as_it_was) {
    EXPECT_TRUE(rc::check([](const std::map<std::string, std::vector<double>>& content) {
        object o;
        for (const auto& [name, numbers] : content) {
            std::string printable;
            for (char c : name)
                if (c > 0) printable += c;
            array list;
            for (double number : numbers) list.push_back(value(number));
            list.push_back(value(printable));
            o[printable] = std::move(list);
        }
        const auto text = write(o);
        RC_ASSERT(write(read(text)) == text);
        RC_ASSERT(canonical(read(canonical(o))) == canonical(o));
    }));
}

TEST(Json, every_finite_double_survives) {
    EXPECT_TRUE(rc::check([](std::uint64_t bits) {
        const auto number = std::bit_cast<double>(bits);
        RC_PRE(std::isfinite(number));
        const auto v = read(write(number));
        RC_ASSERT(v.to_number<double>() == number);
    }));
}

TEST(Json, decimal_text_is_given_for_numbers_and_for_strings_that_hold_one) {
    EXPECT_EQ(decimal_text(read("220.50")), "220.5");
    EXPECT_EQ(decimal_text(read("104000")), "104000");
    EXPECT_EQ(decimal_text(read("-3")), "-3");
    EXPECT_EQ(decimal_text(read("\"220.50\"")), "220.50");
    for (const auto* text :
         {"\"\"", "\"x\"", "\"1e3\"", "\".5\"", "\"5.\"", "\" 5\"", "\"+5\"", "\"1.2.3\"", "\"-\"",
          "null", "true", "[1]", "{}"})
        EXPECT_EQ(decimal_text(read(text)), std::nullopt) << text;
}

TEST(Json, an_amount_is_a_number_in_major_units_exactly) {
    const auto written = [](const char* major, const char* currency) {
        return write(amount(Money::parse(major, Currency::of(currency).value()).value()));
    };
    EXPECT_EQ(written("220", "EUR"), "220");
    EXPECT_EQ(written("220.5", "EUR"), "220.5");
    EXPECT_EQ(written("9999999999.99", "EUR"), "9999999999.99");
    EXPECT_EQ(written("104000", "HUF"), "104000");
    EXPECT_EQ(written("0.01", "USD"), "0.01");
}

TEST(Json, a_member_is_found_unless_it_is_missing_or_null) {
    const auto o = read(R"({"a":"x","b":null,"c":1})").as_object();
    EXPECT_EQ(*find(o, "a"), "x");
    EXPECT_EQ(find(o, "b"), nullptr);
    EXPECT_EQ(find(o, "d"), nullptr);
    EXPECT_EQ(string_or(o, "a", "y"), "x");
    EXPECT_EQ(string_or(o, "b", "y"), "y");
    EXPECT_EQ(string_or(o, "c", "y"), "y");
}

}  // namespace
}  // namespace payments::json
