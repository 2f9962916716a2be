#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"

// The load as bytes of HTTP, composed and signed before any clock starts.
namespace payments::bench {

struct Composed {
    std::string_view method, path;
    std::string header;  // "Name: value\r\n", or ""
    std::string body;
};
Composed compose(Kind kind, std::int64_t id, std::int64_t now_s, std::string_view token);

std::vector<std::string> compose_all(const Load& load);

// It changes nothing, so that the same may be sent again and again.
bool is_repeatable(Kind kind);

// What an answer holds when the service did what it was asked.
std::string_view proof_of(Kind kind);

}  // namespace payments::bench
