#include "gateway/handoff.hpp"

#include "support/json.hpp"

namespace payments::gateway {
namespace {

Error no_platform(std::string why) {
    return {Errc::provider_unavailable, "the platform cannot be asked: " + std::move(why)};
}

}  // namespace

HandoffClient::HandoffClient(HttpsClient& client, HandoffSettings settings, Mint mint)
    : client_(client),
      settings_(std::move(settings)),
      mint_(std::move(mint)),
      origin_(Origin::of(settings_.url, "PAYMENTS_CONSOLE_HANDOFF_URL")) {}

// A code is good once, so nothing is sent twice.
Task<Result<std::string>> HandoffClient::exchange(std::string code) {
    Headers headers;
    headers.emplace_back("Accept", "application/json");
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Authorization", "Bearer " + mint_());
    auto body = json::write(json::object{{"code", code}});
    // The whole address is the origin's path.
    HttpsRequest request{"POST", "", std::move(headers), std::move(body)};
    request.provider = "identity";
    request.operation = "handoff";
    const auto answer = co_await client_.send(origin_, std::move(request), settings_.timeout);
    if (answer.kind != HttpsResponse::Kind::answered) co_return no_platform(answer.why);
    const auto status = answer.status;
    if (status == 400 || status == 404 || status == 410)
        co_return Error{Errc::unauthorized, "the platform does not know the code, or no more"};
    if (status != 200) co_return no_platform("it answered " + std::to_string(status));
    const auto parsed = json::parse(answer.body);
    auto token = parsed && parsed->is_object() ? json::string_or(parsed->get_object(), "token", "")
                                               : std::string{};
    if (token.empty() || token.size() > token_bytes_max)
        co_return no_platform("its answer holds no token");
    co_return token;
}

}  // namespace payments::gateway
