#include "http/api/idempotency.hpp"

#include <algorithm>

#include "http/api/problem.hpp"
#include "support/crypto.hpp"

namespace payments::http {
namespace {

bool is_usable(std::string_view key) {
    return !key.empty() && key.size() <= 128 && std::ranges::all_of(key, [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '.' || c == '_' || c == '-';
    });
}

constexpr std::string_view secret_member = "client_secret";

// The text of a member of a JSON object, to be changed; null when it is none.
json::value* text_in(Result<json::value>& document, std::string_view member) {
    auto* object = document ? document->if_object() : nullptr;
    auto* value = object ? object->if_contains(member) : nullptr;
    return value && value->is_string() ? value : nullptr;
}

Response replayed(int status, std::string body) {
    // Status and body are kept, and they tell the type.
    const auto* type = status < 400 ? "application/json" : "application/problem+json";
    Response response{status, type, std::move(body)};
    response.headers.emplace_back("Idempotent-Replayed", "true");
    return response;
}

}  // namespace

Result<std::string> idempotency_key(const Request& request) {
    const auto* header = request.header("idempotency-key");
    if (header == nullptr) return std::string{};
    std::string_view key = *header;
    // The draft has a quoted string; clients leave the quotes out. Both name the same key.
    if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
        key = key.substr(1, key.size() - 2);
    if (!is_usable(key))
        return Error{
            Errc::invalid_request,
            "the Idempotency-Key header must be 1 to 128 of A-Z a-z 0-9 . _ and -"};
    return std::string{key};
}

std::string sealing_key_of(std::string_view stripe_secret_key) {
    if (stripe_secret_key.empty()) return {};
    return crypto::hmac_sha256(stripe_secret_key, "ozora-payments: client_secret, stored answers");
}

KeyedCall::KeyedCall(
    Store& store, std::string operation, std::string key, const json::object& body,
    std::string sealing_key
)
    : store_(store),
      operation_(std::move(operation)),
      key_(std::move(key)),
      // Of the canonical form: a client may serialise the same members in another order.
      fingerprint_(crypto::hex(crypto::sha256(json::canonical(body)))),
      sealing_key_(std::move(sealing_key)) {}

std::string KeyedCall::sealed(const std::string& body) const {
    auto document = json::parse(body);
    auto* secret = text_in(document, secret_member);
    if (secret == nullptr || sealing_key_.empty()) return body;
    *secret = crypto::base64url(
        crypto::seal(sealing_key_, std::string_view{secret->get_string()}, place())
    );
    return json::write(*document);
}

// Nothing when it was sealed with another key, or for another call.
std::optional<std::string> KeyedCall::opened(const std::string& body) const {
    auto document = json::parse(body);
    auto* secret = text_in(document, secret_member);
    if (secret == nullptr || sealing_key_.empty()) return body;
    const auto sealed = crypto::unbase64url(std::string_view{secret->get_string()});
    const auto plain = sealed ? crypto::unseal(sealing_key_, *sealed, place()) : std::nullopt;
    if (!plain) return std::nullopt;
    *secret = *plain;
    return json::write(*document);
}

Task<Result<std::optional<Response>>> KeyedCall::earlier_answer(Time now) {
    using enum KeyClaim::Kind;
    auto claim = co_await store_.claim_key(operation_, key_, fingerprint_, now);
    switch (claim.kind) {
        case fresh:
            break;
        case answered:
            // Stripe's key may have been changed since. Then the start is made again: it finds the
            // payment that lives and hands out the same secret.
            if (auto body = opened(claim.answer.body))
                co_return replayed(claim.answer.status, std::move(*body));
            break;
        case reused:
            co_return Error{Errc::key_reused, "this Idempotency-Key came with another body before"};
        case running:
            co_return Error{
                Errc::key_in_use, "the first request with this Idempotency-Key still runs"}
                .retry_after(1);
    }
    co_return std::optional<Response>{};
}

Task<Result<Response>> KeyedCall::keep(Task<Result<Response>> call, std::string request_id) {
    std::exception_ptr broken;
    Result<Response> result{Error{}};
    try {
        result = co_await std::move(call);
    } catch (...) {
        broken = std::current_exception();
    }
    // What may be different at the next try is not stored (docs/design.md, 2.5).
    const bool passing = broken || (!result && result.error().retry_after_s > 0) ||
                         (!result && status_of(result.error().code) >= 500);
    if (passing) {
        // Should this fail, another request may take the key over after a minute.
        co_await store_.release_key(operation_, key_);
        if (broken) std::rethrow_exception(broken);
        co_return result;
    }
    auto response = result ? std::move(*result) : to_response(result.error(), request_id);
    StoredResponse answer{response.status, sealed(response.body)};
    co_await store_.store_response(operation_, key_, std::move(answer));
    co_return response;
}

}  // namespace payments::http
