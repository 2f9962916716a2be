#include "gateway/oidc/client.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "support/crypto.hpp"
#include "support/json.hpp"
#include "support/log.hpp"
#include "support/url.hpp"

namespace payments::gateway {
namespace {

using namespace std::chrono_literals;

namespace asio = boost::asio;
using asio::steady_timer;

constexpr std::chrono::seconds fetched_again_after = 1h, known_is_kept_for = 1min;

Error unavailable(std::string why) { return {Errc::provider_unavailable, std::move(why)}; }

std::optional<json::object> object_in(const HttpsResponse& answer) {
    auto value = json::parse(answer.body);
    if (!value || !value->is_object()) return {};
    return std::move(value->get_object());
}

// Endpoints are followed with secrets in hand, so each must be an address we would call ourselves.
Result<ProviderDescription> read_description(const json::object& body, const std::string& issuer) {
    // Else somebody else's endpoints would be taken for the issuer's (Discovery 1.0, 4.3).
    if (json::string_or(body, "issuer", "") != issuer)
        return unavailable("the description is of another issuer");
    ProviderDescription description;
    description.authorization_endpoint = json::string_or(body, "authorization_endpoint", "");
    description.token_endpoint = json::string_or(body, "token_endpoint", "");
    description.end_session_endpoint = json::string_or(body, "end_session_endpoint", "");
    description.revocation_endpoint = json::string_or(body, "revocation_endpoint", "");
    for (const auto& endpoint : {description.authorization_endpoint, description.token_endpoint})
        if (!Url::parse(endpoint)) return unavailable("the description lacks an endpoint");
    for (auto* endpoint : {&description.end_session_endpoint, &description.revocation_endpoint})
        if (!Url::parse(*endpoint)) endpoint->clear();
    const auto* named = json::find(body, "authorization_response_iss_parameter_supported");
    description.names_itself = named != nullptr && named->is_bool() && named->get_bool();
    return description;
}

// A session keeps all three.
Result<GrantedTokens> read_tokens(const json::object& body) {
    GrantedTokens tokens;
    tokens.access = json::string_or(body, "access_token", "");
    tokens.id = json::string_or(body, "id_token", "");
    tokens.refresh = json::string_or(body, "refresh_token", "");
    for (const auto* token : {&tokens.access, &tokens.id, &tokens.refresh})
        if (token->size() > GrantedTokens::bytes_max) return unavailable("a token is too long");
    return tokens;
}

// RFC 6749, 5.2. Of all refusals invalid_grant alone is about what was sent in; the others are
// about us (a secret that was changed) or the moment (429), and no reason to end anybody's session.
// `error` is of a few characters; anything else is not repeated.
Error refusal_in(const HttpsResponse& answer) {
    const auto body = object_in(answer);
    const std::string error = body ? json::string_or(*body, "error", "") : "";
    const bool plain = error.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == error.npos;
    const auto said = plain && !error.empty() ? error : std::to_string(answer.status);
    const bool is_refusal = answer.status >= 400 && answer.status < 500 && error == "invalid_grant";
    return {
        is_refusal ? Errc::unauthorized : Errc::provider_unavailable,
        "the identity provider refused: " + said};
}

}  // namespace

OidcClient::OidcClient(HttpsClient& client, const Clock& clock, OidcSettings settings)
    : client_(client),
      clock_(clock),
      settings_(std::move(settings)),
      origin_(Origin::of(settings_.issuer, "the issuer")),
      failure_(unavailable("it was not asked yet")) {}

// A timer that stands until the fetch has ended in any way, and then lets everybody go.
struct OidcClient::Fetch {
    steady_timer end;

    explicit Fetch(const steady_timer::executor_type& executor)
        : end(executor, steady_timer::time_point::max()) {}
};

Task<Result<ProviderDescription>> OidcClient::description() {
    if (clock_.steady() >= fetched_again_at_) co_await learn_description();
    if (known_) co_return *known_;
    co_return failure_;
}

Task<void> OidcClient::learn_description() {
    if (const auto fetch = fetch_.lock()) {
        boost::system::error_code woken;
        co_await fetch->end.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        co_return;
    }
    const auto fetch = std::make_shared<Fetch>(co_await asio::this_coro::executor);
    const struct Ending {
        Fetch& fetch;
        ~Ending() { fetch.end.expires_at(steady_timer::time_point::min()); }
    } ending{*fetch};
    fetch_ = fetch;
    const auto fetched = co_await fetch_description();
    if (fetched) {
        known_ = *fetched;
        fetched_again_at_ = clock_.steady() + fetched_again_after;
        co_return;
    }
    log::warning("the identity provider cannot be asked", "reason", fetched.error().detail);
    failure_ = fetched.error();
    fetched_again_at_ = clock_.steady() + (known_ ? known_is_kept_for : failure_remembered);
}

Task<Result<ProviderDescription>> OidcClient::fetch_description() {
    // A slash at the issuer's end does not come twice (Discovery 1.0, 4.1).
    auto origin = origin_;
    while (origin.path.ends_with('/')) origin.path.pop_back();
    Headers headers{{"Accept", "application/json"}};
    HttpsRequest request{"GET", "/.well-known/openid-configuration", std::move(headers), ""};
    request.repeatable = true;
    request.provider = "identity";
    request.operation = "description";
    const auto answer =
        co_await client_.send(std::move(origin), std::move(request), settings_.timeout);
    if (answer.kind != HttpsResponse::Kind::answered) co_return unavailable(answer.why);
    const auto body = object_in(answer);
    if (answer.status != 200 || !body)
        co_return unavailable("its description is " + std::to_string(answer.status));
    co_return read_description(*body, settings_.issuer);
}

Task<Result<GrantedTokens>> OidcClient::exchange(std::string code, std::string verifier) {
    form::Pairs form;
    form.emplace_back("grant_type", "authorization_code");
    form.emplace_back("code", std::move(code));
    form.emplace_back("redirect_uri", settings_.redirect_uri);
    form.emplace_back("code_verifier", std::move(verifier));
    return ask_for_tokens(std::move(form));
}

Task<Result<GrantedTokens>> OidcClient::renew(std::string refresh_token) {
    form::Pairs form;
    form.emplace_back("grant_type", "refresh_token");
    form.emplace_back("refresh_token", std::move(refresh_token));
    return ask_for_tokens(std::move(form));
}

Task<Result<void>> OidcClient::revoke(std::string refresh_token) {
    const auto described = co_await description();
    if (!described) co_return described.error();
    if (described->revocation_endpoint.empty()) co_return Result<void>{};
    form::Pairs form;
    form.emplace_back("token", std::move(refresh_token));
    form.emplace_back("token_type_hint", "refresh_token");
    const auto answer =
        co_await post(described->revocation_endpoint, std::move(form), "revocation");
    if (answer.kind != HttpsResponse::Kind::answered) co_return unavailable(answer.why);
    if (answer.status != 200) co_return refusal_in(answer);
    co_return Result<void>{};
}

Task<Result<GrantedTokens>> OidcClient::ask_for_tokens(form::Pairs form) {
    const auto described = co_await description();
    if (!described) co_return described.error();
    if (!settings_.resource.empty()) form.emplace_back("resource", settings_.resource);
    const auto answer = co_await post(described->token_endpoint, std::move(form), "token");
    if (answer.kind != HttpsResponse::Kind::answered) co_return unavailable(answer.why);
    if (answer.status != 200) co_return refusal_in(answer);
    const auto body = object_in(answer);
    if (!body) co_return unavailable("the token endpoint answered no JSON object");
    auto tokens = read_tokens(*body);
    co_return tokens;
}

// A code and a refresh token may be good for one use, so nothing is sent twice.
Task<HttpsResponse> OidcClient::post(
    std::string endpoint, form::Pairs form, std::string_view operation
) {
    Headers headers;
    headers.emplace_back("Accept", "application/json");
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    if (settings_.client_secret.empty())
        form.emplace_back("client_id", settings_.client_id);
    else
        headers.emplace_back(
            "Authorization", "Basic " + crypto::base64(
                                            form::escape(settings_.client_id) + ":" +
                                            form::escape(settings_.client_secret)
                                        )
        );
    const auto url = Url::parse(endpoint).value();
    auto origin = Origin::of(url.origin, "an endpoint of the identity provider");
    HttpsRequest request{"POST", url.target, std::move(headers), form::write(form)};
    request.provider = "identity";
    request.operation = operation;
    return client_.send(std::move(origin), std::move(request), settings_.timeout);
}

}  // namespace payments::gateway
