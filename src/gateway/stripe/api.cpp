#include "gateway/stripe/api.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "gateway/stripe/requests.hpp"

namespace payments::gateway {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int repeats_max = 2;

// Half a second, doubling, with jitter: the habit of Stripe's own libraries.
milliseconds delay_before(int repeat) {
    // By chance, so that calls which failed together do not come again together.
    thread_local std::minstd_rand random{std::random_device{}()};
    const int full_ms = 500 << (repeat - 1);
    return milliseconds{std::max(250, std::uniform_int_distribution{full_ms / 2, full_ms}(random))};
}

Task<void> pause(milliseconds duration) {
    asio::steady_timer timer{co_await asio::this_coro::executor, duration};
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace

bool is_answered(const HttpsResponse& answer) {
    return answer.kind == HttpsResponse::Kind::answered;
}

stripe::ProviderResponse answer_of(const HttpsResponse& answer) {
    return {answer.status, std::string{answer.header("stripe-should-retry")}, answer.body};
}

std::string escaped(const std::string& id) { return stripe::encode({{"", id}}).substr(1); }

StripeApi::StripeApi(
    HttpsClient& client, const std::string& url, std::string secret_key, milliseconds timeout
)
    : client_(client),
      secret_key_(std::move(secret_key)),
      timeout_(timeout),
      origin_(Origin::of(url, "Stripe URL")) {}

Task<HttpsResponse> StripeApi::call(Request what) {
    Headers headers;
    headers.emplace_back("Authorization", "Bearer " + secret_key_);
    headers.emplace_back("Stripe-Version", stripe::api_version);
    if (!what.key.empty()) headers.emplace_back("Idempotency-Key", what.key);
    if (what.method == "POST")
        headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    HttpsRequest request{what.method, what.path, std::move(headers), what.body};
    // A GET changes nothing, and a POST has its key.
    request.repeatable = true;
    request.provider = "stripe";
    request.operation = what.operation;

    const auto until = Steady::now() + timeout_;
    bool sent = false;
    for (int repeat = 0;; ++repeat) {
        const auto left = std::chrono::ceil<milliseconds>(until - Steady::now());
        // A silent connection must leave time for another: the last try alone may use it all.
        const auto share = repeat < repeats_max ? std::max(left / 2, milliseconds{1}) : left;
        auto answer = co_await client_.send(origin_, request, share);
        sent = sent || answer.sent_before;
        // Once bytes have left, a later try that reaches nobody does not take them back, and one
        // whose key is refused says nothing of them.
        const bool says_nothing =
            answer.kind == HttpsResponse::Kind::unreachable ||
            (!what.key.empty() && stripe::is_of_this_call_only(answer.status));
        if (sent && says_nothing) {
            answer.kind = HttpsResponse::Kind::unanswered;
            if (answer.status != 0)
                answer.why = "an earlier try was not answered, this one with status " +
                             std::to_string(answer.status);
        }
        sent = sent || answer.kind != HttpsResponse::Kind::unreachable;

        const auto delay = delay_before(repeat + 1);
        const bool over = repeat == repeats_max || Steady::now() + delay >= until ||
                          answer.is_too_large;  // as it would be again
        if (over || (is_answered(answer) && !stripe::is_worth_repeating(answer_of(answer))))
            co_return answer;
        co_await pause(delay);
    }
}

Task<HttpsResponse> StripeApi::get(std::string path, std::string_view operation) {
    Request what{"GET", std::move(path), "", "", operation};
    co_return co_await call(std::move(what));
}

}  // namespace payments::gateway
