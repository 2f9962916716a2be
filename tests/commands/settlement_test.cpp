// Settlements from the command line, in both databases (docs/settlements.md, 6 and 7).
#include "commands/settlement_commands.hpp"

namespace payments {
namespace {

using namespace testing_support;
using Told = ToldByCommand;

TEST_P(SettlementCommands, what_was_captured_and_settled_has_no_finding) {
    const auto path =
        report("report_20260304.csv", {{"914300001", "TR1"}, {"914300002", "TR2"}}).string();
    const auto taken = import({path});
    EXPECT_EQ(taken.code, exit_code::done) << taken.err;
    EXPECT_EQ(
        taken.out,
        "{\"file\":\"" + path +
            "\",\"format\":\"simplepay\",\"account\":\"MERCHANT-1\",\"lines\":{\"new\":2,"
            "\"known\":0,\"conflicting\":0,\"skipped\":0}}\n"
    );
    const auto told = match();
    EXPECT_EQ(findings(told), Words{}) << told.out;
    EXPECT_EQ(told.code, exit_code::done);
    // Within the delay of the bank nothing is missing, and after it the payout is.
    EXPECT_EQ(findings(match(noon + 24h * 30)), Words{"payout_not_on_bank report_20260304 open"});
    const auto again = import({path});
    EXPECT_NE(again.out.find("\"new\":0,\"known\":2"), std::string::npos) << again.out;
}

TEST_P(SettlementCommands, what_is_missing_is_accepted_and_opened_again) {
    import({report(
                "report_20260304.csv", {{"914300001", "TR1"},
                                        { "914300099",
                                          "TR99" }}
    ).string()});
    const auto told = match();
    EXPECT_EQ(told.code, exit_code::failed);
    EXPECT_EQ(findings(told), Words{"line_unknown 914300099 open"});
    EXPECT_NE(told.out.find("\"unexplained\":{\"EUR\":22000}"), std::string::npos) << told.out;

    const auto accepted = decide(key_of_first(told), true);
    EXPECT_EQ(accepted.code, exit_code::done) << accepted.err;
    const auto after = match();
    EXPECT_EQ(findings(after), Words{"line_unknown 914300099 accepted"});
    EXPECT_EQ(after.code, exit_code::done);
    EXPECT_EQ(decide(key_of_first(told), true).code, exit_code::done);
    EXPECT_EQ(decide(key_of_first(told), false).code, exit_code::done);
    EXPECT_EQ(findings(match()), Words{"line_unknown 914300099 open"});

    const auto unknown = decide("0123456789abcdef", true);
    EXPECT_EQ(unknown.code, exit_code::failed);
    EXPECT_NE(unknown.err.find("there is no finding 0123456789abcdef"), std::string::npos);
    EXPECT_EQ(GetParam().verify(place).differences, std::vector<Difference>{});
}

TEST_P(SettlementCommands, each_file_is_taken_whole_or_not_at_all) {
    const auto good = report("report_20260304.csv", {{"914300001", "TR1"}}).string();
    const auto bad = report("report_20260311.csv", {{"914300002", "TR2"}}).string();
    std::ofstream{bad, std::ios::app} << "COMPLETED;x;914300003;TR3;not a day\n";
    const auto taken = import({bad, (folder / "nowhere.csv").string(), good});
    EXPECT_EQ(taken.code, exit_code::wrong_usage);
    EXPECT_NE(taken.err.find("report_20260311.csv: line 3"), std::string::npos) << taken.err;
    EXPECT_NE(taken.err.find("nowhere.csv: cannot be read"), std::string::npos) << taken.err;
    EXPECT_NE(taken.out.find("report_20260304.csv"), std::string::npos);
    std::ostringstream files;
    run_settlement_files(settings, true, files);
    EXPECT_EQ(std::ranges::count(files.str(), '\n'), 1) << files.str();
}

TEST_P(SettlementCommands, a_file_that_is_larger_than_any_is_refused_without_reading_all_of_it) {
    const auto huge = report("report_20260304.csv", {{"914300001", "TR1"}});
    fs::resize_file(huge, std::uintmax_t{1} << 32);  // most of it is a hole
    const auto refused = import({huge.string()});
    EXPECT_EQ(refused.code, exit_code::wrong_usage);
    EXPECT_EQ(
        refused.err, "ozora-payments: " + huge.string() +
                         ": has more than 33554432 bytes: take a shorter period, or cut a table "
                         "between two rows and give each part its first line\n"
    );
    fs::resize_file(huge, settlement::file_bytes_max + 1);
    EXPECT_NE(import({huge.string()}).err.find("more than 33554432 bytes"), std::string::npos);
    std::ofstream{folder / "nothing.csv"};
    const auto empty = import({(folder / "nothing.csv").string()});
    EXPECT_EQ(empty.err.find("cannot be read"), std::string::npos) << empty.err;
    EXPECT_NE(import({folder.string()}).err.find("cannot be read"), std::string::npos);
}

TEST_P(SettlementCommands, what_cannot_go_on_record_as_text_is_refused) {
    const auto good = report("report_20260304.csv", {{"914300099", "TR99"}});
    for (const std::string name : {"report\xFF.csv", "report\n.csv", "report\x1B[31m.csv"}) {
        fs::copy_file(good, folder / name);
        const auto refused = import({(folder / name).string()});
        EXPECT_EQ(refused.code, exit_code::wrong_usage);
        EXPECT_NE(refused.err.find("its name must be UTF-8"), std::string::npos) << refused.err;
    }
    import({good.string()});
    const auto key = key_of_first(match());
    for (const std::string reason : {"", " ", "\xFF", "\x1B[31m"})
        EXPECT_EQ(decide(key, true, reason).code, exit_code::wrong_usage) << reason;
    EXPECT_EQ(decide(key, true, std::string(256, 'x')).code, exit_code::wrong_usage);
    EXPECT_EQ(decide(key, true, "a test", "\xFF").code, exit_code::wrong_usage);
    EXPECT_EQ(findings(match()), Words{"line_unknown 914300099 open"});
}

// A SimplePay report is a payout by its name, and the first by name pays: whichever came first.
TEST_P(SettlementCommands, a_report_by_another_name_says_the_same_in_any_order) {
    const auto path = report("report_20260304.csv", {{"914300001", "TR1"}, {"914300002", "TR2"}});
    const auto copy = folder / "a copy of it.csv";
    fs::copy_file(path, copy);
    import({path.string(), copy.string(), path.string()});
    std::ostringstream once;
    SettlementMatchOptions options{.as_of = noon + 24h, .format = "csv", .is_report = true};
    run_settlement_match(settings, options, once);
    EXPECT_NE(once.str().find("a copy of it"), std::string::npos) << once.str();

    store.reset();
    GetParam().drop_place(place);
    SetUp();
    import({copy.string(), path.string()});
    std::ostringstream again;
    run_settlement_match(settings, options, again);
    EXPECT_EQ(again.str(), once.str());
}

TEST_P(SettlementCommands, a_trial_says_what_would_be_new) {
    const auto path = report("report_20260304.csv", {{"914300001", "TR1"}}).string();
    EXPECT_NE(import({path}, true).out.find("\"new\":1"), std::string::npos);
    EXPECT_NE(import({path}, true).out.find("\"new\":1"), std::string::npos);
}

TEST_P(SettlementCommands, captures_from_before_files_were_kept_are_awaited_in_none) {
    EXPECT_EQ(
        findings(match(noon + 24h * 30)),
        (Words{"missing_in_settlement TR1 open", "missing_in_settlement TR2 open"})
    );
    settings.settlements.simplepay_days = 40;
    EXPECT_EQ(findings(match(noon + 24h * 30)), Words{});
    settings.settlements.simplepay_days = 10;
    settings.settlements.from = std::chrono::March / 3 / 2026;
    EXPECT_EQ(findings(match(noon + 24h * 30)), Words{});
}

TEST_P(SettlementCommands, a_bank_account_that_is_not_ours_is_refused) {
    settings.settlements.bank_accounts["EUR"] = {"HU86 1177 3016 1111 1019 0000 0000"};
    const auto statement =
        fs::path{PROJECT_ROOT} / "tests/settlement/data/bank-camt053_20260709.xml";
    const auto refused = import({statement.string()});
    EXPECT_EQ(refused.code, exit_code::wrong_usage);
    EXPECT_NE(
        refused.err.find("is about the account HU42117730161111101800000000 in HUF, which "
                         "PAYMENTS_SETTLEMENT_BANK_ACCOUNTS does not name"),
        std::string::npos
    ) << refused.err;
    settings.settlements.bank_accounts["HUF"] = {"11773016-11111018"};
    EXPECT_EQ(import({statement.string()}).code, exit_code::done);
}

// A table that a merchant gets otherwise is read by a mapping that the settings name.
TEST_P(SettlementCommands, other_tables_are_read_by_the_mapping_of_the_settings) {
    const auto table = folder / "mine.csv";
    std::ofstream{table} << "state,id,order,when,currency,paid,fee,got\n"
                            "OK,914300001,TR1,2026-03-02,EUR,220.00,4.40,215.60\n";
    EXPECT_NE(import({table.string()}).err.find("is none of SimplePay's"), std::string::npos);

    const auto mapping = folder / "mapping.json";
    std::ofstream{mapping} << R"({"name": "mine", "version": 3, "makes": "settlement_lines",
        "processor": "SIMPLE", "file": {"encoding": "utf-8", "separator": ",", "quote": "\"",
        "header": true, "decimal": ".", "zone": "Europe/Budapest"},
        "payout": {"group_by": "file"}, "columns": {
        "kind": {"is": "state", "values": {"OK": "charge"}}, "provider_id": {"is": "id"},
        "reference": {"is": "order"}, "at": {"is": "when", "time": "%Y-%m-%d"},
        "currency": {"is": "currency"}, "gross": {"is": "paid"}, "fee": {"is": "fee"},
        "net": {"is": "got"}}})";
    settings.settlements.mapping = mapping;
    EXPECT_EQ(mistakes_of_mapping(), Words{});
    const auto taken = import({table.string()});
    EXPECT_EQ(taken.code, exit_code::done) << taken.err;
    // What is known is read as ever.
    const auto known = import({report("report_20260304.csv", {{"914300002", "TR2"}}).string()});
    EXPECT_EQ(known.code, exit_code::done) << known.err;
    EXPECT_EQ(findings(match()), Words{});
    const auto files = open_settlements(database_of(settings)).files();
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].mapping, ledger::body_hash(content_of(mapping)));
    EXPECT_EQ(files[1].mapping, "");
}

TEST_P(SettlementCommands, a_mapping_that_cannot_be_read_is_told_at_the_start) {
    settings.settlements.mapping = folder / "none.json";
    EXPECT_EQ(
        mistakes_of_mapping(),
        Words{"PAYMENTS_SETTLEMENT_MAPPING: " + settings.settlements.mapping + " cannot be read"}
    );
    EXPECT_THROW(settlement_rules_of(settings), std::runtime_error);
    std::ofstream{folder / "wrong.json"} << R"({"name": "mine"})";
    settings.settlements.mapping = folder / "wrong.json";
    const auto mistakes = mistakes_of_mapping();
    EXPECT_TRUE(std::ranges::count(mistakes, "PAYMENTS_SETTLEMENT_MAPPING: /processor is missing"));
    EXPECT_EQ(mistakes.size(), 3U) << testing::PrintToString(mistakes);
}

// An auditor does it all again, from what was exported alone.
TEST_P(SettlementCommands, exported_books_give_the_same_answer_without_a_database) {
    const auto path =
        report("report_20260304.csv", {{"914300001", "TR1"}, {"914300099", "TR99"}}).string();
    import({path});
    std::string reason = "as long as a reason may be: ";
    while (reason.size() < 28 + 3 * (255 - 28)) reason += "\xE2\x82\xAC";
    EXPECT_EQ(decide(key_of_first(match()), true, reason).code, exit_code::done);
    const auto books = folder / "books.json";
    EXPECT_EQ(run_export_books(settings, {books.string(), "anna"}), exit_code::done);
    std::ofstream{folder / "files.json"}
        << R"([{"file":"report_20260304.csv","account":"MERCHANT-1"}])";

    SettlementCheckOptions options{books.string(), (folder / "files.json").string()};
    options.as_of = noon + 24h;
    options.as_json = true;
    std::ostringstream out, err;
    EXPECT_EQ(run_settlement_check(options, out, err), exit_code::done) << err.str();
    EXPECT_EQ(findings({0, out.str(), ""}), findings(match()));
    EXPECT_EQ(findings({0, out.str(), ""}), Words{"line_unknown 914300099 accepted"});
    // That it was taken is on record.
    const auto actions = run(store->actions({{true, {}}, "", {"export"}})).list;
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].details.at("what"), "books");
}

TEST_P(SettlementCommands, journals_are_the_same_from_the_database_and_from_exported_files) {
    const auto books = import_and_export();
    JournalExportOptions options;
    options.from = "2026-03-01";
    options.to = "2026-04-01";
    options.by = "anna";
    std::ostringstream err;
    for (const auto* format : {"csv", "hledger", "ledger", "beancount"}) {
        options.format = format;
        options.output = folder / "from-database";
        EXPECT_EQ(run_export_journal(settings, options, err), exit_code::done) << err.str();
        auto of_files = options;
        of_files.books = books;
        of_files.manifest = folder / "files.json";
        of_files.output = folder / "from-files";
        EXPECT_EQ(run_export_journal(of_files, err), exit_code::done) << err.str();
        const auto text = content_of(folder / "from-database");
        EXPECT_EQ(text, content_of(folder / "from-files"));
        EXPECT_NE(text.find("TR1"), std::string::npos) << text;
        // The line that nobody knows, too.
        EXPECT_NE(text.find("914300099"), std::string::npos) << text;
    }
    const auto actions = run(store->actions({{true, {}}, "", {"export"}})).list;
    ASSERT_EQ(actions.size(), 5U);
    EXPECT_EQ(
        actions[0].details, (ActionDetails{
                                {"what", "journal"},
                                {"format", "beancount"},
                                {"from", "2026-03-01"},
                                {"to", "2026-04-01"}})
    );
}

TEST_P(SettlementCommands, wrong_options_of_a_journal_write_nothing) {
    JournalExportOptions options;
    options.format = "hledger";
    options.profile = "hu";
    options.from = "2026-13-01";
    options.to = "March";
    options.output = folder / "journal";
    std::ostringstream err;
    EXPECT_EQ(run_export_journal(settings, options, err), exit_code::wrong_usage);
    for (const auto* words : {"--format must be csv, with", "--from must be a day", "--to must be"})
        EXPECT_NE(err.str().find(words), std::string::npos) << err.str();
    options.profile.clear();
    options.from = options.to = "2026-03-01";
    EXPECT_EQ(run_export_journal(settings, options, err), exit_code::wrong_usage);
    EXPECT_NE(err.str().find("--to must be a day after --from"), std::string::npos);
    EXPECT_FALSE(fs::exists(options.output));
}

TEST_P(SettlementCommands, a_report_has_every_account_and_payout) {
    import({report(
                "report_20260304.csv", {{"914300001", "TR1"},
                                        { "914300002",
                                          "TR2" }}
    ).string()});
    SettlementMatchOptions options;
    options.as_of = noon + 24h;
    options.is_report = true;
    const auto told = [&](const char* format) {
        options.format = format;
        std::ostringstream out;
        EXPECT_EQ(run_settlement_match(settings, options, out), exit_code::done);
        return out.str();
    };
    EXPECT_EQ(
        told("csv"),
        "processor,account,currency,payout,arrival,state,lines,gross,fees,net,carried_in,amount,"
        "carried_on,bank,bank_charges\n"
        "SIMPLE,MERCHANT-1,EUR,report_20260304,2026-03-04,on_the_way,2,440,7.92,432.08,0,"
        "432.08,0,,0\n"
    );
    const auto document = json::parse(told("json")).value().get_object();
    const auto& account = json::find(document, "accounts")->get_array().at(0).get_object();
    EXPECT_EQ(account.at("net_minor").get_int64(), 43'208);
    EXPECT_EQ(account.at("facts_left_over_minor").get_int64(), 0);
    EXPECT_EQ(account.at("fees_minor").get_object().at("merchant").get_int64(), 638);
    EXPECT_NE(told("text").find("control: balance"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, SettlementCommands, testing::ValuesIn(store_kinds()),
    [](const auto& about) { return about.param.name; }
);

}  // namespace
}  // namespace payments
