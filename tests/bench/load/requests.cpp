#include "requests.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>

#include "gateway/simplepay/requests.hpp"
#include "gateway/simplepay/signature.hpp"
#include "messages.hpp"
#include "support/json.hpp"

namespace payments::bench {
namespace {

std::string as_http(const Composed& from) {
    std::string text{from.method};
    text += " ";
    text += from.path;
    text += " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + from.header;
    if (from.method == "GET") return text + "\r\n";
    text += "Content-Type: application/json\r\n";
    return text + "Content-Length: " + std::to_string(from.body.size()) + "\r\n\r\n" + from.body;
}

Composed signed_event(std::string body, std::int64_t now_s) {
    auto header = "Stripe-Signature: " + event_signature(body, now_s) + "\r\n";
    return {"POST", "/payments/stripe/webhook", std::move(header), std::move(body)};
}

std::vector<std::string> read_lines(const std::string& path) {
    std::vector<std::string> lines;
    if (path.empty()) return lines;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.empty()) throw std::runtime_error{path + " holds nothing"};
    return lines;
}

std::string sums_body(std::int64_t now_s) {
    const std::chrono::sys_seconds now{std::chrono::seconds{now_s}};
    const auto day = [](std::chrono::sys_seconds at) {
        const std::chrono::year_month_day on{std::chrono::floor<std::chrono::days>(at)};
        char text[16];
        std::snprintf(
            text, sizeof text, "%04d-%02u-%02u", int{on.year()}, unsigned{on.month()},
            unsigned{on.day()}
        );
        return std::string{text};
    };
    json::object asked{
        {"from", day(now - std::chrono::days{30})},
        {"to", day(now + std::chrono::days{1})},
        {"bucket", "day"},
        {"by", json::array{"processor"}},
        {"measures", json::array{"paid", "refunded"}}};
    return json::write(asked);
}

// A prime far from any power of two steps through a span without a pattern.
constexpr std::int64_t stride = 1'000'003;

std::int64_t id_of(const Load& load, std::int64_t number) {
    if (load.span == 0) return load.first_id + number;
    return load.first_id + number * stride % load.span;
}

}  // namespace

Composed compose(Kind kind, std::int64_t id, std::int64_t now_s, std::string_view token) {
    const auto authorization = "Authorization: Bearer " + std::string{token} + "\r\n";
    switch (kind) {
        case Kind::ipn: {
            auto body = ipn_body(id);
            auto header = "Signature: " + simplepay::sign(body, merchant_secret) + "\r\n";
            return {"POST", "/payments/simplepay/ipn", std::move(header), std::move(body)};
        }
        case Kind::webhook:
            return signed_event(event_body(id, now_s), now_s);
        case Kind::charge:
            return signed_event(charge_event_body(id, now_s), now_s);
        case Kind::start:
            return {"POST", "/payments/start", "", start_body(id)};
        case Kind::list:
            return {"POST", "/payments/transactions", authorization, ticket_request_body(id)};
        case Kind::search:
            return {"POST", "/payments/search", authorization, search_body(id)};
        case Kind::find:
            return {"POST", "/payments/find", authorization, R"({"limit":50})"};
        case Kind::sums:
            return {"POST", "/payments/sums", authorization, sums_body(now_s)};
        case Kind::health:
            return {"GET", "/healthz", "", ""};
        case Kind::ticket:
            return {"POST", "/tickets/get", "", ticket_request_body(id)};
        case Kind::provider:
            return {"POST", "/payment/v2/start", "", simplepay_start_body(id)};
    }
    return {};
}

std::vector<std::string> compose_all(const Load& load) {
    const auto tokens = read_lines(load.tokens_path);
    const auto now_s = std::time(nullptr);
    std::vector<std::string> all;
    for (std::int64_t i = 0; i < load.count; ++i) {
        std::string_view token;
        if (!tokens.empty()) token = tokens[static_cast<std::size_t>(i) % tokens.size()];
        all.push_back(as_http(compose(load.kind, id_of(load, i), now_s, token)));
    }
    if (all.empty()) throw std::runtime_error{"there is nothing to send"};
    return all;
}

bool is_repeatable(Kind kind) {
    return kind != Kind::ipn && kind != Kind::webhook && kind != Kind::charge &&
           kind != Kind::start;
}

std::string_view proof_of(Kind kind) {
    switch (kind) {
        case Kind::ipn:
            return "\"receiveDate\":";
        case Kind::start:
            return "\"redirect_url\":\"http";
        case Kind::list:
        case Kind::search:
        case Kind::find:
            return "\"reference\":\"TR";
        case Kind::sums:
            return "\"rows\":[";
        default:
            return "";
    }
}

void compose(Kind kind, std::int64_t id) {
    const auto made = compose(kind, id, std::time(nullptr), "");
    json::object told{
        {"path", made.path},
        {"header", made.header},
        {"body", made.body},
    };
    std::printf("%s\n", json::write(told).c_str());
}

}  // namespace payments::bench
