#include "support/utf8.hpp"

#include <algorithm>

namespace payments::utf8 {

std::size_t character_bytes(std::string_view text) {
    const auto unit = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return unit(i) >= low && unit(i) <= high;
    };
    if (text.empty()) return 0;
    const auto lead = unit(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const auto low = lead == 0xE0 ? 0xA0U : 0x80U;
        const auto high = lead == 0xED ? 0x9FU : 0xBFU;
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const auto low = lead == 0xF0 ? 0x90U : 0x80U;
        const auto high = lead == 0xF4 ? 0x8FU : 0xBFU;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

std::size_t length(std::string_view text) {
    std::size_t characters = 0;
    for (; !text.empty(); ++characters)
        text.remove_prefix(std::max<std::size_t>(character_bytes(text), 1));
    return characters;
}

namespace {

// How many bytes the character at the start of `text` has; 0 when it is a control or none.
std::size_t printable_bytes(std::string_view text) {
    const auto bytes = character_bytes(text);
    if (bytes == 0) return 0;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x20 || lead == 0x7F) return 0;
    if (lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) return 0;
    return bytes;
}

}  // namespace

bool is_printable(std::string_view text) {
    while (!text.empty()) {
        const auto bytes = printable_bytes(text);
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

std::string printable(std::string_view text) {
    std::string printed;
    while (!text.empty()) {
        const auto bytes = printable_bytes(text);
        printed += bytes > 0 ? text.substr(0, bytes) : replacement;
        text.remove_prefix(bytes > 0 ? bytes : std::max<std::size_t>(character_bytes(text), 1));
    }
    return printed;
}

}  // namespace payments::utf8
