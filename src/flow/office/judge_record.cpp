#include "flow/office/judge_record.hpp"

#include <algorithm>

namespace payments {
namespace {

using namespace std::chrono_literals;

// A backup a day, with some time to make it; the books once a week.
constexpr auto backup_late = 26h, backup_bad = 72h;
constexpr auto ledger_late = 24h * 8;
constexpr auto erasing_late = 2h;
// Of the calls of a quarter of an hour. One that failed among a few says nothing yet.
constexpr std::int64_t unanswered_warn_percent = 5, unanswered_bad_percent = 50;
constexpr std::int64_t unanswered_least = 3;

std::int64_t seconds_in(std::chrono::milliseconds age) { return std::max(age, 0ms) / 1s; }

void judge_replicas(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    const auto& replicas = record.replicas;
    const auto alive =
        std::ranges::count_if(replicas, [now](const Replica& one) { return is_alive(one, now); });
    const auto add = [&](FindingCode code, std::string sentence, std::string advice) {
        findings.push_back(
            {"replicas", CheckState::warn, code, {}, std::move(sentence), std::move(advice)}
        );
    };
    const bool is_one_version =
        are_alike(replicas, now, &Replica::version) && are_alike(replicas, now, &Replica::commit);
    if (alive == 0)
        add(FindingCode::replicas_silent,
            "none has been heard of for " + age_of(silent_replica_after),
            "Start the service, and see its log.");
    else if (!is_one_version)
        add(FindingCode::replicas_versions, "replicas run different versions",
            "See whether an update has reached all; one that was stopped counts for 3 minutes.");
    else if (!are_alike(replicas, now, &Replica::settings))
        add(FindingCode::replicas_settings, "replicas have different settings",
            "Give all the same, but for PAYMENTS_LISTEN, PAYMENTS_THREADS and PAYMENTS_LOG_LEVEL.");
    else
        findings.push_back(good_news(
            "replicas", FindingCode::replicas_alike, {{"count", std::int64_t{alive}}},
            count_of(alive, "replica") + ", of one version and with the same settings"
        ));
    for (const auto& replica : replicas) {
        if (!is_alive(replica, now) || !replica.ahead) continue;
        auto clock = judge_clock("clock", replica.name, "", *replica.ahead);
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
            {"key_sets",
             CheckState::warn,
             FindingCode::key_set_old,
             {{"replica", replica.name},
              {"age_s", seconds_in(now - replica.keys_read_at)},
              {"why", replica.keys_trouble}},
             replica.name + " uses keys of tokens that it read " +
                 age_of(now - replica.keys_read_at) + " ago: " + replica.keys_trouble,
             "Mend that file or address: a key that was withdrawn still counts until then."}
        );
    }
    if (oldest && is_well)
        findings.push_back(good_news(
            "key_sets", FindingCode::key_sets_read, {{"age_s", seconds_in(now - *oldest)}},
            "the keys of tokens were read " + age_of(now - *oldest) + " ago"
        ));
}

void judge_calls(const OutsideCalls& made, std::vector<Finding>& findings) {
    const auto& counts = made.counts;
    if (counts.calls == 0) return;
    const auto percent = 100 * counts.unanswered / counts.calls;
    const auto most = time_of(counts, 95).value_or(0ms);
    auto sentence = count_of(counts.calls, "call") + " in " + age_of(calls_judged_for) + ", " +
                    std::to_string(counts.unanswered) + " unanswered, 95 % within " +
                    std::to_string(most.count()) + " ms";
    FindingFacts with{
        {"count", counts.calls}, {"unanswered", counts.unanswered}, {"within_ms", most.count()}};
    const bool is_much =
        counts.unanswered >= unanswered_least && percent >= unanswered_warn_percent;
    if (!is_much)
        findings.push_back(good_news(
            made.outside + "_calls", FindingCode::calls_made, std::move(with), std::move(sentence)
        ));
    else
        findings.push_back(
            {made.outside + "_calls",
             percent < unanswered_bad_percent ? CheckState::warn : CheckState::bad,
             FindingCode::calls_made, std::move(with), std::move(sentence),
             "See its status page, and the way there; payments that are unknown are asked about "
             "until it answers."}
        );
}

void judge_backup(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    constexpr auto advice =
        "Make one: `ozora-payments backup`, or another way and `ozora-payments note-backup`.";
    if (!record.backup_at) {
        findings.push_back(
            {"backup",
             CheckState::warn,
             FindingCode::backup_never,
             {},
             "no backup has been noted",
             advice}
        );
        return;
    }
    const auto age = now - *record.backup_at;
    FindingFacts with{{"age_s", seconds_in(age)}};
    const auto sentence = "the last one was noted " + age_of(age) + " ago";
    if (age <= backup_late)
        findings.push_back(good_news("backup", FindingCode::backup_noted, std::move(with), sentence)
        );
    else
        findings.push_back(
            {"backup", age < backup_bad ? CheckState::warn : CheckState::bad,
             FindingCode::backup_noted, std::move(with), sentence, advice}
        );
}

void judge_ledger(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    constexpr auto advice = "Run `ozora-payments verify-ledger`, once a week at least.";
    if (!record.ledger) {
        findings.push_back(
            {"ledger",
             CheckState::warn,
             FindingCode::ledger_never,
             {},
             "the books were never read again",
             advice}
        );
        return;
    }
    const auto& check = *record.ledger;
    FindingFacts with{
        {"age_s", seconds_in(now - check.at)},
        {"transactions", check.transactions},
        {"differences", check.differences},
        {"first", check.first_difference}};
    const auto when =
        age_of(now - check.at) + " ago, " + count_of(check.transactions, "transaction") + ": ";
    if (check.differences > 0)
        findings.push_back(
            {"ledger", CheckState::bad, FindingCode::ledger_differs, std::move(with),
             when + count_of(check.differences, "difference") + ", the first is " +
                 check.first_difference,
             "Run `ozora-payments verify-ledger`, which names all; keep a copy of the database."}
        );
    else if (now - check.at > ledger_late)
        findings.push_back(
            {"ledger", CheckState::warn, FindingCode::ledger_agrees, std::move(with),
             when + "no difference", advice}
        );
    else
        findings.push_back(
            good_news("ledger", FindingCode::ledger_agrees, std::move(with), when + "no difference")
        );
}

// Every half minute it is looked for what is due. A service that does not run is told of by its
// replicas.
void judge_erasing(const HealthRecord& record, Time now, std::vector<Finding>& findings) {
    if (!record.erasing || !record.erasing->round_at) return;
    const auto age = now - *record.erasing->round_at;
    FindingFacts with{{"age_s", seconds_in(age)}, {"waiting", record.erasing->waiting}};
    const auto sentence = "all that was due was erased " + age_of(age) + " ago, " +
                          count_of(record.erasing->waiting, "payment") + " under way to be erased";
    if (age <= erasing_late)
        findings.push_back(
            good_news("personal_data", FindingCode::erasing_done, std::move(with), sentence)
        );
    else
        findings.push_back(
            {"personal_data", CheckState::warn, FindingCode::erasing_late, std::move(with),
             sentence, "See its log, and run `ozora-payments erase-due`."}
        );
}

}  // namespace

void judge_record(const Measurements& measured, std::vector<Finding>& findings) {
    const auto& is_summed = measured.database.is_every_payment_summed;
    if (is_summed == true)
        findings.push_back(
            good_news("sums", FindingCode::sums_whole, {}, "every payment is in the sums of money")
        );
    else if (is_summed == false)
        findings.push_back(
            {"sums",
             CheckState::warn,
             FindingCode::sums_lack_some,
             {},
             "some payments are in no sum of money yet",
             "After an update they are counted in the background; look again in an hour."}
        );
    if (!measured.database.record) return;
    const auto& record = *measured.database.record;
    judge_replicas(record, measured.at, findings);
    judge_key_sets(record, measured.at, findings);
    for (const auto& calls : record.calls) judge_calls(calls, findings);
    judge_backup(record, measured.at, findings);
    judge_ledger(record, measured.at, findings);
    judge_erasing(record, measured.at, findings);
}

}  // namespace payments
