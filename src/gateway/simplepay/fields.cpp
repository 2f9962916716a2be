#include "gateway/simplepay/fields.hpp"

namespace payments::simplepay {

std::optional<json::object> object_of(std::string_view body) {
    auto parsed = json::parse_leniently(body);
    if (!parsed || !parsed->tree.is_object()) return std::nullopt;
    return std::move(parsed->tree.as_object());
}

std::string id_at(const json::object& o, std::string_view name) {
    const auto* value = json::find(o, name);
    if (!value) return {};
    if (value->is_int64() && value->as_int64() > 0) return std::to_string(value->as_int64());
    if (!value->is_string()) return {};
    const std::string text{std::string_view{value->as_string()}};
    // 18 digits always fit 64 bits; with a leading zero one id would have two spellings.
    const bool digits = !text.empty() && text.size() <= 18 && text[0] != '0' &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? text : std::string{};
}

std::optional<Decimal> decimal_at(const json::object& o, std::string_view name) {
    const auto* value = json::find(o, name);
    auto text = value ? json::decimal_text(*value) : std::nullopt;
    if (!text || text->empty()) return std::nullopt;
    const bool negative = text->front() == '-';
    return Decimal{negative, negative ? text->substr(1) : *text};
}

std::vector<std::int64_t> error_codes(const json::object& answer) {
    std::vector<std::int64_t> codes;
    const auto* list = json::find(answer, "errorCodes");
    if (!list || !list->is_array()) return codes;
    for (const auto& code : list->as_array()) {
        if (code.is_int64()) codes.push_back(code.as_int64());
        if (!code.is_string()) continue;
        const std::string text{std::string_view{code.as_string()}};
        if (!text.empty() && text.size() <= 9 &&
            text.find_first_not_of("0123456789") == std::string::npos)
            codes.push_back(std::stoll(text));
    }
    return codes;
}

std::string listed(const std::vector<std::int64_t>& codes) {
    std::string text;
    for (const auto code : codes) text += (text.empty() ? "" : ",") + std::to_string(code);
    return text;
}

std::optional<Money> money_at(const json::object& o, std::string_view name, Currency currency) {
    const auto decimal = decimal_at(o, name);
    if (!decimal) return std::nullopt;
    const auto money = Money::parse(decimal->digits, currency);
    return money ? std::optional{*money} : std::nullopt;
}

State state_of(std::string_view status) {
    // The English paper spells some with S; the wire has Z (docs/providers/simplepay.md, 11.3).
    constexpr struct {
        std::string_view name;
        State state;
    } states[] = {
        {"INIT", State::open},
        {"INPAYMENT", State::begun},
        {"INFRAUD", State::checked},
        {"AUTHORIZED", State::authorized},
        {"AUTHORISED", State::authorized},
        {"FINISHED", State::finished},
        {"NOTAUTHORIZED", State::failed},
        {"NOTAUTHORISED", State::failed},
        {"FRAUD", State::failed},
        {"CANCELLED", State::cancelled},
        {"CANCELED", State::cancelled},
        {"REVERSED", State::cancelled},
        {"TIMEOUT", State::expired},
        {"REFUND", State::refund},
    };
    for (const auto& known : states)
        if (known.name == status) return known.state;
    return State::unknown;
}

}  // namespace payments::simplepay
