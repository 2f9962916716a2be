#include "app/serve.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <thread>

#include "app/contexts.hpp"
#include "flow/backfill_events.hpp"
#include "flow/deliver_events.hpp"
#include "flow/reconcile.hpp"
#include "http/api/api.hpp"
#include "http/auth/jwks_source.hpp"
#include "support/assets.hpp"
#include "support/log.hpp"

namespace payments {

std::span<const Asset> pages_assets();  // web/dist/reference, see cmake/assets.cmake

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// ------------------------------------------------------------- settings to what each part takes

http::Limits limits_of(const RequestLimits& from) {
    http::Limits limits;
    limits.request_line_bytes = from.request_line_bytes;
    limits.headers_bytes = from.headers_bytes;
    limits.header_lines = from.header_lines;
    limits.body_bytes = from.body_bytes;
    limits.request_time = from.request_time;
    limits.answer_time = from.answer_time;
    limits.idle_time = from.idle_time;
    limits.connections = from.connections;
    return limits;
}

http::Rate rate_of(const std::optional<RateLimit>& from) {
    if (!from) return {};
    return {from->requests, from->period, from->burst};
}

// ------------------------------------------------------------------------------------------ keys

// A key set behind an address, fetched by a client of the loop that asks.
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

http::KeySource key_source(const std::string& where, const std::string& trust_file) {
    if (!where.starts_with("http://") && !where.starts_with("https://"))
        return http::file_source(where);
    return {where, [=] { return fetch_keys(where, trust_file); }, {}};
}

// The first look at a key set, before anything is served.
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

// ----------------------------------------------------------------------------------- the process

// The API reference and everything else that the loops share, in the form the API takes it.
http::ApiResources make_resources(const Settings& from) {
    return {
        .routes = http::RouteTable{from.routes},
        .pages = http::Pages{pages_assets(), build_info(), from.public_url, from.routes},
        .proxies = http::TrustedProxies{from.trusted_proxies},
        .allowed_origins = {from.allowed_origins.begin(), from.allowed_origins.end()},
        .per_address = http::RateLimiter{rate_of(from.rate_limit_address)},
        .starts_per_ticket = http::RateLimiter{rate_of(from.rate_limit_ticket)},
        .user_keys = http::KeyRing{key_source(from.users.keys, from.trust_file)},
        .service_keys = http::KeyRing{key_source(from.services.keys, from.trust_file)},
        .user_rules = {from.users.issuer, from.users.audience},
        .service_rules = {from.services.issuer, from.services.audience},
        .webhook_body_bytes = from.limits.webhook_body_bytes,
    };
}

// One event loop with all that its requests touch, in order of birth.
struct ServiceLoop {
    ServiceLoop(
        ProcessContext& process, http::ApiResources& resources, asio::ip::tcp::endpoint address,
        std::shared_ptr<std::atomic<std::size_t>> connections
    );
    Task<std::string> metrics_text();

    ProcessContext& process;
    asio::io_context context{1};
    LoopContext loop;
    http::Api api;
    http::Server server;
};

ServiceLoop::ServiceLoop(
    ProcessContext& shared, http::ApiResources& resources, asio::ip::tcp::endpoint address,
    std::shared_ptr<std::atomic<std::size_t>> connections
)
    : process(shared),
      loop(process, context),
      api({resources, loop.flow, loop.metrics, [this] { return metrics_text(); }}),
      server(context, address, limits_of(process.settings.limits), api, std::move(connections)) {}

Task<std::string> ServiceLoop::metrics_text() {
    bool is_ready = true;
    std::string reviews;
    try {
        auto& store = loop.flow.store;
        co_await store.check_ready();
        const auto backlog = co_await store.backlog();
        const auto now = process.clock.now();
        process.store_metrics.backlog(
            backlog.waiting, now - backlog.oldest_waiting_at.value_or(now), backlog.dead
        );
        reviews = render_reviews((co_await store.reviews({now, 0, {}})).counts);
    } catch (const StoreDown&) {
        is_ready = false;
    }
    co_return render(process.all_metrics, is_ready) + reviews;
}

// As many files as the system lets us open: one per connection and some more.
void raise_file_limit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

// Our loops share the port with SO_REUSEPORT, and so would another process without anyone noticing:
// half the visitors would meet another database. Throws when the address is taken.
void check_free(const asio::ip::tcp::endpoint& address) {
    asio::io_context context;
    asio::ip::tcp::acceptor probe{context, address.protocol()};
    probe.set_option(asio::socket_base::reuse_address{true});
    probe.bind(address);
    probe.listen();
}

// Waits for SIGTERM or SIGINT, then lets every loop finish what runs.
void run_until_told(
    std::vector<std::unique_ptr<ServiceLoop>>& loops, std::chrono::milliseconds drain_time
) {
    std::vector<std::thread> threads;
    for (auto& loop : loops) threads.emplace_back([&loop] { loop->context.run(); });

    asio::io_context control;
    asio::signal_set signals{control, SIGTERM, SIGINT};
    signals.async_wait([](auto, auto) {});
    control.run();

    log::info("stopping: running requests may finish");
    for (auto& loop : loops) {
        asio::co_spawn(loop->context, loop->server.drain(drain_time), [&loop](std::exception_ptr) {
            loop->context.stop();
        });
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace

int serve(const Settings& settings) try {
    redact_secrets(settings);
    log::set_level(settings.log_level);
    raise_file_limit();

    for (const auto& name : migrate(database_of(settings)))
        log::info("migrated the database", "migration", name);
    ProcessContext process{settings};
    http::ApiResources resources = make_resources(settings);
    load_keys(resources.user_keys, "PAYMENTS_USER_KEYS");
    load_keys(resources.service_keys, "PAYMENTS_SERVICE_KEYS");

    const auto connections = std::make_shared<std::atomic<std::size_t>>(0);
    std::vector<std::unique_ptr<ServiceLoop>> loops;
    asio::ip::tcp::endpoint address{
        asio::ip::make_address(settings.listen.host), settings.listen.port};
    check_free(address);
    for (int i = 0; i < settings.threads; ++i) {
        loops.push_back(std::make_unique<ServiceLoop>(process, resources, address, connections));
        address = loops.back()->server.address();  // with the port that was chosen for 0
    }
    for (auto& loop : loops) loop->server.start();
    auto& first = *loops.front();
    asio::co_spawn(first.context, keep_reconciling(first.loop.flow), asio::detached);
    if (settings.stripe.is_used())
        asio::co_spawn(
            first.context, keep_backfilling(first.loop.flow, first.loop.stripe), asio::detached
        );
    asio::co_spawn(first.context, keep_tidy(first.loop.flow), asio::detached);
    if (first.loop.flow.subscriber != nullptr)
        asio::co_spawn(first.context, keep_delivering(first.loop.flow), asio::detached);

    log::info(
        "serving", "address", address.address().to_string(), "port", std::int64_t{address.port()},
        "version", build_info().version, "commit", build_info().commit
    );
    run_until_told(loops, settings.drain_time);
    log::info("stopped");
    // What still waits for a provider is on record and resumes at the next start; its coroutines
    // need not be unwound one by one.
    std::quick_exit(0);
} catch (const std::exception& broken) {
    log::error("could not start", "reason", broken.what());
    return 1;
}

}  // namespace payments
