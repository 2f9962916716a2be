#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "settlement/readers/reading.hpp"

// MT940 and OTP's CSV (docs/bank_statements.md, 3 and 4).
namespace payments::settlement {
namespace {

// ----------------------------------------------------------------------------------- OTP

const std::string otp = "bank-otp-huf_20260708.csv";

TEST(OtpCsv, is_read_by_the_places_of_its_columns) {
    EXPECT_EQ(recognise(sample(otp)), Format::otp_csv);
    const Told expected{
        "1177301611111018 HUF  -/0 2026-07-08..2026-07-08 - -",
        "  20410000 2026-07-08, SIMPLEPAY ZRT. 1179400820546085, T655300777, ,  @1",
        "  12500900 2026-07-08, STRIPE TECHNOLOGY EUROPE LTD DE09000000000000000001, STRIPE "
        "TRACE-po_S1, ,  @2",
        "  -120000 2026-07-08,  , Számlavezetési díj, ,  @3"};
    EXPECT_EQ(tell(read_file(sample(otp), {})), expected);
}

TEST(OtpCsv, reads_cents_joined_texts_and_two_equal_rows) {
    const std::string row =
        "\"117730161111101900000000\";J;211.04;EUR;20260709;20260710;;HU76;\"A \"\"B\"\"\";\"one\";"
        "\"\";\"two\";DEVIZA;;\r\n";
    const Told expected{
        "117730161111101900000000 EUR  -/0 2026-07-09..2026-07-09 - -",
        "  21104 2026-07-09, A \"B\" HU76, one two, ,  @1",
        "  21104 2026-07-09, A \"B\" HU76, one two, ,  @2"};
    EXPECT_EQ(tell(read_file(row + row, {})), expected);
}

TEST(OtpCsv, passes_over_what_is_not_booked_yet) {
    const auto text = changed(sample(otp), "204100;HUF;20260708;20260708", "204100;HUF;;");
    const auto file = read_file(text, {}).value();
    EXPECT_EQ(file.skipped, 1U);
    EXPECT_EQ(file.statements[0].lines.size(), 2U);
}

constexpr Spoilt otp_mistakes[] = {
    {"204100", "204,100", "line 1, column 3: the amount, '204,100', is not an amount"},
    {"204100", "-204100", "line 1, column 3: the sign of the amount is not that of J"},
    {"-1200", "1200", "line 3, column 3: the sign of the amount is not that of T"},
    {";J;", ";X;", "line 1, column 2: must be T or J"},
    {"HUF", "FT", "line 1, column 4: a text is no currency"},
    {"20260708", "20260732", "line 1, column 5: the day, '20260732', is not YYYYMMDD"},
    {"20260708", "", "line 1, column 5: the day, '', is not YYYYMMDD"},
    {"\"1177301611111018\";T", "\"117730161111101\";T",
     "line 3, column 1: must be an account number of 16 or 24 digits"},
    {"ÁTUTALÁS (OTP-N BELÜL);;\r\n", "ÁTUTALÁS\r\n", ""},
    {";ÁTUTALÁS (OTP-N BELÜL);;", "", "line 1: the row has fewer than 13 fields"},
};

TEST(OtpCsv, is_refused_as_a_whole_with_the_place) {
    for (const auto& spoilt : otp_mistakes) {
        const auto file =
            read_file(changed(sample(otp), spoilt.from, spoilt.to), {.format = Format::otp_csv});
        EXPECT_EQ(file ? "" : file.error().detail, spoilt.detail) << spoilt.from;
    }
    EXPECT_EQ(read_file("", {.format = Format::otp_csv}).error().detail, "the file is empty");
}

// --------------------------------------------------------------------------------- MT940

const std::string swift =
    ":20:STARTUMS\r\n:25:11773016-11111018-00000000HUF\r\n:28C:131/1\r\n"
    ":60F:C260707HUF1000000,00\r\n"
    ":61:2607080708CF204100,00NTRFNONREF//26189000101\r\n"
    ":86:166?00ATUTALAS?20T655?21300777?30OTPVHUHB?31HU32117940\r\n082054608500000000?32SIMPLEPAY "
    "ZR?33T.\r\n"
    ":61:260708C125009,NTRFTRACE-po_S1//26189000102\r\nEXTRA\r\n"
    ":86:STRIPE\r\nTRACE-po_S1\r\n"
    ":61:2607080709RC1200,00NMSC\r\n"
    ":62F:C260708HUF1327909,00\r\n:64:C260708HUF1327909,00\r\n:86:of the statement\r\n-\r\n";

TEST(Mt940, is_read_field_by_field) {
    EXPECT_EQ(recognise(swift), Format::mt940);
    const Told expected{
        "117730161111101800000000 HUF STARTUMS 131/1 2026-07-08..2026-07-08 100000000 132790900",
        "  20410000 2026-07-08, SIMPLEPAY ZRT. HU32117940082054608500000000, T655300777, , "
        "26189000101 @5",
        "  12500900 2026-07-08,  , EXTRA STRIPE TRACE-po_S1, TRACE-po_S1, 26189000102 @8",
        "  -120000 2026-07-09,  , , ,  reversal @12"};
    EXPECT_EQ(tell(read_file(swift, {})), expected);
}

TEST(Mt940, reads_blocks_pages_and_several_statements) {
    const std::string page =
        "{1:F01OTPVHUHBAXXX0000000000}{2:I940X}{4:\n:20:A\n:28C:5/2\n:60M:D261231EUR0,5\n"
        ":61:2612310102RD0,50NTRFNONREF\n:62M:C270102EUR0,00\n-}{5:}\n";
    const Told expected{
        "HU1 EUR A 5/2 2027-01-02..2027-01-02 -50 0", "  50 2027-01-02,  , , ,  reversal @5",
        "HU1 EUR A 5/2 2027-01-02..2027-01-02 -50 0", "  50 2027-01-02,  , , ,  reversal @12"};
    EXPECT_EQ(recognise(page), Format::mt940);
    EXPECT_EQ(tell(read_file(page + page, {.account = "HU1"})), expected);
}

TEST(Mt940, takes_a_day_of_booking_for_the_nearest_year) {
    const auto booked = [](const std::string& days) {
        const auto file = read_file(changed(swift, "2607080708CF", days + "C"), {});
        return file ? tell(file->statements[0].lines[0].booked) : file.error().detail;
    };
    EXPECT_EQ(booked("2612311231"), "2026-12-31");
    EXPECT_EQ(booked("2612310102"), "2027-01-02");
    EXPECT_EQ(booked("2701021231"), "2026-12-31");
    EXPECT_EQ(booked("240301"), "2024-03-01");
    EXPECT_EQ(booked("2402280229"), "2024-02-29");
}

TEST(Mt940, keeps_free_text_with_question_marks) {
    const auto text = [](const std::string& information) {
        const auto file = read_file(changed(swift, "STRIPE\r\nTRACE-po_S1", information), {});
        return file->statements[0].lines[1].text;
    };
    EXPECT_EQ(text("Hol? 20?"), "EXTRA Hol? 20?");
    EXPECT_EQ(text("?20a?b?21 c?99z"), "EXTRA a?b c");
    EXPECT_EQ(text(""), "EXTRA");
}

constexpr Spoilt swift_mistakes[] = {
    {"204100,00", "204100.00", "line 5, column 1: :61: has no kind of entry behind the amount"},
    {"204100,00", "204100,005",
     "line 5, column 1: :61: the amount, '204100,005', has more decimals than HUF"},
    {"204100,00", "", "line 5, column 1: :61: the amount, '', is not an amount"},
    {"2607080708CF", "2613080708CF", "line 5, column 1: :61: must begin with a day as YYMMDD"},
    {"2607080708CF", "2607081308CF", "line 5, column 1: :61: has no day as MMDD behind the first"},
    {"2607080708CF", "2607080708X", "line 5, column 1: :61: must say C, D, RC or RD"},
    {"NMSC", "", "line 12, column 1: :61: has no kind of entry behind the amount"},
    {":60F:C260707HUF1000000,00\r\n", "",
     "line 4, column 1: :61: comes before the opening balance"},
    {"C260707HUF", "X260707HUF",
     "line 4, column 1: :60F: must be C or D, a day as YYMMDD, a currency and an amount"},
    {"C260707HUF", "C260707FT1", "line 4, column 1: :60F: a text is no currency"},
    {"C260708HUF1327909,00\r\n:64", "C260708EUR1327909,00\r\n:64",
     "line 13, column 1: :62F: is in another currency than the opening balance"},
    {":62F:C260708HUF1327909,00\r\n", "", "line 1, column 1: the statement has no closing balance"},
    {":20:STARTUMS\r\n", ":21:X\r\n", "line 1, column 1: a statement begins with :20:"},
    {":20:STARTUMS\r\n", "20\r\n", "line 1, column 1: no field of MT940 begins here"},
    {":25:11773016-11111018-00000000HUF\r\n", "",
     "line 1, column 1: the statement names no account"},
};

TEST(Mt940, is_refused_as_a_whole_with_the_place) {
    expect_refusals(swift, swift_mistakes, {.format = Format::mt940});
    EXPECT_EQ(
        read_file("-\n", {.format = Format::mt940}).error().detail, "the file has no statement"
    );
}

TEST(ReadFile, takes_a_settlement_without_lines_where_that_may_be) {
    const auto first_line = [](const std::string& name) {
        const auto text = sample(name);
        return text.substr(0, text.find('\n') + 1);
    };
    const std::string empty[] = {
        first_line("simplepay-report-huf_20260708.csv"),
        first_line("stripe-payout_reconciliation.itemized.5.csv"),
        R"({"object": "list", "url": "/v1/balance_transactions", "has_more": false, "data": []})",
        R"({"object": "list", "url": "/v1/payouts", "has_more": false, "data": []})",
    };
    for (const auto& text : empty) {
        EXPECT_FALSE(read_file(text, {.account = "S1"})) << text;
        EXPECT_EQ(tell(read_file(text, {.account = "S1", .may_be_empty = true})), Told{}) << text;
    }
}

TEST(Recognise, takes_no_other_file_for_one_of_ours) {
    for (const auto* text :
         {"", "x", "{", "{\"object\":\"list\",\"data\":[]}", "<html>BkToCstmr</html>", "a,b\n1,2\n",
          "id,Type,Source\n", "\"1\";J;1;HUF\n"})
        EXPECT_EQ(recognise(text), std::nullopt) << text;
    EXPECT_EQ(
        read_file("x", {}).error().detail,
        "the file is none of SimplePay's or Stripe's reports, camt.053, MT940 or OTP's CSV"
    );
}

RC_GTEST_PROP(BankTables, survive_any_change_of_a_byte, ()) {
    for (const auto& [good, format] :
         {std::pair{swift, Format::mt940}, {sample(otp), Format::otp_csv}}) {
        auto text = good;
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        text[at] = *rc::gen::arbitrary<char>();
        const auto file = read_file(text, {.format = format, .account = "1"});
        const bool is_told = file || !file.error().wrong.empty();
        RC_ASSERT(is_told);
    }
}

}  // namespace
}  // namespace payments::settlement
