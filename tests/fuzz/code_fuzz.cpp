#include <regex>

#include "fuzz.hpp"

// Any text as a payment code, held against the form as a regular expression tells it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace payments;
    using fuzz::require;
    if (size > 512) return 0;  // std::regex recurses by the length
    const std::string text{fuzz::text_of(data, size)};
    static const std::regex form{"([A-Z][A-Z0-9-]{0,63})-([A-Z]{3})-(SIMPLE|STRIPE-INTENTS)"};
    std::smatch parts;
    const bool has_form = std::regex_match(text, parts, form);

    const auto code = Code::parse(text);
    require(code.has_value() == (has_form && Currency::of(parts[2].str()).has_value()));
    if (!code) {
        require(code.error().code == Errc::code_not_offered);
        fuzz::require_sendable(code.error(), text);
        return 0;
    }
    require(code->text() == text && *Code::parse(code->text()) == *code);
    require(code->fee_type == parts[1].str() && code->currency.code() == parts[2].str());
    require(*processor_of(parts[3].str()) == code->processor);
    require(code->title().size() == code->fee_type.size());
    require(code->title().find('-') == std::string::npos);
    return 0;
}
