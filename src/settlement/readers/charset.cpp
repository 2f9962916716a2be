#include "settlement/readers/charset.hpp"

#include <algorithm>

#include "support/text.hpp"
#include "support/utf8.hpp"

namespace payments::settlement {
namespace {

// The upper half of each, as unicode.org's tables have it; \ufffd where there is no character.
constexpr std::u16string_view windows_1250 =
    u"€\ufffd‚\ufffd„…†‡\ufffd‰Š‹ŚŤŽŹ\ufffd‘’“”•–—\ufffd™š›śťžź"
    u"\u00a0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00ad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż"
    u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
    u"ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
constexpr std::u16string_view iso_8859_2 =
    u"\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"
    u"\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"
    u"\ufffd\ufffd"
    u"\u00a0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľśˇ¸šşťź˝žż"
    u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
    u"ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
static_assert(windows_1250.size() == 128 && iso_8859_2.size() == 128);

constexpr char16_t no_character = 0xFFFD;

Place place_of(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
    const auto start = before.rfind('\n');
    return {lines + 1, start == before.npos ? at + 1 : at - start};
}

// Code points below 0x10000, which all of them are.
void append_utf8(std::string& text, char16_t character) {
    const unsigned c = character;
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | c >> 6);
        text += tail(0);
    } else {
        text += static_cast<char>(0xE0 | c >> 12);
        text += tail(6);
        text += tail(0);
    }
}

Result<std::string> checked_utf8(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    for (std::size_t i = 0; i < bytes.size();) {
        const auto length = utf8::character_bytes(bytes.substr(i));
        if (length == 0) return misread(place_of(bytes, i), "this byte is no UTF-8");
        i += length;
    }
    return std::string{bytes};
}

}  // namespace

Result<Charset> charset_of(std::string_view name) {
    const auto lower = text::lower(name);
    if (lower == "utf-8") return Charset::utf_8;
    if (lower == "windows-1250") return Charset::windows_1250;
    if (lower == "iso-8859-2") return Charset::iso_8859_2;
    return Error{
        Errc::invalid_request,
        "the encoding " + shown(name) + " is none of utf-8, windows-1250, iso-8859-2"};
}

std::array<char16_t, 256> characters_of(Charset charset) {
    const auto upper = charset == Charset::windows_1250 ? windows_1250 : iso_8859_2;
    std::array<char16_t, 256> characters{};
    for (std::size_t byte = 0; byte < 256; ++byte)
        characters[byte] = byte < 128 ? static_cast<char16_t>(byte) : upper[byte - 128];
    return characters;
}

Result<std::string> to_utf8(std::string_view bytes, Charset charset) {
    if (charset == Charset::utf_8) return checked_utf8(bytes);
    const auto characters = characters_of(charset);
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 8);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto character = characters[static_cast<unsigned char>(bytes[i])];
        if (character == no_character)
            return misread(place_of(bytes, i), "this byte is no character of the file's encoding");
        append_utf8(text, character);
    }
    return text;
}

Result<std::string> to_utf8(std::string_view bytes) {
    if (auto text = checked_utf8(bytes)) return text;
    return to_utf8(bytes, Charset::windows_1250);
}

}  // namespace payments::settlement
