// The pages of the back office, as they leave the binary.
#include "http/console/shell.hpp"

#include <gtest/gtest.h>

#include "fixtures/gunzip.hpp"
#include "http/server/gzip.hpp"

namespace payments::http {
namespace {

const std::string packed_shell_script = gzip("the script");
const Asset shell_assets[] = {
    {"/index.html", "<!doctype html><div id=\"root\"></div>"},
    {"/assets/main-B4ZY6VpT.js.gz", packed_shell_script},
    {"/icon.svg", "<svg/>"},
};

class ConsoleShellTest : public testing::Test {
protected:
    static std::string header(const Response& response, std::string_view name) {
        for (const auto& [known, value] : response.headers)
            if (known == name) return value;
        return "";
    }
    std::optional<Response> at(std::string_view path) const { return shell.at(path, Request{}); }

    const ConsoleShell shell{shell_assets};
};

TEST_F(ConsoleShellTest, every_address_below_it_is_the_one_page) {
    for (const auto* path :
         {"/console/", "/console/payments/123", "/console/index.html", "/console/tickets/42",
          "/console/sign-in"}) {
        const auto page = at(path);
        ASSERT_TRUE(page) << path;
        EXPECT_EQ(page->status, 200) << path;
        EXPECT_EQ(page->payload(), shell_assets[0].bytes) << path;
        EXPECT_EQ(header(*page, "Cache-Control"), "no-cache") << path;
    }
}

TEST_F(ConsoleShellTest, the_page_is_told_where_operations_have_been_moved) {
    constexpr Asset assets[] = {
        {"/index.html", "<meta name=\"moved-paths\" content=\"{{moved-paths}}\" />"},
    };
    const ConsoleShell moved{assets, {{"/payments/find", "/api/find&all"}}};
    const auto page = moved.at("/console/payments", Request{}).value();
    EXPECT_EQ(
        page.payload(),
        "<meta name=\"moved-paths\""
        " content=\"{&quot;/payments/find&quot;:&quot;/api/find&amp;all&quot;}\" />"
    );
    Request packing;
    packing.headers.emplace_back("accept-encoding", "gzip");
    const std::string packed{moved.at("/console/", packing)->payload()};
    EXPECT_EQ(testing_support::gunzip(packed), page.payload());
    // A copy refers to what it was made of, also when that is gone.
    auto original = std::make_optional(moved);
    const ConsoleShell copy = *original;
    original.reset();
    EXPECT_EQ(copy.at("/console/", Request{})->payload(), page.payload());
    EXPECT_EQ(
        ConsoleShell{assets}.at("/console/", Request{})->payload(),
        "<meta name=\"moved-paths\" content=\"{}\" />"
    );
}

TEST_F(ConsoleShellTest, nothing_foreign_runs_in_it_and_nobody_looks_into_it) {
    for (const auto* path : {"/console/", "/console/assets/main-B4ZY6VpT.js"}) {
        const auto page = at(path).value();
        EXPECT_EQ(
            header(page, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        );
        EXPECT_EQ(header(page, "Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(header(page, "Cross-Origin-Resource-Policy"), "same-origin");
        EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(header(page, "X-Content-Type-Options"), "nosniff");
    }
}

TEST_F(ConsoleShellTest, files_named_by_their_content_are_kept_for_ever) {
    const auto script = at("/console/assets/main-B4ZY6VpT.js").value();
    EXPECT_EQ(script.payload(), "the script");
    EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(at("/console/icon.svg").value(), "Cache-Control"), "no-cache");
}

TEST_F(ConsoleShellTest, a_file_of_an_older_build_is_not_the_page) {
    EXPECT_FALSE(at("/console/assets/main-AAAAAAA1.js"));
}

TEST_F(ConsoleShellTest, its_address_without_the_slash_leads_to_it) {
    const auto answer = at("/console").value();
    EXPECT_EQ(answer.status, 308);
    EXPECT_EQ(header(answer, "Location"), "/console/");
    EXPECT_EQ(header(answer, "Cache-Control"), "no-store");  // there may be no console tomorrow
    EXPECT_FALSE(at("/consoles"));
    EXPECT_FALSE(at("/"));
}

TEST_F(ConsoleShellTest, without_its_files_there_is_nothing) {
    const ConsoleShell nothing{{}};
    EXPECT_FALSE(nothing.at("/console/", Request{}));
    EXPECT_FALSE(nothing.at("/console", Request{}));
}

}  // namespace
}  // namespace payments::http
