#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "settlement/readers/reading.hpp"

// camt.053 (docs/bank_statements.md, 2).
namespace payments::settlement {
namespace {

const std::string statements = "bank-camt053_20260709.xml";

TEST(Camt053, is_read_statement_by_statement) {
    EXPECT_EQ(recognise(sample(statements)), Format::camt053);
    const Told expected{
        "HU42117730161111101800000000 HUF HUF-2026-131 131/0 2026-07-08..2026-07-08 100000000 "
        "132790900",
        "  20410000 2026-07-08, SIMPLEPAY ZRT. HU32117940082054608500000000, T655300777, , "
        "26189000101 @11",
        "  12500900 2026-07-08, STRIPE TECHNOLOGY EUROPE LTD DE09000000000000000001, STRIPE "
        "TRACE-po_S1, TRACE-po_S1, 26189000102 @17",
        "  -120000 2026-07-08,  , Számlavezetési díj, , 26189000103 @23",
        "HU86117730161111101900000000 EUR EUR-2026-077 77/0 2026-07-08..2026-07-09 50000 92749",
        "  21645 2026-07-08, STRIPE TECHNOLOGY EUROPE LTD DE09000000000000000001, STRIPE "
        "TRACE-po_S2, "
        "TRACE-po_S2, 26189000201 @36",
        "  21104 2026-07-09, SIMPLEPAY ZRT. HU76117940082054608600000000, T655300778, , "
        "26190000202 "
        "charges 500 @42"};
    EXPECT_EQ(tell(read_file(sample(statements), {})), expected);
}

// A statement of one account with these entries; the version is that of the namespace alone.
std::string statement_of(const std::string& entries, const std::string& version = "02") {
    return "<?xml version=\"1.0\"?>\n<Document "
           "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." +
           version +
           "\"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>S1</Id>"
           "<Acct><Id><Othr><Id>11773016 11111018</Id></Othr></Id></Acct>"
           "<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">10.00</Amt>"
           "<CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-07-07</Dt></Dt></Bal>\n" +
           entries +
           "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">7.50</Amt>"
           "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-08</Dt></Dt></Bal>"
           "</Stmt></BkToCstmrStmt></Document>";
}

std::string entry(
    const std::string& amount, const std::string& direction, const std::string& status,
    const std::string& more = {}
) {
    return "<Ntry><Amt Ccy=\"EUR\">" + amount + "</Amt><CdtDbtInd>" + direction + "</CdtDbtInd>" +
           status + "<BookgDt><DtTm>2026-07-08T10:00:00+02:00</DtTm></BookgDt>" + more +
           "</Ntry>\n";
}

const std::string booked = "<Sts>BOOK</Sts>";

// The lines of a statement with these entries, without the account's.
Told lines_of(const std::string& entries) {
    auto told = tell(read_file(statement_of(entries), {}));
    if (told.size() > 1) told.erase(told.begin());
    return told;
}

TEST(Camt053, is_read_in_its_oldest_version) {
    const auto text = statement_of(entry(
        "17.50", "CRDT", booked,
        "<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>"
        "<RltdPties><Dbtr><Nm>PAYER</Nm></Dbtr><DbtrAcct><Id><Othr><Id>7</Id></Othr></Id></"
        "DbtrAcct>"
        "</RltdPties><RmtInf><Ustrd>one</Ustrd><Ustrd>two</Ustrd><Strd><CdtrRefInf><Ref>R9</Ref>"
        "</CdtrRefInf></Strd></RmtInf><AddtlTxInf>three</AddtlTxInf></TxDtls></NtryDtls>"
        "<AddtlNtryInf>four</AddtlNtryInf>"
    ));
    const Told expected{
        "1177301611111018 EUR S1 -/0 2026-07-08..2026-07-08 -1000 750",
        "  1750 2026-07-08, PAYER 7, one two R9 three four, E1,  @3"};
    EXPECT_EQ(tell(read_file(text, {})), expected);
}

TEST(Camt053, is_read_whatever_its_version) {
    const auto entries =
        entry("1.00", "CRDT", booked) + entry("2.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts>");
    const auto told = tell(read_file(statement_of(entries, "02"), {}));
    EXPECT_EQ(told.size(), 3U);
    for (const auto* version : {"03", "04", "05", "06", "07", "08", "13"})
        EXPECT_EQ(tell(read_file(statement_of(entries, version), {})), told) << version;
}

TEST(Camt053, counts_what_is_booked_alone) {
    EXPECT_EQ(
        lines_of(
            entry("1.00", "CRDT", "<Sts>PDNG</Sts>") +
            entry("2.00", "CRDT", "<Sts><Cd>INFO</Cd></Sts>") +
            entry("3.00", "DBIT", "<Sts><Cd>BOOK</Cd></Sts>")
        ),
        (Told{"  -300 2026-07-08,  , , ,  @5", "skipped 2"})
    );
}

TEST(Camt053, takes_the_direction_of_a_reversal_as_it_is) {
    EXPECT_EQ(
        lines_of(
            entry("5.00", "CRDT", booked) +
            entry("5.00", "DBIT", "<RvslInd>true</RvslInd>" + booked) +
            entry("5.00", "CRDT", "<RvslInd>1</RvslInd>" + booked)
        ),
        (Told{
            "  500 2026-07-08,  , , ,  @3", "  -500 2026-07-08,  , , ,  reversal @4",
            "  500 2026-07-08,  , , ,  reversal @5"})
    );
}

TEST(Camt053, names_the_other_side_of_what_is_reversed) {
    const std::string parties =
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>PAYER</Nm></Dbtr><Cdtr><Nm>US</Nm></Cdtr></"
        "RltdPties>"
        "</TxDtls></NtryDtls>";
    EXPECT_EQ(
        lines_of(entry("5.00", "DBIT", "<RvslInd>true</RvslInd>" + booked, parties)),
        (Told{"  -500 2026-07-08, PAYER , , ,  reversal @3"})
    );
}

std::string detail(const std::string& inner) { return "<TxDtls>" + inner + "</TxDtls>"; }
std::string batch(const std::string& details) {
    return entry(
        "30.00", "CRDT", booked,
        "<AcctSvcrRef>B7</AcctSvcrRef><NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>" + details +
            "</NtryDtls>"
    );
}

TEST(Camt053, splits_a_collective_entry_whose_parts_add_up) {
    const std::string one = "<Refs><EndToEndId>E1</EndToEndId></Refs><Amt Ccy=\"EUR\">10.00</Amt>";
    const std::string two =
        "<AmtDtls><TxAmt><Amt Ccy=\"EUR\">20.00</Amt></TxAmt></AmtDtls>"
        "<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.50</Amt></Rcrd></Chrgs>"
        "<RmtInf><Ustrd>x</Ustrd></RmtInf>";
    EXPECT_EQ(
        lines_of(batch(detail(one) + detail(two))),
        (Told{
            "  1000 2026-07-08,  , , E1, B7/1 @3", "  2000 2026-07-08,  , x, , B7/2 charges 50 @3"})
    );
    // One that goes the other way.
    const std::string back = "<Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>";
    const std::string more = "<Amt Ccy=\"EUR\">35.00</Amt>";
    EXPECT_EQ(
        lines_of(batch(detail(back) + detail(more))),
        (Told{"  -500 2026-07-08,  , , , B7/1 @3", "  3500 2026-07-08,  , , , B7/2 @3"})
    );
}

TEST(Camt053, keeps_a_collective_entry_whole_whose_parts_do_not) {
    const std::string one = "<Amt Ccy=\"EUR\">10.00</Amt><RmtInf><Ustrd>a</Ustrd></RmtInf>";
    const Told whole{"  3000 2026-07-08,  , a b, , B7 @3"};
    for (const auto* other : {"<Amt Ccy=\"EUR\">20.01</Amt>", "<Amt Ccy=\"USD\">20.00</Amt>", ""})
        EXPECT_EQ(
            lines_of(batch(
                detail(one) + detail(std::string{other} + "<RmtInf><Ustrd>b</Ustrd></RmtInf>")
            )),
            whole
        );
}

TEST(Camt053, reads_charges_in_every_form) {
    const auto charges = [](const std::string& form) {
        const auto file = read_file(statement_of(entry("30.00", "CRDT", booked, form)), {});
        return file ? file->statements[0].lines[0].charges_minor : -1;
    };
    const std::string euro = "<Amt Ccy=\"EUR\">1.50</Amt>", dollar = "<Amt Ccy=\"USD\">9.00</Amt>";
    EXPECT_EQ(charges("<Chrgs>" + euro + "</Chrgs><Chrgs>" + euro + "</Chrgs>"), 300);
    EXPECT_EQ(charges("<Chrgs><Rcrd>" + euro + "</Rcrd><Rcrd>" + dollar + "</Rcrd></Chrgs>"), 150);
    EXPECT_EQ(
        charges("<Chrgs><TtlChrgsAndTaxAmt Ccy=\"EUR\">2.5</TtlChrgsAndTaxAmt></Chrgs>"), 250
    );
    EXPECT_EQ(charges("<Chrgs><Rcrd>" + euro + "<CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>"), 0);
    EXPECT_EQ(charges("<NtryDtls>" + detail("<Chrgs>" + euro + "</Chrgs>") + "</NtryDtls>"), 150);
    EXPECT_EQ(charges(""), 0);
}

constexpr Spoilt camt_mistakes[] = {
    {"<Document", "<Other", "line 2, column 1: expected Document, this is no camt.053"},
    {"204100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
     "204100,00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
     "line 12, column 25: the amount, '204100,00', is not an amount"},
    {"204100.00", "-204100.00", "line 12, column 25: the amount, '-204100.00', is less than 0"},
    {"204100.00", "204100.001",
     "line 12, column 25: the amount, '204100.001', has more decimals than HUF"},
    {"<Amt Ccy=\"HUF\">204100.00</Amt><CdtDbtInd>", "<Amt Ccy=\"EUR\">204100.00</Amt><CdtDbtInd>",
     "line 12, column 25: the amount is not in the currency of the account"},
    {"<Amt Ccy=\"HUF\">204100.00</Amt><CdtDbtInd>", "<Amt>204100.00</Amt><CdtDbtInd>",
     "line 12, column 25: '' is no currency"},
    {"<Cd>BOOK</Cd>", "<Cd>DONE</Cd>", "line 11, column 4: Sts must be BOOK, PDNG, INFO or FUTR"},
    {"<Sts><Cd>BOOK</Cd></Sts>", "", "line 11, column 4: Sts must be BOOK, PDNG, INFO or FUTR"},
    {"204100.00</Amt><CdtDbtInd>CRDT", "204100.00</Amt><CdtDbtInd>IN",
     "line 11, column 4: CdtDbtInd must be CRDT or DBIT"},
    {"<BookgDt><Dt>2026-07-08", "<BookgDt><Dt>2026-02-30", "line 13, column 5: BookgDt is no day"},
    {"<IBAN>HU42117730161111101800000000</IBAN>", "",
     "line 8, column 4: the account has no number"},
    {"<Ccy>HUF</Ccy>", "<Ccy>Ft</Ccy>", "line 8, column 60: a text is no currency"},
    {"<FrDtTm>2026", "<FrDtTm>x", "line 7, column 4: FrDtTm is no day"},
    {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!DOCTYPE Document>",
     "line 1, column 19: a statement has no DOCTYPE"},
    {"</Stmt>", "", "line 49, column 4: this is not XML: mismatched tag"},
};

TEST(Camt053, is_refused_as_a_whole_with_the_place) {
    expect_refusals(sample(statements), camt_mistakes, {.format = Format::camt053});
    const auto why = [](std::string_view text) {
        return read_file(text, {.format = Format::camt053}).error().detail;
    };
    EXPECT_EQ(why("<Document><BkToCstmrStmt/></Document>"), "the file has no statement");
    EXPECT_EQ(
        why("<Document><BkToCstmrStmt><Stmt></Stmt></BkToCstmrStmt></Document>"),
        "line 1, column 32: the statement names no account"
    );
    EXPECT_EQ(
        why("<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>HU1</IBAN></Id></Acct></Stmt></"
            "BkToCstmrStmt>"
            "</Document>"),
        "line 1, column 70: the statement names no currency"
    );
}

TEST(Camt053, tells_every_mistake_at_once) {
    const auto file = read_file(
        statement_of(
            entry("x", "CRDT", booked) + entry("1.00", "IN", booked) + entry("1", "CRDT", "")
        ),
        {}
    );
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().wrong.size(), 3U);
}

RC_GTEST_PROP(Camt053, survives_any_change_of_a_byte, ()) {
    auto text = sample(statements);
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::arbitrary<char>();
    const auto file = read_file(text, {.format = Format::camt053});
    const bool is_told = file || !file.error().wrong.empty();
    RC_ASSERT(is_told);
}

}  // namespace
}  // namespace payments::settlement
