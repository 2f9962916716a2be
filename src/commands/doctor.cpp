#include "commands/doctor.hpp"

#include <sys/statvfs.h>

#include <filesystem>
#include <iostream>

#include "app/contexts.hpp"
#include "commands/check_config.hpp"
#include "commands/exit_code.hpp"
#include "flow/office/health.hpp"
#include "flow/when_all.hpp"
#include "gateway/stripe/events.hpp"
#include "storage/postgres/session.hpp"
#include "support/assets.hpp"
#include "support/json.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;
using gateway::HttpsClient;
using gateway::HttpsRequest;
using gateway::HttpsResponse;
using gateway::Origin;

constexpr auto patience = 5s;

// ------------------------------------------------------------------------------ the database

Task<Backlog> look_at(Store& store) {
    co_await store.check_ready();
    co_return co_await store.backlog();
}

void measure_database(const Settings& settings, Measurements& measured) try {
    const auto target = database_of(settings);
    if (const auto pending = pending_migrations(target); !pending.empty())
        throw StoreDown{"the database lacks migration " + pending.front()};
    boost::asio::io_context loop;
    const auto store = Stores{target}.of(loop);
    const SystemClock clock;
    const auto backlog = run_to_end(loop, look_at(*store));
    measured.events_waiting = backlog.waiting;
    measured.events_dead = backlog.dead;
    if (backlog.oldest_waiting_at) measured.oldest_event = clock.now() - *backlog.oldest_waiting_at;
    if (!target.is_postgres()) return;
    postgres::Session session{target.server};
    const auto before = clock.now();
    const auto rows = session.ask("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    const auto middle = before + (clock.now() - before) / 2;
    measured.ahead_of_database = middle - Time{std::chrono::milliseconds{rows[0].integer(0)}};
} catch (const std::exception& broken) {
    measured.database_failure = broken.what();
}

void measure_disk(const Settings& settings, Measurements& measured) {
    if (settings.database.is_postgres()) return;
    struct statvfs disk {};
    const auto folder = std::filesystem::path{settings.database.path}.parent_path();
    if (statvfs(folder.empty() ? "." : folder.c_str(), &disk) != 0) return;
    const auto block = static_cast<std::int64_t>(disk.f_frsize);
    measured.disk = Measurements::Disk{
        block * static_cast<std::int64_t>(disk.f_bavail),
        block * static_cast<std::int64_t>(disk.f_blocks)};
}

// ------------------------------------------------------------------------- what is outside

struct Ask {
    std::string name, url;
    bool is_needed = true;
};

std::vector<Ask> outsides_of(const Settings& settings) {
    std::vector<Ask> asks{{"tickets", settings.tickets_url}};
    const auto& simplepay = settings.simplepay;
    if (!simplepay.accounts.empty())
        asks.push_back(
            {"SimplePay", simplepay.url.empty() ? gateway::SimplePaySettings{}.url : simplepay.url}
        );
    if (settings.stripe.is_used())
        asks.push_back(
            {"Stripe",
             settings.stripe.url.empty() ? gateway::StripeSettings{}.url : settings.stripe.url}
        );
    for (const auto& [name, keys] :
         {std::pair{"keys of users", settings.users.keys},
          std::pair{"keys of services", settings.services.keys}})
        if (keys.find("://") != std::string::npos) asks.push_back({name, keys});
    if (settings.events.is_used())
        asks.push_back({"receiver of events", settings.events.url, false});
    if (settings.console.has_provider())
        asks.push_back({"identity provider", settings.console.issuer, false});
    return asks;
}

// Any answer will do, to the root of the server: nobody is told anything by it.
Task<void> ask(HttpsClient& client, Ask about, AskedOutside* asked) {
    asked->name = about.name;
    asked->is_needed = about.is_needed;
    auto origin = Origin::parse(about.url.substr(0, about.url.find('?')));
    if (!origin) {
        asked->address = about.url;
        asked->why_not = origin.error().detail;
        co_return;
    }
    asked->address = origin->host;
    origin->path = "";
    HttpsRequest request{"GET", "/", {}, ""};
    request.repeatable = true;
    const auto answer = co_await client.send(*origin, std::move(request), patience);
    asked->asked_at = SystemClock{}.now();
    if (answer.kind != HttpsResponse::Kind::answered) asked->why_not = answer.why;
    asked->date = parse_http_date(answer.header("date"));
}

// The commit in "payments_build_info{...commit="..."...}".
std::string commit_in(std::string_view metrics) {
    constexpr std::string_view before = "commit=\"";
    const auto line = metrics.find("payments_build_info{");
    const auto at = line == metrics.npos ? line : metrics.find(before, line);
    if (at == metrics.npos) return "";
    const auto rest = metrics.substr(at + before.size());
    return std::string{rest.substr(0, rest.find('"'))};
}

Task<void> ask_public(HttpsClient& client, const Settings& settings, Measurements* measured) {
    measured->public_url = settings.public_url;
    measured->our_commit = build_info().commit;
    const auto origin = Origin::parse(settings.public_url);
    if (!origin) co_return;
    HttpsRequest health{"GET", "/healthz", {}, ""};
    health.repeatable = true;
    const auto answer = co_await client.send(*origin, std::move(health), patience);
    if (answer.kind != HttpsResponse::Kind::answered)
        measured->public_failure = "no answer: " + answer.why;
    else if (answer.status != 200 || answer.body != R"({"status":"alive"})")
        measured->public_failure =
            "/healthz answers " + std::to_string(answer.status) + ", and not as this service does";
    if (!measured->public_failure.empty()) co_return;
    HttpsRequest metrics{"GET", "/metrics", {}, ""};
    metrics.repeatable = true;
    const auto counted = co_await client.send(*origin, std::move(metrics), patience);
    // A proxy in front may well keep it from the outside.
    if (counted.status == 200) measured->public_commit = commit_in(counted.body);
}

MeasuredEndpoint endpoint_in(const HttpsResponse& answer, std::string_view our_address) {
    MeasuredEndpoint endpoint;
    const auto list = json::parse(answer.body);
    if (answer.status != 200 || !list || !list->is_object()) {
        endpoint.why_unknown =
            answer.status == 0 ? answer.why : "it answered " + std::to_string(answer.status);
        return endpoint;
    }
    const auto* all = json::find(list->get_object(), "data");
    if (all == nullptr || !all->is_array()) return endpoint;
    for (const auto& item : all->get_array()) {
        if (!item.is_object()) continue;
        const auto& one = item.get_object();
        if (json::string_or(one, "url", "") != our_address) continue;
        endpoint.is_there = true;
        endpoint.is_enabled = json::string_or(one, "status", "") == "enabled";
        std::set<std::string, std::less<>> sent;
        if (const auto* events = json::find(one, "enabled_events"); events && events->is_array())
            for (const auto& event : events->get_array())
                if (event.is_string()) sent.emplace(std::string_view{event.get_string()});
        endpoint.lacks.clear();
        for (const auto needed : stripe::event_types())
            if (!sent.contains("*") && !sent.contains(needed)) endpoint.lacks.emplace_back(needed);
        if (endpoint.is_enabled) return endpoint;
    }
    return endpoint;
}

Task<void> ask_stripe(HttpsClient& client, const Settings& settings, Measurements* measured) {
    const auto& stripe = settings.stripe;
    const auto origin =
        Origin::parse(stripe.url.empty() ? gateway::StripeSettings{}.url : stripe.url);
    if (!origin) co_return;
    HttpsRequest request{
        "GET",
        "/v1/webhook_endpoints?limit=100",
        {{"Authorization", "Bearer " + stripe.secret_key}},
        ""};
    request.repeatable = true;
    const auto answer = co_await client.send(*origin, std::move(request), patience);
    const auto route = settings.routes.find("stripeWebhook");
    const auto path = route == settings.routes.end() ? "/payments/stripe/webhook" : route->second;
    measured->stripe_endpoint = endpoint_in(answer, settings.public_url + path);
}

Task<bool> ask_all(HttpsClient& client, const Settings& settings, Measurements* measured) {
    const auto asks = outsides_of(settings);
    measured->outsides.resize(asks.size());
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < asks.size(); ++i)
        tasks.push_back(ask(client, asks[i], &measured->outsides[i]));
    if (!settings.public_url.empty()) {
        tasks.push_back(ask_public(client, settings, measured));
        if (settings.stripe.is_used()) tasks.push_back(ask_stripe(client, settings, measured));
    }
    co_await when_all(std::move(tasks));
    co_return true;
}

Measurements measure(const Settings& settings) {
    Measurements measured;
    measured.keys = {
        !settings.simplepay.accounts.empty(), settings.stripe.is_used(),
        settings.simplepay.url.empty() ||
            settings.simplepay.url.starts_with("https://secure.simplepay.hu"),
        settings.stripe.is_live()};
    measured.keys.simplepay_is_live &= measured.keys.has_simplepay;
    measured.tells_others = settings.events.is_used();
    measured.wrong_keys = mistakes_in_files(settings);
    measure_database(settings, measured);
    measure_disk(settings, measured);
    boost::asio::io_context loop;
    gateway::HttpsSettings https;
    https.trust_file = settings.trust_file;
    HttpsClient client{loop, std::move(https)};
    run_to_end(loop, ask_all(client, settings, &measured));
    return measured;
}

void print(const std::vector<Finding>& findings) {
    for (const auto& finding : findings) {
        std::cout << name(finding.state) << std::string(8 - name(finding.state).size(), ' ')
                  << finding.name << ": " << finding.sentence << "\n";
        if (!finding.advice.empty()) std::cout << "        " << finding.advice << "\n";
    }
}

void print_json(const std::vector<Finding>& findings) {
    json::array list;
    for (const auto& finding : findings)
        list.push_back(json::object{
            {"name", finding.name},
            {"state", name(finding.state)},
            {"sentence", finding.sentence},
            {"advice", finding.advice.empty() ? json::value(nullptr) : json::value(finding.advice)},
        });
    std::cout << json::write(list) << "\n";
}

}  // namespace

int doctor(const Settings& settings, bool as_json) {
    redact_secrets(settings);
    const auto findings = judge(measure(settings));
    as_json ? print_json(findings) : print(findings);
    return worst(findings) == CheckState::bad ? exit_code::failed : exit_code::done;
}

}  // namespace payments
