#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateway/stripe_messages.hpp"
#include "support/crypto.hpp"

// Any bytes as Stripe's signature header, and, rightly signed, as an event.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace payments;
    static const std::vector<std::string> secrets{"whsec_for_the_fuzzer_alone"};
    const std::string bytes{reinterpret_cast<const char*>(data), size};
    const Time now{std::chrono::seconds{1'772'443'269}};

    if (stripe::is_signed(bytes, "{}", secrets, now)) std::abort();

    const std::string time = "1772443269";
    const auto v1 = crypto::hex(crypto::hmac_sha256(secrets[0], time + "." + bytes));
    const auto event = stripe::read_event("t=" + time + ",v1=" + v1, bytes, secrets, "test", now);
    if (!event) return event.error().code == Errc::invalid_signature ? (std::abort(), 0) : 0;
    const auto& heard = event->heard;
    if (heard.message->body != bytes || heard.message->identity.empty()) std::abort();
    for (const auto& fact : heard.facts)
        if (fact.account != "test") std::abort();
    return 0;
}
