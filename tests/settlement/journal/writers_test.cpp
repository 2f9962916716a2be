#include "settlement/journal/writers.hpp"

#include <gtest/gtest.h>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/journals.hpp"
#include "settlement/journal/output.hpp"

// The files themselves (docs/settlements.md, 9).
namespace payments::settlement::journal {
namespace {

using namespace world;

// A ticket paid and given back in part, of which the payout is on the bank.
Journal small_journal() {
    auto ours = simple_payment(1, 10'400'000, "914300101");
    ours.ticket_id = 41'001;
    ours.fee_type = "FULL-FEE";
    with_refund(ours, "914300188", 5'200'000);
    return journal_of(
        {ours}, {settlement_file(
                     {simple_line(LineKind::charge, "914300101", "TR1", 10'400'000, 156'000),
                      simple_line(LineKind::refund, "914300188", "TR1", -5'200'000, 0)},
                     {simple_payout()}
                 ),
                 bank_file({credit(5'044'000, "1")})}
    );
}

TEST(JournalFiles, for_hungarian_excel_have_semicolons_decimal_commas_and_a_bom) {
    EXPECT_EQ(
        written(small_journal(), FileFormat::csv_hu),
        "\xef\xbb\xbfrow_id;date;kind;reference;ticket_id;fee_type;provider;account;provider_id;"
        "payout_id;currency;gross;fee;net;debit_account;credit_account;note;facing_amount;"
        "facing_currency\r\n"
        "opening-assets:clearing:simplepay:s123401-HUF;2026.07.01.;opening;;;;;;;;HUF;;;0;"
        "assets:clearing:simplepay:s123401;;Opening balance;;\r\n"
        "TR1;2026.07.01.;capture;TR1;41001;FULL-FEE;simplepay;S123401;914300101;report_20260708;"
        "HUF;104000;0;104000;assets:clearing:simplepay:s123401;revenues:full-fee;Ticket 41001;;\r\n"
        "TR1-R1;2026.07.03.;refund;TR1;41001;FULL-FEE;simplepay;S123401;914300188;report_20260708;"
        "HUF;-52000;0;-52000;revenues:full-fee;assets:clearing:simplepay:s123401;Refund of TR1;;"
        "\r\n"
        "simplepay-S123401-HUF-report_20260708-fee-commission;2026.07.08.;fee;;;;simplepay;"
        "S123401;;report_20260708;HUF;0;1560;-1560;expenses:fees:simplepay;"
        "assets:clearing:simplepay:s123401;Provider fees: commission;;\r\n"
        "simplepay-S123401-HUF-report_20260708-payout;2026.07.08.;payout;;;;simplepay;S123401;;"
        "report_20260708;HUF;-50440;0;-50440;assets:bank:huf;assets:clearing:simplepay:s123401;"
        "SimplePay payout;;\r\n"
        "carry-assets:clearing:simplepay:s123401-HUF;2026.07.09.;carry;;;;;;;;HUF;;;0;"
        "assets:clearing:simplepay:s123401;;Closing balance;;\r\n"
    );
}

TEST(JournalFiles, for_hungarian_excel_have_decimals_everywhere_or_nowhere) {
    // A mixed column is read as text: one fraction gives all of them two decimals.
    const auto line = [](std::int64_t minor) {
        return written(
            journal_of(
                {stripe_payment(1, 104'000'00, "a")},
                {settlement_file({stripe_charge("a", 104'000'00, minor, "")})}
            ),
            FileFormat::csv_hu
        );
    };
    EXPECT_NE(line(872'00).find(";104000;0;104000;"), std::string::npos);
    EXPECT_NE(line(872'50).find(";104000,00;0,00;104000,00;"), std::string::npos);
    EXPECT_NE(line(872'50).find(";0,00;872,50;-872,50;"), std::string::npos);
}

TEST(JournalFiles, for_other_programs_have_commas_decimal_points_and_iso_days) {
    const auto text = written(small_journal(), FileFormat::csv_plain);
    EXPECT_TRUE(text.starts_with("row_id,date,kind,")) << text.substr(0, 20);
    EXPECT_NE(
        text.find("\nTR1-R1,2026-07-03,refund,TR1,41001,FULL-FEE,simplepay,S123401,914300188,"
                  "report_20260708,HUF,-52000.00,0.00,-52000.00,revenues:full-fee,"
                  "assets:clearing:simplepay:s123401,Refund of TR1,,\n"),
        std::string::npos
    ) << text;
    EXPECT_EQ(text.find('\r'), std::string::npos);
}

constexpr auto hledger_text =
    R"(; ozora-payments export, hledger; amounts with ISO decimals, HUF too
commodity 1000.00 HUF
account assets:bank:huf
account assets:clearing:simplepay:s123401
account expenses:fees:simplepay
account revenues:full-fee

2026-07-01 * (TR1) Ticket 41001  ; kind:capture, provider:simplepay)"
    R"(, provider_id:914300101, fee_type:FULL-FEE
    assets:clearing:simplepay:s123401            104000.00 HUF
    revenues:full-fee                           -104000.00 HUF

2026-07-03 * (TR1-R1) Refund of TR1  ; kind:refund, provider_id:914300188
    revenues:full-fee                             52000.00 HUF
    assets:clearing:simplepay:s123401            -52000.00 HUF

2026-07-08 * (report_20260708) Provider fees  ; kind:fees
    expenses:fees:simplepay                        1560.00 HUF
    assets:clearing:simplepay:s123401             -1560.00 HUF

2026-07-08 * (report_20260708) SimplePay payout  ; kind:payout
    assets:bank:huf                               50440.00 HUF
    assets:clearing:simplepay:s123401            -50440.00 HUF

2026-07-09 * (carry) What the providers still hold
    assets:clearing:simplepay:s123401                 0.00 HUF = 0.00 HUF
)";

TEST(JournalFiles, for_hledger_and_ledger_differ_in_directives_and_tags) {
    const auto journal = small_journal();
    EXPECT_EQ(written(journal, FileFormat::hledger), hledger_text);
    const auto ledger = written(journal, FileFormat::ledger);
    for (const auto* words :
         {"; ozora-payments export, ledger;", "commodity HUF\n    format 1000.00 HUF\n",
          "tag provider_id\n",
          "* (TR1) Ticket 41001\n    ; kind: capture\n    ; provider: simplepay\n"
          "    ; provider_id: 914300101\n    ; fee_type: FULL-FEE\n    assets:clearing"})
        EXPECT_NE(ledger.find(words), std::string::npos) << words << ledger;
}

TEST(JournalFiles, for_beancount_open_accounts_and_say_that_nothing_is_tolerated) {
    const auto text = written(small_journal(), FileFormat::beancount);
    for (const auto* words :
         {"option \"operating_currency\" \"HUF\"\n",
          "2026-07-01 open Assets:Clearing:Simplepay:S123401\n", "open Income:Full-Fee\n",
          "2026-07-01 * \"Ticket 41001\" \"TR1\" ^TR1\n  kind: \"capture\"\n"
          "  provider: \"simplepay\"\n  provider-id: \"914300101\"\n  fee-type: \"FULL-FEE\"\n"
          "  Assets:Clearing:Simplepay:S123401            104000.00 HUF\n",
          // Balances are those before the day begins.
          "2026-07-10 balance Assets:Clearing:Simplepay:S123401        0.00 ~ 0.00 HUF\n"})
        EXPECT_NE(text.find(words), std::string::npos) << words << text;
}

TEST(JournalFiles, begin_with_the_balances_of_the_days_before) {
    const auto journal = journal_of(
        {stripe_payment(1, 100'050, "a"), stripe_payment(2, 2'000, "b", eur())}, {},
        {july(5), july(8)}
    );
    const auto text = written(journal, FileFormat::hledger);
    EXPECT_NE(
        text.find("2026-07-05 * (opening) Opening balances  ; kind:opening\n"
                  "    assets:clearing:stripe:live-eur                  20.00 EUR\n"
                  "    assets:clearing:stripe:live-huf                1000.50 HUF\n"
                  "    equity:opening                                  -20.00 EUR\n"
                  "    equity:opening                                -1000.50 HUF\n\n"
                  "2026-07-07 * (carry) What the providers still hold\n"),
        std::string::npos
    ) << text;
}

// --------------------------------------------------------------------- texts of strangers

OurTransaction with_words(const std::string& words) {
    auto ours = simple_payment(1, 100'000, words);
    ours.reference = words;
    ours.fee_type = words;
    return ours;
}

TEST(JournalFiles, run_no_formula_that_a_text_would_be_in_a_spreadsheet) {
    for (const std::string words : {"=1+1", "+1", "-1+1", "@x", "\t=1", "\r=1"}) {
        const auto text = written(journal_of({with_words(words)}, {}), FileFormat::csv_plain);
        EXPECT_EQ(text.find(',' + words), std::string::npos) << words;
        EXPECT_EQ(text.find('\n' + words), std::string::npos) << words;
        EXPECT_NE(text.find("'" + words), std::string::npos) << words;
    }
    // Amounts less than 0 stay numbers.
    EXPECT_NE(written(small_journal(), FileFormat::csv_hu).find(";-52000;"), std::string::npos);
}

TEST(JournalFiles, show_no_number_that_a_spreadsheet_would_change) {
    const auto has = [](const std::string& words, const std::string& shown) {
        const auto text = written(journal_of({with_words(words)}, {}), FileFormat::csv_hu);
        EXPECT_NE(text.find(";" + shown + ";"), std::string::npos) << words << text;
    };
    has("914300101", "914300101");
    has("123456789012345", "123456789012345");
    for (const std::string words : {"1234567890123456", "007", "4E5", "1.5", "2026-07-08", "50 %"})
        has(words, "'" + words);
}

TEST(JournalFiles, put_texts_with_separators_in_quotes) {
    const auto text = written(journal_of({with_words("a;\"b\"\nc")}, {}), FileFormat::csv_hu);
    EXPECT_NE(text.find("\r\n\"a;\"\"b\"\"\nc\";"), std::string::npos) << text;
}

TEST(JournalFiles, hold_no_word_in_a_journal_that_could_mean_something_there) {
    const auto journal = journal_of({with_words("T R(1) ;|\"\\\n=1  x:y, [2026-13-45]")}, {});
    for (const auto format : {FileFormat::hledger, FileFormat::ledger, FileFormat::beancount}) {
        const auto text = written(journal, format);
        EXPECT_NE(text.find("T-R-1"), std::string::npos);
        EXPECT_EQ(text.find("=1"), std::string::npos) << text;
        EXPECT_EQ(text.find('['), std::string::npos) << text;
        EXPECT_EQ(text.find("x:y"), std::string::npos) << text;
    }
}

TEST(JournalFiles, name_accounts_as_every_program_takes_them) {
    EXPECT_EQ(revenue_account("NORMAL-TOTAL-FEE"), "revenues:normal-total-fee");
    EXPECT_EQ(revenue_account(""), "revenues:other");
    EXPECT_EQ(revenue_account("-Díj: 1"), "revenues:d--j--1");
    EXPECT_EQ(
        clearing_account(Processor::stripe, "acct_1", eur()), "assets:clearing:stripe:acct-1-eur"
    );
    EXPECT_EQ(
        beancount_account("assets:clearing:stripe:live-huf"), "Assets:Clearing:Stripe:Live-Huf"
    );
    EXPECT_EQ(beancount_account("revenues:full-fee"), "Income:Full-Fee");
    EXPECT_EQ(beancount_account("assets:clearing:simplepay:1-x"), "Assets:Clearing:Simplepay:1-X");
    EXPECT_EQ(code_text("TR1_x.y-Z ő"), "TR1_x.y-Z---");
}

TEST(JournalFiles, write_amounts_to_the_last_digit) {
    EXPECT_EQ(amount_text({5, huf()}), "0.05");
    EXPECT_EQ(amount_text({-5, huf()}), "-0.05");
    EXPECT_EQ(amount_text({0, huf()}), "0.00");
    EXPECT_EQ(amount_text({-12'345, huf()}), "-123.45");
    EXPECT_EQ(amount_text({7, currency("JPY")}), "7");
    EXPECT_EQ(amount_text({-7, currency("KWD")}), "-0.007");
    EXPECT_EQ(amount_text({INT64_MIN, huf()}), "-92233720368547758.08");
    std::string whole;
    append_amount(whole, {-10'400'000, huf()}, 0, ',');
    EXPECT_EQ(whole, "-104000");
}

TEST(JournalFiles, are_of_a_known_format_and_profile) {
    EXPECT_EQ(file_format_of("csv", ""), FileFormat::csv_plain);
    EXPECT_EQ(file_format_of("csv", "hu"), FileFormat::csv_hu);
    EXPECT_EQ(file_format_of("beancount", ""), FileFormat::beancount);
    EXPECT_EQ(file_format_of("hledger", "hu"), std::nullopt);
    EXPECT_EQ(file_format_of("csv", "de"), std::nullopt);
    EXPECT_EQ(file_format_of("xls", ""), std::nullopt);
}

}  // namespace
}  // namespace payments::settlement::journal
