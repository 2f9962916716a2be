#include <algorithm>

#include "fuzz.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/simplepay/signature.hpp"
#include "support/crypto.hpp"

// Any bytes as the visitor's return: once as `r` and `s` themselves, once as the signed text in
// `r`.
namespace {

using namespace payments;
using fuzz::require;

const simplepay::Account account{"PUBLICTESTHUF", "a secret for the fuzzer alone"};
const simplepay::Accounts accounts{{"HUF", account}};

bool same(const Return& a, const Return& b) {
    return a.transaction_id == b.transaction_id && a.provider_id == b.provider_id &&
           a.account == b.account && a.result == b.result && a.response_code == b.response_code;
}

std::string with_blanks(std::string text) {
    std::ranges::replace(text, '+', ' ');
    return text;
}

void judge(const Return& result, const std::string& text) {
    const auto said = json::parse_leniently(text).value().tree.get_object();
    require(result.account == account.merchant && said.at("m") == json::value(account.merchant));
    require(said.at("e") == json::value(result.result));
    require(
        result.result == "SUCCESS" || result.result == "FAIL" || result.result == "CANCEL" ||
        result.result == "TIMEOUT"
    );
    require(result.provider_id >= 0 && result.transaction_id >= 0);
    if (result.transaction_id > 0)
        require(said.at("o") == json::value("TR" + std::to_string(result.transaction_id)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    const auto half = text.find('\n');
    const auto r = text.substr(0, half), s = half < text.size() ? text.substr(half + 1) : "";
    const auto guessed = simplepay::read_return(accounts, r, s);
    require(!guessed);
    fuzz::require_sendable(guessed.error(), r);

    const auto packed = crypto::base64(text);
    const auto signature = simplepay::sign(text, account.secret);
    require(!simplepay::read_return(accounts, packed, simplepay::sign(text, "a guess")));
    const auto result = simplepay::read_return(accounts, packed, signature);
    const auto repaired =
        simplepay::read_return(accounts, with_blanks(packed), with_blanks(signature));
    require(result.has_value() == repaired.has_value());
    if (!result) return 0;
    judge(*result, text);
    require(same(*result, *repaired));
    return 0;
}
