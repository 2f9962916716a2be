#include "app/serve.hpp"

#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <thread>

#include "app/contexts.hpp"
#include "app/key_sets.hpp"
#include "app/self_check.hpp"
#include "commands/exit_code.hpp"
#include "flow/backfill_events.hpp"
#include "flow/checks/prompt_checks.hpp"
#include "flow/checks/reconcile.hpp"
#include "flow/console/forget_sessions.hpp"
#include "flow/deliver_events.hpp"
#include "flow/office/keep_retention.hpp"
#include "flow/office/keep_totals.hpp"
#include "flow/runs/run_refunds.hpp"
#include "flow/settlement/keep_matching.hpp"
#include "http/api/api.hpp"
#include "http/api/idempotency.hpp"
#include "http/api/overload.hpp"
#include "support/assets.hpp"
#include "support/buckets.hpp"
#include "support/crypto.hpp"
#include "support/log.hpp"
#include "support/personal_metrics.hpp"
#include "support/settlement_metrics.hpp"
#include "support/url.hpp"

namespace payments {

std::span<const Asset> pages_assets();    // web/dist/reference, see cmake/assets.cmake
std::span<const Asset> console_assets();  // web/dist/console

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

// SimplePay has one address for real money, whatever account asks there; its public test accounts
// are warned of (config/load).
bool moves_real_money(const Settings& settings) {
    return (settings.stripe.is_used() && settings.stripe.is_live()) ||
           (settings.simplepay.is_used() &&
            settings.simplepay.url.starts_with("https://secure.simplepay.hu"));
}

std::optional<http::OidcRules> oidc_of(const Settings& from) {
    if (!from.console.has_provider()) return {};
    http::OidcRules rules;
    rules.issuer = from.console.issuer;
    rules.client_id = from.console.client_id;
    rules.redirect_uri = from.public_url + "/console/signed-in";
    rules.signed_out_uri = from.public_url + "/console/signed-out";
    rules.resource = from.console.resource;
    rules.takes_id_token = from.console.takes_id_token;
    rules.max_age = from.console.refund_auth_age;
    return rules;
}

http::ConsoleSignIn sign_in_of(const ConsoleConfig& console) {
    if (!console.is_used()) return http::ConsoleSignIn::none;
    if (console.has_platform()) return http::ConsoleSignIn::handoff;
    return console.has_provider() ? http::ConsoleSignIn::oidc : http::ConsoleSignIn::token;
}

// Of the operations that are elsewhere than by default.
http::ConsoleShell::MovedPaths moved_paths(const Settings& from) {
    http::ConsoleShell::MovedPaths moved;
    for (const auto& route : http::all_routes()) {
        auto place = http::path_of(route, from.routes);
        if (place != route.path) moved.emplace(route.path, std::move(place));
    }
    return moved;
}

std::optional<http::Console> console_of(const Settings& from) {
    if (!from.console.is_used()) return {};
    std::vector<std::string> keys;
    for (const auto& key : from.console.keys) keys.push_back(crypto::unbase64(key).value());
    const auto url = Url::parse(from.public_url);
    return http::Console{
        .limits = {from.console.idle, from.console.total},
        .seal = http::SessionSeal{std::move(keys)},
        .origin = url ? url->origin : "",
        .time_zone = from.time_zone,
        .is_live = moves_real_money(from),
        .shell = http::ConsoleShell{console_assets(), moved_paths(from)},
        .oidc = oidc_of(from),
        .refund_auth_age = from.console.refund_auth_age,
        .handoff_page = from.console.has_platform() ? from.console.handoff_page : "",
    };
}

// ----------------------------------------------------------------------------------- the process

// Without it nothing fails but to look for payments by days.
std::optional<TimeZone> zone_of(const Settings& from) {
    auto zone = TimeZone::load(from.time_zone);
    if (!zone)
        log::warning(
            "the time zone is unknown: is tzdata installed?", "PAYMENTS_TIME_ZONE", from.time_zone
        );
    return zone;
}

// The API reference and everything else that the loops share, in the form the API takes it.
http::ApiResources make_resources(const Settings& from) {
    return {
        .routes = http::RouteTable{from.routes, sign_in_of(from.console)},
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
        .sealing_key = http::sealing_key_of(from.stripe.secret_key),
        .console = console_of(from),
        .zone = zone_of(from),
        .zone_name = from.time_zone,
    };
}

// One event loop with all that its requests touch, in order of birth.
struct ServiceLoop {
    ServiceLoop(
        ProcessContext& process, http::ApiResources& resources, asio::ip::tcp::endpoint address,
        std::shared_ptr<std::atomic<std::size_t>> connections
    );
    Task<std::string> metrics_text();
    Task<std::string> settlement_metrics();
    Task<std::string> erasing_metrics();

    ProcessContext& process;
    asio::io_context context{1};
    LoopContext loop;
    PromptChecks prompt;
    SelfCheck self_check;
    http::Overload overload;
    http::Api api;
    http::Server server;
    // Of settlements, kept for a while: scrapes come often, and files once a week.
    MatchResult settled{};
    std::optional<std::chrono::steady_clock::time_point> settled_read_at{};
    // Likewise, of personal data.
    RetentionState retention{};
    std::optional<std::chrono::steady_clock::time_point> retention_read_at{};
};

ServiceLoop::ServiceLoop(
    ProcessContext& shared, http::ApiResources& resources, asio::ip::tcp::endpoint address,
    std::shared_ptr<std::atomic<std::size_t>> connections
)
    : process(shared),
      loop(process, context),
      prompt(process.clock, context.get_executor()),
      self_check(process, resources, *loop.store),
      overload(
          context, [this] { return loop.store->queue_age(); }, loop.metrics,
          process.settings.limits.start_wait
      ),
      api(
          {resources, loop.flow, loop.metrics, [this] { return metrics_text(); }, loop.store.get(),
           loop.identity_provider ? &*loop.identity_provider : nullptr,
           loop.handoff ? &*loop.handoff : nullptr, [this] { return self_check.report(); },
           &overload}
      ),
      server(context, address, limits_of(process.settings.limits), api, std::move(connections)) {
    loop.flow.prompt = &prompt;
}

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
        reviews = render_reviews(co_await store.review_counts(now));
        reviews += co_await settlement_metrics();
        reviews += co_await erasing_metrics();
    } catch (const StoreDown&) {
        is_ready = false;
    }
    co_return render(process.all_metrics, is_ready) + reviews;
}

Task<std::string> ServiceLoop::settlement_metrics() {
    const auto now = std::chrono::steady_clock::now();
    const bool is_matched = settled.matched_at >= settled.newest_file_at;
    if (!settled_read_at || !is_matched || now - *settled_read_at >= std::chrono::seconds{30}) {
        settled = co_await loop.settlements->newest_result();
        settled_read_at = now;
    }
    if (!settled.newest_file_at) co_return "";
    const auto age_of = [&](const std::optional<Time>& at) {
        return process.clock.now() - at.value_or(process.clock.now());
    };
    std::vector<UnexplainedMoney> unexplained;
    for (const auto& [processor, currency, minor] : settled.unexplained)
        unexplained.push_back({processor, currency, minor});
    co_return render_settlements(
        unexplained, age_of(settled.newest_file_at), age_of(settled.matched_at)
    );
}

Task<std::string> ServiceLoop::erasing_metrics() {
    const auto now = std::chrono::steady_clock::now();
    if (!retention_read_at || now - *retention_read_at >= std::chrono::seconds{30}) {
        retention = co_await loop.personal->retention();
        retention_read_at = now;
    }
    ErasingFigures figures{retention.waiting, retention.restricted, retention.erased};
    if (retention.round_at) figures.round_age = process.clock.now() - *retention.round_at;
    if (!retention.is_postgres) figures.are_files_clean = retention.are_files_clean;
    co_return render_erasing(figures);
}

// Every connection is a file. The usual soft limit of 1 024 is far below PAYMENTS_CONNECTIONS, the
// hard limit is what the system really allows.
void raise_file_limit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

// The C library gives nearly each thread a heap of its own, of which none uses what another has
// freed: as many as there are loops are enough, and save 1.4 MiB on two cores
// (docs/performance.md).
void share_heaps(int loops) { mallopt(M_ARENA_MAX, std::max(2, loops)); }

// Our loops share the port with SO_REUSEPORT, and so could another process of the same user without
// any error: half the visitors would meet another database. So this binds once without it. Throws
// boost::system::system_error when the address is taken.
void check_free(const asio::ip::tcp::endpoint& address) {
    asio::io_context context;
    asio::ip::tcp::acceptor probe{context, address.protocol()};
    probe.set_option(asio::socket_base::reuse_address{true});
    probe.bind(address);
    probe.listen();
}

// What goes on beside the requests: one of each for the process, on its first loop. With several
// processes each claims its share (docs/design.md, 8).
void start_background_work(
    ServiceLoop& first, Pulse pulse, bool uses_stripe, const std::optional<TimeZone>& zone
) {
    auto& flow = first.loop.flow;
    asio::co_spawn(first.context, keep_reconciling(flow), asio::detached);
    if (uses_stripe)
        for (auto* source : first.loop.stripe.event_sources())
            asio::co_spawn(first.context, keep_backfilling(flow, *source), asio::detached);
    asio::co_spawn(first.context, keep_tidy(flow), asio::detached);
    asio::co_spawn(first.context, keep_matching(flow), asio::detached);
    asio::co_spawn(first.context, keep_retention(flow), asio::detached);
    asio::co_spawn(first.context, keep_folding_totals(flow), asio::detached);
    asio::co_spawn(first.context, keep_counting_transactions(flow), asio::detached);
    if (zone)
        asio::co_spawn(first.context, keep_adding_up_days(flow, days_of(*zone)), asio::detached);
    for (const auto processor : {Processor::simplepay, Processor::stripe})
        asio::co_spawn(first.context, keep_running_refunds(flow, processor), asio::detached);
    asio::co_spawn(
        first.context, keep_forgetting_sessions(flow, *first.loop.store), asio::detached
    );
    asio::co_spawn(
        first.context, keep_beating(flow, *first.loop.store, std::move(pulse)), asio::detached
    );
    if (flow.subscriber != nullptr)
        asio::co_spawn(first.context, keep_delivering(flow), asio::detached);
}

// What the last requests left, so that a deploy shows in a picture too.
void flush_traces(ProcessContext& process) {
    asio::io_context loop;
    gateway::TraceExporter exporter{
        loop, process.clock, *process.traces, traces_of(process.settings),
        [](std::int64_t, std::int64_t) {}};
    run_to_end(loop, exporter.flush());
}

using ServiceLoops = std::vector<std::unique_ptr<ServiceLoop>>;

// A provider that takes longer is asked again when the claim has ended.
constexpr std::chrono::milliseconds last_checks_time = 2s;

// Lets requests finish, and then the checks that these wanted at once, until `drain_time` has
// passed. Returns how many requests were cut off.
Task<std::size_t> wind_down(ServiceLoop& loop, std::chrono::milliseconds drain_time) {
    auto& clock = loop.process.clock;
    const auto until = clock.steady() + drain_time;
    const auto cut = co_await loop.server.drain(drain_time);
    co_await loop.prompt.finish(loop.loop.flow, std::min(until, clock.steady() + last_checks_time));
    co_return cut;
}

// Runs the loops, a thread each, until SIGTERM or SIGINT and the drain that follows. Returns how
// many requests were still being answered when `drain_time` had passed.
std::size_t run_until_signal(
    ServiceLoops& loops, asio::io_context& control, std::chrono::milliseconds drain_time
) {
    std::vector<std::thread> threads;
    for (auto& loop : loops) threads.emplace_back([&loop] { loop->context.run(); });
    control.run();

    log::info("stopping: running requests may finish");
    std::atomic<std::size_t> cut = 0;
    for (auto& loop : loops) {
        asio::co_spawn(
            loop->context, wind_down(*loop, drain_time),
            [&cut, &loop](std::exception_ptr, std::size_t cut_here) {
                cut += cut_here;
                loop->context.stop();
            }
        );
    }
    for (auto& thread : threads) thread.join();
    return cut;
}

// The life of all objects of the service. Returns as run_until_signal does.
//
// They end in reverse order of birth, each loop's context after all that is on the loop. What is
// suspended then (background work, requests that were cut off) is cancelled with the context, which
// destroys its coroutines: to the database and the providers that is as if the process had died
// there, which every flow is made for (docs/reliability.md). By then what they refer to is gone.
// Destroying them must therefore touch only what they own, alone or together with others, and what
// belongs to the process: settings, clock, resources, SQLite's threads.
std::size_t run_service(const Settings& settings) {
    // First, so that a second signal cannot interrupt how the rest ends: SQLite's last checkpoint.
    asio::io_context control;
    asio::signal_set signals{control, SIGTERM, SIGINT};
    signals.async_wait([](auto, auto) {});

    ProcessContext process{settings};
    http::ApiResources resources = make_resources(settings);
    load_keys(resources.user_keys, "PAYMENTS_USER_KEYS");
    load_keys(resources.service_keys, "PAYMENTS_SERVICE_KEYS");

    const auto connections = std::make_shared<std::atomic<std::size_t>>(0);
    ServiceLoops loops;
    asio::ip::tcp::endpoint address{
        asio::ip::make_address(settings.listen.host), settings.listen.port};
    check_free(address);
    for (int i = 0; i < settings.threads; ++i) {
        loops.push_back(std::make_unique<ServiceLoop>(process, resources, address, connections));
        address = loops.back()->server.address();  // with the port that was chosen for 0
    }
    for (auto& loop : loops) loop->server.start();
    start_background_work(
        *loops.front(), pulse_of(process, resources), settings.stripe.is_used(), resources.zone
    );
    std::optional<gateway::TraceExporter> exporter;
    if (process.traces) {
        auto& first = *loops.front();
        exporter.emplace(
            first.context, process.clock, *process.traces, traces_of(settings),
            [&first](std::int64_t sent, std::int64_t dropped) {
                first.loop.metrics.spans(sent, dropped);
            }
        );
        asio::co_spawn(first.context, exporter->keep_exporting(), asio::detached);
    }
    log::info(
        "serving", "address", address.address().to_string(), "port", std::int64_t{address.port()},
        "version", build_info().version, "commit", build_info().commit
    );
    const auto cut = run_until_signal(loops, control, settings.drain_time);
    exporter.reset();
    while (!loops.empty()) loops.pop_back();
    if (process.traces) flush_traces(process);
    return cut;
}

}  // namespace

int serve(const Settings& settings) try {
    log::outlive_readers();
    redact_secrets(settings);
    log::set_level(settings.log_level);
    raise_file_limit();
    share_heaps(settings.threads);

    for (const auto& name : migrate(database_of(settings)))
        log::info("migrated the database", "migration", name);
    const auto cut = run_service(settings);
    if (cut == 0) {
        log::info("stopped");
        return exit_code::done;
    }
    log::error("stopped before every request was answered", "requests", std::int64_t(cut));
    return exit_code::failed;
} catch (const std::exception& broken) {
    log::error("could not start", "reason", broken.what());
    return exit_code::failed;
}

}  // namespace payments
