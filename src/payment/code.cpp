#include "payment/code.hpp"

#include <algorithm>

#include "payment/quoted_text.hpp"

namespace payments {
namespace {

constexpr std::string_view processor_names[] = {"SIMPLE", "STRIPE-INTENTS"};

bool is_fee_type(std::string_view text) {
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return !text.empty() && text.size() <= 64 && letter(text.front()) &&
           std::ranges::all_of(text, [&](char c) {
               return letter(c) || (c >= '0' && c <= '9') || c == '-';
           });
}

}  // namespace

std::string_view name(Processor processor) {
    return processor_names[static_cast<std::size_t>(processor)];
}

Result<Processor> processor_of(std::string_view text) {
    for (const auto processor : {Processor::simplepay, Processor::stripe})
        if (name(processor) == text) return processor;
    return Error{Errc::invalid_request, "unknown processor " + quoted(text, 32)};
}

Result<Code> Code::parse(std::string_view text) {
    const Error malformed{
        Errc::code_not_offered,
        quoted(text, 96) + " is not a payment code: FEE_TYPE-CURRENCY-PROCESSOR is expected"};
    for (const auto processor : {Processor::simplepay, Processor::stripe}) {
        const auto suffix = "-" + std::string{name(processor)};
        if (!text.ends_with(suffix)) continue;

        const auto rest = text.substr(0, text.size() - suffix.size());
        // A letter, a dash and the three of the currency at least.
        if (rest.size() < 5 || rest[rest.size() - 4] != '-') return malformed;
        const auto currency = Currency::of(rest.substr(rest.size() - 3));
        const auto fee_type = rest.substr(0, rest.size() - 4);
        if (!currency || !is_fee_type(fee_type)) return malformed;
        return Code{std::string{fee_type}, *currency, processor};
    }
    return malformed;
}

std::string Code::text() const {
    return fee_type + "-" + std::string{currency.code()} + "-" + std::string{name(processor)};
}

std::string Code::title() const {
    auto words = fee_type;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == '-')
            words[i] = ' ';
        else if (i > 0 && words[i] >= 'A' && words[i] <= 'Z')
            words[i] = static_cast<char>(words[i] - 'A' + 'a');
    }
    return words;
}

}  // namespace payments
