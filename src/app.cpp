#include "app.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <thread>

#include "flow/reconcile.hpp"
#include "gateway/simplepay.hpp"
#include "gateway/stripe.hpp"
#include "gateway/tickets.hpp"
#include "http/api.hpp"
#include "http/key_ring.hpp"
#include "http/keys.hpp"
#include "storage/sqlite.hpp"
#include "support/assets.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {

std::span<const Asset> pages_assets();  // web/dist/reference, see cmake/assets.cmake

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// ------------------------------------------------------------- settings to what each part takes

Accounts accounts_of(const Settings& settings) {
    Accounts accounts;
    for (const auto& [currency, account] : settings.simplepay.accounts)
        accounts[Processor::simplepay].insert(currency);
    if (settings.stripe.is_used())
        for (const auto& currency : settings.stripe.currencies)
            accounts[Processor::stripe].insert(currency);
    return accounts;
}

Rules rules_of(const Settings& settings) {
    Rules rules;
    rules.accounts = accounts_of(settings);
    rules.transfer_statuses = {
        settings.transfer_statuses.begin(), settings.transfer_statuses.end()};
    rules.payment_time = settings.payment_time;
    rules.simplepay_timeout = settings.simplepay.timeout;
    rules.stripe_timeout = settings.stripe.timeout;
    switch (settings.simplepay.confirm) {
        case SimplePayConfirm::prefer:
            rules.confirm = Rules::Confirm::prefer;
            break;
        case SimplePayConfirm::always:
            rules.confirm = Rules::Confirm::always;
            break;
        case SimplePayConfirm::never:
            rules.confirm = Rules::Confirm::never;
            break;
    }
    return rules;
}

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

gateway::SimplePaySettings simplepay_of(const SimplePayConfig& from) {
    gateway::SimplePaySettings settings;
    if (!from.url.empty()) settings.url = from.url;
    for (const auto& [currency, account] : from.accounts)
        settings.accounts[currency] = {account.merchant, account.secret};
    settings.return_url = from.return_url;
    settings.timeout = from.timeout;
    return settings;
}

gateway::StripeSettings stripe_of(const StripeConfig& from) {
    gateway::StripeSettings settings;
    if (!from.url.empty()) settings.url = from.url;
    settings.secret_key = from.secret_key;
    settings.webhook_secrets = from.webhook_secrets;
    settings.timeout = from.timeout;
    return settings;
}

gateway::TicketsSettings tickets_of(const Settings& from) {
    gateway::TicketsSettings settings;
    settings.url = from.tickets_url;
    settings.timeout = from.tickets_timeout;
    return settings;
}

gateway::HttpsSettings https_of(const Settings& settings, Metrics& metrics) {
    gateway::HttpsSettings https;
    https.trust_file = settings.trust_file;
    https.observer = [&metrics](const gateway::CallReport& report) {
        using enum gateway::HttpsAnswer::Kind;
        auto outcome = CallOutcome::unanswered;
        if (report.outcome == unreachable) outcome = CallOutcome::unreachable;
        if (report.outcome == answered)
            outcome = report.status < 300 ? CallOutcome::answered : CallOutcome::refused;
        const auto took = std::chrono::duration<double>{report.seconds};
        metrics.provider_request(
            report.provider, report.operation, outcome,
            std::chrono::duration_cast<std::chrono::nanoseconds>(took)
        );
    };
    return https;
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
    if (answer.kind != gateway::HttpsAnswer::Kind::answered)
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

http::Key read_signing_key(const std::string& path) {
    const auto text = http::read_key_file(path);
    if (!text) throw std::runtime_error("PAYMENTS_SERVICE_SIGNING_KEY: " + text.error().detail);
    auto key = http::read_signing_key(*text);
    if (!key) throw std::runtime_error("PAYMENTS_SERVICE_SIGNING_KEY: " + key.error().detail);
    return std::move(*key);
}

// ----------------------------------------------------------------------------------- the process

// What all event loops share.
struct Shared {
    explicit Shared(const Settings& from);
    std::string metrics_text(bool is_ready) const;

    const Settings& settings;
    const Rules rules;
    SystemClock clock;
    http::KeyRing user_keys, service_keys;
    const http::Key signing_key;
    const http::RouteTable routes;
    const http::Pages pages;
    const http::TrustedProxies proxies;
    const std::set<std::string, std::less<>> origins;
    http::RateLimiter per_address, per_ticket;
    Metrics store_metrics;
    SqliteStore store;
    std::vector<const Metrics*> all_metrics{&store_metrics};
    std::shared_ptr<std::atomic<std::size_t>> connections;
};

SqliteOptions store_options(const Settings& settings, Metrics& metrics) {
    SqliteOptions options;
    options.path = settings.database_path;
    options.on_group = [&metrics](const sqlite::Group& group) {
        if (group.committed)
            metrics.commit(group.changes);
        else
            metrics.commit_failed();
    };
    return options;
}

Shared::Shared(const Settings& from)
    : settings(from),
      rules(rules_of(from)),
      user_keys(key_source(from.users.keys, from.trust_file)),
      service_keys(key_source(from.services.keys, from.trust_file)),
      signing_key(read_signing_key(from.service_signing_key)),
      routes(from.routes),
      pages(pages_assets(), build_info(), from.public_url, from.routes),
      proxies(from.trusted_proxies),
      origins(from.allowed_origins.begin(), from.allowed_origins.end()),
      per_address(rate_of(from.rate_limit_address)),
      per_ticket(rate_of(from.rate_limit_ticket)),
      store(store_options(from, store_metrics)),
      connections(std::make_shared<std::atomic<std::size_t>>(0)) {}

std::string Shared::metrics_text(bool is_ready) const { return render(all_metrics, is_ready); }

// A token by which the tickets service knows us, and the user we act for.
std::string bearer(const Shared& shared, const Privileges* on_behalf_of) {
    json::object claims{
        {"service", "payments"}
    };
    if (on_behalf_of != nullptr) {
        json::object privileges;
        for (const auto& [name, value] : *on_behalf_of) privileges[name] = value;
        claims["servicePrivs"] = std::move(privileges);
    }
    return http::mint(shared.signing_key, std::move(claims), shared.clock.now());
}

// One event loop with all that its requests touch, in order of birth.
struct Loop {
    Loop(Shared& from, asio::ip::tcp::endpoint address);
    Task<std::string> metrics_text();

    Shared& shared;
    asio::io_context context{1};
    Metrics metrics;
    gateway::HttpsClient https;
    gateway::SimplePay simplepay;
    gateway::Stripe stripe;
    gateway::TicketService tickets;
    World world;
    http::Api api;
    http::Server server;
};

Loop::Loop(Shared& from, asio::ip::tcp::endpoint address)
    : shared(from),
      https(context, https_of(from.settings, metrics)),
      simplepay(https, simplepay_of(from.settings.simplepay)),
      stripe(https, from.clock, stripe_of(from.settings.stripe)),
      tickets(
          https, from.clock, tickets_of(from.settings),
          [&from](const Privileges* user) {
              return bearer(from, user);
}
      ),
      world{from.rules, from.clock,
            from.store, tickets,
            simplepay,  stripe,
            simplepay,  [this](Status status) { metrics.transaction(status); }},
      api({from.routes, from.pages, from.proxies, from.origins, from.per_address,
           from.settings.limits.webhook_body_bytes},
          {world, metrics, from.per_ticket, [this] { return metrics_text(); }},
          {from.user_keys,
           {from.settings.users.issuer, from.settings.users.audience},
           from.service_keys,
           {from.settings.services.issuer, from.settings.services.audience}}),
      server(context, address, limits_of(from.settings.limits), api, from.connections) {}

Task<std::string> Loop::metrics_text() {
    bool is_ready = true;
    try {
        co_await shared.store.check_ready();
    } catch (const StoreDown&) {
        is_ready = false;
    }
    co_return shared.metrics_text(is_ready);
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
    std::vector<std::unique_ptr<Loop>>& loops, std::chrono::milliseconds drain_time
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
    for (auto& secret : secrets_of(settings)) log::redact(secret);
    log::set_level(settings.log_level);
    raise_file_limit();

    for (const auto& name : sqlite::migrate(settings.database_path))
        log::info("migrated the database", "migration", name);
    Shared shared{settings};
    load_keys(shared.user_keys, "PAYMENTS_USER_KEYS");
    load_keys(shared.service_keys, "PAYMENTS_SERVICE_KEYS");

    std::vector<std::unique_ptr<Loop>> loops;
    asio::ip::tcp::endpoint address{
        asio::ip::make_address(settings.listen.host), settings.listen.port};
    check_free(address);
    for (int i = 0; i < settings.threads; ++i) {
        loops.push_back(std::make_unique<Loop>(shared, address));
        address = loops.back()->server.address();  // with the port that was chosen for 0
        shared.all_metrics.push_back(&loops.back()->metrics);
    }
    for (auto& loop : loops) loop->server.start();
    asio::co_spawn(loops.front()->context, keep_reconciling(loops.front()->world), asio::detached);
    asio::co_spawn(loops.front()->context, keep_tidy(loops.front()->world), asio::detached);

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
