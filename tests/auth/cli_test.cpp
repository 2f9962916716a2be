#include "http/auth/cli.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fixtures/tokens.hpp"
#include "http/auth/new_key.hpp"
#include "support/clock.hpp"

namespace payments::http {
namespace {

using test::noon;

class TokenCommands : public testing::Test {
protected:
    ~TokenCommands() override {
        for (const auto& path : files_) std::filesystem::remove(path);
    }
    std::string file(std::string_view text) {
        files_.push_back(
            testing::TempDir() + "token-" + std::to_string(::getpid()) + "-" +
            std::to_string(files_.size())
        );
        std::ofstream{files_.back()} << text;
        return files_.back();
    }
    int verify(const std::string& keys, const std::string& token, bool signature_only = false) {
        clear();
        std::istringstream in{token};
        return token_verify(keys, signature_only, noon, in, out, err);
    }
    int mint(const std::string& key, const std::string& claims) {
        clear();
        return token_mint(key, claims, noon, out, err);
    }
    void clear() {
        out.str("");
        err.str("");
    }
    std::ostringstream out, err;

private:
    std::vector<std::string> files_;
};

TEST_F(TokenCommands, a_new_key_mints_tokens_that_its_public_keys_verify) {
    for (const auto* algorithm : {"ES256", "EdDSA", "RS256", "HS256"}) {
        clear();
        ASSERT_EQ(token_new_key(algorithm, out, err), 0);
        const auto key = file(out.str());
        clear();
        ASSERT_EQ(token_public_keys(key, out, err), 0);
        EXPECT_EQ(out.str().find("\"d\""), std::string::npos);
        EXPECT_EQ(err.str().empty(), std::string_view(algorithm) != "HS256");
        const auto keys = file(out.str());

        ASSERT_EQ(mint(key, R"({"service":"tickets"})"), 0) << err.str();
        ASSERT_EQ(verify(keys, out.str()), 0) << err.str();
        EXPECT_EQ(out.str(), "{\"service\":\"tickets\",\"iat\":1782907200,\"exp\":1782907500}\n");
        EXPECT_EQ(err.str(), "");
    }
}

TEST_F(TokenCommands, a_token_that_may_not_be_believed_is_said_why) {
    clear();
    token_new_key("ES256", out, err);
    const auto key = file(out.str());
    const auto refused = [&](const std::string& claims) {
        EXPECT_EQ(mint(key, claims), 0);
        EXPECT_EQ(verify(key, out.str()), 1);
        EXPECT_EQ(out.str(), "");
        return err.str();
    };
    EXPECT_EQ(refused(R"({"service":"a","exp":1})"), "the token has expired\n");
    EXPECT_EQ(refused("{}"), "the token's sub is missing or no text\n");
    EXPECT_EQ(
        refused(R"({"sub":"a","privs":{"x":true}})"),
        "a privilege in the token's privs is not a text\n"
    );
    EXPECT_EQ(verify(key, "garbage"), 1);
    EXPECT_EQ(err.str(), "the token does not have three parts\n");
    EXPECT_EQ(verify(key, std::string(64 * 1024 + 1, 'a')), 1);
    EXPECT_EQ(err.str(), "the token has more than 64 KiB\n");
}

TEST_F(TokenCommands, signature_only_asks_neither_for_dates_nor_for_claims) {
    // RFC 8037, appendix A.4: the payload is not even JSON.
    const auto keys = file(R"({"keys":[{"kty":"OKP","crv":"Ed25519",)"
                           R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
    const std::string token =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGc"
        "vMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    EXPECT_EQ(verify(keys, token + "\n", true), 0);
    EXPECT_EQ(out.str(), "Example of Ed25519 signing\n");
    EXPECT_EQ(verify(keys, token, false), 1);
    EXPECT_EQ(verify(keys, token.substr(0, token.size() - 4) + "AAAA", true), 1);
    EXPECT_EQ(err.str(), "the token's signature is wrong\n");
}

TEST_F(TokenCommands, files_that_cannot_be_used_are_named) {
    EXPECT_EQ(verify("/nonexistent/keys", ""), 1);
    EXPECT_EQ(err.str(), "/nonexistent/keys cannot be opened\n");
    const auto weak = file(R"({"keys":[{"kty":"oct","kid":"k","k":"c2hvcnQ"}]})");
    EXPECT_EQ(verify(weak, ""), 1);
    EXPECT_EQ(err.str(), weak + ": key \"k\": its secret has 5 bytes, HS256 needs 32\n");
    EXPECT_EQ(mint(weak, "{}"), 1);
    EXPECT_EQ(mint("/nonexistent/key", "{}"), 1);
    EXPECT_EQ(err.str(), "/nonexistent/key cannot be opened\n");
    EXPECT_EQ(token_public_keys(weak, out, err), 1);
    EXPECT_EQ(verify(testing::TempDir(), ""), 1);
}

TEST_F(TokenCommands, claims_and_algorithms_that_make_no_sense_are_refused) {
    clear();
    token_new_key("EdDSA", out, err);
    const auto key = file(out.str());
    for (const auto* claims : {"", "[]", "{", R"({"a":1,"a":2})"}) {
        EXPECT_EQ(mint(key, claims), 1);
        EXPECT_EQ(err.str(), "the claims are not a JSON object\n");
    }
    clear();
    EXPECT_EQ(token_new_key("none", out, err), 1);
    EXPECT_EQ(err.str(), "the algorithm is RS256, ES256, EdDSA or HS256\n");
}

}  // namespace
}  // namespace payments::http
