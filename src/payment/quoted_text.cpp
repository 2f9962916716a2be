#include "payment/quoted_text.hpp"

namespace payments {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

}  // namespace

std::string quoted(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        auto end = bytes_max;
        while (end > 0 && continues_character(text[end])) --end;
        text = text.substr(0, end);
    }
    return "'" + std::string{text} + "'";
}

}  // namespace payments
