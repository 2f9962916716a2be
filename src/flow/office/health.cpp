#include "flow/office/health.hpp"

#include <algorithm>
#include <array>

namespace payments {
namespace {

using namespace std::chrono_literals;

// Tokens and signatures count with a minute of leeway, Stripe's signatures with five.
constexpr auto clock_warn = 2s;
constexpr auto clock_bad = 30s;
// An event that has failed a few times waits for half an hour.
constexpr auto event_late = 1h;
constexpr std::int64_t disk_warn_percent = 15, disk_bad_percent = 5;

Finding good_news(std::string name, std::string sentence) {
    return {std::move(name), CheckState::good, std::move(sentence), ""};
}

std::string seconds_of(std::chrono::milliseconds time) {
    const auto tenths = std::chrono::abs(time) / 100ms;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

Finding judge_clock(std::string name, const std::string& other, std::chrono::milliseconds ahead) {
    const auto off = std::chrono::abs(ahead);
    if (off < clock_warn)
        return good_news(std::move(name), "our clock and that of " + other + " agree");
    return {
        std::move(name), off < clock_bad ? CheckState::warn : CheckState::bad,
        "our clock is " + seconds_of(ahead) + (ahead > 0ms ? " ahead of" : " behind") +
            " that of " + other,
        "See that the clock of this machine is kept by NTP (timedatectl)."};
}

void judge_database(const Measurements& measured, std::vector<Finding>& findings) {
    if (measured.database_failure.empty())
        findings.push_back(good_news("database", "it is reachable, writable and migrated"));
    else
        findings.push_back(
            {"database", CheckState::bad, measured.database_failure,
             "No payment can be started until it is mended; see that it runs, that its disk has "
             "room, and run `ozora-payments migrate`."}
        );
    if (measured.ahead_of_database)
        findings.push_back(judge_clock("clock", "the database", *measured.ahead_of_database));
}

void judge_outside(const AskedOutside& outside, std::vector<Finding>& findings) {
    if (outside.why_not.empty())
        findings.push_back(good_news(outside.name, outside.address + " answers"));
    else
        findings.push_back(
            {outside.name, outside.is_needed ? CheckState::bad : CheckState::warn,
             outside.address + " does not answer: " + outside.why_not,
             "See whether this machine reaches it (firewall, DNS, a proxy), and its status page."}
        );
    if (!outside.date) return;
    // It is told in whole seconds, and the way took some time.
    const auto ahead = outside.asked_at - *outside.date;
    auto clock = judge_clock("clock of " + outside.name, outside.name, ahead);
    if (clock.state != CheckState::good) findings.push_back(std::move(clock));
}

void judge_keys(const Measurements& measured, std::vector<Finding>& findings) {
    for (const auto& wrong : measured.wrong_keys)
        findings.push_back(
            {"keys", CheckState::bad, wrong,
             "Without it no token can be judged or made: see that setting."}
        );
    if (measured.wrong_keys.empty())
        findings.push_back(good_news("keys", "the keys of tokens can be read"));
    const auto& keys = measured.keys;
    const bool is_live = keys.simplepay_is_live || keys.stripe_is_live;
    const bool is_mixed =
        keys.has_simplepay && keys.has_stripe && keys.simplepay_is_live != keys.stripe_is_live;
    if (is_mixed)
        findings.push_back(
            {"mode", CheckState::bad,
             std::string{keys.stripe_is_live ? "Stripe's" : "SimplePay's"} +
                 " keys move real money, and the other provider's do not",
             "Visitors would pay with play money here, or with real money in a test: give both "
             "providers keys of one mode."}
        );
    else
        findings.push_back(good_news("mode", is_live ? "live: real money" : "test: no real money"));
}

void judge_endpoint(const MeasuredEndpoint& endpoint, std::vector<Finding>& findings) {
    constexpr auto where = "In Stripe's dashboard, Developers, Webhooks: ";
    if (!endpoint.why_unknown.empty()) {
        findings.push_back(
            {"webhook endpoint", CheckState::unknown,
             "Stripe does not tell its webhook endpoints: " + endpoint.why_unknown,
             "Give the restricted key the right to read webhook endpoints, or look there by hand."}
        );
        return;
    }
    if (!endpoint.is_there || !endpoint.is_enabled) {
        findings.push_back(
            {"webhook endpoint", CheckState::bad,
             endpoint.is_there ? "Stripe's webhook endpoint is disabled"
                               : "Stripe has no webhook endpoint with our address",
             std::string{where} + "payments are learned of minutes late without it."}
        );
        return;
    }
    std::string lacks;
    for (const auto& event : endpoint.lacks) lacks += (lacks.empty() ? "" : ", ") + event;
    if (lacks.empty())
        findings.push_back(good_news("webhook endpoint", "Stripe sends all events we act on"));
    else
        findings.push_back(
            {"webhook endpoint", CheckState::warn, "Stripe's endpoint does not send " + lacks,
             std::string{where} + "add them to what the endpoint listens to."}
        );
}

void judge_public(const Measurements& measured, std::vector<Finding>& findings) {
    if (measured.public_url.empty()) return;
    if (!measured.public_failure.empty()) {
        findings.push_back(
            {"public URL", CheckState::bad, measured.public_url + ": " + measured.public_failure,
             "Visitors and providers come that way: see the proxy in front, DNS and certificate."}
        );
        return;
    }
    const bool is_other =
        !measured.public_commit.empty() && measured.public_commit != measured.our_commit;
    if (is_other)
        findings.push_back(
            {"public URL", CheckState::warn,
             measured.public_url + " runs commit " + measured.public_commit + ", this is " +
                 measured.our_commit,
             "See whether an update has reached all replicas."}
        );
    else
        findings.push_back(good_news("public URL", measured.public_url + " answers as ours"));
}

void judge_disk(const Measurements::Disk& disk, std::vector<Finding>& findings) {
    const auto percent = disk.size_bytes > 0 ? 100 * disk.free_bytes / disk.size_bytes : 100;
    const auto sentence = std::to_string(percent) + " % of the database's disk are free";
    if (percent > disk_warn_percent)
        findings.push_back(good_news("disk", sentence));
    else
        findings.push_back(
            {"disk", percent > disk_bad_percent ? CheckState::warn : CheckState::bad, sentence,
             "Make room: nothing can be stored on a full disk, and no payment be started."}
        );
}

void judge_events(const Measurements& measured, std::vector<Finding>& findings) {
    if (!measured.events_waiting || !measured.events_dead) return;
    if (!measured.tells_others) {
        findings.push_back(
            {"events", CheckState::warn,
             "others are not told of payments: PAYMENTS_EVENTS_URL is not set",
             "Set it, or see that whoever needs to know asks for transactions."}
        );
        return;
    }
    if (*measured.events_dead > 0)
        findings.push_back(
            {"events", CheckState::bad,
             std::to_string(*measured.events_dead) + " events were given up: others do not know",
             "Mend the receiver, then `ozora-payments events replay --dead`."}
        );
    else if (measured.oldest_event.value_or(0ms) > event_late)
        findings.push_back(
            {"events", CheckState::warn,
             std::to_string(*measured.events_waiting) + " events wait, the oldest for over an hour",
             "See whether the receiver answers: `ozora-payments events list --waiting`."}
        );
    else
        findings.push_back(good_news("events", "others are told"));
}

int rank(CheckState state) {
    constexpr std::array ranks{3, 2, 0, 1};  // good, warn, bad, unknown
    return ranks[static_cast<std::size_t>(state)];
}

}  // namespace

std::string_view name(CheckState state) {
    constexpr std::array<std::string_view, 4> names{"good", "warn", "bad", "unknown"};
    return names[static_cast<std::size_t>(state)];
}

std::vector<Finding> judge(const Measurements& measured) {
    std::vector<Finding> findings;
    judge_database(measured, findings);
    judge_keys(measured, findings);
    for (const auto& outside : measured.outsides) judge_outside(outside, findings);
    judge_public(measured, findings);
    if (measured.stripe_endpoint) judge_endpoint(*measured.stripe_endpoint, findings);
    if (measured.disk) judge_disk(*measured.disk, findings);
    judge_events(measured, findings);
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
