#include <algorithm>
#include <array>

#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/wire.hpp"
#include "support/times.hpp"

// Whether the installation is well (docs/operations.md, "Is it well?").
namespace payments::http {
namespace {

json::value ms_or_null(const std::optional<std::chrono::milliseconds>& time) {
    return time ? json::value(time->count()) : json::value(nullptr);
}

json::object write_replica(const Replica& replica, Time now) {
    return json::object{
        {"replica", replica.name},
        {"version", replica.version},
        {"commit", replica.commit},
        {"settings", replica.settings},
        {"started_at", rfc3339(replica.started_at)},
        {"seen_at", rfc3339(replica.seen_at)},
        {"is_alive", is_alive(replica, now)},
        {"clock_ahead_ms", ms_or_null(replica.ahead)},
        {"keys_read_at", rfc3339(replica.keys_read_at)},
        {"keys_trouble", or_null(replica.keys_trouble)},
    };
}

json::array write_replicas(const HealthReport& report) {
    json::array list;
    for (const auto& replica : report.record.replicas)
        list.push_back(write_replica(replica, report.measured.at));
    return list;
}

// How the other operations name whom it is about.
std::string_view outside_name(std::string_view outside) {
    if (outside == "simplepay") return name(Processor::simplepay);
    if (outside == "stripe") return name(Processor::stripe);
    return outside;
}

json::object write_outside(
    std::string_view outside, const CallCounts& counts, const std::optional<Time>& signed_at
) {
    return json::object{
        {"name", outside_name(outside)},
        {"calls", counts.calls},
        {"unanswered", counts.unanswered},
        {"p50_ms", ms_or_null(time_of(counts, 50))},
        {"p95_ms", ms_or_null(time_of(counts, 95))},
        {"last_signed_at", or_null(signed_at)},
    };
}

// Those that are set up, and those that were asked all the same.
json::array write_outsides(const HealthReport& report) {
    const auto& record = report.record;
    const std::array<std::pair<std::string_view, std::optional<Time>>, 3> outsides{{
        {"simplepay", record.signed_by_simplepay},
        {"stripe", record.signed_by_stripe},
        {"tickets", {}},
    }};
    json::array list;
    for (const auto& [outside, signed_at] : outsides) {
        const auto made = std::ranges::find(record.calls, outside, &OutsideCalls::outside);
        const bool was_asked = made != record.calls.end();
        const auto& asked = report.measured.outsides;
        if (!was_asked && std::ranges::find(asked, outside, &AskedOutside::name) == asked.end())
            continue;
        const CallCounts none;
        list.push_back(write_outside(outside, was_asked ? made->counts : none, signed_at));
    }
    return list;
}

json::object write_database(const HealthReport& report) {
    const auto& database = report.measured.database;
    const auto& disk = report.measured.disk;
    return json::object{
        {"kind", report.is_postgres ? "postgresql" : "sqlite"},
        {"is_reachable", database.failure.empty()},
        {"answered_in_ms", ms_or_null(database.answered_in)},
        {"disk_free_bytes", disk ? json::value(disk->free_bytes) : json::value(nullptr)},
        {"disk_size_bytes", disk ? json::value(disk->size_bytes) : json::value(nullptr)},
    };
}

json::object write_books(const HealthReport& report) {
    const auto& check = report.record.ledger;
    json::object books{
        {"verified_at", nullptr},
        {"transactions", nullptr},
        {"differences", nullptr},
        {"first_difference", nullptr},
    };
    if (!check) return books;
    books["verified_at"] = rfc3339(check->at);
    books["transactions"] = check->transactions;
    books["differences"] = check->differences;
    books["first_difference"] = or_null(check->first_difference);
    return books;
}

json::object write_backlog(const std::optional<Backlog>& backlog) {
    return json::object{
        {"waiting", backlog ? json::value(backlog->waiting) : json::value(nullptr)},
        {"dead", backlog ? json::value(backlog->dead) : json::value(nullptr)},
        {"oldest_waiting_at", backlog ? or_null(backlog->oldest_waiting_at) : json::value(nullptr)},
    };
}

json::array write_keys(const std::vector<KeysRead>& keys) {
    json::array list;
    for (const auto& [name, at] : keys)
        list.push_back(json::object{{"name", name}, {"read_at", rfc3339(at)}});
    return list;
}

json::object write_check(const Finding& finding) {
    json::object with;
    for (const auto& [name, value] : finding.with)
        with[name] = std::visit([](const auto& one) { return json::value(one); }, value);
    return json::object{
        {"name", finding.name},         {"state", name(finding.state)},
        {"code", name(finding.code)},   {"with", std::move(with)},
        {"sentence", finding.sentence}, {"advice", or_null(finding.advice)},
    };
}

json::object write_health(const HealthReport& report) {
    const auto& now = report.measured.at;
    const auto& replicas = report.record.replicas;
    const auto findings = judge(report.measured);
    json::array checks;
    for (const auto& finding : findings) checks.push_back(write_check(finding));
    return json::object{
        {"at", rfc3339(now)},
        {"state", name(worst(findings))},
        {"version", report.version},
        {"commit", report.commit},
        {"same_version",
         are_alike(replicas, now, &Replica::version) && are_alike(replicas, now, &Replica::commit)},
        {"same_settings", are_alike(replicas, now, &Replica::settings)},
        {"replicas", write_replicas(report)},
        {"outsides", write_outsides(report)},
        {"database", write_database(report)},
        {"books", write_books(report)},
        {"backup", json::object{{"at", or_null(report.record.backup_at)}}},
        {"events", write_backlog(report.measured.database.backlog)},
        {"keys", write_keys(report.keys)},
        {"checks", std::move(checks)},
    };
}

}  // namespace

Task<Result<Response>> get_health(ApiContext& context, RequestContext& request) {
    const auto wait_s = context.resources.looks_per_person.seconds_to_wait(
        request.caller, context.flow.clock.steady()
    );
    if (wait_s > 0)
        co_return Error{Errc::rate_limited, "you have looked too often just now"}.retry_after(wait_s
        );
    const auto report = co_await context.health();
    co_return json_reply(write_health(report));
}

}  // namespace payments::http
