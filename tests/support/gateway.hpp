#pragma once

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "flow/messages.hpp"

// What the tests of the gateways share.
namespace payments::test {

inline std::string reference_text(const std::string& name) {
    std::ifstream file{std::string{PROJECT_ROOT} + "/tests/reference/" + name, std::ios::binary};
    if (!file) throw std::runtime_error{"no tests/reference/" + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// The trusted files of this repository, read with Boost's own parser.
inline boost::json::value reference_json(const std::string& name) {
    return boost::json::parse(reference_text(name));
}

inline std::string text(const boost::json::value& value) {
    return std::string{std::string_view{value.as_string()}};
}

// 2026-03-02T09:15:00.123Z.
inline const Time opened_at{std::chrono::milliseconds{1'772'442'900'123}};

inline Transaction attempt_for(
    const std::string& code, const std::string& amount, const std::string& account,
    std::int64_t id = 42
) {
    const auto parsed = Code::parse(code).value();
    return {
        .id = id,
        .ticket_id = 31'090,
        .code = parsed,
        .amount = Money::parse(amount, parsed.currency).value(),
        .account = account,
        .email = "visitor@example.com",
        .metas = "{}",
        .created_at = opened_at,
        .expires_at = opened_at + std::chrono::minutes{15},
        .provider_id = {},
        .paid_at = {},
        .events = {},
    };
}

inline const Fact* fact_in(const std::vector<Fact>& facts, FactKind kind) {
    for (const auto& fact : facts)
        if (fact.kind == kind) return &fact;
    return nullptr;
}

}  // namespace payments::test
