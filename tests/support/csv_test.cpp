// Tables as text.
#include "support/csv.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "support/times.hpp"

namespace payments {
namespace {

const TimeZone& budapest() {
    static const auto zone = TimeZone::load("Europe/Budapest").value();
    return zone;
}
std::string line(CsvForm form, const std::function<void(CsvWriter&)>& write) {
    CsvWriter csv{form, budapest()};
    write(csv);
    csv.end_line();
    return csv.taken();
}
std::string of_text(std::string_view words, CsvForm form = CsvForm::rfc4180) {
    const auto text = line(form, [&](CsvWriter& csv) { csv.text(words); });
    return text.substr(0, text.size() - 2);
}

TEST(Csv, fields_and_lines_are_separated_as_their_form_has_it) {
    const auto write = [](CsvWriter& csv) { csv.text("a").number(-5).text("").text("Őry"); };
    EXPECT_EQ(line(CsvForm::rfc4180, write), "a,-5,,Őry\r\n");
    EXPECT_EQ(line(CsvForm::excel_hu, write), "a;-5;;Őry\r\n");
    CsvWriter csv{CsvForm::excel_hu, budapest()};
    csv.begin();
    csv.text("a").end_line();
    csv.text("b").end_line();
    EXPECT_EQ(
        csv.taken(),
        "\xef\xbb\xbf"
        "a\r\nb\r\n"
    );
    EXPECT_EQ(csv.taken(), "");
}

TEST(Csv, what_would_end_a_field_is_quoted) {
    EXPECT_EQ(of_text("a,b"), "\"a,b\"");
    EXPECT_EQ(of_text("a;b", CsvForm::excel_hu), "\"a;b\"");
    EXPECT_EQ(of_text("say \"no\""), "\"say \"\"no\"\"\"");
    EXPECT_EQ(of_text("a\r\nb"), "\"a\r\nb\"");
}

TEST(Csv, a_text_is_never_a_formula) {
    for (const auto* text : {"=1+1", "+36 1", "-1", "@sum", "\tx"})
        EXPECT_EQ(of_text(text), std::string{"'"} + text);
    EXPECT_EQ(of_text("\n=1"), "\"'\n=1\"");
    EXPECT_EQ(of_text("=a,b"), "\"'=a,b\"");
    EXPECT_EQ(of_text("a=1"), "a=1");
    EXPECT_EQ(of_text("'a"), "'a");
}

TEST(Csv, amounts_have_all_their_decimals_and_their_sign) {
    const auto amount = [](std::int64_t minor, std::string_view currency, CsvForm form) {
        const auto text =
            line(form, [&](CsvWriter& csv) { csv.amount(minor, Currency::of(currency).value()); });
        return text.substr(0, text.size() - 2);
    };
    EXPECT_EQ(amount(22000, "EUR", CsvForm::rfc4180), "220.00");
    EXPECT_EQ(amount(-5005, "EUR", CsvForm::excel_hu), "-50,05");
    EXPECT_EQ(amount(5, "EUR", CsvForm::excel_hu), "0,05");
    EXPECT_EQ(amount(0, "EUR", CsvForm::rfc4180), "0.00");
    EXPECT_EQ(amount(500, "JPY", CsvForm::rfc4180), "500");
    EXPECT_EQ(amount(12345, "KWD", CsvForm::rfc4180), "12.345");
}

TEST(Csv, times_are_those_of_the_zone) {
    const auto at = parse_time("2026-11-29T11:02:09.250Z").value();
    const auto late = parse_time("2026-07-01T22:30:00Z").value();
    const auto write = [&](CsvWriter& csv) { csv.time(at).time(std::optional<Time>{}).day(late); };
    EXPECT_EQ(line(CsvForm::excel_hu, write), "2026.11.29. 12:02;;2026.07.02.\r\n");
    EXPECT_EQ(line(CsvForm::rfc4180, write), "2026-11-29T12:02:09+01:00,,2026-07-02\r\n");
}

}  // namespace
}  // namespace payments
