// In which order settlements are fetched, and what stops that.
#include "flow/settlement/fetch_settlements.hpp"

#include <gtest/gtest.h>

#include <set>

#include "fixtures/loop.hpp"

namespace payments {
namespace {

using Texts = std::vector<std::string>;

// An account with these payouts, the newest first.
struct ScriptedSource : SettlementSource {
    std::vector<ListedPayout> listed;
    std::string broken;  // whose lines cannot be had

    explicit ScriptedSource(std::vector<ListedPayout> l) : listed(std::move(l)) {}
    Task<Result<PayoutList>> payouts(Time) override {
        SettlementDocument document{"list.json", "stripe-payouts", "test", "", "[]"};
        co_return PayoutList{std::move(document), listed};
    }
    Task<Result<SettlementDocument>> lines_of(std::string payout) override {
        if (payout == broken) co_return Error{Errc::provider_timeout, "silence"};
        auto name = payout + ".json";
        co_return SettlementDocument{
            std::move(name), "stripe-json", "test", std::move(payout), "[]"};
    }
};

struct ScriptedSink : SettlementSink {
    Texts taken;
    std::set<std::string> known;
    std::string refused;

    Task<bool> has_lines_of(std::string payout) override { co_return known.contains(payout); }
    Task<Result<void>> take(SettlementDocument document) override {
        if (document.name == refused) co_return Error{Errc::invalid_request, "no room"};
        taken.push_back(document.name);
        co_return Result<void>{};
    }
};

struct Fetched {
    Result<FetchResult> result;
    int steps = 0;
};
Fetched fetched(std::vector<SettlementSource*> sources, SettlementSink& sink) {
    int steps = 0;
    const auto count = [&steps](const FetchResult&) { ++steps; };
    auto result = testing_support::run(fetch_settlements(std::move(sources), sink, Time{}, count));
    return {std::move(result), steps};
}

TEST(FetchSettlements, takes_the_list_then_what_is_complete_the_oldest_first) {
    using enum PayoutLines;
    ScriptedSource source{
        {{"po_5", not_yet},
         {"po_4", never_told},
         {"po_3", complete},
         {"po_2", complete},
         {"po_1", complete}}};
    ScriptedSource other{{{"po_9", complete}}};
    ScriptedSource empty{{}};
    ScriptedSink sink;
    sink.known = {"po_2"};
    const auto all = fetched({&source, &empty, &other}, sink);
    ASSERT_TRUE(all.result.has_value());
    EXPECT_EQ(sink.taken, (Texts{"list.json", "po_1.json", "po_3.json", "list.json", "po_9.json"}));
    EXPECT_EQ(all.result->payouts, 6);
    EXPECT_EQ(all.result->fetched, 3);
    EXPECT_EQ(all.result->known, 1);
    EXPECT_EQ(all.result->not_yet, 1);
    EXPECT_EQ(all.result->never_told, 1);
    EXPECT_EQ(all.steps, 8);
}

TEST(FetchSettlements, ends_at_the_first_error_and_keeps_what_it_has) {
    ScriptedSource source{{{"po_2", PayoutLines::complete}, {"po_1", PayoutLines::complete}}};
    source.broken = "po_2";
    ScriptedSink sink;
    const auto silent = fetched({&source}, sink);
    ASSERT_FALSE(silent.result.has_value());
    EXPECT_EQ(silent.result.error().code, Errc::provider_timeout);
    EXPECT_EQ(sink.taken, (Texts{"list.json", "po_1.json"}));

    ScriptedSink full;
    full.refused = "po_1.json";
    EXPECT_EQ(fetched({&source}, full).result.error().detail, "no room");
    EXPECT_EQ(full.taken, Texts{"list.json"});
}

}  // namespace
}  // namespace payments
