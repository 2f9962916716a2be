#include "flow/office/health.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace payments {
namespace {

using namespace std::chrono_literals;

// Tokens and signatures count with a minute of leeway, Stripe's signatures with five.
constexpr auto clock_warn = 2s;
constexpr auto clock_bad = 30s;
// An event that has failed a few times waits for half an hour.
constexpr auto event_late = 1h;
constexpr std::int64_t disk_warn_percent = 15, disk_bad_percent = 5;
// A backup a day, with some time to make it; the books once a week.
constexpr auto backup_late = 26h, backup_bad = 72h;
constexpr auto ledger_late = 24h * 8;
// Of the calls of a quarter of an hour. One that failed among a few says nothing yet.
constexpr std::int64_t unanswered_warn_percent = 5, unanswered_bad_percent = 50;
constexpr std::int64_t unanswered_least = 3;

Finding good_news(std::string name, std::string sentence) {
    return {std::move(name), CheckState::good, std::move(sentence), ""};
}

std::string seconds_of(std::chrono::milliseconds time) {
    const auto tenths = std::chrono::abs(time) / 100ms;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string count_of(std::int64_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// "3 hours", rounded down; what is yet to come is "0 seconds" old.
std::string age_of(std::chrono::milliseconds age) {
    age = std::max(age, 0ms);
    if (age < 2min) return count_of(age / 1s, "second");
    if (age < 2h) return count_of(age / 1min, "minute");
    if (age < 48h) return count_of(age / 1h, "hour");
    return count_of(age / 24h, "day");
}

// The clock of `ours` and that of `other`.
Finding judge_clock(
    std::string name, const std::string& ours, const std::string& other,
    std::chrono::milliseconds ahead
) {
    const auto off = std::chrono::abs(ahead);
    if (off < clock_warn)
        return good_news(std::move(name), ours + " and that of " + other + " agree");
    return {
        std::move(name), off < clock_bad ? CheckState::warn : CheckState::bad,
        ours + " is " + seconds_of(ahead) + (ahead > 0ms ? " ahead of" : " behind") + " that of " +
            other,
        "See that the clock of that machine is kept by NTP (timedatectl)."};
}

void judge_database(const DatabaseLook& database, std::vector<Finding>& findings) {
    if (database.failure.empty())
        findings.push_back(good_news("database", "it is reachable, writable and migrated"));
    else
        findings.push_back(
            {"database", CheckState::bad, database.failure,
             "No payment can be started until it is mended; see that it runs, that its disk has "
             "room, and run `ozora-payments migrate`."}
        );
    if (database.ahead)
        findings.push_back(judge_clock("clock", "our clock", "the database", *database.ahead));
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
    auto clock = judge_clock("clock_" + outside.name, "our clock", outside.address, ahead);
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
            {"webhook_endpoint", CheckState::unknown,
             "Stripe does not tell its webhook endpoints: " + endpoint.why_unknown,
             "Give the restricted key the right to read webhook endpoints, or look there by hand."}
        );
        return;
    }
    if (!endpoint.is_there || !endpoint.is_enabled) {
        findings.push_back(
            {"webhook_endpoint", CheckState::bad,
             endpoint.is_there ? "Stripe's webhook endpoint is disabled"
                               : "Stripe has no webhook endpoint with our address",
             std::string{where} + "payments are learned of minutes late without it."}
        );
        return;
    }
    std::string lacks;
    for (const auto& event : endpoint.lacks) lacks += (lacks.empty() ? "" : ", ") + event;
    if (lacks.empty())
        findings.push_back(good_news("webhook_endpoint", "Stripe sends all events we act on"));
    else
        findings.push_back(
            {"webhook_endpoint", CheckState::warn, "Stripe's endpoint does not send " + lacks,
             std::string{where} + "add them to what the endpoint listens to."}
        );
}

void judge_public(const Measurements& measured, std::vector<Finding>& findings) {
    if (measured.public_url.empty()) return;
    if (!measured.public_failure.empty()) {
        findings.push_back(
            {"public_url", CheckState::bad, measured.public_url + ": " + measured.public_failure,
             "Visitors and providers come that way: see the proxy in front, DNS and certificate."}
        );
        return;
    }
    const bool is_other =
        !measured.public_commit.empty() && measured.public_commit != measured.our_commit;
    if (is_other)
        findings.push_back(
            {"public_url", CheckState::warn,
             measured.public_url + " runs commit " + measured.public_commit + ", this is " +
                 measured.our_commit,
             "See whether an update has reached all replicas."}
        );
    else
        findings.push_back(good_news("public_url", measured.public_url + " answers as ours"));
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
    if (!measured.database.backlog) return;
    const auto& backlog = *measured.database.backlog;
    const auto oldest = backlog.oldest_waiting_at.value_or(measured.at);
    if (!measured.tells_others)
        findings.push_back(
            {"events", CheckState::warn,
             "others are not told of payments: PAYMENTS_EVENTS_URL is not set",
             "Set it, or see that whoever needs to know asks for transactions."}
        );
    else if (backlog.dead > 0)
        findings.push_back(
            {"events", CheckState::bad,
             count_of(backlog.dead, "event") + " given up: others do not know",
             "Mend the receiver, then `ozora-payments events replay --dead`."}
        );
    else if (measured.at - oldest > event_late)
        findings.push_back(
            {"events", CheckState::warn,
             std::to_string(backlog.waiting) + " events wait, the oldest for over an hour",
             "See whether the receiver answers: `ozora-payments events list --waiting`."}
        );
    else
        findings.push_back(good_news("events", "others are told"));
}

// --------------------------------------------------------------- what the database remembers

void judge_replicas(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    const auto& replicas = record.replicas;
    const auto alive =
        std::ranges::count_if(replicas, [now](const Replica& one) { return is_alive(one, now); });
    const auto add = [&](std::string sentence, std::string advice) {
        findings.push_back({"replicas", CheckState::warn, std::move(sentence), std::move(advice)});
    };
    const bool is_one_version =
        are_alike(replicas, now, &Replica::version) && are_alike(replicas, now, &Replica::commit);
    if (alive == 0)
        add("none has been heard of for " + age_of(silent_replica_after),
            "Start the service, and see its log.");
    else if (!is_one_version)
        add("replicas run different versions",
            "See whether an update has reached all; one that was stopped counts for 3 minutes.");
    else if (!are_alike(replicas, now, &Replica::settings))
        add("replicas have different settings",
            "Give all the same, but for PAYMENTS_LISTEN, PAYMENTS_THREADS and PAYMENTS_LOG_LEVEL.");
    else
        findings.push_back(good_news(
            "replicas", count_of(alive, "replica") + ", of one version and with the same settings"
        ));
    for (const auto& replica : replicas) {
        if (!is_alive(replica, now) || !replica.ahead) continue;
        auto clock =
            judge_clock("clock", "the clock of " + replica.name, "the database", *replica.ahead);
        if (clock.state != CheckState::good) findings.push_back(std::move(clock));
    }
}

// Those that serve read them again by themselves; while they cannot, a key that was withdrawn still
// counts, and a new one does not.
void judge_key_sets(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    std::optional<Time> oldest;
    bool is_well = true;
    for (const auto& replica : record.replicas) {
        if (!is_alive(replica, now)) continue;
        oldest = std::min(oldest.value_or(replica.keys_read_at), replica.keys_read_at);
        if (replica.keys_trouble.empty()) continue;
        is_well = false;
        findings.push_back(
            {"key_sets", CheckState::warn,
             replica.name + " uses keys of tokens that it read " +
                 age_of(now - replica.keys_read_at) + " ago: " + replica.keys_trouble,
             "Mend that file or address: a key that was withdrawn still counts until then."}
        );
    }
    if (oldest && is_well)
        findings.push_back(
            good_news("key_sets", "the keys of tokens were read " + age_of(now - *oldest) + " ago")
        );
}

void judge_calls(const OutsideCalls& made, std::vector<Finding>& findings) {
    const auto& counts = made.counts;
    if (counts.calls == 0) return;
    const auto percent = 100 * counts.unanswered / counts.calls;
    const auto most = time_of(counts, 95).value_or(0ms);
    auto sentence = count_of(counts.calls, "call") + " in " + age_of(calls_judged_for) + ", " +
                    std::to_string(counts.unanswered) + " unanswered, 95 % within " +
                    std::to_string(most.count()) + " ms";
    const bool is_much =
        counts.unanswered >= unanswered_least && percent >= unanswered_warn_percent;
    if (!is_much)
        findings.push_back(good_news(made.outside + "_calls", std::move(sentence)));
    else
        findings.push_back(
            {made.outside + "_calls",
             percent < unanswered_bad_percent ? CheckState::warn : CheckState::bad,
             std::move(sentence),
             "See its status page, and the way there; payments that are unknown are asked about "
             "until it answers."}
        );
}

void judge_backup(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    constexpr auto advice =
        "Make one, and run `ozora-payments note-backup` whenever one has been made.";
    if (!record.backup_at) {
        findings.push_back({"backup", CheckState::warn, "no backup has been noted", advice});
        return;
    }
    const auto age = now - *record.backup_at;
    const auto sentence = "the last one was noted " + age_of(age) + " ago";
    if (age <= backup_late)
        findings.push_back(good_news("backup", sentence));
    else
        findings.push_back(
            {"backup", age < backup_bad ? CheckState::warn : CheckState::bad, sentence, advice}
        );
}

void judge_ledger(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    constexpr auto advice = "Run `ozora-payments verify-ledger`, once a week at least.";
    if (!record.ledger) {
        findings.push_back({"ledger", CheckState::warn, "the books were never read again", advice});
        return;
    }
    const auto& check = *record.ledger;
    const auto when =
        age_of(now - check.at) + " ago, " + count_of(check.transactions, "transaction") + ": ";
    if (check.differences > 0)
        findings.push_back(
            {"ledger", CheckState::bad,
             when + count_of(check.differences, "difference") + ", the first is " +
                 check.first_difference,
             "Run `ozora-payments verify-ledger`, which names all; keep a copy of the database."}
        );
    else if (now - check.at > ledger_late)
        findings.push_back({"ledger", CheckState::warn, when + "no difference", advice});
    else
        findings.push_back(good_news("ledger", when + "no difference"));
}

void judge_record(const Measurements& measured, std::vector<Finding>& findings) {
    const auto& is_summed = measured.database.is_every_payment_summed;
    if (is_summed == true)
        findings.push_back(good_news("sums", "every payment is in the sums of money"));
    else if (is_summed == false)
        findings.push_back(
            {"sums", CheckState::warn, "some payments are in no sum of money yet",
             "After an update they are counted in the background; look again in an hour."}
        );
    if (!measured.database.record) return;
    const auto& record = *measured.database.record;
    judge_replicas(record, measured.at, findings);
    judge_key_sets(record, measured.at, findings);
    for (const auto& calls : record.calls) judge_calls(calls, findings);
    judge_backup(record, measured.at, findings);
    judge_ledger(record, measured.at, findings);
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
