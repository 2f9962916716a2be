#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateway/simplepay_messages.hpp"
#include "support/crypto.hpp"

// Any bytes as the visitor's return: once as `r` and `s` themselves, once as the signed text in
// `r`.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace payments;
    static const simplepay::Account account{"PUBLICTESTHUF", "a secret for the fuzzer alone"};
    static const simplepay::Accounts accounts{
        {"HUF", account}
    };
    const std::string bytes{reinterpret_cast<const char*>(data), size};

    const auto half = bytes.size() / 2;
    if (simplepay::read_return(accounts, bytes.substr(0, half), bytes.substr(half))) std::abort();

    const auto signature = simplepay::sign(bytes, account.secret);
    const auto result = simplepay::read_return(accounts, crypto::base64(bytes), signature);
    if (result && (result->account != account.merchant || result->provider_id < 0)) std::abort();
    return 0;
}
