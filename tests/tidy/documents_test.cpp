#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tidy/files.hpp"

// What comments cite exists, and ARCHITECTURE.md stays a page about what is there.
namespace payments::tidy {
namespace {

constexpr std::size_t architecture_lines_max = 170;

// The numbered headings of each document below docs: "docs/design.md" has "3" and "3.6".
using Sections = std::map<std::string, std::set<std::string>>;

Sections sections() {
    static const std::regex heading{R"(#+ (\d+(\.\d+)*)\.? .*)"};
    Sections found;
    for (const auto& file : files_below("docs", {".md"})) {
        auto& numbers = found[file.path];
        std::smatch match;
        for (const auto& line : file.lines)
            if (std::regex_match(line, match, heading)) numbers.insert(match[1]);
    }
    return found;
}

// A file as one line, without what begins the lines of a comment: citations wrap as other text
// does.
struct Flat {
    std::string text;
    std::vector<std::size_t> starts;  // of its lines

    explicit Flat(const Strings& lines) {
        static const std::string marks = " \t/#*-";
        for (const auto& line : lines) {
            starts.push_back(text.size());
            const auto first = line.find_first_not_of(marks);
            if (first != std::string::npos) text += line.substr(first) + " ";
        }
    }
    // Most files cite nothing, and regular expressions take their time to find that out.
    bool has(std::string_view words) const { return text.find(words) != std::string::npos; }
    std::size_t line_of(std::size_t position) const {
        const auto next = std::ranges::upper_bound(starts, position);
        return static_cast<std::size_t>(next - starts.begin()) - 1;
    }
};

// "docs/x.md, 7.3 and 7.4", "docs/x.md, 4.1 to 4.3" or only the document.
Strings wrong_citations(const File& file, const Sections& known) {
    static const std::regex citation{
        R"((docs/[\w/-]+\.md)(?:, (\d+(?:\.\d+)?(?:(?:, | and | to )\d+(?:\.\d+)?)*))?)"};
    static const std::regex number{R"(\d+(\.\d+)?)"};
    Strings wrong;
    const Flat flat{file.lines};
    if (!flat.has("docs/")) return wrong;
    const std::sregex_iterator end;
    for (std::sregex_iterator it{flat.text.begin(), flat.text.end(), citation}; it != end; ++it) {
        const auto line = flat.line_of(static_cast<std::size_t>(it->position()));
        const auto document = known.find((*it)[1]);
        if (document == known.end()) {
            wrong.push_back(at(file, line) + it->str());
            continue;
        }
        const auto numbers = (*it)[2].str();
        for (std::sregex_iterator n{numbers.begin(), numbers.end(), number}; n != end; ++n)
            if (!document->second.contains(n->str()))
                wrong.push_back(at(file, line) + document->first + ", " + n->str());
    }
    return wrong;
}

// A number of a section without its document, and documents that nobody else has.
Strings homeless_citations(const File& file) {
    static const std::regex homeless{R"(\bDESIGN\b|\breference/|\b[Ss]ections? \d)"};
    constexpr std::size_t near = 60;  // "RFC 9110, sections 12 and 13"
    static const std::regex home{R"(RFC \d+|docs/[\w/-]+\.md)"};
    Strings wrong;
    const Flat flat{file.lines};
    if (!flat.has("ection") && !flat.has("DESIGN") && !flat.has("reference/")) return wrong;
    const std::sregex_iterator end;
    for (std::sregex_iterator it{flat.text.begin(), flat.text.end(), homeless}; it != end; ++it) {
        const auto position = static_cast<std::size_t>(it->position());
        const auto start = position > near ? position - near : 0;
        const auto before = flat.text.substr(start, position - start);
        const bool is_section = it->str().find("ection") != std::string::npos;
        const bool is_at_home =
            is_section ? std::regex_search(before, home) : before.ends_with("tests/");
        if (!is_at_home) wrong.push_back(at(file, flat.line_of(position)) + it->str());
    }
    return wrong;
}

std::vector<File> citing_files() {
    std::vector<File> files;
    for (const auto* folder : {"src", "sandbox", "tests", "scripts"})
        for (auto& file : files_below(folder, {".hpp", ".cpp", ".mjs", ".sql", ""}))
            if (!file.path.starts_with("tests/fuzz/corpus/") &&
                file.path != "tests/tidy/documents_test.cpp")
                files.push_back(std::move(file));
    return files;
}

TEST(Tidy, every_citation_names_a_section_that_exists) {
    const auto known = sections();
    Strings wrong;
    for (const auto& file : citing_files()) {
        std::ranges::move(wrong_citations(file, known), std::back_inserter(wrong));
        std::ranges::move(homeless_citations(file), std::back_inserter(wrong));
    }
    EXPECT_EQ(wrong, Strings{});
}

TEST(Tidy, a_wrong_citation_is_found) {
    const Sections known{{"docs/design.md", {"7", "7.3", "7.4"}}, {"docs/providers/x.md", {"4.1"}}};
    const auto wrong = [&](Strings lines) {
        return wrong_citations({"a", std::move(lines)}, known);
    };
    const Strings none;
    EXPECT_EQ(wrong({"// docs/design.md, 7.3 and 7.4; docs/design.md, 7."}), none);
    EXPECT_EQ(wrong({"# see docs/providers/x.md,", "# 4.1, and 9 others"}), none);
    EXPECT_EQ(wrong({"// as docs/design.md has it"}), none);
    EXPECT_EQ(wrong({"", "// docs/design.md, 7.5"}), Strings{"a:2: docs/design.md, 7.5"});
    EXPECT_EQ(
        wrong({"// docs/providers/x.md,", "// 4.1 to 4.3"}),
        Strings{"a:1: docs/providers/x.md, 4.3"}
    );
    EXPECT_EQ(wrong({"// docs/gone.md, 1"}), Strings{"a:1: docs/gone.md, 1"});
}

TEST(Tidy, a_citation_without_its_document_is_found) {
    const auto wrong = [](Strings lines) { return homeless_citations({"a", std::move(lines)}); };
    const Strings none;
    EXPECT_EQ(
        wrong({"// RFC 9110, sections", "// 12 and 13", "\"/tests/reference/x.json\""}), none
    );
    EXPECT_EQ(wrong({"// (section 7)"}), Strings{"a:1: section 7"});
    EXPECT_EQ(wrong({"// DESIGN, 2"}), Strings{"a:1: DESIGN"});
    EXPECT_EQ(wrong({"// see reference/stripe.md"}), Strings{"a:1: reference/"});
}

// "`src/payment/facts`": a folder, a file, or one without its ending.
Strings wrong_places(const File& file) {
    static const std::regex place{R"(`((?:src|sandbox|tests|scripts)/[\w/.-]+)`)"};
    Strings wrong;
    const std::sregex_iterator end;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const auto& line = file.lines[i];
        for (std::sregex_iterator it{line.begin(), line.end(), place}; it != end; ++it) {
            const fs::path path = fs::path{PROJECT_ROOT} / (*it)[1].str();
            const bool is_there = fs::exists(path) || fs::exists(path.string() + ".cpp") ||
                                  fs::exists(path.string() + ".hpp");
            if (!is_there) wrong.push_back(at(file, i) + (*it)[1].str());
        }
    }
    return wrong;
}

TEST(Tidy, every_place_in_the_code_that_a_document_names_exists) {
    Strings wrong;
    for (const auto& file : files_below("docs", {".md"}))
        std::ranges::move(wrong_places(file), std::back_inserter(wrong));
    for (const auto* page : {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"})
        std::ranges::move(wrong_places(file_at(page)), std::back_inserter(wrong));
    EXPECT_EQ(wrong, Strings{});
}

TEST(Tidy, a_place_that_is_gone_is_found) {
    const Strings none;
    EXPECT_EQ(wrong_places({"a", {"`src/payment/facts`, `src/app`, `src/main.cpp`"}}), none);
    EXPECT_EQ(wrong_places({"a", {"", "`src/payment/gone`"}}), Strings{"a:2: src/payment/gone"});
}

// Where a section of the design is decided in code is said below it, so that nobody has to search.
TEST(Tidy, every_section_of_the_design_names_its_code) {
    static const std::regex heading{R"(#+ ([2-8](\.\d+)?)\.? .*)"};
    Strings without;
    std::string section;
    for (const auto& line : file_at("docs/design.md").lines) {
        std::smatch match;
        if (line.starts_with("#")) {
            // A section of sections says nothing by itself.
            if (!section.empty() && section.find('.') != std::string::npos)
                without.push_back(section);
            section = std::regex_match(line, match, heading) ? match[1].str() : "";
        }
        if (line.starts_with("Code: ")) section.clear();
    }
    EXPECT_EQ(without, Strings{});
}

TEST(Tidy, the_architecture_is_one_page_and_names_every_folder) {
    const auto page = file_at("ARCHITECTURE.md");
    EXPECT_LE(page.lines.size(), architecture_lines_max);
    Strings missing;
    for (const auto& entry : fs::directory_iterator{fs::path{PROJECT_ROOT} / "src"}) {
        const auto named = "`" + entry.path().filename().string() + "/`";
        const bool is_named = std::ranges::any_of(page.lines, [&](const auto& line) {
            return line.find(named) != std::string::npos;
        });
        if (entry.is_directory() && !is_named) missing.push_back(named);
    }
    EXPECT_EQ(missing, Strings{});
}

}  // namespace
}  // namespace payments::tidy
