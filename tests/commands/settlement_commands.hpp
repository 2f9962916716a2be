#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/contexts.hpp"
#include "commands/check_config.hpp"
#include "commands/exit_code.hpp"
#include "commands/settlement/check.hpp"
#include "commands/settlement/export_books.hpp"
#include "commands/settlement/export_journal.hpp"
#include "commands/settlement/ledger.hpp"
#include "commands/settlement/month_close.hpp"
#include "fixtures/store_contract.hpp"
#include "flow/settlement/export_books.hpp"
#include "settlement/readers/readers.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

// Settlements from the command line, in both databases: what its tests share.
namespace payments::testing_support {

namespace fs = std::filesystem;

inline std::string content_of(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// What a command has said.
struct ToldByCommand {
    int code;
    std::string out, err;
};

class SettlementCommands : public StoreContract {
protected:
    using Words = std::vector<std::string>;

    void SetUp() override {
        StoreContract::SetUp();
        fs::create_directories(folder);
        auto& database = settings.database;
        (place.starts_with("postgresql:") ? database.url : database.path) = place;
        database.connections = 1;
        database.timeout = 10s;
        settings.time_zone = "Europe/Budapest";
        for (std::int64_t ticket = 1; ticket <= 2; ++ticket) {
            const auto id = open(ticket).id;
            record(id, {accepted("91430000" + std::to_string(id)), captured()});
        }
    }
    void TearDown() override {
        fs::remove_all(folder);
        StoreContract::TearDown();
    }

    // A report of SimplePay: each row is an id at SimplePay and our reference, of 220 EUR.
    fs::path report(
        const std::string& name, const std::vector<std::pair<std::string, std::string>>& rows
    ) {
        const auto sample = content_of(
            fs::path{PROJECT_ROOT} / "tests/settlement/data/simplepay-report-eur_20260708.csv"
        );
        std::ofstream out{folder / name, std::ios::binary};
        out << sample.substr(0, sample.find('\n') + 1);
        for (const auto& [id, reference] : rows)
            out << "COMPLETED;Bankkártyás fizetés;" << id << ";" << reference
                << ";2026-03-02 13:00:00;2026-03-02 13:01:00;EUR;3,96;0,44;0,33;3,19;220,00;216,04;"
                   "K;K;https://tickets.example;Kitalált Anna;anna@example.com;\n";
        return folder / name;
    }
    ToldByCommand import(std::vector<std::string> files, bool only_tries = false, Time at = noon) {
        SettlementImportOptions options;
        options.at = at;
        options.files = std::move(files);
        options.account = "MERCHANT-1";
        options.only_tries = only_tries;
        options.as_json = true;
        std::ostringstream out, err;
        const auto code = run_settlement_import(settings, options, out, err);
        return {code, out.str(), err.str()};
    }
    // Imports a report with a payment that nobody knows, and writes the same as files: the books,
    // whose place it gives, and a manifest files.json.
    fs::path import_and_export() {
        import({report("report_20260304.csv", {{"914300001", "TR1"}, { "914300099", "TR99" }})});
        auto books = folder / "books.json";
        run_export_books(settings, {books.string(), "anna"});
        std::ofstream{folder / "files.json"}
            << R"([{"file":"report_20260304.csv","account":"MERCHANT-1"}])";
        return books;
    }
    Words mistakes_of_mapping() const {
        auto mistakes = mistakes_in_files(settings);
        std::erase_if(mistakes, [](const std::string& one) {
            return one.find("PAYMENTS_SETTLEMENT_MAPPING") == std::string::npos;
        });
        return mistakes;
    }
    ToldByCommand match(Time as_of = noon + 24h) {
        SettlementMatchOptions options;
        options.as_of = as_of;
        options.format = "json";
        std::ostringstream out;
        const auto code = run_settlement_match(settings, options, out);
        return {code, out.str(), ""};
    }
    ToldByCommand decide(
        const std::string& finding, bool accepts, const std::string& reason = "a test payment",
        const std::string& by = "anna"
    ) {
        std::ostringstream out, err;
        SettlementDecisionOptions options{finding, reason, by, accepts, noon};
        const auto code = run_settlement_decision(settings, options, out, err);
        return {code, out.str(), err.str()};
    }
    // "kind subject state" of each finding.
    static std::vector<std::string> findings(const ToldByCommand& told) {
        std::vector<std::string> list;
        const auto document = json::parse(told.out).value();
        for (const auto& one : json::find(document.get_object(), "findings")->get_array()) {
            const auto& item = one.get_object();
            list.push_back(
                json::string_or(item, "kind", "") + " " + json::string_or(item, "subject", "") +
                " " + json::string_or(item, "state", "")
            );
        }
        return list;
    }
    static std::string key_of_first(const ToldByCommand& told) {
        const auto document = json::parse(told.out).value();
        const auto& list = json::find(document.get_object(), "findings")->get_array();
        return json::string_or(list.at(0).get_object(), "key", "");
    }

    Settings settings;
    const fs::path folder =
        fs::temp_directory_path() / ("settlement-test-" + std::to_string(::getpid()));
};

}  // namespace payments::testing_support
