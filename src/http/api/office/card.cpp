#include "http/api/office/card.hpp"

#include <algorithm>

#include "support/json.hpp"

namespace payments::http {
namespace {

constexpr std::size_t shown_digits = 4;

// The digits at the end of "xxxx-xxxx-xxxx-1234"; a whole number is none that may be shown.
std::string last_four(const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr || text->size() < shown_digits) return "";
    const std::string_view whole{*text};
    const auto end = whole.substr(whole.size() - shown_digits);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool is_masked =
        std::ranges::none_of(whole.substr(0, whole.size() - shown_digits), is_digit);
    return is_masked && std::ranges::all_of(end, is_digit) ? std::string{end} : "";
}

// Of "last4" only what stands in a card: bank accounts have one too.
std::string search(const json::value& value, bool is_card) {
    if (const auto* list = value.if_array()) {
        for (const auto& item : *list)
            if (auto found = search(item, is_card); !found.empty()) return found;
    }
    const auto* object = value.if_object();
    if (object == nullptr) return "";
    for (const auto& [name, member] : *object) {
        const bool shows = name == "cardMask" || (is_card && name == "last4");
        auto found = shows ? last_four(member) : search(member, name == "card");
        if (!found.empty()) return found;
    }
    return "";
}

}  // namespace

std::string card_in(std::string_view message) {
    const auto read = json::parse_leniently(message);
    return read ? search(read->tree, false) : "";
}

}  // namespace payments::http
