// What every store promises of sums of money.
#include <algorithm>
#include <random>
#include <thread>

#include "fixtures/store_contract.hpp"

namespace payments {

using namespace testing_support;

class StoreContractTotals : public StoreContract {
protected:
    using Lines = std::vector<std::string>;

    std::int64_t scope(std::string flag) {
        TicketScope triple{std::move(flag), "27", "OZORA"};
        return run(store->scope_id(std::move(triple)));
    }
    std::int64_t open_at(
        std::int64_t ticket_id, Time when, std::optional<std::int64_t> scope_id = {},
        std::string_view code_text = "FULL-FEE-EUR-SIMPLE"
    ) {
        auto started = attempt(ticket_id, code_text, when);
        started.scope_id = scope_id;
        return run(store->open(std::move(started))).transaction.id;
    }
    void hear(std::int64_t id, Time when, std::vector<Fact> facts) {
        run(store->record(Heard::about(id, Source::query, when, std::move(facts))));
    }
    // Two hours from noon on, minute by minute, kept apart by all there is.
    static SumsQuery everything() {
        SumsQuery query;
        query.is_everywhere = true;
        query.grain = Grain::minute;
        for (auto at = noon - 1h; at < noon + 2h; at += 1min)
            query.buckets.push_back({at, at + 1min});
        query.by_processor = query.by_fee_type = query.by_scope = query.by_reason = true;
        return query;
    }
    static std::string line(Time at, const SumRow& row) {
        const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(at - noon).count();
        return std::string{name(row.measure)} + " " + row.reason + " " + row.fee_type + "-" +
               row.currency + "-" + row.processor + " in " +
               std::to_string(row.scope_id.value_or(0)) + " @" + std::to_string(minutes) + ": " +
               std::to_string(row.n) + " for " + std::to_string(row.minor);
    }
    Lines sums(const SumsQuery& query) {
        Lines lines;
        for (const auto& row : run(store->sums(query)).rows)
            lines.push_back(line(query.buckets[row.bucket].from, row));
        std::ranges::sort(lines);
        return lines;
    }
    // The same, added up here from what every payment of these scopes counts for.
    Lines added_up(const std::set<std::int64_t>& scopes) {
        std::map<std::pair<std::int64_t, std::string>, std::vector<Transaction>> fees;
        for (auto& one : run(store->page({.limit = 1'000})))
            fees[{one.ticket_id, one.code.fee_type}].push_back(std::move(one));
        std::map<std::string, SumRow> rows;
        const auto add = [&](const Transaction& of, const std::vector<Contribution>& all) {
            if (!scopes.contains(of.scope_id.value_or(0))) return;
            for (const auto& [at, measure, reason, amount] : all) {
                SumRow row{0, measure, std::string{amount.currency().code()}};
                row.processor = name(of.code.processor);
                row.fee_type = of.code.fee_type;
                row.scope_id = of.scope_id;
                row.reason = reason;
                auto& known = rows.try_emplace(line(at, row), row).first->second;
                ++known.n;
                known.minor += amount.minor();
                known.bucket = static_cast<std::size_t>((at - noon + 1h) / 1min);
            }
        };
        for (const auto& [fee, attempts] : fees) {
            for (const auto& one : attempts) add(one, contributions(one));
            const bool is_any =
                std::ranges::any_of(attempts, [](const auto& one) { return was_paid(one); });
            add(attempts.front(),
                contributions_of_fee(attempts.front(), was_paid(attempts.front()), is_any));
        }
        Lines lines;
        for (const auto& [key, row] : rows)
            lines.push_back(line(everything().buckets[row.bucket].from, row));
        std::ranges::sort(lines);
        return lines;
    }
    void fold_all() {
        while (run(store->fold_totals(noon + 2h, 3)) > 0) {
        }
    }
    std::vector<Difference> differences() { return GetParam().verify(place).differences; }
    bool is_sqlite() const { return GetParam().name == sqlite_kind().name; }
    void execute(const std::string& sql) { GetParam().execute(place, sql); }
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractTotals, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractTotals, a_story_is_in_the_sums_at_once_and_when_it_is_folded) {
    const auto id = open_at(1, noon);
    hear(id, noon + 3min, {captured()});
    hear(id, noon + 20min, {refunded("re_1", 5000)});
    hear(id, noon + 40min, {fact(FactKind::refund_failed, "re_1")});
    const Lines story{
        "fee_begun  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
        "fee_paid  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
        "first_try  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
        "paid  FULL-FEE-EUR-SIMPLE in 0 @3: 1 for 22000",
        "refund_returned  FULL-FEE-EUR-SIMPLE in 0 @40: 1 for 5000",
        "refunded  FULL-FEE-EUR-SIMPLE in 0 @20: 1 for 5000",
        "started  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
    };
    EXPECT_EQ(sums(everything()), story);
    EXPECT_EQ(run(store->fold_totals(noon, 1)), 1);
    EXPECT_EQ(sums(everything()), story);
    fold_all();
    EXPECT_EQ(sums(everything()), story);
    EXPECT_EQ(run(store->fold_totals(noon, 1)), 0);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractTotals, a_fee_is_paid_where_it_was_begun_whichever_try_pays_it) {
    const auto first = open_at(1, noon);
    hear(first, noon + 10min, {fact(FactKind::failed)});
    const auto second = open_at(1, noon + 11min, {}, "FULL-FEE-HUF-STRIPE-INTENTS");
    auto huf = captured();
    huf.amount = Money::of(22000, Currency::of("HUF").value()).value();
    hear(second, noon + 15min, {huf});
    EXPECT_EQ(
        sums(everything()), (Lines{
                                "failed declined FULL-FEE-EUR-SIMPLE in 0 @10: 1 for 22000",
                                "fee_begun  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
                                "fee_paid  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
                                "paid  FULL-FEE-HUF-STRIPE-INTENTS in 0 @15: 1 for 22000",
                                "started  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000",
                                "started  FULL-FEE-HUF-STRIPE-INTENTS in 0 @11: 1 for 22000",
                            })
    );
    // The first one is paid late, too: a duplicate. It has not failed, and was the first try.
    hear(first, noon + 30min, {captured()});
    fold_all();
    const auto late = sums(everything());
    EXPECT_EQ(late, added_up({0}));
    EXPECT_EQ(
        std::ranges::count_if(
            late, [](const std::string& line
                  ) { return line.starts_with("failed") || line.ends_with(" 0 for 0"); }
        ),
        0
    );
    EXPECT_EQ(std::ranges::count(late, "first_try  FULL-FEE-EUR-SIMPLE in 0 @0: 1 for 22000"), 1);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractTotals, a_ticket_that_moves_takes_its_sums_along) {
    const auto hu = scope("HU"), elsewhere = scope("INT");
    const auto id = open_at(1, noon, hu);
    hear(id, noon + 1min, {captured()});
    open_at(2, noon, hu);
    const auto before = added_up({hu, elsewhere});
    fold_all();
    run(store->move_ticket(1, elsewhere));
    auto query = everything();
    query.is_everywhere = false;
    query.scope_ids = {elsewhere};
    EXPECT_EQ(sums(query).size(), 5U);
    EXPECT_EQ(sums(query), added_up({elsewhere}));
    query.scope_ids = {hu};
    EXPECT_EQ(sums(query).size(), 2U);
    EXPECT_EQ(differences(), std::vector<Difference>{});
    run(store->move_ticket(1, hu));
    run(store->move_ticket(1, hu));
    EXPECT_EQ(sums(everything()), before);
}

TEST_P(StoreContractTotals, only_what_is_asked_for_is_told) {
    const auto hu = scope("HU");
    hear(open_at(1, noon, hu), noon + 1min, {captured()});
    hear(
        open_at(2, noon, hu, "FULL-FEE-HUF-STRIPE-INTENTS"), noon + 1min, {fact(FactKind::expired)}
    );
    SumsQuery query;
    query.buckets = {{noon, noon + 15min}, {noon + 30min, noon + 45min}};
    EXPECT_EQ(sums(query), Lines{});  // no scope at all
    query.scope_ids = {hu};
    query.measures = {Measure::paid, Measure::started, Measure::failed};
    const Lines all{
        "failed  -HUF- in 0 @0: 1 for 22000",
        "paid  -EUR- in 0 @0: 1 for 22000",
        "started  -EUR- in 0 @0: 1 for 22000",
        "started  -HUF- in 0 @0: 1 for 22000",
    };
    EXPECT_EQ(sums(query), all);
    fold_all();
    EXPECT_EQ(sums(query), all);
    query.currency = Currency::of("HUF").value();
    query.by_reason = true;
    EXPECT_EQ(
        sums(query),
        (Lines{"failed expired -HUF- in 0 @0: 1 for 22000", "started  -HUF- in 0 @0: 1 for 22000"})
    );
    query.buckets.erase(query.buckets.begin());
    EXPECT_EQ(sums(query), Lines{});
    query.buckets.clear();
    EXPECT_EQ(sums(query), Lines{});
}

// Payments begin, are paid, fail, are given back, and tickets move, while sums are folded: for
// every set of scopes the sums are those of the payments there, and of no others.
TEST_P(StoreContractTotals, whatever_happens_sums_are_those_of_the_visible_payments) {
    const std::vector<std::int64_t> places{0, scope("HU"), scope("INT"), scope("DE")};
    for (unsigned seed = 1; seed <= 3; ++seed) {
        std::mt19937 random{seed};
        const auto any = [&](std::int64_t below) {
            return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
        };
        for (int step = 0; step < 60; ++step) {
            const auto when = noon + std::chrono::minutes{any(100)} + 7s;
            const auto ticket = 10 * seed + any(4);
            const auto place = places[static_cast<std::size_t>(any(4))];
            const auto known = run(store->transactions_of(ticket));
            if (any(3) == 0)
                open_at(
                    ticket, when,
                    known.empty() ? (place ? std::optional{place} : std::nullopt)
                                  : known.front().scope_id,
                    any(2) ? "FULL-FEE-EUR-SIMPLE" : "FULL-FEE-EUR-STRIPE-INTENTS"
                );
            if (known.empty()) continue;
            const auto id = known[static_cast<std::size_t>(any(std::ssize(known)))].id;
            const auto what = any(8);
            if (what < 2) hear(id, when, {captured(22000 - any(2))});
            if (what == 2) hear(id, when, {fact(FactKind::expired)});
            if (what == 3) hear(id, when, {refunded("re_" + std::to_string(id), 100)});
            if (what == 4)
                hear(id, when, {fact(FactKind::refund_failed, "re_" + std::to_string(id))});
            if (what == 5) hear(id, when, {fact(FactKind::disputed, "dp_" + std::to_string(id))});
            if (what == 6 && place != 0) run(store->move_ticket(ticket, place));
            if (what == 7) run(store->fold_totals(noon, 5));
        }
        for (unsigned chosen = 0; chosen < 8; ++chosen) {
            auto query = everything();
            query.is_everywhere = false;
            for (unsigned i = 0; i < 3; ++i)
                if (chosen >> i & 1) query.scope_ids.push_back(places[i + 1]);
            ASSERT_EQ(sums(query), added_up({query.scope_ids.begin(), query.scope_ids.end()}))
                << "seed " << seed;
        }
        ASSERT_EQ(sums(everything()), added_up({places.begin(), places.end()})) << "seed " << seed;
        ASSERT_EQ(differences(), std::vector<Difference>{}) << "seed " << seed;
    }
}

// As after an update from a version that kept no sums.
TEST_P(StoreContractTotals, what_was_begun_before_there_were_sums_is_counted_bit_by_bit) {
    const auto paid = open_at(1, noon), other = open_at(2, noon + 1min);
    hear(paid, noon + 5min, {captured()});
    hear(other, noon + 6min, {fact(FactKind::failed)});
    EXPECT_EQ(run(store->count_transactions(100)), 0);
    execute("DELETE FROM totals_pending");
    execute(
        is_sqlite() ? "UPDATE transactions SET counted = 0"
                    : "UPDATE transactions SET counted = false"
    );
    EXPECT_FALSE(run(store->sums(everything())).is_complete);
    EXPECT_EQ(sums(everything()), Lines{});
    EXPECT_EQ(differences(), std::vector<Difference>{});

    // What happens to one of them is not counted either, before it is; a new one is at once.
    hear(paid, noon + 7min, {refunded("re_1", 100)});
    const auto again = open_at(2, noon + 8min);
    hear(again, noon + 9min, {captured()});
    EXPECT_EQ(sums(everything()).size(), 2U);
    EXPECT_EQ(differences(), std::vector<Difference>{});
    EXPECT_EQ(run(store->count_transactions(1)), 1);
    EXPECT_FALSE(run(store->sums(everything())).is_complete);
    EXPECT_EQ(differences(), std::vector<Difference>{});
    EXPECT_EQ(run(store->count_transactions(100)), 1);
    EXPECT_EQ(run(store->count_transactions(100)), 0);
    EXPECT_TRUE(run(store->sums(everything())).is_complete);
    EXPECT_EQ(sums(everything()), added_up({0}));
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractTotals, a_sum_that_was_changed_is_named) {
    hear(open_at(1, noon), noon + 1min, {captured()});
    fold_all();
    execute("UPDATE totals SET minor = minor + 1 WHERE grain = 15 AND measure = 'paid'");
    const auto found = differences();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(
        found[0].detail,
        "the sum of paid of 2026-03-02 for FULL-FEE-EUR-SIMPLE in scope 0 is 1 (22001) instead of 1"
        " (22000)"
    );
}

TEST_P(StoreContractTotals, minutes_are_forgotten_after_a_while_and_quarters_are_not) {
    hear(open_at(1, noon), noon + 1min, {captured()});
    fold_all();
    open_at(2, noon + 50min);
    run(store->fold_totals(noon + minutes_kept_for + 30min, 100));
    EXPECT_EQ(sums(everything()).size(), 2U);  // those of the second one
    SumsQuery quarters;
    quarters.is_everywhere = true;
    quarters.buckets = {{noon, noon + 1h}};
    quarters.measures = {Measure::started, Measure::paid};
    EXPECT_EQ(
        sums(quarters),
        (Lines{"paid  -EUR- in 0 @0: 1 for 22000", "started  -EUR- in 0 @0: 2 for 44000"})
    );
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(StoreContractTotals, two_that_fold_at_once_lose_nothing_and_count_nothing_twice) {
    const auto second = GetParam().open(place);
    constexpr int tickets = 60;
    std::vector<std::jthread> folding;
    for (auto* one : {store.get(), second.get()})
        folding.emplace_back([one](const std::stop_token& over) {
            while (!over.stop_requested()) {
                run(one->fold_totals(noon, 7));
                std::this_thread::sleep_for(1ms);  // else a busy machine does nothing but this
            }
        });
    std::int64_t seen = 0;
    for (int ticket = 1; ticket <= tickets; ++ticket) {
        hear(open_at(ticket, noon), noon + 1min, {captured()});
        auto query = everything();
        query.measures = {Measure::paid};
        const auto rows = run(second->sums(query)).rows;
        ASSERT_EQ(rows.size(), 1U);
        seen = rows[0].n;
        EXPECT_EQ(seen, ticket);
    }
    folding.clear();  // asks each to stop, and waits for it
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

}  // namespace payments
