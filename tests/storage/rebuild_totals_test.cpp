// Sums of money, made anew beside a service that goes on.
#include "fixtures/store_contract.hpp"
#include "storage/databases.hpp"

namespace payments {

using namespace testing_support;

class RebuildTotals : public StoreContract {
protected:
    using Lines = std::vector<std::string>;

    void SetUp() override {
        StoreContract::SetUp();
        for (std::int64_t ticket = 42; ticket < 45; ++ticket) pay(ticket);
        const auto id = open(45, "FULL-FEE-HUF-STRIPE-INTENTS").id;
        hear(id, noon + 5min, {fact(FactKind::failed)});
    }
    void pay(std::int64_t ticket) {
        const auto id = open(ticket).id;
        hear(id, noon + 1min, {captured()});
        hear(id, noon + 30min, {refunded("re_" + std::to_string(id), 500)});
    }
    void hear(std::int64_t id, Time when, std::vector<Fact> facts) {
        run(store->record(Heard::about(id, Source::query, when, std::move(facts))));
    }
    void fold_all() {
        while (run(store->fold_totals(noon + 1h, 5)) > 0) {
        }
    }
    // "paid EUR 3 66000": of an hour, by minutes or quarters.
    Lines sums(Grain grain) {
        SumsQuery query;
        query.is_everywhere = true;
        query.grain = grain;
        query.buckets = {{noon, noon + 1h}};
        Lines lines;
        for (const auto& row : run(store->sums(query)).rows)
            lines.push_back(
                std::string{name(row.measure)} + " " + row.currency + " " + std::to_string(row.n) +
                " " + std::to_string(row.minor)
            );
        return lines;
    }
    DatabaseTarget target() const {
        DatabaseTarget database;
        if (place.starts_with("postgresql:"))
            database.server.url = place;
        else
            database.path = place;
        return database;
    }
    RebuiltTotals rebuild(const std::function<void()>& meanwhile = {}) {
        VerifyOptions options;
        bool is_first = true;
        options.progress = [&](const VerifyProgress&) {
            if (std::exchange(is_first, false) && meanwhile) meanwhile();
        };
        return rebuild_totals(target(), noon + 1h, options);
    }
    std::vector<Difference> differences() { return GetParam().verify(place).differences; }
    void execute(const std::string& sql) { GetParam().execute(place, sql); }
};

INSTANTIATE_TEST_SUITE_P(, RebuildTotals, testing::ValuesIn(store_kinds()), [](const auto& kind) {
    return kind.param.name;
});

TEST_P(RebuildTotals, what_is_right_stays_as_it_is) {
    for (int i = 0; i < 2; ++i) {
        const auto rebuilt = rebuild();
        EXPECT_EQ(rebuilt.transactions, 4);
        EXPECT_EQ(rebuilt.corrected, 0);
        EXPECT_TRUE(rebuilt.is_whole);
        fold_all();
    }
}

TEST_P(RebuildTotals, whatever_is_wrong_is_right_again) {
    const auto quarters = sums(Grain::quarter), minutes = sums(Grain::minute);
    const Lines broken{
        "DELETE FROM totals",
        "UPDATE totals SET n = n + 1, minor = minor - 7",
        "DELETE FROM totals WHERE grain = 1",
        "UPDATE totals SET minor = 0 WHERE grain = 15 AND measure = 'refunded'",
        "UPDATE totals SET reason = 'other' WHERE measure = 'failed'",
        "UPDATE totals SET scope_id = 5",
        "INSERT INTO totals_pending (at, scope_id, currency, processor, fee_type, measure, reason,"
        " n, minor) VALUES (1772452800000, 0, 'EUR', 'SIMPLE', 'FULL-FEE', 'paid', '', 7, 7)"};
    for (const auto& sql : broken) {
        fold_all();
        execute(sql);
        EXPECT_GT(rebuild().corrected, 0) << sql;
        EXPECT_EQ(sums(Grain::quarter), quarters) << sql;
        EXPECT_EQ(sums(Grain::minute), minutes) << sql;
        EXPECT_EQ(differences(), std::vector<Difference>{}) << sql;
    }
}

// As a version that kept no sums does beside newer ones.
TEST_P(RebuildTotals, what_an_older_replica_left_out_is_added) {
    fold_all();
    pay(50);
    const auto right = sums(Grain::quarter);
    execute("DELETE FROM totals_pending");
    EXPECT_NE(sums(Grain::quarter), right);
    rebuild();
    EXPECT_EQ(sums(Grain::quarter), right);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(RebuildTotals, what_is_counted_and_folded_meanwhile_is_neither_lost_nor_doubled) {
    execute("DELETE FROM totals_pending");
    const auto rebuilt = rebuild([&] {
        for (std::int64_t ticket = 60; ticket < 65; ++ticket) pay(ticket);
        fold_all();
        hear(1, noon + 40min, {fact(FactKind::refund_failed, "re_1")});
    });
    EXPECT_EQ(rebuilt.transactions, 4);
    EXPECT_TRUE(rebuilt.is_whole);
    EXPECT_EQ(differences(), std::vector<Difference>{});
    fold_all();
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

TEST_P(RebuildTotals, of_two_at_once_one_corrects_and_the_other_says_so) {
    execute("DELETE FROM totals_pending");
    const auto outer = rebuild([&] { EXPECT_TRUE(rebuild().is_whole); });
    EXPECT_FALSE(outer.is_whole);
    EXPECT_EQ(outer.corrected, 0);
    EXPECT_EQ(differences(), std::vector<Difference>{});
}

// They are counted later, as they would have been.
TEST_P(RebuildTotals, what_is_not_counted_yet_is_left_to_those_who_count) {
    execute("DELETE FROM totals_pending");
    execute("UPDATE transactions SET counted = false WHERE id = 2");
    rebuild();
    EXPECT_EQ(differences(), std::vector<Difference>{});
    EXPECT_EQ(run(store->count_transactions(10)), 1);
    EXPECT_EQ(differences(), std::vector<Difference>{});
    EXPECT_EQ(std::ranges::count(sums(Grain::quarter), "paid EUR 3 66000"), 1);
}

}  // namespace payments
