#pragma once

#include <string>
#include <string_view>

#include "payment/money.hpp"

namespace payments {

enum class Processor : std::uint8_t { simplepay, stripe };

// "SIMPLE" and "STRIPE-INTENTS": the last part of a payment code, and a transaction's `processor`.
std::string_view name(Processor processor);
// Errc::invalid_request for any other text.
Result<Processor> processor_of(std::string_view name);

// FEE_TYPE-CURRENCY-PROCESSOR, for example NORMAL-TOTAL-FEE-EUR-SIMPLE. The fee type and the
// processor may hold dashes themselves, so the processor is matched as a known suffix first, then
// an ISO 4217 code; the rest is the fee type: A-Z 0-9 and '-', a letter first.
struct Code {
    std::string fee_type;
    Currency currency;
    Processor processor;

    // Errc::code_not_offered when the text is not a payment code.
    static Result<Code> parse(std::string_view text);
    std::string text() const;
    // Readable English made from the fee type: "Normal total fee".
    std::string title() const;
    friend bool operator==(const Code&, const Code&) = default;
};

}  // namespace payments
