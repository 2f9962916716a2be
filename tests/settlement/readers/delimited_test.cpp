#include "settlement/readers/delimited.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "settlement/readers/amount.hpp"
#include "settlement/readers/charset.hpp"

// Tables, amounts and encodings: what every reader of a table stands on.
namespace payments::settlement {
namespace {

using Table = std::vector<std::vector<std::string>>;

Result<Table> table_of(std::string_view text, Delimited form = {}) {
    DelimitedReader reader{text, form};
    Table table;
    while (true) {
        const auto row = reader.next();
        if (!row) return row.error();
        if (!*row) return table;
        auto& fields = table.emplace_back();
        for (const auto field : (*row)->fields) fields.emplace_back(field);
    }
}

std::string why_no_table(std::string_view text, Delimited form = {}) {
    const auto table = table_of(text, form);
    return table ? "was read" : table.error().detail;
}

constexpr Delimited semicolons{.separator = ';', .quote = '"', .unwrap_excel_text = true};

TEST(DelimitedReader, reads_rows_as_rfc_4180_has_them) {
    EXPECT_EQ(table_of("").value(), Table{});
    EXPECT_EQ(table_of("a,b\n1,2").value(), (Table{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(table_of("a,b\r\n1,\r\n\r\n").value(), (Table{{"a", "b"}, {"1", ""}}));
    EXPECT_EQ(table_of("\"a,\nb\",\"\"\"c\"\"\",\"\"\n").value(), (Table{{"a,\nb", "\"c\"", ""}}));
    EXPECT_EQ(table_of(",\n").value(), (Table{{"", ""}}));
    EXPECT_EQ(table_of(" a ;\"b\"", semicolons).value(), (Table{{" a ", "b"}}));
}

TEST(DelimitedReader, takes_ids_out_of_the_wrap_that_is_made_for_spreadsheets) {
    const Table expected{{"15333", "TR1", "x"}, {"1", "", "=1"}};
    EXPECT_EQ(
        table_of("=\"15333\";=\"TR1\";x\n\"=\"\"1\"\"\";=\"\";=1\n", semicolons).value(), expected
    );
    EXPECT_EQ(table_of("\"=\"\"1\"\"\"").value(), (Table{{"=\"1\""}}));
    EXPECT_EQ(
        why_no_table("=\"1\""),
        "line 1, column 1: a quote stands inside a field that does not begin with one"
    );
}

TEST(DelimitedReader, says_where_a_table_is_none) {
    using namespace std::string_literals;
    EXPECT_EQ(
        why_no_table("a,b\nc,d\"e\"\n"),
        "line 2, column 2: a quote stands inside a field that does not begin with one"
    );
    EXPECT_EQ(
        why_no_table("a\n\"b\nc\"d\n"),
        "line 2, column 1: something follows the quote that closes a field"
    );
    EXPECT_EQ(why_no_table("a,\"b\nc"), "line 1, column 2: a quote is opened and never closed");
    EXPECT_EQ(
        why_no_table("a\rb\n"), "line 1, column 1: a carriage return is not followed by a line feed"
    );
    EXPECT_EQ(why_no_table("a,b\0c\n"s), "line 1, column 2: a field holds a NUL");
    EXPECT_EQ(why_no_table("a\n\nb\n"), "line 2: the line is empty");
    EXPECT_EQ(why_no_table("\"a\n\nb\"\n\nc"), "line 4: the line is empty");
    EXPECT_EQ(
        why_no_table(std::string(600, ',')), "line 1, column 513: a row has more than 512 fields"
    );
    EXPECT_EQ(
        why_no_table("a\n" + std::string(70'000, 'x')),
        "line 2, column 1: a field has more than 65536 bytes"
    );
}

std::string written(const Table& table, char separator, bool everything_quoted) {
    std::string text;
    const std::string special{separator, '"', '\r', '\n'};
    for (const auto& row : table) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) text += separator;
            const bool is_quoted = everything_quoted || row.size() == 1 ||
                                   row[i].find_first_of(special) != std::string::npos;
            if (!is_quoted) {
                text += row[i];
                continue;
            }
            text += '"';
            for (const char c : row[i]) text += c == '"' ? "\"\"" : std::string(1, c);
            text += '"';
        }
        text += "\r\n";
    }
    return text;
}

RC_GTEST_PROP(DelimitedReader, reads_whatever_was_written_as_csv, (bool everything_quoted)) {
    const auto field =
        rc::gen::container<std::string>(rc::gen::elementOf(std::string{"a;,\"\r\n =é0"}));
    const auto row = rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(field));
    auto table = *rc::gen::resize(20, rc::gen::container<Table>(row));
    std::erase_if(table, [](const auto& fields) {
        return fields.size() == 1 && fields[0].empty();
    });
    for (const char separator : {',', ';'})
        RC_ASSERT(
            table_of(written(table, separator, everything_quoted), {.separator = separator})
                .value() == table
        );
}

// ------------------------------------------------------------------------------ amounts

struct Amount {
    std::string_view text, currency;
    AmountForm form;
    std::int64_t minor;
    std::string_view why;  // it cannot be read, when there is a reason
};

constexpr AmountForm point{}, comma{.decimal = ','};
constexpr AmountForm blanks{.decimal = ',', .grouping = ' '};
constexpr AmountForm mt940{.decimal = ',', .open_fraction = true, .leading_zeros = true};
constexpr AmountForm camt{.spare_zeros = true};

// clang-format off
constexpr Amount amounts[] = {
    {"104000.00",             "HUF", point,  10'400'000, {}},
    {"104000",                "HUF", point,  10'400'000, {}},
    {"872.5",                 "HUF", point,      87'250, {}},
    {"-104000,00",            "HUF", comma, -10'400'000, {}},
    {"0,00",                  "EUR", comma,           0, {}},
    {"-0,01",                 "EUR", comma,          -1, {}},
    {"500",                   "JPY", point,         500, {}},
    {"1.234",                 "KWD", point,       1'234, {}},
    {"46 170",                "HUF", blanks,  4'617'000, {}},
    {"1 046 170,5",           "HUF", blanks, 104'617'050, {}},
    {"1200,",                 "HUF", mt940,     120'000, {}},
    {"000000001200,00",       "HUF", mt940,     120'000, {}},
    {"204100.00000",          "HUF", camt,   20'410'000, {}},
    {"500.00",                "JPY", camt,          500, {}},
    {"10000000000000.00",     "EUR", point, amount_limit_minor, {}},
    {"10000000000000.01",     "EUR", point,           0, "is too large"},
    {"99999999999999999999",  "JPY", point,           0, "is too large"},
    {"999999999999999999999", "JPY", point,           0, "is not an amount"},
    {"1.005",                 "EUR", point,           0, "has more decimals than EUR"},
    {"1.500",                 "EUR", point,           0, "has more decimals than EUR"},
    {"500.0",                 "JPY", point,           0, "has more decimals than JPY"},
    {"1.00001",               "EUR", camt,            0, "has more decimals than EUR"},
    {"104,000",               "HUF", comma,           0, "has more decimals than HUF"},
    {"104,000.00",            "HUF", point,           0, "is not an amount"},
    {"104 000",               "HUF", point,           0, "is not an amount"},
    {"1 04 000",              "HUF", blanks,          0, "is not an amount"},
    {"1046 170",              "HUF", blanks,          0, "is not an amount"},
    {" 170",                  "HUF", blanks,          0, "is not an amount"},
    {"1 170 ",                "HUF", blanks,          0, "is not an amount"},
    {"",                      "HUF", point,           0, "is not an amount"},
    {"-",                     "HUF", point,           0, "is not an amount"},
    {"--1",                   "HUF", point,           0, "is not an amount"},
    {"+1",                    "HUF", point,           0, "is not an amount"},
    {"n/a",                   "HUF", point,           0, "is not an amount"},
    {"1e3",                   "HUF", point,           0, "is not an amount"},
    {"1.",                    "HUF", point,           0, "is not an amount"},
    {".5",                    "HUF", point,           0, "is not an amount"},
    {"007",                   "HUF", point,           0, "is not an amount"},
    {"5 Ft",                  "HUF", point,           0, "is not an amount"},
    {"50,00-",                "HUF", comma,           0, "is not an amount"},
};
// clang-format on

TEST(ReadAmount, is_exact_or_says_what_is_wrong) {
    for (const auto& [text, code, form, minor, why] : amounts) {
        SCOPED_TRACE(text);
        const auto read = read_amount(text, Currency::of(code).value(), form);
        ASSERT_EQ(read.has_value(), why.empty());
        if (read)
            EXPECT_EQ(*read, minor);
        else
            EXPECT_EQ(read.error().detail, why);
    }
}

// ---------------------------------------------------------------------------- encodings

TEST(ToUtf8, knows_the_encodings_of_hungarian_files) {
    const auto read = [](std::string_view bytes, Charset charset) {
        return to_utf8(bytes, charset).value();
    };
    EXPECT_EQ(
        read(
            "\xC1"
            "rv\xEDzt\xFBr\xF5 \x80",
            Charset::windows_1250
        ),
        "Árvíztűrő €"
    );
    EXPECT_EQ(
        read(
            "\xC1"
            "rv\xEDzt\xFBr\xF5",
            Charset::iso_8859_2
        ),
        "Árvíztűrő"
    );
    EXPECT_EQ(read("\xA9\xB9", Charset::windows_1250), "©ą");
    EXPECT_EQ(read("\xA9\xB9", Charset::iso_8859_2), "Šš");
    EXPECT_EQ(
        read(
            "\xEF\xBB\xBF"
            "ő",
            Charset::utf_8
        ),
        "ő"
    );
}

TEST(ToUtf8, says_where_a_byte_is_no_character) {
    const auto why = [](std::string_view bytes, Charset charset) {
        return to_utf8(bytes, charset).error().detail;
    };
    EXPECT_EQ(why("a\nb\xF5", Charset::utf_8), "line 2, column 2: this byte is no UTF-8");
    EXPECT_EQ(
        why("a\xFFőb\x81", Charset::windows_1250),
        "line 1, column 6: this byte is no character of the file's encoding"
    );
    EXPECT_EQ(
        why("\x80", Charset::iso_8859_2),
        "line 1, column 1: this byte is no character of the file's encoding"
    );
}

TEST(CharsetOf, knows_names_in_either_case) {
    EXPECT_EQ(charset_of("UTF-8").value(), Charset::utf_8);
    EXPECT_EQ(charset_of("windows-1250").value(), Charset::windows_1250);
    EXPECT_EQ(charset_of("ISO-8859-2").value(), Charset::iso_8859_2);
    EXPECT_EQ(
        charset_of("cp437").error().detail,
        "the encoding 'cp437' is none of utf-8, windows-1250, iso-8859-2"
    );
}

}  // namespace
}  // namespace payments::settlement
