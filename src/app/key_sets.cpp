#include "app/key_sets.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <stdexcept>

#include "gateway/https_client.hpp"
#include "support/clock.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// A key set behind a URL (docs/design.md, 4.2), fetched by a client of its own on the loop that
// needs it: fetches are rare, so no connection is kept.
Task<Result<std::string>> fetch_keys(std::string url, std::string trust_file) {
    const auto origin = gateway::Origin::parse(url);
    if (!origin) co_return origin.error();
    const auto executor = co_await asio::this_coro::executor;
    gateway::HttpsSettings settings;
    settings.trust_file = trust_file;
    settings.answer_bytes = http::KeySet::bytes_max;
    gateway::HttpsClient client{
        static_cast<asio::io_context&>(asio::query(executor, asio::execution::context)), settings};
    gateway::HttpsRequest request{"GET", "", {{"Accept", "application/json"}}, ""};
    auto answer = co_await client.send(*origin, std::move(request), 5s);
    if (answer.kind != gateway::HttpsResponse::Kind::answered)
        co_return Error{Errc::internal, url + ": " + answer.why};
    if (answer.status != 200)
        co_return Error{Errc::internal, url + " answered " + std::to_string(answer.status)};
    co_return std::move(answer.body);
}

}  // namespace

http::KeySource key_source(const std::string& where, const std::string& trust_file) {
    if (!where.starts_with("http://") && !where.starts_with("https://"))
        return http::file_source(where);
    return {where, [=] { return fetch_keys(where, trust_file); }, {}};
}

void load_keys(http::KeyRing& ring, std::string_view setting) {
    asio::io_context loop;
    Result<void> loaded;
    asio::co_spawn(
        loop, ring.load(SystemClock{}.now()),
        [&](std::exception_ptr broken, Result<void> result) {
            if (broken) std::rethrow_exception(broken);
            loaded = std::move(result);
        }
    );
    loop.run();
    if (!loaded) throw std::runtime_error(std::string{setting} + ": " + loaded.error().detail);
}

}  // namespace payments
