#include <regex.h>

#include <array>

#include "fuzz.hpp"

namespace {

using namespace payments;
using fuzz::require;

// The C library's regular expressions: std::regex takes five times as long to compile as this file.
regex_t compiled(const char* form) {
    regex_t result;
    require(regcomp(&result, form, REG_EXTENDED) == 0);
    return result;
}

}  // namespace

// Any text as a payment code, held against the form as a regular expression tells it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    static const auto form =
        compiled("^([A-Z][A-Z0-9-]{0,63})-([A-Z]{3})-(SIMPLE|STRIPE-INTENTS)$");
    std::array<regmatch_t, 4> parts{};
    parts[0].rm_eo = static_cast<regoff_t>(size);  // zero bytes are characters, too
    const bool has_form =
        regexec(&form, text.c_str(), parts.size(), parts.data(), REG_STARTEND) == 0;
    const auto part = [&](std::size_t number) {
        const auto [from, to] = parts.at(number);
        return text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
    };

    const auto code = Code::parse(text);
    require(code.has_value() == (has_form && Currency::of(part(2)).has_value()));
    if (!code) {
        require(code.error().code == Errc::code_not_offered);
        fuzz::require_sendable(code.error(), text);
        return 0;
    }
    require(code->text() == text && *Code::parse(code->text()) == *code);
    require(code->fee_type == part(1) && code->currency.code() == part(2));
    require(*processor_of(part(3)) == code->processor);
    require(code->title().size() == code->fee_type.size());
    require(code->title().find('-') == std::string::npos);
    return 0;
}
