#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// House rules, held by an ordinary test: who may include whom, and that everything fits a screen.
namespace payments {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

constexpr int columns_max = 100;
constexpr int function_lines_max = 70;
constexpr int file_lines_max = 450;
constexpr std::size_t rooms_max = 25;
constexpr int test_file_lines_max = 600;  // a table of stories may be long

struct File {
    std::string path;  // from the root of the project
    Strings lines;
};

Strings lines_of(const fs::path& path) {
    std::ifstream file{path};
    Strings lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

// All files with one of these endings below a folder; those of others (node_modules) are not ours.
std::vector<File> files_below(const std::string& folder, const Strings& endings) {
    const fs::path root{PROJECT_ROOT};
    std::vector<File> files;
    for (fs::recursive_directory_iterator entry{root / folder}, end; entry != end; ++entry) {
        const auto name = entry->path().filename().string();
        if (name == "node_modules" || name == "dist") {
            entry.disable_recursion_pending();
            continue;
        }
        const bool wanted =
            std::ranges::find(endings, entry->path().extension().string()) != endings.end();
        if (entry->is_regular_file() && wanted)
            files.push_back({fs::relative(entry->path(), root).string(), lines_of(entry->path())});
    }
    std::ranges::sort(files, {}, &File::path);
    return files;
}

std::vector<File> cpp_files(const Strings& folders) {
    std::vector<File> files;
    for (const auto& folder : folders)
        std::ranges::move(files_below(folder, {".hpp", ".cpp"}), std::back_inserter(files));
    return files;
}

std::string at(const File& file, std::size_t line) {
    return file.path + ":" + std::to_string(line + 1) + ": ";
}

bool starts_with_one_of(std::string_view text, const Strings& starts) {
    return std::ranges::any_of(starts, [&](const auto& start) { return text.starts_with(start); });
}

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
// The first row whose folder a file is in decides. `payment/error.hpp` and `flow/task.hpp` are the two
// words everybody speaks: what a caller may cause, and a coroutine.
const Arrow arrows[] = {
    {"src/payment/", {"payment/"}, {"boost/system/result.hpp"}},
    {"src/flow/", {"payment/", "flow/", "support/log.hpp"}, {"boost/asio/"}},
    {"src/http/server/", {"payment/error.hpp", "flow/task.hpp", "support/", "http/server/"}, {""}},
    {"src/http/auth/", {"payment/", "flow/task.hpp", "support/", "http/auth/"}, {""}},
    {"src/http/api/", {"payment/", "flow/", "support/", "http/"}, {""}},
    {"src/gateway/simplepay/",
     {"payment/", "flow/", "support/", "gateway/simplepay/", "gateway/https_client.hpp", "gateway/refund_outcomes.hpp"}, {""}},
    {"src/gateway/stripe/",
     {"payment/", "flow/", "support/", "gateway/stripe/", "gateway/https_client.hpp", "gateway/refund_outcomes.hpp"}, {""}},
    {"src/gateway/", {"payment/", "flow/", "support/", "gateway/"}, {""}},
    {"src/storage/rules/", {"payment/", "flow/ports.hpp", "support/", "storage/rules/"}, {""}},
    {"src/storage/verify/", {"payment/", "support/", "storage/rules/", "storage/verify/"}, {""}},
    {"src/storage/sqlite/",
     {"payment/", "flow/", "support/", "storage/rules/", "storage/verify/", "storage/sqlite/", "storage/migration_files.hpp"}, {""}},
    {"src/storage/postgres/",
     {"payment/", "flow/", "support/", "storage/rules/", "storage/verify/", "storage/postgres/", "storage/migration_files.hpp"}, {""}},
    {"src/storage/", {"payment/", "flow/", "support/", "storage/"}, {""}},
    {"src/support/", {"payment/", "flow/ports.hpp", "support/"}, {""}},
    {"src/config/", {"payment/", "support/", "config/"}, {"boost/asio/ip/", "unistd.h"}},
    {"sandbox/", {"payment/", "flow/task.hpp", "http/server/", "http/auth/", "support/", "sandbox/"}, {""}},
};
// clang-format on

// These compose the process, and see everyone.
const Strings composers{"src/main.cpp", "src/app/", "src/commands/"};

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

// --------------------------------------------------------------------------------- sizes

// Characters, not bytes (UTF-8 continuation bytes do not count), and a run of blanks as one: the
// formatter pads the columns of a table as wide as they need.
int columns(const std::string& line) {
    const auto start = std::min(line.find_first_not_of(' '), line.size());
    int count = static_cast<int>(start);
    for (auto i = start; i < line.size(); ++i) {
        const bool is_continuation = (line[i] & 0xc0) == 0x80;
        const bool is_padding = line[i] == ' ' && line[i - 1] == ' ';
        if (!is_continuation && !is_padding) ++count;
    }
    return count;
}

TEST(Tidy, no_line_is_wider_than_100_columns) {
    Strings wrong;
    for (const auto& file : cpp_files({"src", "sandbox", "tests"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (columns(file.lines[i]) > columns_max) wrong.push_back(at(file, i));
    EXPECT_EQ(wrong, Strings{});
}

// A source with its header, and its test, is one room.
TEST(Tidy, no_folder_holds_more_than_25_rooms) {
    std::map<std::string, std::set<std::string>> rooms;
    const Strings endings{".hpp", ".cpp", ".mjs", ".ts", ".tsx", ".sql"};
    for (const auto* folder : {"src", "sandbox", "tests", "web"})
        for (const auto& file : files_below(folder, endings)) {
            const fs::path path{file.path};
            rooms[path.parent_path().string()].insert(path.stem().string());
        }
    Strings wrong;
    for (const auto& [folder, names] : rooms)
        if (names.size() > rooms_max) wrong.push_back(folder + ": " + std::to_string(names.size()));
    EXPECT_EQ(wrong, Strings{});
}

TEST(Tidy, no_file_is_two_rooms) {
    Strings wrong;
    for (const auto& file : cpp_files({"src", "sandbox", "tests"})) {
        const auto most = file.path.starts_with("tests/") ? test_file_lines_max : file_lines_max;
        if (file.lines.size() > static_cast<std::size_t>(most)) wrong.push_back(file.path);
    }
    EXPECT_EQ(wrong, Strings{});
}

// The code alone: comments, the insides of literals and preprocessor lines become blanks, so that
// braces can be counted. Line breaks stay.
class Stripper {
public:
    static std::string strip(const File& file) {
        std::string text;
        for (const auto& line : file.lines) text += (line.starts_with('#') ? "" : line) + "\n";
        return Stripper{std::move(text)}.run();
    }

private:
    explicit Stripper(std::string text) : text_(std::move(text)) {}

    std::string run() {
        for (std::size_t i = 0; i < text_.size();) i = step(i);
        return std::move(text_);
    }

    std::size_t step(std::size_t i) {
        if (text_.compare(i, 2, "//") == 0) return blank(i, text_.find('\n', i));
        if (text_.compare(i, 2, "/*") == 0) return blank(i, text_.find("*/", i) + 2);
        const bool after_word =
            i > 0 && std::isalnum(static_cast<unsigned char>(text_[i - 1])) != 0;
        if (text_.compare(i, 2, "R\"") == 0 && !after_word) return blank(i, end_of_raw(i));
        if (text_[i] == '"') return blank(i, end_of_literal(i, '"'));
        if (text_[i] == '\'' && !after_word) return blank(i, end_of_literal(i, '\''));
        return i + 1;
    }

    std::size_t end_of_raw(std::size_t start) const {
        const auto open = text_.find('(', start);
        const auto close = ")" + text_.substr(start + 2, open - start - 2) + "\"";
        return text_.find(close, open) + close.size();
    }

    std::size_t end_of_literal(std::size_t start, char quote) const {
        auto i = start + 1;
        while (i < text_.size() && text_[i] != quote) i += text_[i] == '\\' ? 2 : 1;
        return i + 1;
    }

    std::size_t blank(std::size_t from, std::size_t to) {
        to = std::min(to, text_.size());
        for (auto i = from; i < to; ++i)
            if (text_[i] != '\n') text_[i] = ' ';
        return to;
    }

    std::string text_;
};

struct Function {
    std::string name;
    std::size_t line;  // where its declaration begins, from 0
    int lines;
};

// What stands before a brace: does it open the body of a function?
bool declares_function(std::string_view before) {
    int depth = 0;
    bool has_parentheses = false;
    for (const char c : before) {
        if (c == '(') has_parentheses = true;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == '=' && depth == 0 && before.find("operator") == std::string_view::npos)
            return false;
    }
    return has_parentheses && depth == 0;
}

// Functions outside of others, with the lines from their declaration to their last brace.
std::vector<Function> functions_in(const File& file) {
    const auto code = Stripper::strip(file);
    std::vector<Function> found;
    std::vector<bool> open;  // a brace for each level: is it a function's?
    std::size_t declaration = 0;
    Function current;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const bool inside = std::ranges::find(open, true) != open.end();
        if (code[i] == '{') {
            const auto first = std::min(code.find_first_not_of(" \n", declaration), i);
            const std::string before = code.substr(first, i - first);
            const bool is_function = !inside && declares_function(before);
            if (is_function) {
                const auto line = std::count(code.begin(), code.begin() + first, '\n');
                current = {before.substr(0, before.find('(')), static_cast<std::size_t>(line), 0};
            }
            open.push_back(is_function);
        }
        if (code[i] == '}' && !open.empty()) {
            if (open.back()) {
                const auto last = std::count(code.begin(), code.begin() + i, '\n');
                current.lines = static_cast<int>(last) - static_cast<int>(current.line) + 1;
                found.push_back(current);
            }
            open.pop_back();
        }
        const bool ends_something = code[i] == '{' || code[i] == '}' || code[i] == ';';
        if (ends_something && std::ranges::find(open, true) == open.end()) declaration = i + 1;
    }
    return found;
}

TEST(Tidy, no_function_is_longer_than_70_lines) {
    Strings wrong;
    for (const auto& file : cpp_files({"src", "sandbox", "tests"}))
        for (const auto& function : functions_in(file))
            if (function.lines > function_lines_max)
                wrong.push_back(
                    at(file, function.line) + function.name + ", " + std::to_string(function.lines)
                );
    EXPECT_EQ(wrong, Strings{});
}

TEST(Tidy, the_measure_of_functions_finds_them_all) {
    const File file{
        "example.cpp",
        {
            "#define BRACE {",
            "namespace x {",
            "struct Y {",
            "    Y(int a) : a_{a}, b_(\"}{\") {}  // } {",
            "    bool operator==(const Y&) const {",
            "        return '{' == a_ || 1'000 > a_;",
            "    }",
            "    int a_ = 2;",
            "};",
            "const Y table[] = {",
            "    {1}, [] { return 3; }(),",
            "};",
            "int f(int a = 1) {",
            "    if (a) {",
            "        return R\"(})\";",
            "    }",
            "    auto g = [](int) { return 4; };",
            "}",
            "}",
        }};
    std::map<std::string, int> lines;
    for (const auto& function : functions_in(file)) lines[function.name] += function.lines;
    EXPECT_EQ(lines["bool operator=="], 3);
    EXPECT_EQ(lines["int f"], 6);
    EXPECT_EQ(lines.count("const Y table[] ="), 0U);
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
    const Strings folders{"src", "sandbox", "tests", "scripts", "cmake", "docs", "deploy"};
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
}  // namespace payments
