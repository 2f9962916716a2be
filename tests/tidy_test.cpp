#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "tidy/files.hpp"

// House rules, held by an ordinary test: who may include whom, and what nobody writes. tests/tidy
// has those about sizes and about what comments cite.
namespace payments::tidy {
namespace {

// ------------------------------------------------------------------------------ includes

struct Include {
    std::string name;
    bool is_quoted;  // "ours.hpp", else <theirs>
};

std::vector<Include> includes_in(const std::string& line) {
    if (!line.starts_with("#include ")) return {};
    const auto name = line.substr(10, line.find_first_of("\">", 10) - 10);
    return {{name, line[9] == '"'}};
}

struct Arrow {
    std::string folder;
    Strings ours;    // what "..." may begin with
    Strings theirs;  // what <...> may begin with, besides the standard library; {""} for anything
};

// clang-format off
// The first row whose folder a file is in decides. `payment/error.hpp` and `flow/task.hpp` are the
// two words everybody speaks: what a caller may cause, and a coroutine.
const Arrow arrows[] = {
    {"src/payment/", {"payment/"}, {"boost/system/result.hpp"}},
    {"src/settlement/readers/", {"payment/", "support/", "settlement/"}, {""}},
    {"src/settlement/", {"payment/", "support/", "settlement/"}, {"boost/json/"}},
    {"src/flow/settlement/", {"payment/", "settlement/", "flow/", "support/log.hpp"}, {"boost/asio/"}},
    {"src/flow/", {"payment/", "flow/", "support/log.hpp", "support/spans.hpp"}, {"boost/asio/"}},
    {"src/http/server/", {"payment/error.hpp", "flow/task.hpp", "support/", "http/server/"}, {""}},
    {"src/http/auth/", {"payment/", "flow/task.hpp", "support/", "http/auth/"}, {""}},
    {"src/http/console/", {"payment/", "flow/", "support/", "http/server/", "http/auth/", "http/console/"}, {""}},
    {"src/http/api/settlements/", {"payment/", "settlement/", "flow/", "support/", "http/"}, {""}},
    {"src/http/api/", {"payment/", "flow/", "support/", "http/"}, {""}},
    {"src/gateway/simplepay/",
     {"payment/", "flow/", "support/", "gateway/simplepay/",
      "gateway/https_client.hpp", "gateway/refund_outcomes.hpp"}, {""}},
    {"src/gateway/stripe/",
     {"payment/", "flow/", "support/", "gateway/stripe/",
      "gateway/https_client.hpp", "gateway/refund_outcomes.hpp"}, {""}},
    {"src/gateway/oidc/",
     {"payment/", "flow/", "support/", "gateway/oidc/",
      "gateway/https_client.hpp", "gateway/origin.hpp"}, {""}},
    {"src/gateway/", {"payment/", "flow/", "support/", "gateway/"}, {""}},
    {"src/storage/rules/",
     {"payment/", "flow/ports.hpp", "flow/console/", "flow/office/records.hpp",
      "flow/office/health_records.hpp", "flow/runs/run_store.hpp", "flow/settlement/settlements.hpp",
      "settlement/", "support/",
      "storage/rules/", "storage/verify/ledger_verifier.hpp"},
     {""}},
    {"src/storage/verify/", {"payment/", "support/", "storage/rules/", "storage/verify/"}, {""}},
    {"src/storage/sqlite/",
     {"payment/", "flow/", "support/", "storage/rules/", "storage/verify/", "storage/sqlite/",
      "storage/migration_files.hpp"}, {""}},
    {"src/storage/postgres/",
     {"payment/", "flow/", "support/", "storage/rules/", "storage/verify/", "storage/postgres/",
      "storage/migration_files.hpp"}, {""}},
    {"src/storage/", {"payment/", "settlement/", "flow/", "support/", "storage/"}, {""}},
    {"src/support/",
     {"payment/", "flow/ports.hpp", "flow/task.hpp", "flow/office/call_counts.hpp", "support/"}, {""}},
    {"src/config/", {"payment/", "support/", "config/"}, {"boost/asio/ip/", "unistd.h"}},
    {"sandbox/",
     {"payment/", "flow/task.hpp", "http/server/", "http/auth/", "support/", "sandbox/"}, {""}},
};
// clang-format on

// These compose the process, and see everyone.
const Strings composers{"src/main", "src/app/", "src/commands/"};

// Headers of the standard library have neither a folder nor an ending.
bool is_standard(std::string_view name) {
    return name.find_first_of("./") == std::string_view::npos;
}

bool is_allowed(const Arrow& arrow, const Include& include) {
    if (!include.is_quoted)
        return is_standard(include.name) || starts_with_one_of(include.name, arrow.theirs);
    return starts_with_one_of(include.name, arrow.ours);
}

TEST(Tidy, every_include_follows_the_arrows_of_the_architecture) {
    Strings wrong;
    for (const auto& file : cpp_files({"src", "sandbox"})) {
        const auto* arrow = std::ranges::find_if(arrows, [&](const Arrow& a) {
            return file.path.starts_with(a.folder);
        });
        if (arrow == std::end(arrows)) {
            EXPECT_TRUE(starts_with_one_of(file.path, composers)) << file.path;
            continue;
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            for (const auto& include : includes_in(file.lines[i]))
                if (!is_allowed(*arrow, include)) wrong.push_back(at(file, i) + include.name);
    }
    EXPECT_EQ(wrong, Strings{});
}

TEST(Tidy, only_the_settings_look_at_the_environment) {
    Strings wrong;
    for (const auto& file : cpp_files({"src", "sandbox"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            for (const std::string_view word : {"getenv(", "environ"})
                if (file.lines[i].find(word) != std::string::npos &&
                    file.lines[i].find("environment") == std::string::npos &&
                    file.path != "src/config/load.cpp")
                    wrong.push_back(at(file, i) + std::string{word});
    EXPECT_EQ(wrong, Strings{});
}

// --------------------------------------------------------------------------------- words

bool has_word(std::string_view line, std::string_view word) {
    const auto is_letter = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    for (auto i = line.find(word); i != std::string_view::npos; i = line.find(word, i + 1)) {
        const auto end = i + word.size();
        if ((i == 0 || !is_letter(line[i - 1])) && (end == line.size() || !is_letter(line[end])))
            return true;
    }
    return false;
}

TEST(Tidy, nothing_is_left_unfinished_or_switched_off) {
    // Written in two halves, so that this file does not find itself.
    const Strings words{
        "TO"
        "DO",
        "FIX"
        "ME",
        "HA"
        "CK",
        "GTEST"
        "_SKIP"};
    Strings wrong;
    const Strings folders{"src",     "sandbox", "clients", "tests",
                          "scripts", "cmake",   "docs",    "deploy"};
    const Strings endings{".hpp",   ".cpp", ".mjs", ".js",      ".css", ".html",
                          ".cmake", ".md",  ".sql", ".service", ""};
    for (const auto& folder : folders)
        for (const auto& file : files_below(folder, endings))
            for (std::size_t i = 0; i < file.lines.size(); ++i)
                for (const auto& word : words)
                    if (has_word(file.lines[i], word)) wrong.push_back(at(file, i) + word);
    for (const auto& file : cpp_files({"tests"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (file.lines[i].find("DISABLED"
                                   "_") != std::string::npos)
                wrong.push_back(at(file, i));
    EXPECT_EQ(wrong, Strings{});
}

}  // namespace
}  // namespace payments::tidy
