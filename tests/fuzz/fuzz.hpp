#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "payment/transaction.hpp"
#include "support/json.hpp"

// What the targets have in common.
namespace payments::fuzz {

// A promise of the code under test. When it is broken, libFuzzer keeps the input.
inline void require(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "BROKEN %s:%d\n", file, line);
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// What we say about a text must be sendable as JSON whenever the text was: a character cut in half
// would spoil the whole answer.
inline void require_sendable(const Error& error, std::string_view about) {
    const auto sendable = [](std::string_view text) {
        return json::parse(json::write(json::value(text))).has_value();
    };
    if (!sendable(about)) return;
    require(!error.detail.empty() && sendable(error.detail));
    for (const auto& wrong : error.wrong) require(sendable(wrong.pointer + wrong.detail));
}

// An attempt whose provider is being asked.
inline Transaction attempt(
    std::int64_t id, std::string_view code, std::string_view amount, std::string account
) {
    const auto read = Code::parse(code).value();
    return {
        .id = id,
        .ticket_id = 7,
        .code = read,
        .amount = Money::parse(amount, read.currency).value(),
        .account = std::move(account),
        .email = {},
        .metas = {},
        .created_at = Time{std::chrono::seconds{1'772'443'269}},
        .expires_at = Time{std::chrono::seconds{1'772'445'069}},
        .provider_id = {},
        .paid_at = {},
        .entries = {},
    };
}

}  // namespace payments::fuzz
