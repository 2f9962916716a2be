#include "support/form.hpp"

#include <algorithm>

#include "support/crypto.hpp"

namespace payments::form {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

std::optional<std::string> unescape(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const char c = text.front();
        if (c != '%') {
            plain += c == '+' ? ' ' : c;
            text.remove_prefix(1);
            continue;
        }
        const auto byte = text.size() < 3 ? std::nullopt : crypto::unhex(text.substr(1, 2));
        if (!byte) return {};
        plain += *byte;
        text.remove_prefix(3);
    }
    return plain;
}

}  // namespace

std::string escape(std::string_view text) {
    std::string escaped;
    for (const char c : text)
        if (is_unreserved(c))
            escaped += c;
        else
            escaped += '%' + crypto::hex({&c, 1});
    return escaped;
}

std::string write(const Pairs& pairs) {
    std::string text;
    for (const auto& [name, value] : pairs)
        text += (text.empty() ? "" : "&") + escape(name) + "=" + escape(value);
    return text;
}

std::optional<Pairs> read(std::string_view text) {
    Pairs pairs;
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = unescape(pair.substr(0, equals));
        auto value = unescape(pair.substr(std::min(pair.size(), equals + 1)));
        if (!name || !value) return {};
        if (pairs.size() == pairs_max) return {};
        if (std::ranges::any_of(pairs, [&](const auto& known) { return known.first == *name; }))
            return {};
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

std::string value_of(const Pairs& pairs, std::string_view name) {
    for (const auto& [known, value] : pairs)
        if (known == name) return value;
    return "";
}

}  // namespace payments::form
