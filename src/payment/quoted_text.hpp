#pragma once

#include <string>
#include <string_view>

namespace payments {

// A caller's text between apostrophes, for a person to read. What is longer than `bytes_max` is cut
// before a character of UTF-8 and never inside one, which would spoil the JSON it is sent in.
std::string quoted(std::string_view text, std::size_t bytes_max);

}  // namespace payments
