// What every store promises of days that are added up (docs/money.md, 3).
#include <map>
#include <random>
#include <thread>
#include <tuple>

#include "fixtures/store_contract.hpp"
#include "storage/databases.hpp"
#include "support/buckets.hpp"

namespace payments {

using namespace testing_support;

namespace {

const TimeZone& zone_of(const std::string& name) {
    static std::map<std::string, TimeZone> zones;
    if (!zones.contains(name)) zones.emplace(name, TimeZone::load(name).value());
    return zones.at(name);
}

}  // namespace

class StoreContractDays : public StoreContract {
protected:
    using Lines = std::vector<std::string>;

    std::int64_t pay(std::int64_t ticket, Time when) {
        const auto id = run(store->open(attempt(ticket, "FULL-FEE-EUR-SIMPLE", when)));
        hear(id.transaction.id, when + 1min, {captured()});
        return id.transaction.id;
    }
    void hear(std::int64_t id, Time when, std::vector<Fact> facts) {
        run(store->record(Heard::about(id, Source::query, when, std::move(facts))));
    }
    void fold_all() {
        while (run(store->fold_totals(noon, 50)) > 0) {
        }
    }
    std::int64_t keep_all(const std::string& zone = "Europe/Budapest") {
        std::int64_t sum = 0;
        for (std::int64_t count = 1; count > 0; sum += count)
            count = run(store->keep_days(days_of(zone_of(zone)), end, 7));
        return sum;
    }
    // By day or month, read from what is added up, or from hours, which never are.
    Lines sums(BucketSize size, bool of_days = true, const std::string& zone = "Europe/Budapest") {
        const auto& cut_by = zone_of(zone);
        SumsQuery query;
        query.is_everywhere = query.by_scope = true;
        query.measures = {Measure::paid, Measure::refunded};
        const auto buckets = cut(begin, end, size, cut_by);
        query.buckets = of_days ? buckets : cut(begin, end, BucketSize::hour, cut_by);
        if (of_days) query.days = cut(begin, end, BucketSize::day, cut_by);
        using Kind = std::tuple<std::size_t, Measure, std::int64_t>;
        std::map<Kind, std::pair<std::int64_t, std::int64_t>> sums;
        for (const auto& row : run(store->sums(query)).rows) {
            std::size_t bucket = 0;
            while (query.buckets[row.bucket].from >= buckets[bucket].to) ++bucket;
            auto& [n, minor] = sums[{bucket, row.measure, row.scope_id.value_or(0)}];
            n += row.n;
            minor += row.minor;
        }
        Lines lines;
        for (const auto& [key, sum] : sums) {
            const auto& [bucket, measure, scope] = key;
            lines.push_back(
                std::to_string(bucket) + " " + std::string{name(measure)} + " " +
                std::to_string(scope) + " " + std::to_string(sum.first) + " " +
                std::to_string(sum.second)
            );
        }
        return lines;
    }
    void expect_alike(const std::string& zone = "Europe/Budapest") {
        for (const auto size : {BucketSize::day, BucketSize::month})
            EXPECT_EQ(sums(size, true, zone), sums(size, false, zone));
        EXPECT_EQ(differences(), std::vector<Difference>{});
    }
    std::vector<Difference> differences() { return GetParam().verify(place).differences; }
    void execute(const std::string& sql) { GetParam().execute(place, sql); }

    // With a day of 23 hours; and what is in it just behind midnight in Budapest.
    const Time begin = zone_of("Europe/Budapest").start_of(std::chrono::March / 20 / 2026);
    const Time end = zone_of("Europe/Budapest").start_of(std::chrono::April / 5 / 2026);
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractDays, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractDays, a_day_is_read_from_what_it_was_added_up_to) {
    EXPECT_EQ(keep_all(), 0);
    for (int day = 0; day < 12; ++day) pay(42 + day, begin + 5min + day * 24h);
    expect_alike();
    fold_all();
    const auto right = sums(BucketSize::day);
    EXPECT_EQ(right.size(), 12U);
    EXPECT_EQ(keep_all(), 17);  // and March, of which the store knows no earlier payment
    EXPECT_EQ(keep_all(), 0);
    expect_alike();
    EXPECT_EQ(sums(BucketSize::day), right);

    execute("UPDATE totals SET n = n + 1000 WHERE grain > 15");
    EXPECT_NE(sums(BucketSize::day), right);
    EXPECT_EQ(sums(BucketSize::day, false), right);
    EXPECT_FALSE(differences().empty());
}

TEST_P(StoreContractDays, a_day_that_changes_is_added_up_anew) {
    for (int day = 0; day < 4; ++day) pay(42 + day, begin + 1h + day * 24h);
    fold_all();
    keep_all();
    execute("UPDATE totals SET n = n + 1000 WHERE grain > 15");  // so that its use is seen
    hear(2, begin + 30h, {refunded("re_1", 500)});
    const auto waiting = sums(BucketSize::day);
    fold_all();
    const auto folded = sums(BucketSize::day);
    EXPECT_NE(std::ranges::find(waiting, "1 refunded 0 1 500"), waiting.end());
    EXPECT_NE(std::ranges::find(folded, "1 refunded 0 1 500"), folded.end());
    EXPECT_NE(std::ranges::find(folded, "1 paid 0 1 22000"), folded.end());
    EXPECT_NE(std::ranges::find(folded, "2 paid 0 1001 22000"), folded.end());
    EXPECT_EQ(keep_all(), 2);  // the day and its month
    execute("DELETE FROM totals WHERE grain = 15");
    execute("DELETE FROM totals WHERE grain = 1");
    EXPECT_EQ(sums(BucketSize::day), Lines{});
}

TEST_P(StoreContractDays, a_month_is_read_from_what_it_was_added_up_to) {
    const auto january = zone_of("Europe/Budapest").start_of(std::chrono::January / 1 / 2026);
    const auto by_month = [&](Time from, Time to) {
        SumsQuery query;
        query.is_everywhere = true;
        query.measures = {Measure::paid};
        query.buckets = cut(from, to, BucketSize::month, zone_of("Europe/Budapest"));
        query.days = cut(from, to, BucketSize::day, zone_of("Europe/Budapest"));
        std::vector<std::int64_t> counts;
        for (const auto& row : run(store->sums(query)).rows) counts.push_back(row.n);
        return counts;
    };
    using Counts = std::vector<std::int64_t>;
    for (int day = 0; day < 93; ++day) pay(42 + day, january + day * 24h + 2h);
    fold_all();
    EXPECT_EQ(by_month(january, end), (Counts{31, 28, 31, 3}));
    EXPECT_EQ(keep_all(), 94 + 3);
    EXPECT_EQ(by_month(january, end), (Counts{31, 28, 31, 3}));
    EXPECT_EQ(differences(), std::vector<Difference>{});

    execute("UPDATE totals SET n = n + 1000 WHERE grain > 10000");  // so that its use is seen
    EXPECT_EQ(by_month(january, end), (Counts{1031, 1028, 1031, 3}));
    // Parts of a month are read from its days.
    EXPECT_EQ(by_month(january + 24h, end - 48h), (Counts{30, 1028, 1031, 2}));
    EXPECT_NE(differences(), std::vector<Difference>{});
    pay(4242, january + 40 * 24h);
    EXPECT_EQ(by_month(january, end), (Counts{1031, 1029, 1031, 3}));
    fold_all();
    EXPECT_EQ(by_month(january, end), (Counts{1031, 29, 1031, 3}));
    EXPECT_EQ(keep_all(), 2);
    EXPECT_EQ(by_month(january, end), (Counts{1031, 29, 1031, 3}));
}

TEST_P(StoreContractDays, each_zone_has_its_own_days) {
    for (int hour = 0; hour < 14 * 24; hour += 5) pay(42 + hour, begin + hour * 1h + 5min);
    fold_all();
    for (const auto* zone : {"Europe/Budapest", "Etc/UTC", "Asia/Kathmandu"}) {
        keep_all(zone);
        expect_alike(zone);
    }
    expect_alike();
    for (const auto* zone : {"Europe/Budapest", "Etc/UTC", "Asia/Kathmandu"})
        EXPECT_EQ(keep_all(zone), 0);
}

TEST_P(StoreContractDays, whatever_happens_days_are_what_they_are_made_of) {
    std::mt19937 random{7};
    const auto any = [&](std::int64_t below) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
    };
    std::vector<std::int64_t> paid, scopes;
    for (const auto* flag : {"HU", "INT"}) {
        TicketScope triple{flag, "27", "OZORA"};
        scopes.push_back(run(store->scope_id(std::move(triple))));
    }
    for (std::int64_t step = 0; step < 120; ++step) {
        const Time when = begin + std::chrono::minutes{any(16 * 24 * 60 - 90)};
        const auto what = any(6);
        if (what < 2 || paid.empty()) paid.push_back(pay(42 + step, when));
        const auto id = paid[static_cast<std::size_t>(any(std::ssize(paid)))];
        if (what == 2) hear(id, when, {refunded("re_" + std::to_string(step), 10)});
        if (what == 3) run(store->move_ticket(read(id).ticket_id, scopes[random() % 2]));
        if (what == 4) run(store->fold_totals(noon, 5));
        if (what == 5) run(store->keep_days(days_of(zone_of("Europe/Budapest")), end, 5));
        if (step % 10 == 0) expect_alike();
    }
    fold_all();
    keep_all();
    expect_alike();
}

TEST_P(StoreContractDays, days_are_right_while_others_fold_and_add_up) {
    const auto second = GetParam().open(place);
    {
        // Joined first, also by a test that fails. Who never paused would take all of a busy
        // machine, and the payments below would wait for longer than the store lets them.
        std::jthread folding{[&](std::stop_token over) {
            while (!over.stop_requested()) {
                run(second->fold_totals(noon, 7));
                std::this_thread::sleep_for(1ms);
            }
        }};
        std::vector<std::jthread> adding;
        for (auto* one : {store.get(), second.get()})
            adding.emplace_back([one, this](std::stop_token over) {
                while (!over.stop_requested()) {
                    run(one->keep_days(days_of(zone_of("Europe/Budapest")), end, 2));
                    std::this_thread::sleep_for(1ms);
                }
            });
        for (std::int64_t ticket = 0; ticket < 40; ++ticket) {
            pay(42 + ticket, begin + (ticket % 5) * 24h + 1h);
            SumsQuery query;
            query.is_everywhere = true;
            query.measures = {Measure::paid};
            query.buckets = {{begin, end}};
            query.days = cut(begin, end, BucketSize::day, zone_of("Europe/Budapest"));
            const auto rows = run(store->sums(query)).rows;
            ASSERT_EQ(rows.size(), 1U);
            EXPECT_EQ(rows[0].n, ticket + 1);
        }
    }
    fold_all();
    keep_all();
    expect_alike();
}

TEST_P(StoreContractDays, a_rebuild_adds_them_up_anew) {
    for (int day = 0; day < 4; ++day) pay(42 + day, begin + 1h + day * 24h);
    fold_all();
    keep_all();
    execute("UPDATE totals SET n = n + 1000 WHERE grain > 15");
    DatabaseTarget database;
    (place.starts_with("postgresql:") ? database.server.url : database.path) = place;
    EXPECT_EQ(rebuild_totals(database, end).corrected, 0);
    expect_alike();
    keep_all();
    expect_alike();
}

}  // namespace payments
