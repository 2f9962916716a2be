// Files for accountants from the command line.
#include "commands/export.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "commands/exit_code.hpp"
#include "fixtures/store_contract.hpp"
#include "http/api/office/export_money.hpp"

namespace payments {

using namespace testing_support;

class ExportCommand : public StoreContract {
protected:
    void SetUp() override {
        StoreContract::SetUp();
        std::filesystem::create_directories(folder);
        auto& database = settings.database;
        (place.starts_with("postgresql:") ? database.url : database.path) = place;
        database.connections = 1;
        database.timeout = 10s;
        settings.time_zone = "Europe/Budapest";
        for (std::int64_t ticket = 42; ticket < 45; ++ticket)
            record(open(ticket).id, {captured(), refunded("re_" + std::to_string(ticket), 500)});
    }
    void TearDown() override {
        std::filesystem::remove_all(folder);
        StoreContract::TearDown();
    }

    ExportOptions march(std::string what) {
        ExportOptions options;
        options.what = std::move(what);
        options.from = "2026-03-01";
        options.to = "2026-04-01";
        options.output = folder / "file.csv";
        return options;
    }
    std::string written() {
        std::ifstream in{folder / "file.csv"};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    // What exportCsv would send.
    std::string sent(ExportRequest request) {
        const auto zone = TimeZone::load("Europe/Budapest").value();
        request.from = zone.start_of(std::chrono::March / 1 / 2026);
        request.to = zone.start_of(std::chrono::April / 1 / 2026);
        http::MoneyExport file{*store, {true, {}}, request, zone};
        std::string text;
        for (auto piece = run(file.next()); !piece.empty(); piece = run(file.next())) text += piece;
        return text;
    }
    std::size_t files() {
        return static_cast<std::size_t>(std::distance(
            std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{}
        ));
    }

    Settings settings;
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("export-" + std::to_string(getpid()));
};

INSTANTIATE_TEST_SUITE_P(, ExportCommand, testing::ValuesIn(store_kinds()), [](const auto& kind) {
    return kind.param.name;
});

TEST_P(ExportCommand, writes_what_the_service_would_send_and_puts_it_on_record) {
    ExportRequest request;
    EXPECT_EQ(run_export(settings, march("movements")), exit_code::done);
    EXPECT_EQ(written(), sent(request));
    EXPECT_NE(written().find("TR3-re_44,2026-03-02T13:01:00+01:00,given_back"), std::string::npos);
    auto options = march("payments");
    options.form = "excel-hu";
    options.is_personal = true;
    options.fee_types = {"FULL-FEE"};
    options.by = "Kata";
    request.what = ExportRequest::What::payments;
    request.form = CsvForm::excel_hu;
    request.is_personal = true;
    EXPECT_EQ(run_export(settings, options), exit_code::done);
    EXPECT_EQ(written(), sent(request));
    EXPECT_EQ(files(), 1U);
    const auto access = std::filesystem::status(folder / "file.csv").permissions();
    EXPECT_EQ(access, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

    const auto actions = run(store->actions({{true, {}}, "", {"export"}})).list;
    ASSERT_EQ(actions.size(), 2U);
    EXPECT_EQ(actions[0].by.name, "Kata");
    EXPECT_EQ(actions[0].details.at("personal"), "true");
    EXPECT_EQ(actions[1].by.sub, "command line");
    EXPECT_NE(actions[1].by.name, "");
}

TEST_P(ExportCommand, names_each_wrong_option_and_writes_nothing) {
    auto options = march("all");
    options.from = "yesterday";
    options.fee_types = {"full fee"};
    options.by_creation = options.is_personal = true;
    testing::internal::CaptureStderr();
    EXPECT_EQ(run_export(settings, options), exit_code::wrong_usage);
    const auto told = testing::internal::GetCapturedStderr();
    for (const auto* flag : {"--what ", "--from ", "--fee-type "})
        EXPECT_NE(told.find(flag), std::string::npos) << told;
    EXPECT_EQ(files(), 0U);
    EXPECT_TRUE(run(store->actions({{true, {}}, "", {"export"}})).list.empty());
}

TEST_P(ExportCommand, leaves_the_file_of_before_when_it_comes_to_no_end) {
    ASSERT_EQ(run_export(settings, march("movements")), exit_code::done);
    const auto before = written();
    // As a ledger that was damaged: the payment cannot be read.
    GetParam().execute(place, "UPDATE transactions SET status = 'lost' WHERE id = 2");
    EXPECT_THROW(run_export(settings, march("movements")), StoreDown);
    EXPECT_EQ(written(), before);
    EXPECT_EQ(files(), 1U);
}

}  // namespace payments
