#include "app/measure.hpp"

#include <sys/statvfs.h>

#include <boost/asio/this_coro.hpp>
#include <filesystem>

#include "commands/check_config.hpp"
#include "flow/when_all.hpp"
#include "gateway/https_client.hpp"
#include "gateway/simplepay/client.hpp"
#include "gateway/stripe/accounts.hpp"
#include "gateway/stripe/events.hpp"
#include "support/assets.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using gateway::HttpsClient;
using gateway::HttpsRequest;
using gateway::HttpsResponse;
using gateway::Origin;

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
            {"simplepay", simplepay.url.empty() ? gateway::SimplePaySettings{}.url : simplepay.url}
        );
    if (settings.stripe.is_used())
        asks.push_back(
            {"stripe",
             settings.stripe.url.empty() ? gateway::StripeSettings{}.url : settings.stripe.url}
        );
    for (const auto& [name, keys] :
         {std::pair{"user_keys", settings.users.keys},
          std::pair{"service_keys", settings.services.keys}})
        if (keys.find("://") != std::string::npos) asks.push_back({name, keys});
    if (settings.events.is_used()) asks.push_back({"events_receiver", settings.events.url, false});
    if (settings.console.has_provider())
        asks.push_back({"identity_provider", settings.console.issuer, false});
    return asks;
}

// Any answer will do, to the root of the server: nobody is told anything by it.
Task<void> ask(
    HttpsClient& client, Ask about, std::chrono::milliseconds patience, AskedOutside* asked
) {
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

Task<void> ask_public(
    HttpsClient& client, const Settings& settings, std::chrono::milliseconds patience,
    Measurements* measured
) {
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

Task<void> ask_stripe(
    HttpsClient& client, const Settings& settings, std::chrono::milliseconds patience,
    Measurements* measured
) {
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

}  // namespace

Measurements measure_here(const Settings& settings) {
    Measurements measured;
    const auto& simplepay = settings.simplepay;
    measured.keys.has_simplepay = !simplepay.accounts.empty();
    measured.keys.has_stripe = settings.stripe.is_used();
    measured.keys.simplepay_is_live =
        measured.keys.has_simplepay &&
        (simplepay.url.empty() || simplepay.url.starts_with("https://secure.simplepay.hu"));
    measured.keys.stripe_is_live = settings.stripe.is_live();
    measured.tells_others = settings.events.is_used();
    measured.wrong_keys = mistakes_in_files(settings);
    measured.public_url = settings.public_url;
    measured.our_commit = build_info().commit;
    measure_disk(settings, measured);
    return measured;
}

Task<void> measure_outside(
    const Settings& settings, std::chrono::milliseconds patience, Measurements* measured
) {
    const auto loop = co_await boost::asio::this_coro::executor;
    gateway::HttpsSettings https;
    https.trust_file = settings.trust_file;
    // Of its own: what is kept for payments is not used up, and none of it is counted as a call.
    HttpsClient client{
        static_cast<boost::asio::io_context&>(
            boost::asio::query(loop, boost::asio::execution::context)
        ),
        std::move(https)};
    const auto asks = outsides_of(settings);
    measured->outsides.resize(asks.size());
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < asks.size(); ++i)
        tasks.push_back(ask(client, asks[i], patience, &measured->outsides[i]));
    if (!settings.public_url.empty()) {
        tasks.push_back(ask_public(client, settings, patience, measured));
        if (settings.stripe.is_used())
            tasks.push_back(ask_stripe(client, settings, patience, measured));
    }
    co_await when_all(std::move(tasks));
}

}  // namespace payments
