#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "settlement/readers/mapping.hpp"
#include "settlement/readers/reading.hpp"

// SimplePay's weekly report (docs/providers/simplepay.md, 18), by the columns we know and by a
// mapping.
namespace payments::settlement {
namespace {

const ReadOptions week{.name = "report_20260708.csv", .account = "S123401"};
const std::string huf = "simplepay-report-huf_20260708.csv";

const Told lines_of_the_week{
    "charge 914300101:charge 914300101   TR1001, 10400000 - 156000 = 10244000 HUF, interchange "
    "20800, "
    "scheme 15600, merchant 119600, 2026-06-29 report_20260708 @2",
    "charge 914300102:charge 914300102   TR1002, 5200000 - 78000 = 5122000 HUF, interchange 10400, "
    "scheme 7800, merchant 59800, 2026-06-29 report_20260708 @3",
    "charge 914300103:charge 914300103   TR1003, 10400000 - 156000 = 10244000 HUF, interchange "
    "20800, "
    "scheme 15600, merchant 119600, 2026-07-01 report_20260708 @4",
    "refund 914300188:refund 914300188   TR1003, -5200000 - 0 = -5200000 HUF, interchange 0, "
    "scheme "
    "0, merchant 0, 2026-07-03 report_20260708 @5",
    "payout S123401 report_20260708 - HUF 0 2026-07-08  @2"};

TEST(SimplePayReport, is_read_with_the_labels_of_2026) {
    EXPECT_EQ(recognise(sample(huf)), Format::simplepay);
    EXPECT_EQ(tell(read_file(sample(huf), week)), lines_of_the_week);
}

TEST(SimplePayReport, is_read_by_a_mapping) {
    ReadOptions options{.name = "report_20260708.csv", .mapping = sample("mapping-simplepay.json")};
    EXPECT_EQ(tell(read_file(sample(huf), options)), lines_of_the_week);
    const auto euros = read_file(sample("simplepay-report-eur_20260708.csv"), options);
    EXPECT_EQ(
        tell(euros),
        (Told{
            "charge 914300104:charge 914300104   TR1004, 22000 - 396 = 21604 EUR, interchange 44, "
            "scheme 33, merchant 319, 2026-07-01 report_20260708 @2",
            "payout S123402 report_20260708 - EUR 0 2026-07-08  @2"})
    );
    options.account = "S9";
    EXPECT_EQ(read_file(sample(huf), options)->lines[0].account, "S9");
}

// Labels of 2021, ids wrapped for Excel, another encoding, LF, no separator behind the header.
TEST(SimplePayReport, is_read_with_the_labels_of_2021) {
    const std::string text =
        "Tranzakci\xF3 st\xE1tusza;Fizet\xE9s t\xEDpusa;SimplePay tranzakci\xF3 ID;Keresked\xF5i "
        "tranzakci\xF3 ID;Tranzakci\xF3 d\xE1tuma;Teljes\xEDt\xE9s "
        "d\xE1tuma;Devizanem;Tranzakci\xF3s "
        "jutal\xE9k;Bankk\xF6zi jutal\xE9k;K\xE1rtyat\xE1rsas\xE1gi d\xEDj;Keresked\xF5i d\xEDj;"
        "Tranzakci\xF3 \xF6sszege;Jutal\xE9kkal cs\xF6kkentett \xF6sszeg;Partner;Fi\xF3k "
        "n\xE9v;Fi\xF3k "
        "URL;V\xE1s\xE1rl\xF3;E-mail c\xEDm\n"
        "COMPLETED;Bankk\xE1rty\xE1s fizet\xE9s;=\"15333\";=\"TR77\";2021-03-01 09:00:00;;HUF;"
        "1020,00;146,00;97,00;777,00;38477,00;37457,00;K;F;U;V;e@example.com;\n";
    EXPECT_EQ(recognise(text), Format::simplepay);
    EXPECT_EQ(
        tell(read_file(text, {.name = "old.csv", .account = "S1"})),
        (Told{
            "charge 15333:charge 15333   TR77, 3847700 - 102000 = 3745700 HUF, interchange 14600, "
            "scheme 9700, merchant 77700, 2021-03-01 old @2",
            "payout S1 old - HUF 0 -  @2"})
    );
}

TEST(SimplePayReport, keeps_a_line_whose_status_is_unknown) {
    auto text = changed(sample(huf), "COMPLETED", "CHARGEBACK");
    text = changed(text, "REFUND;Bankkártyás fizetés;914300188;TR1003", "HAVI DÍJ;;;");
    const auto file = read_file(text, week);
    ASSERT_TRUE(file) << file.error().detail;
    EXPECT_EQ(file->lines[0].kind, LineKind::unknown);
    EXPECT_EQ(file->lines[0].line_id, "914300101:CHARGEBACK");
    EXPECT_EQ(file->lines[0].gross_minor, 10'400'000);
    EXPECT_EQ(file->lines[3].kind_as_written, "HAVI DÍJ");
    EXPECT_EQ(file->lines[3].line_id, "report_20260708#5");
    EXPECT_EQ(file->lines[3].net_minor, -5'200'000);
}

TEST(SimplePayReport, takes_a_refund_for_money_that_leaves_whatever_its_sign) {
    const auto text = changed(sample(huf), "-52000,00;-52000,00", "52000,00;52000,00");
    EXPECT_EQ(tell(read_file(text, week)), lines_of_the_week);
}

TEST(SimplePayReport, keeps_nothing_of_persons) {
    const auto file = read_file(sample(huf), week).value();
    for (const auto& told : tell(file))
        for (const auto* word : {"Kitalált", "Kovács", "example.com"})
            EXPECT_EQ(told.find(word), std::string::npos) << told;
}

constexpr Spoilt report_mistakes[] = {
    {"Devizanem", "Deviza", "line 1: the column 'Devizanem' is missing"},
    {"Kereskedői díj", "Devizanem", "line 1: two columns are labelled 'Devizanem'"},
    {"1560,00", "1560.00", "line 2, column 8: the fee, '1560.00', is not an amount"},
    {"104000,00", "104 000,00", "line 2, column 12: the gross, '104 000,00', is not an amount"},
    {"104000,00", "104000,005",
     "line 2, column 12: the gross, '104000,005', has more decimals than HUF"},
    {"102440,00", "Anna", "line 2, column 13: the net, a text, is not an amount"},
    {"102440,00", "", "line 2, column 13: the net, '', is not an amount"},
    {"208,00", "n/a", "line 2, column 9: the interchange, a text, is not an amount"},
    {";HUF;", ";Ft;", "line 2, column 7: a text is no currency"},
    {";HUF;", ";XXQ;", "line 2, column 7: 'XXQ' is no currency"},
    {";HUF;", ";EUR;", "one account takes one currency, and the file has several"},
    {";914300101;", ";;", "line 2, column 3: the line has no id"},
    {"2026-06-29 12:01:40", "2026-13-29 12:01:40",
     "line 2, column 6: the time, '2026-13-29 12:01:40', is not of the form %Y-%m-%d %H:%M:%S"},
    {"Kitalált Anna;", "", "line 2: the row has 17 fields, the header has 18 and a separator more"},
    {"anna@example.com;", "anna@example.com;x;",
     "line 2: the row has 19 fields, the header has 18 and a separator more"},
    {"anna@example.com;", "anna@example.com",
     "line 2: the row has 18 fields, the header has 18 and a separator more"},
    {"\"Kovács", "x\"Kovács",
     "line 3, column 17: a quote stands inside a field that does not begin with one"},
};

TEST(SimplePayReport, is_refused_as_a_whole_with_the_place) {
    expect_refusals(sample(huf), report_mistakes, week);
    const auto head = sample(huf).substr(0, sample(huf).find("COMPLETED"));
    EXPECT_EQ(read_file(head, week).error().detail, "the file has no line but its header");
    EXPECT_EQ(
        read_file(sample(huf), {}).error().detail,
        "line 2, column 7: nobody tells which merchant account HUF is of"
    );
}

TEST(SimplePayReport, tells_every_mistake_at_once) {
    auto text = changed(sample(huf), "1560,00", "x");
    text = changed(text, "52000,00", "");
    const auto file = read_file(text, week);
    ASSERT_FALSE(file);
    const std::vector<Wrong> expected{
        {"line 2, column 8", "the fee, a text, is not an amount"},
        {"line 3, column 12", "the gross, '', is not an amount"}};
    EXPECT_EQ(file.error().wrong, expected);
}

// ------------------------------------------------------------------------------- mappings

constexpr Spoilt mapping_mistakes[] = {
    {"\"version\": 1", "\"version\": 0", "the mapping: /version: must be a whole number from 1 on"},
    {"\"name\": \"simplepay-forgalmi-kimutatas\",", "", "the mapping: /name: is missing"},
    {"\"SIMPLE\"", "7", "the mapping: /processor: must be a text"},
    {"\"utf-8\"", "\"cp437\"",
     "the mapping: /file/encoding: the encoding 'cp437' is none of utf-8, windows-1250, "
     "iso-8859-2"},
    {"\"separator\": \";\"", "\"separator\": \"; \"",
     "the mapping: /file/separator: must be one character of ASCII"},
    {"\"header\": true", "\"header\": false",
     "the mapping: /file/header: must be true: columns are found by their labels"},
    {"\"zone\"", "\"time_zone\"", "the mapping: /file/time_zone: is no member that is known here"},
    {"\"group_by\": \"file\"", "\"group_by\": \"week\"",
     "the mapping: /payout/group_by: must be one of file, column, none"},
    {"\"group_by\": \"file\"", "\"group_by\": \"column\"",
     "the mapping: /payout/group_by: needs the column payout_id"},
    {"{yyyymmdd}", "{yyyy-mm-dd}", "the mapping: /payout/date_from_name: must have {yyyymmdd}"},
    {"\"starts\": \"Tranzakció", "\"begins\": \"Tranzakció",
     "the mapping: /columns/kind/is: or 'starts' is needed, and not both"},
    {"\"charge\"", "\"sale\"", "the mapping: /columns/kind/values/COMPLETED: is no kind of line"},
    {"%Y-%m-%d %H", "%Y-%m %H",
     "the mapping: /columns/at/time: must have %Y, %m and %d, and beside them %H, %M and %S at "
     "most"},
    {"\"net\": {", "\"netto\": {", "the mapping: /columns/net: is missing"},
    {"\"Tranzakció dátuma\"", "\"Devizanem\"",
     "the mapping: /columns/currency: names the column 'Devizanem', as at does"},
    {"\"interchange\"", "5", "the mapping: /columns/fee_parts/0/name: must be a text"},
    {"\"refund\": \"out\"", "\"refund\": \"-\"",
     "the mapping: /sign/refund: must be in, out or as_written"},
    {"\"unknown_kind\": \"finding\"", "\"unknown_kind\": \"skip\"",
     "the mapping: /unknown_kind: must be one of finding, refuse"},
    {"\"Vásárló\",", "3,", "the mapping: /never_read: must be a list of texts"},
    {"\"settlement_lines\"", "\"payouts\"", "the mapping: /makes: must be one of settlement_lines"},
    {"\"EUR\": ", "\"EURO\": ", "the mapping: /accounts/EURO: is no currency"},
    {"{\n \"name\"", "[\n \"name\"", "the mapping: This is not JSON: syntax error"},
};

TEST(Mapping, is_refused_with_the_member_that_is_wrong) {
    for (const auto& [from, to, detail] : mapping_mistakes) {
        SCOPED_TRACE(from);
        const auto mapping = read_mapping(changed(sample("mapping-simplepay.json"), from, to));
        EXPECT_FALSE(mapping);
        EXPECT_EQ(mapping ? "" : mapping.error().detail, detail);
    }
}

TEST(Mapping, decides_about_payouts_signs_and_unknown_words) {
    const auto read = [](std::string_view from, std::string_view to, const std::string& file) {
        const auto mapping = changed(sample("mapping-simplepay.json"), from, to);
        return read_file(file, {.name = "report_20260708.csv", .mapping = mapping});
    };
    const auto text = sample(huf);
    EXPECT_TRUE(read("\"file\",\n  \"date", "\"none\",\n  \"date", text)->payouts.empty());
    EXPECT_EQ(read("\"out\"", "\"in\"", text)->lines[3].net_minor, 5'200'000);
    EXPECT_EQ(
        read("\"finding\"", "\"refuse\"", changed(text, "COMPLETED", "FRAUD")).error().detail,
        "line 2, column 1: the kind 'FRAUD' is not known"
    );
    EXPECT_EQ(
        read("\"trailing_separator\": true", "\"trailing_separator\": false", text).error().detail,
        "line 1: the row ends with a separator more"
    );
    EXPECT_EQ(
        read("\"Vásárló\"", "\"Devizanem\"", text).error().detail,
        "line 1, column 7: the column 'Devizanem' is never to be read"
    );
    EXPECT_EQ(
        read("\"EUR\": ", "\"USD\": ", sample("simplepay-report-eur_20260708.csv")).error().detail,
        "line 2, column 7: nobody tells which merchant account EUR is of"
    );
}

TEST(Mapping, finds_the_day_in_a_name) {
    const auto day = [](std::string_view name) {
        return tell(day_in_name(name, "r_{yyyymmdd}.csv"));
    };
    EXPECT_EQ(day("r_20260708.csv"), "2026-07-08");
    EXPECT_EQ(day("report_20260708.csv"), "2026-07-08");
    EXPECT_EQ(day("20260708"), "2026-07-08");
    EXPECT_EQ(day("r_20261308.csv"), "-");
    EXPECT_EQ(day("week.csv"), "-");
    EXPECT_EQ(tell(day_by("%d.%m.%Y.", "08.07.2026.")), "2026-07-08");
    EXPECT_EQ(tell(day_by("%d.%m.%Y.", "08.07.2026")), "-");
}

// ------------------------------------------------------------------------------- properties

// Whatever byte is changed, the file is read or refused, and what is read keeps its promises.
RC_GTEST_PROP(SimplePayReport, survives_any_change_of_a_byte, ()) {
    auto text = sample(huf);
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::arbitrary<char>();
    const auto file = read_file(text, week);
    if (!file) {
        RC_ASSERT(!file.error().wrong.empty());
        return;
    }
    for (const auto& line : file->lines) RC_ASSERT(!line.line_id.empty() && line.row > 1);
}

}  // namespace
}  // namespace payments::settlement
