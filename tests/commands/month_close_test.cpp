// What was known at a moment, and months that are closed, from the command line
// (docs/settlements.md, 7, 9 and 11).
#include "commands/settlement_commands.hpp"
#include "flow/settlement/close_months.hpp"

namespace payments {
namespace {

using namespace testing_support;
using Told = ToldByCommand;

class MonthCloseCommands : public SettlementCommands {};

// While somebody waits, something that was heard before comes to be on record.
class RecordedMeanwhile final : public Clock {
public:
    RecordedMeanwhile(Store& store, Time now, Heard heard)
        : store_(store), now_(now), heard_(std::move(heard)) {}

    Time now() const override { return now_; }
    std::chrono::milliseconds steady() const override { return now_.time_since_epoch(); }
    Task<void> sleep_until(Time) override {
        auto heard = heard_;
        co_await store_.record(std::move(heard));
    }

private:
    Store& store_;
    const Time now_;
    const Heard heard_;
};

TEST_P(MonthCloseCommands, a_close_is_the_same_from_the_database_and_from_exported_files) {
    const auto books = import_and_export();
    MonthCloseOptions options;
    options.month = "2026-03";
    options.as_of = noon + 24h;
    options.by = "anna";
    const auto told = [&](const char* format, bool is_of_files) {
        auto asked = options;
        asked.format = format;
        if (is_of_files) {
            asked.books = books;
            asked.manifest = folder / "files.json";
        }
        std::ostringstream out, err;
        const auto code = is_of_files ? run_month_close(asked, out, err)
                                      : run_month_close(settings, asked, out, err);
        EXPECT_EQ(code, exit_code::failed) << err.str();
        return out.str();
    };
    for (const auto* format : {"text", "json", "csv"})
        EXPECT_EQ(told(format, false), told(format, true));
    const auto table = told("csv", false);
    for (const auto* line :
         {"2026-03,provider,simplepay,MERCHANT-1,EUR,captured,2,440.00\n",
          "2026-03,provider,simplepay,MERCHANT-1,EUR,fee: merchant,,-6.38\n",
          "2026-03,provider,simplepay,MERCHANT-1,EUR,unexplained,,220.00\n",
          "2026-03,unexplained,,,EUR,open,1,220.00\n"})
        EXPECT_NE(table.find(line), std::string::npos) << line << table;
    const auto actions = run(store->actions({{true, {}}, "", {"export"}})).list;
    EXPECT_EQ(actions[0].details, (ActionDetails{{"what", "close"}, {"month", "2026-03"}}));
    EXPECT_EQ(actions[0].by.name, "anna");
}

TEST_P(MonthCloseCommands, a_close_is_done_when_what_is_found_until_its_end_was_accepted) {
    import({report("report_20260304.csv", {{ "914300099", "TR99" }}).string()});
    const auto code_of = [&](const char* month) {
        MonthCloseOptions options;
        options.month = month;
        options.as_of = noon + 24h;
        std::ostringstream out, err;
        return run_month_close(settings, options, out, err);
    };
    EXPECT_EQ(code_of("2026-03"), exit_code::failed);
    EXPECT_EQ(code_of("2026-02"), exit_code::done);
    EXPECT_EQ(decide(key_of_first(match()), true, "known").code, exit_code::done);
    EXPECT_EQ(code_of("2026-03"), exit_code::done);
}

TEST_P(MonthCloseCommands, what_is_asked_about_a_moment_is_answered_as_it_was_known_then) {
    const auto first = report("report_20260304.csv", {{"914300001", "TR1"}}).string();
    const auto second = report("report_20260305.csv", {{"914300099", "TR99"}}).string();
    import({first}, false, noon + 24h);
    import({second}, false, noon + 48h);
    const auto report_at = [&](Time as_of) {
        SettlementMatchOptions options{.as_of = as_of, .format = "csv", .is_report = true};
        std::ostringstream out;
        run_settlement_match(settings, options, out);
        return out.str();
    };
    EXPECT_EQ(report_at(noon + 1h).find("report_"), std::string::npos);
    EXPECT_NE(report_at(noon + 30h).find("report_20260304"), std::string::npos);
    EXPECT_EQ(report_at(noon + 30h).find("report_20260305"), std::string::npos);
    EXPECT_EQ(findings(match(noon + 30h)), Words{});
    EXPECT_EQ(findings(match(noon + 50h)), Words{"line_unknown 914300099 open"});
    // Before it was paid there was nothing to be settled, and its line was that of nothing paid.
    EXPECT_EQ(findings(match(noon - 24h)), Words{});
    // A decision of later is none of then.
    SettlementDecisionOptions accept{
        key_of_first(match(noon + 50h)), "known", "anna", true, noon + 60h};
    std::ostringstream out, err;
    EXPECT_EQ(run_settlement_decision(settings, accept, out, err), exit_code::done) << err.str();
    EXPECT_EQ(findings(match(noon + 50h)), Words{"line_unknown 914300099 open"});
    EXPECT_EQ(findings(match(noon + 70h)), Words{"line_unknown 914300099 accepted"});
}

// An accountant closes March; a report of March comes in April.
TEST_P(MonthCloseCommands, a_month_that_is_closed_never_changes_and_is_corrected_in_the_next) {
    import({report("report_20260304.csv", {{ "914300001", "TR1" }}).string()});
    MonthCloseOptions options;
    options.month = "2026-03";
    options.by = "anna";
    const auto close = [&](Time at, bool for_good = true, const std::string& reason = "") {
        auto asked = options;
        asked.closes = for_good;
        asked.reason = reason;
        asked.at = at;
        std::ostringstream out, err;
        const auto code = run_month_close(settings, asked, out, err);
        return Told{code, out.str(), err.str()};
    };
    const auto april = noon + 24h * 33;
    EXPECT_EQ(close(noon).err, "ozora-payments: 2026-03 has not ended\n");
    const auto refused = close(april);
    EXPECT_EQ(refused.code, exit_code::failed);
    EXPECT_EQ(refused.out, "");
    EXPECT_EQ(
        refused.err,
        "ozora-payments: 2026-03 has 2 open findings: explain or accept them, or "
        "give a reason to close it with them\n"
    );
    EXPECT_EQ(close(april, false, "why").code, exit_code::wrong_usage);

    const auto closed = close(april, true, "the bank is late");
    EXPECT_EQ(closed.code, exit_code::done) << closed.err;
    EXPECT_NE(
        closed.out.find("Closed on 2026-04-04T12:00:00.000Z by anna, with 2 open findings\n"
                        "Reason: the bank is late\n"),
        std::string::npos
    ) << closed.out;
    const auto books = [&](const std::string& from, const std::string& to) {
        JournalExportOptions asked;
        asked.format = "csv";
        asked.from = from;
        asked.to = to;
        asked.output = folder / "books.csv";
        std::ostringstream err;
        EXPECT_EQ(run_export_journal(settings, asked, err), exit_code::done) << err.str();
        return content_of(asked.output);
    };
    const auto march = books("2026-03-01", "2026-04-01");
    const auto late = report("report_20260311.csv", {{"914300002", "TR2"}}).string();
    import({late}, false, april + 24h);
    EXPECT_EQ(books("2026-03-01", "2026-04-01"), march);
    EXPECT_EQ(close(april + 24h * 3, false).out, closed.out);
    EXPECT_EQ(close(april + 24h * 3).out, closed.out) << "closing it again changes nothing";

    const auto of_april = books("2026-04-01", "2026-05-01");
    for (const auto* row :
         {"EUR-report_20260311-fee-merchant-corrected-2026-04-01,2026-04-01,fee",
          "EUR-report_20260311-payout-corrected-2026-04-01,2026-04-01,payout",
          "\"SimplePay payout, corrected of 2026-03-11\""})
        EXPECT_NE(of_april.find(row), std::string::npos) << row << "\n" << of_april;
    EXPECT_EQ(of_april.find("TR2"), std::string::npos) << "what was booked is as it was";

    auto february = options;
    february.month = "2026-02";
    february.closes = true;
    february.at = april + 24h * 4;
    std::ostringstream out, err;
    EXPECT_EQ(run_month_close(settings, february, out, err), exit_code::done);
    EXPECT_NE(out.str().find("Closed on 2026-04-04"), std::string::npos) << out.str();
    EXPECT_EQ(GetParam().verify(place).differences, std::vector<Difference>{});
}

TEST_P(MonthCloseCommands, what_was_heard_just_before_a_close_is_part_of_it) {
    const auto id = open(3).id;
    const auto end = noon + 24h * 29 + 10h;  // of March in Budapest
    auto heard = Heard::about(id, Source::query, end - 1ms, {accepted("914300003"), captured()});
    RecordedMeanwhile clock{*store, end + 2ms, std::move(heard)};
    const auto zone = TimeZone::load(settings.time_zone).value();
    const auto kept = settlements_of(database_of(settings), settlement_rules_of(settings));
    const auto month = settlement::journal::read_month("2026-03").value();
    MonthToClose what{month, "the bank is late", "", {"anna", "Anna"}, clock.now()};
    const auto closed = run(close_month(*store, *kept, clock, zone, std::move(what))).value().close;
    EXPECT_EQ(run(store->transaction(id))->status, Status::paid);

    MonthCloseRequest request{month, {end + 24h}, {"anna", "Anna"}, end + 24h};
    const auto later = run(month_close(*store, *kept, zone, std::move(request))).close;
    EXPECT_EQ(later.books_sha256, closed.books_sha256);
}

// What an auditor has: our books, and the files that were imported.
TEST_P(MonthCloseCommands, a_month_that_is_closed_is_the_same_from_exported_files) {
    import({report("report_20260304.csv", {{ "914300001", "TR1" }}).string()});
    MonthCloseOptions options;
    options.month = "2026-03";
    options.by = "anna";
    const auto april = noon + 24h * 33;
    const auto close = [&](const MonthCloseOptions& asked, bool is_of_files) {
        std::ostringstream out, err;
        const auto code = is_of_files ? run_month_close(asked, out, err)
                                      : run_month_close(settings, asked, out, err);
        EXPECT_EQ(code, exit_code::done) << err.str();
        return out.str();
    };
    auto for_good = options;
    for_good.closes = true;
    for_good.reason = "the bank is late";
    for_good.at = april;
    const auto closed = close(for_good, false);
    const auto late = report("report_20260311.csv", {{"914300002", "TR2"}}).string();
    import({late}, false, april + 24h);
    // What was open then is accepted since, and stays open in that close.
    SettlementDecisionOptions accept{
        key_of_first(match(april + 36h)), "known by now", "anna", true, april + 48h};
    std::ostringstream told, mistakes;
    EXPECT_EQ(run_settlement_decision(settings, accept, told, mistakes), exit_code::done);

    options.as_of = april + 24h * 300;
    options.books = folder / "books.json";
    options.manifest = folder / "files.json";
    run_export_books(settings, {options.books, "anna"});
    std::ofstream{options.manifest} << R"([{"file":"report_20260304.csv","account":"MERCHANT-1"},)"
                                    << R"({"file":"report_20260311.csv","account":"MERCHANT-1"}])";
    EXPECT_EQ(close(options, true), closed);
    const auto books = [&](const std::string& from, const std::string& to, bool is_of_files) {
        JournalExportOptions asked;
        asked.format = "csv";
        asked.from = from;
        asked.to = to;
        asked.output = folder / "books.csv";
        if (is_of_files) asked.books = options.books, asked.manifest = options.manifest;
        std::ostringstream err;
        const auto code =
            is_of_files ? run_export_journal(asked, err) : run_export_journal(settings, asked, err);
        EXPECT_EQ(code, exit_code::done) << err.str();
        return content_of(asked.output);
    };
    for (const auto& [from, to] :
         {std::pair{"2026-03-01", "2026-04-01"}, std::pair{"2026-04-01", "2026-05-01"},
          std::pair{"", ""}})
        EXPECT_EQ(books(from, to, true), books(from, to, false)) << from;
    EXPECT_NE(books("2026-04-01", "", true).find("-corrected-2026-04-01"), std::string::npos);

    std::ofstream{options.manifest} << "[]";
    std::ostringstream out, err;
    EXPECT_EQ(run_month_close(options, out, err), exit_code::wrong_usage);
    EXPECT_NE(
        err.str().find("must list the 1 files that 2026-03 was closed with"), std::string::npos
    ) << err.str();
}

TEST_P(MonthCloseCommands, books_begin_before_anything_of_them_is_read) {
    const auto zone = TimeZone::load("Europe/Budapest").value();
    const auto kept = settlements_of(database_of(settings), settlement_rules_of(settings));
    const BooksRequest request{{}, settlement::journal::FileFormat::csv_plain, {noon + 24h * 9}};
    BooksExport books{*store, *kept, zone, request};
    const auto head = run(books.next());
    EXPECT_EQ(head, settlement::journal::head_of(request.format));
    // What comes behind the head is read then.
    import({report("report_20260304.csv", {{ "914300001", "TR1" }}).string()});
    std::string text;
    for (auto piece = run(books.next()); !piece.empty(); piece = run(books.next())) text += piece;
    EXPECT_NE(text.find("report_20260304"), std::string::npos) << text;
    EXPECT_EQ(books.movements(), 6U);  // two captures, three parts of a fee, a payout
}

TEST_P(MonthCloseCommands, a_close_of_no_month_says_so_and_is_nowhere_on_record) {
    MonthCloseOptions options;
    options.month = "March";
    std::ostringstream out, err;
    EXPECT_EQ(run_month_close(settings, options, out, err), exit_code::wrong_usage);
    EXPECT_EQ(err.str(), "ozora-payments: --month must be one such as 2026-11\n");
    EXPECT_EQ(out.str(), "");
    options.month = "2026-03";
    options.books = folder / "books.json";
    EXPECT_EQ(run_month_close(options, out, err), exit_code::wrong_usage);
    EXPECT_TRUE(run(store->actions({{true, {}}, "", {"export"}})).list.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Stores, MonthCloseCommands, testing::ValuesIn(store_kinds()),
    [](const auto& about) { return about.param.name; }
);

}  // namespace
}  // namespace payments
