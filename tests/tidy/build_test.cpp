#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "tidy/files.hpp"

// How the programs are compiled, as compile_commands.json of this build has it.
namespace payments::tidy {
namespace {

using Levels = std::map<std::string, std::set<std::string>>;

// The optimisation that counts, the last on the command line, of each object of a target.
void note_level(const std::string& command, Levels& levels) {
    static const std::regex object{R"(-o CMakeFiles/([\w-]+)\.dir/)"};
    static const std::regex level{R"( (-O\w?)(?= ))"};
    std::smatch target;
    if (!std::regex_search(command, target, object)) return;
    std::string last = "none";
    const std::sregex_iterator end;
    for (std::sregex_iterator it{command.begin(), command.end(), level}; it != end; ++it)
        last = (*it)[1];
    levels[target[1]].insert(last);
}

// Of an inline function that several objects hold the linker keeps the first copy for all of them,
// so a single object without optimisation slows down the whole program (docs/performance.md).
TEST(Tidy, all_of_the_service_is_compiled_with_the_same_optimisation) {
    std::ifstream commands{fs::path{BUILD_ROOT} / "compile_commands.json"};
    Levels levels;
    for (std::string line; std::getline(commands, line);) note_level(line, levels);
    std::set<std::string> of_the_service;
    for (const auto* target : {"payment", "service", "ozora-payments"}) {
        ASSERT_TRUE(levels.contains(target)) << target;
        of_the_service.merge(levels[target]);
    }
    EXPECT_EQ(of_the_service.size(), 1u) << *of_the_service.begin() << " and others";
    EXPECT_FALSE(of_the_service.contains("none"));
}

TEST(Tidy, another_optimisation_is_found) {
    Levels levels;
    note_level(R"("command": "c++ -O2 -Wall -o CMakeFiles/service.dir/a.o -c a.cpp")", levels);
    note_level(R"("command": "c++ -O2 -O0 -Wall -o CMakeFiles/service.dir/b.o -c b.cpp")", levels);
    note_level(R"("command": "c++ -O2 -o tests/CMakeFiles/x.dir/b.o -c b.cpp")", levels);
    EXPECT_EQ(levels, (Levels{{"service", {"-O0", "-O2"}}}));
}

// What clang 14, which ./run compiles by, cannot read of g++ 12's library: views, and algorithms
// that return a subrange.
bool is_unreadable_by_clang(const std::string& line) {
    static const std::regex form{
        R"(std::views::|std::ranges::(subrange|stable_partition|partition|remove|remove_if|unique)"
        R"(|rotate|search|search_n|find_end|equal_range)\b)"};
    return std::regex_search(line, form);
}

TEST(Tidy, nothing_is_written_that_the_compiler_of_run_cannot_read) {
    for (const auto& file : cpp_files({"src", "sandbox", "tests/fuzz"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            EXPECT_FALSE(is_unreadable_by_clang(file.lines[i])) << at(file, i) << file.lines[i];
}

TEST(Tidy, what_the_compiler_of_run_cannot_read_is_found) {
    EXPECT_TRUE(is_unreadable_by_clang("std::ranges::stable_partition(postings, is_gain);"));
    EXPECT_TRUE(is_unreadable_by_clang("for (auto x : all | std::views::reverse)"));
    EXPECT_FALSE(is_unreadable_by_clang("std::ranges::partition_point(all, is_early);"));
    EXPECT_FALSE(is_unreadable_by_clang("std::ranges::sort(all);"));
}

// A command of the project works on a machine where no other has run: it installs what it needs
// before it builds, and the npm packages of what it runs by Node. Proven by scripts/fresh-root.
TEST(Tidy, every_command_of_the_tests_installs_what_it_needs) {
    int seen = 0;
    for (const auto& file : files_below("tests", {""})) {
        if (!file.path.ends_with("/run")) continue;
        std::string text;
        for (const auto& line : file.lines) text += line + "\n";
        const auto install = text.find("scripts/install ");
        EXPECT_NE(install, std::string::npos) << file.path;
        EXPECT_LT(install, std::min(text.find("scripts/build"), text.find("scripts/compile")))
            << file.path;
        if (text.find(".mjs") != std::string::npos) {
            EXPECT_NE(text.find("scripts/npm-packages "), std::string::npos) << file.path;
        }
        ++seen;
    }
    EXPECT_GE(seen, 7);
}

}  // namespace
}  // namespace payments::tidy
