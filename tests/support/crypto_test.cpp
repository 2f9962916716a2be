#include "support/crypto.hpp"

#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <rapidcheck.h>

#include <fstream>
#include <sstream>

#include "support/json.hpp"

namespace payments::crypto {
namespace {

TEST(Crypto, sha256_gives_the_digests_of_fips_180) {
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(
        hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

// RFC 4231, section 4.
struct HmacCase {
    std::string key, data, sha256, sha384;
};
HmacCase hmac_case(std::string key, std::string data, std::string sha256, std::string sha384) {
    return {std::move(key), std::move(data), std::move(sha256), std::move(sha384)};
}
const HmacCase hmac_cases[] = {
    hmac_case(
        std::string(20, '\x0b'), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec6"
        "82aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6"
    ),
    hmac_case(
        "Jefe", "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47"
        "e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
    ),
    hmac_case(
        std::string(20, '\xaa'), std::string(50, '\xdd'),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9feb"
        "e83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27"
    ),
    hmac_case(
        std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f"
        "3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"
    ),
};

TEST(Crypto, hmac_gives_the_codes_of_rfc_4231) {
    for (const auto& c : hmac_cases) {
        EXPECT_EQ(hex(hmac_sha256(c.key, c.data)), c.sha256) << c.data;
        EXPECT_EQ(hex(hmac_sha384(c.key, c.data)), c.sha384) << c.data;
    }
}

// A thread keeps the keys it last used, and lets go of the oldest.
TEST(Crypto, a_key_is_never_taken_for_another_however_many_are_used_in_turn) {
    EXPECT_TRUE(rc::check([](const std::vector<std::string>& keys, const std::string& text) {
        for (int round = 0; round < 2; ++round) {
            for (const auto& key : keys) {
                unsigned char expected[EVP_MAX_MD_SIZE];
                unsigned size = 0;
                HMAC(
                    EVP_sha384(), key.data(), static_cast<int>(key.size()),
                    reinterpret_cast<const unsigned char*>(text.data()), text.size(), expected,
                    &size
                );
                const std::string_view code{reinterpret_cast<const char*>(expected), size};
                RC_ASSERT(hmac_sha384(key, text) == code);
                RC_ASSERT(hmac_sha256(key, text) != code);
            }
        }
    }));
}

TEST(Crypto, an_empty_key_and_an_empty_text_have_a_code_too) {
    EXPECT_EQ(
        hex(hmac_sha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    );
}

TEST(Crypto, simplepay_messages_have_the_signatures_that_simplepay_printed) {
    std::ifstream file{PROJECT_ROOT "/tests/reference/simplepay-vectors.json"};
    std::stringstream text;
    text << file.rdbuf();
    const auto vectors = json::parse(text.str()).value();
    ASSERT_GE(vectors.as_array().size(), 3U);
    for (const auto& entry : vectors.as_array()) {
        const auto& vector = entry.as_object();
        const auto member = [&](const char* name) { return json::string_or(vector, name, ""); };
        EXPECT_EQ(base64(hmac_sha384(member("key"), member("body"))), member("signature"))
            << member("name");
    }
}

TEST(Crypto, comparison_in_constant_time_knows_equal_from_different) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
    EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
    EXPECT_FALSE(equal_in_constant_time("secret", "secret "));
}

TEST(Crypto, hex_is_lower_case_and_read_in_either_case) {
    EXPECT_EQ(hex(std::string("\x00\x7f\xff", 3)), "007fff");
    EXPECT_EQ(unhex("007FfF"), std::string("\x00\x7f\xff", 3));
    EXPECT_EQ(unhex("0"), std::nullopt);
    EXPECT_EQ(unhex("0g"), std::nullopt);
    EXPECT_EQ(unhex("0 "), std::nullopt);
}

// RFC 4648, section 10.
TEST(Crypto, base64_gives_the_texts_of_rfc_4648) {
    const std::pair<std::string, std::string> pairs[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [bytes, text] : pairs) {
        EXPECT_EQ(base64(bytes), text);
        EXPECT_EQ(unbase64(text), bytes);
    }
    EXPECT_EQ(base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(unbase64url("-_8"), "\xfb\xff");
}

TEST(Crypto, base64_is_read_strictly) {
    for (const auto* text :
         {"Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", " Zm9v", "Zm 9",
          "Zh==", "Zm9=", "Zg==Zg==", "-_8="})
        EXPECT_EQ(unbase64(text), std::nullopt) << text;
    for (const auto* text : {"Zg==", "Zh", "Z", "Zm9vY", "+/8", "Zm9v\n", "Zm9"})
        EXPECT_EQ(unbase64url(text), std::nullopt) << text;
}

TEST(Crypto, any_bytes_survive_every_encoding) {
    EXPECT_TRUE(rc::check([](const std::string& bytes) {
        RC_ASSERT(unhex(hex(bytes)) == bytes);
        RC_ASSERT(unbase64(base64(bytes)) == bytes);
        RC_ASSERT(unbase64url(base64url(bytes)) == bytes);
    }));
}

TEST(Crypto, a_text_that_is_read_is_the_only_text_of_its_bytes) {
    const auto characters = rc::gen::container<std::string>(
        rc::gen::element('A', 'B', 'g', 'h', 'Q', 'w', '-', '_', '9', '=')
    );
    EXPECT_TRUE(rc::check([&] {
        const auto text = *characters;
        if (const auto bytes = unbase64url(text)) RC_ASSERT(base64url(*bytes) == text);
        if (const auto bytes = unbase64(text)) RC_ASSERT(base64(*bytes) == text);
    }));
}

TEST(Crypto, random_bytes_differ_and_have_the_length_asked_for) {
    EXPECT_EQ(random_bytes(16).size(), 16U);
    EXPECT_EQ(random_hex(16).size(), 32U);
    EXPECT_NE(random_bytes(16), random_bytes(16));
    EXPECT_EQ(random_bytes(0), "");
}

TEST(Crypto, a_seal_opens_with_its_key_for_what_it_was_made_for_alone) {
    const std::string key(32, 'k'), other(32, 'o');
    for (const std::string plain : {"", "pi_1_secret_x"}) {
        const auto sealed = seal(key, plain, "start");
        EXPECT_NE(sealed, seal(key, plain, "start")) << "each has a nonce of its own";
        EXPECT_EQ(unseal(key, sealed, "start"), plain);
        EXPECT_FALSE(unseal(other, sealed, "start"));
        EXPECT_FALSE(unseal(key, sealed, "refund"));
        EXPECT_FALSE(unseal("short", sealed, "start"));
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            auto changed = sealed;
            changed[i] ^= 1;
            EXPECT_FALSE(unseal(key, changed, "start")) << i;
            EXPECT_FALSE(unseal(key, sealed.substr(0, i), "start")) << i;
        }
    }
    EXPECT_THROW(seal("short", "x", ""), std::runtime_error);
}

}  // namespace
}  // namespace payments::crypto
