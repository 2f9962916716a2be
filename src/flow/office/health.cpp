#include "flow/office/health.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "flow/office/judge_record.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// An event that has failed a few times waits for half an hour.
constexpr auto event_late = 1h;
constexpr std::int64_t disk_warn_percent = 15, disk_bad_percent = 5;

void judge_database(const DatabaseLook& database, std::vector<Finding>& findings) {
    if (database.failure.empty())
        findings.push_back(good_news(
            "database", FindingCode::database_well, {}, "it is reachable, writable and migrated"
        ));
    else
        findings.push_back(
            {"database",
             CheckState::bad,
             FindingCode::database_failed,
             {{"why", database.failure}},
             database.failure,
             "No payment can be started until it is mended; see that it runs, that its disk has "
             "room, and run `ozora-payments migrate`."}
        );
    if (database.ahead) findings.push_back(judge_clock("clock", "", "", *database.ahead));
}

void judge_outside(const AskedOutside& outside, std::vector<Finding>& findings) {
    if (outside.why_not.empty())
        findings.push_back(good_news(
            outside.name, FindingCode::answers, {{"address", outside.address}},
            outside.address + " answers"
        ));
    else
        findings.push_back(
            {outside.name,
             outside.is_needed ? CheckState::bad : CheckState::warn,
             FindingCode::silent,
             {{"address", outside.address}, {"why", outside.why_not}},
             outside.address + " does not answer: " + outside.why_not,
             "See whether this machine reaches it (firewall, DNS, a proxy), and its status page."}
        );
    if (!outside.date) return;
    // It is told in whole seconds, and the way took some time.
    const auto ahead = outside.asked_at - *outside.date;
    auto clock = judge_clock("clock_" + outside.name, "", outside.address, ahead);
    if (clock.state != CheckState::good) findings.push_back(std::move(clock));
}

void judge_keys(const Measurements& measured, std::vector<Finding>& findings) {
    for (const auto& wrong : measured.wrong_keys)
        findings.push_back(
            {"keys",
             CheckState::bad,
             FindingCode::key_wrong,
             {{"why", wrong}},
             wrong,
             "The service does not start with it: see that setting."}
        );
    if (measured.wrong_keys.empty())
        findings.push_back(
            good_news("keys", FindingCode::keys_well, {}, "the keys of tokens can be read")
        );
    const auto& keys = measured.keys;
    const bool is_live = keys.simplepay_is_live || keys.stripe_is_live;
    const bool is_mixed =
        keys.has_simplepay && keys.has_stripe && keys.simplepay_is_live != keys.stripe_is_live;
    if (is_mixed)
        findings.push_back(
            {"mode",
             CheckState::bad,
             FindingCode::mode_mixed,
             {{"live",
               std::string{name(keys.stripe_is_live ? Processor::stripe : Processor::simplepay)}}},
             std::string{keys.stripe_is_live ? "Stripe's" : "SimplePay's"} +
                 " keys move real money, and the other provider's do not",
             "Visitors would pay with play money here, or with real money in a test: give both "
             "providers keys of one mode."}
        );
    else
        findings.push_back(good_news(
            "mode", is_live ? FindingCode::mode_live : FindingCode::mode_test, {},
            is_live ? "live: real money" : "test: no real money"
        ));
}

void judge_endpoint(const MeasuredEndpoint& endpoint, std::vector<Finding>& findings) {
    constexpr auto where = "In Stripe's dashboard, Developers, Webhooks: ";
    if (!endpoint.why_unknown.empty()) {
        findings.push_back(
            {"webhook_endpoint",
             CheckState::unknown,
             FindingCode::endpoint_unknown,
             {{"why", endpoint.why_unknown}},
             "Stripe does not tell its webhook endpoints: " + endpoint.why_unknown,
             "Give the restricted key the right to read webhook endpoints, or look there by hand."}
        );
        return;
    }
    if (!endpoint.is_there || !endpoint.is_enabled) {
        findings.push_back(
            {"webhook_endpoint",
             CheckState::bad,
             endpoint.is_there ? FindingCode::endpoint_disabled : FindingCode::endpoint_missing,
             {},
             endpoint.is_there ? "Stripe's webhook endpoint is disabled"
                               : "Stripe has no webhook endpoint with our address",
             std::string{where} + "payments are learned of minutes late without it."}
        );
        return;
    }
    std::string lacks;
    for (const auto& event : endpoint.lacks) lacks += (lacks.empty() ? "" : ", ") + event;
    if (lacks.empty())
        findings.push_back(good_news(
            "webhook_endpoint", FindingCode::endpoint_well, {}, "Stripe sends all events we act on"
        ));
    else
        findings.push_back(
            {"webhook_endpoint",
             CheckState::warn,
             FindingCode::endpoint_lacks,
             {{"events", lacks}},
             "Stripe's endpoint does not send " + lacks,
             std::string{where} + "add them to what the endpoint listens to."}
        );
}

void judge_public(const Measurements& measured, std::vector<Finding>& findings) {
    if (measured.public_url.empty()) return;
    if (!measured.public_failure.empty()) {
        findings.push_back(
            {"public_url",
             CheckState::bad,
             FindingCode::public_failed,
             {{"url", measured.public_url}, {"why", measured.public_failure}},
             measured.public_url + ": " + measured.public_failure,
             "Visitors and providers come that way: see the proxy in front, DNS and certificate."}
        );
        return;
    }
    const bool is_other =
        !measured.public_commit.empty() && measured.public_commit != measured.our_commit;
    if (is_other)
        findings.push_back(
            {"public_url",
             CheckState::warn,
             FindingCode::public_other_commit,
             {{"url", measured.public_url},
              {"commit", measured.public_commit},
              {"ours", measured.our_commit}},
             measured.public_url + " runs commit " + measured.public_commit + ", this is " +
                 measured.our_commit,
             "See whether an update has reached all replicas."}
        );
    else
        findings.push_back(good_news(
            "public_url", FindingCode::public_well, {{"url", measured.public_url}},
            measured.public_url + " answers as ours"
        ));
}

void judge_disk(const Measurements::Disk& disk, std::vector<Finding>& findings) {
    const auto percent = disk.size_bytes > 0 ? 100 * disk.free_bytes / disk.size_bytes : 100;
    FindingFacts with{{"percent", percent}};
    const auto sentence = std::to_string(percent) + " % of the database's disk are free";
    if (percent > disk_warn_percent)
        findings.push_back(good_news("disk", FindingCode::disk_free, std::move(with), sentence));
    else
        findings.push_back(
            {"disk", percent > disk_bad_percent ? CheckState::warn : CheckState::bad,
             FindingCode::disk_free, std::move(with), sentence,
             "Make room: nothing can be stored on a full disk, and no payment be started."}
        );
}

void judge_events(const Measurements& measured, std::vector<Finding>& findings) {
    if (!measured.database.backlog) return;
    const auto& backlog = *measured.database.backlog;
    const auto oldest = backlog.oldest_waiting_at.value_or(measured.at);
    if (!measured.tells_others)
        findings.push_back(
            {"events",
             CheckState::warn,
             FindingCode::events_off,
             {},
             "others are not told of payments: PAYMENTS_EVENTS_URL is not set",
             "Set it, or see that whoever needs to know asks for transactions."}
        );
    else if (backlog.dead > 0)
        findings.push_back(
            {"events",
             CheckState::bad,
             FindingCode::events_given_up,
             {{"count", backlog.dead}},
             count_of(backlog.dead, "event") + " given up: others do not know",
             "Mend the receiver, then `ozora-payments events replay --dead`."}
        );
    else if (measured.at - oldest > event_late)
        findings.push_back(
            {"events",
             CheckState::warn,
             FindingCode::events_late,
             {{"count", backlog.waiting}},
             std::to_string(backlog.waiting) + " events wait, the oldest for over an hour",
             "See whether the receiver answers: `ozora-payments events list --waiting`."}
        );
    else
        findings.push_back(good_news("events", FindingCode::events_told, {}, "others are told"));
}

int rank(CheckState state) {
    constexpr std::array ranks{3, 2, 0, 1};  // good, warn, bad, unknown
    return ranks[static_cast<std::size_t>(state)];
}

}  // namespace

bool is_alive(const Replica& replica, Time now) {
    return now - replica.seen_at < silent_replica_after;
}

bool are_alike(const std::vector<Replica>& replicas, Time now, std::string Replica::*what) {
    std::set<std::string_view> seen;
    for (const auto& replica : replicas)
        if (is_alive(replica, now)) seen.insert(replica.*what);
    return seen.size() < 2;
}

std::vector<Finding> judge(const Measurements& measured) {
    std::vector<Finding> findings;
    judge_database(measured.database, findings);
    judge_keys(measured, findings);
    for (const auto& outside : measured.outsides) judge_outside(outside, findings);
    judge_public(measured, findings);
    if (measured.stripe_endpoint) judge_endpoint(*measured.stripe_endpoint, findings);
    if (measured.disk) judge_disk(*measured.disk, findings);
    judge_events(measured, findings);
    judge_record(measured, findings);
    std::ranges::stable_sort(findings, {}, [](const Finding& one) { return rank(one.state); });
    return findings;
}

CheckState worst(const std::vector<Finding>& findings) {
    auto state = CheckState::good;
    for (const auto& finding : findings)
        if (rank(finding.state) < rank(state)) state = finding.state;
    return state;
}

}  // namespace payments
