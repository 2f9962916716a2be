#pragma once

#include <span>
#include <string>

#include "flow/messages.hpp"

// Bodies that we send to SimplePay (docs/providers/simplepay.md, 4 to 6), ready to be signed. Pure;
// safe on any thread. The request of a refund is in refunds.hpp.
namespace payments::simplepay {

// What every request carries besides its subject.
struct Envelope {
    std::string salt;         // 32 to 64 characters, new for each request
    std::string sdk_version;  // names us to SimplePay
};

// What a start carries besides the attempt and its payer.
struct StartPage {
    std::string timeout;     // ISO 8601 with a colon offset: last moment to start paying
    std::string return_url;  // where the visitor comes back to
    std::string language;    // when the payer's is none that SimplePay speaks
};

// `payer.email` must not be empty. An invoice that is not complete is left out, for SimplePay would
// refuse the whole start.
std::string start_body(
    const Transaction& attempt, const Payer& payer, const StartPage& page, const Envelope& envelope
);
// At most 50 references of one merchant; asks for details (currency) and refunds.
std::string query_body(
    const std::string& merchant, std::span<const std::string> order_refs, const Envelope& envelope
);
std::string cancel_body(const Transaction& attempt, const Envelope& envelope);

}  // namespace payments::simplepay
