#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "commands.hpp"
#include "gateway/https_client.hpp"
#include "gateway/simplepay/client.hpp"
#include "http/api/api.hpp"
#include "http/server/server.hpp"
#include "messages.hpp"
#include "no_store.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments::bench {
namespace {

struct NoTickets : Tickets {
    Task<Result<Ticket>> get(std::int64_t, std::optional<Privileges>, std::string) override {
        co_return Error{Errc::tickets_unavailable, "there are no tickets here"};
    }
};

Transaction any_transaction() {
    const auto code = Code::parse(std::string{code_text}).value();
    const auto now = SystemClock{}.now();
    const auto amount = Money::of(price_minor, code.currency).value();
    return {1, 1, code, amount, std::string{merchant}, "visitor@example.com", "{}", now, now};
}

gateway::SimplePaySettings simplepay_settings() {
    gateway::SimplePaySettings settings;
    settings.url = "http://127.0.0.1:9/payment/v2";
    settings.accounts["EUR"] = {std::string{merchant}, std::string{merchant_secret}};
    return settings;
}

http::KeySource no_keys() {
    return {"no keys", []() -> Task<Result<std::string>> { co_return std::string{}; }, {}};
}

// All that stands between a socket and the store, as the service has it.
struct ApiUnderTest {
    explicit ApiUnderTest(boost::asio::io_context& loop)
        : https(loop, {}),
          simplepay(https, simplepay_settings()),
          world{rules, clock, store, tickets, simplepay, simplepay, simplepay, [](Status) {}},
          api({resources, world, metrics, nullptr}) {}

    Rules rules;
    SystemClock clock;
    NoStore store{any_transaction()};
    NoTickets tickets;
    gateway::HttpsClient https;
    gateway::SimplePay simplepay;
    FlowContext world;
    http::ApiResources resources{
        .routes = http::RouteTable{{}},
        .pages = http::Pages{{}, build_info(), "", {}},
        .proxies = http::TrustedProxies{{}},
        .allowed_origins = {},
        .per_address = http::RateLimiter{http::Rate{}},
        .starts_per_ticket = http::RateLimiter{http::Rate{}},
        .user_keys = http::KeyRing{no_keys()},
        .service_keys = http::KeyRing{no_keys()},
        .user_rules = {},
        .service_rules = {},
        .webhook_body_bytes = 256 * 1024,
    };
    Metrics metrics;
    http::Api api;
};

}  // namespace

void acknowledge_only() {
    log::set_level(log::Level::warning);
    boost::asio::io_context loop{1};
    ApiUnderTest tested{loop};
    boost::asio::ip::tcp::endpoint address{boost::asio::ip::address_v4::loopback(), 0};
    const auto connections = std::make_shared<std::atomic<std::size_t>>(0);
    http::Server server{loop, address, {}, tested.api, connections};
    server.start();
    std::printf("{\"port\":%d}\n", server.address().port());
    std::fflush(stdout);

    boost::asio::signal_set signals{loop, SIGTERM, SIGINT};
    signals.async_wait([&](auto, auto) { loop.stop(); });
    loop.run();
}

}  // namespace payments::bench
