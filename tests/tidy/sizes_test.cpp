#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tidy/functions.hpp"

// Everything fits a screen.
namespace payments::tidy {
namespace {

constexpr int columns_max = 100;
constexpr int table_columns_max = 140;  // of a table that is read by column, between format fences
constexpr int function_lines_max = 70;
constexpr int file_lines_max = 450;
constexpr int test_file_lines_max = 600;  // a table of stories may be long
constexpr std::size_t rooms_max = 25;

const Strings cpp_folders{"src", "sandbox", "tests"};
const Strings script_folders{"clients", "sandbox", "scripts", "tests", "web"};

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
    for (const auto& files : {cpp_files(cpp_folders), script_files(script_folders)})
        for (const auto& file : files) {
            int most = columns_max;
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                if (file.lines[i] == "// clang-format off") most = table_columns_max;
                if (file.lines[i] == "// clang-format on") most = columns_max;
                if (columns(file.lines[i]) > most) wrong.push_back(at(file, i));
            }
        }
    EXPECT_EQ(wrong, Strings{});
}

// A source with its header, and its test, is one room. Migrations are none: they are a history,
// whose pages nobody moves.
TEST(Tidy, no_folder_holds_more_than_25_rooms) {
    std::map<std::string, std::set<std::string>> rooms;
    const Strings endings{".hpp", ".cpp", ".mjs", ".ts", ".tsx"};
    for (const auto* folder : {"clients", "src", "sandbox", "tests", "web"})
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
    for (const auto& file : cpp_files(cpp_folders)) {
        const auto most = file.path.starts_with("tests/") ? test_file_lines_max : file_lines_max;
        if (file.lines.size() > static_cast<std::size_t>(most)) wrong.push_back(file.path);
    }
    EXPECT_EQ(wrong, Strings{});
}

Strings too_long(const File& file, const std::vector<Function>& functions) {
    Strings wrong;
    for (const auto& function : functions)
        if (function.lines > function_lines_max)
            wrong.push_back(
                at(file, function.line) + function.name + ", " + std::to_string(function.lines)
            );
    return wrong;
}

TEST(Tidy, no_function_is_longer_than_70_lines) {
    Strings wrong;
    for (const auto& file : cpp_files(cpp_folders))
        std::ranges::move(too_long(file, cpp_functions(file)), std::back_inserter(wrong));
    for (const auto& file : script_files(script_folders))
        std::ranges::move(too_long(file, script_functions(file)), std::back_inserter(wrong));
    EXPECT_EQ(wrong, Strings{});
}

TEST(Tidy, the_measure_of_functions_finds_those_of_cpp) {
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
    for (const auto& function : cpp_functions(file)) lines[function.name] += function.lines;
    EXPECT_EQ(lines["bool operator=="], 3);
    EXPECT_EQ(lines["int f"], 6);
    EXPECT_EQ(lines.count("const Y table[] ="), 0U);
}

TEST(Tidy, the_measure_of_functions_finds_those_of_javascript) {
    const File file{
        "example.tsx",
        {
            "import { a } from 'a';",
            "const braces = `{ ${list.map((x) => {",
            "  return `${x}{`;",
            "})} {`;",
            "function f(a = {}, b: { c: number }): Promise<string[]> {",
            "  if (/[/{]/.test(a) || 4 / 2 > 1) {",
            "    return \"}\";",
            "  }",
            "  // }",
            "}",
            "class C {",
            "  async #method(x) {",
            "  }",
            "}",
            "export const arrow = async ({ x }) => {",
            "",
            "  for await (const y of x) {",
            "  }",
            "};",
            "const object = { one: 1, two: () => ({ three: 3 }) };",
            "describe('a list', () => {",
            "  it('has tests', () => {",
            "    const page = <p>It doesn't end {x}</p>;",
            "  });",
            "});",
        }};
    std::map<std::string, int> lines;
    for (const auto& function : script_functions(file)) lines[function.name] += function.lines;
    const std::map<std::string, int> expected{
        {"const braces =      list.map(", 3}, {"function f", 6},      {"async #method", 2},
        {"export const arrow = async", 5},    {"it(           ,", 3},
    };
    EXPECT_EQ(lines, expected);
}

}  // namespace
}  // namespace payments::tidy
