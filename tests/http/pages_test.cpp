// The API reference and the contract, as they leave the binary.
#include "http/api/pages.hpp"

#include <gtest/gtest.h>

#include "fixtures/gunzip.hpp"
#include "http/server/gzip.hpp"
#include "support/json.hpp"

namespace payments::http {
namespace {

constexpr BuildInfo build{"1.2.3", "0123456789ab", "2026-03-02T12:00:00Z"};
const std::string packed_script = gzip("the whole script");
const Asset assets[] = {
    {"/index.html",
     "<dd>{{software-version}}</dd><dd>{{git-commit-id}}</dd><time>{{build}}</time>"},
    {"/openapi.json",
     R"({"info":{"title":"O.Z.O.R.A. Payments API","description":"How."},"paths":{}})"},
    {"/assets/index-B4ZY6VpT.js.gz", packed_script},
    {"/assets/redoc.js", "another script"},
    {"/assets/some-longname.js", "a third"},
};

class PagesTest : public testing::Test {
protected:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    Response at(std::string_view path, Headers headers = {}) const {
        Request request;
        request.headers = std::move(headers);
        return pages.at(path, request).value();
    }
    static std::string header(const Response& response, std::string_view name) {
        for (const auto& [known, value] : response.headers)
            if (known == name) return value;
        return "";
    }
    const Headers packed{{"accept-encoding", "gzip"}};
    const Pages pages{assets, build, "", {}};
};

TEST_F(PagesTest, each_form_has_a_tag_of_its_own) {
    for (const auto* path : {"/assets/index-B4ZY6VpT.js", "/openapi.json"}) {
        const auto plain = at(path), small = at(path, packed);
        EXPECT_EQ(header(small, "Content-Encoding"), "gzip") << path;
        EXPECT_EQ(header(plain, "Content-Encoding"), "") << path;
        const auto tag = header(plain, "ETag"), small_tag = header(small, "ETag");
        EXPECT_NE(tag, small_tag) << path;
        EXPECT_EQ(at(path, {{"if-none-match", tag}}).status, 304) << path;
        EXPECT_EQ(at(path, {{"if-none-match", small_tag}}).status, 200) << path;
        const auto again = at(path, {{"accept-encoding", "gzip"}, {"if-none-match", small_tag}});
        EXPECT_EQ(again.status, 304) << path;
        EXPECT_EQ(header(again, "ETag"), small_tag) << path;
        for (const auto& response : {plain, small, again})
            EXPECT_EQ(header(response, "Vary"), "Accept-Encoding") << path;
    }
}

TEST_F(PagesTest, whoever_takes_nothing_packed_gets_the_same_text) {
    for (const auto* path : {"/", "/openapi.json", "/assets/index-B4ZY6VpT.js"}) {
        const auto small = at(path, packed), plain = at(path);
        EXPECT_EQ(header(small, "Content-Encoding"), "gzip") << path;
        EXPECT_EQ(testing_support::gunzip(std::string{small.payload()}), plain.payload()) << path;
    }
    EXPECT_EQ(at("/assets/index-B4ZY6VpT.js").payload(), "the whole script");
    EXPECT_EQ(at("/assets/redoc.js", packed).payload(), "another script");
    EXPECT_EQ(header(at("/assets/redoc.js", packed), "Content-Encoding"), "");
}

TEST_F(PagesTest, only_what_is_named_by_its_hash_is_kept_for_good) {
    const std::string for_good = "public, max-age=31536000, immutable";
    EXPECT_EQ(header(at("/assets/index-B4ZY6VpT.js"), "Cache-Control"), for_good);
    for (const auto* path : {"/", "/openapi.json", "/assets/redoc.js", "/assets/some-longname.js"})
        EXPECT_EQ(header(at(path), "Cache-Control"), "no-cache") << path;
}

TEST_F(PagesTest, the_contract_and_the_page_say_which_build_it_is) {
    const auto contract = json::parse(at("/openapi.json").payload()).value();
    const auto& info = contract.at("info").get_object();
    EXPECT_EQ(
        info.at("description").as_string(),
        "Payment and transaction management service.\n\n- Software Version: 1.2.3\n"
        "- Git Commit ID: 0123456789ab\n- Build: 2026-03-02T12:00:00Z\n\nHow."
    );
    EXPECT_EQ(info.at("version").as_string(), "1.2.3");
    const auto shown = "<dd>1.2.3</dd><dd>0123456789ab</dd><time>2026-03-02T12:00:00Z</time>";
    for (const auto* path : {"/", "/index.html"}) EXPECT_EQ(at(path).payload(), shown);
}

}  // namespace
}  // namespace payments::http
