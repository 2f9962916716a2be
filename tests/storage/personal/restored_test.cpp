// What was erased is in a database again that was restored from a backup (docs/personal_data.md,
// 4).
#include "storage/personal/visitor.hpp"

namespace payments {
namespace {

using namespace testing_support;

class RestoredErasures : public ErasureTest {
protected:
    // As a list has it that was kept elsewhere; to this database nobody has said it.
    static AskedErasure kept_elsewhere(std::int64_t id, Time created_at = noon) {
        return {id, created_at, noon + 1h, {"dora", "Dóra"}, "asked for by letter 77"};
    }
};

TEST_P(RestoredErasures, what_a_list_names_is_erased_again_once) {
    const auto unpaid = failed(1);
    const auto taken = paid(2);
    const auto others = open(3).id;
    const auto again =
        ledger().ask_again({kept_elsewhere(taken), kept_elsewhere(unpaid)}, noon + 5h);
    EXPECT_EQ(again.noted, (std::vector{unpaid, taken}));
    EXPECT_EQ(again.known, 0);
    keep(noon + 5h);
    EXPECT_EQ(read(unpaid).email, "");
    EXPECT_EQ(read(taken).email, "");
    EXPECT_FALSE(has_body(taken));
    EXPECT_NE(read(others).email, "");
    EXPECT_EQ(ledger().retention().restricted, 1);
    const auto action = run(store->actions_of(taken, ActionKind::erase)).at(0);
    EXPECT_EQ(action.by.sub, "dora");
    EXPECT_EQ(action.at, noon + 5h);
    EXPECT_EQ(action.details.at("why"), "asked for by letter 77");

    const auto twice = ledger().ask_again({kept_elsewhere(taken)}, noon + 6h);
    EXPECT_TRUE(twice.noted.empty());
    EXPECT_EQ(twice.known, 1);
    keep(noon + 6h);
    EXPECT_EQ(kinds_of(taken), Found{"erase"});
    EXPECT_EQ(differences(), Found{});
}

TEST_P(RestoredErasures, a_payment_that_is_not_the_one_of_the_list_is_named_and_stays) {
    const auto id = failed(1);
    const auto again =
        ledger().ask_again({kept_elsewhere(id, noon + 1ms), kept_elsewhere(4711)}, noon + 5h);
    EXPECT_EQ(again.unknown, (std::vector<std::int64_t>{id, 4711}));
    EXPECT_TRUE(again.noted.empty());
    keep(noon + 5h);
    EXPECT_EQ(read(id).email, visitor_email);
}

TEST_P(RestoredErasures, one_that_is_named_twice_or_under_way_goes_when_it_is_over) {
    const auto id = begin(1);
    const auto again = ledger().ask_again({kept_elsewhere(id), kept_elsewhere(id)}, noon + 5h);
    EXPECT_EQ(again.noted, std::vector{id});
    keep(noon + 5h);
    EXPECT_EQ(read(id).email, visitor_email);
    tell(id, {accepted("p1"), fact(FactKind::failed, "declined")}, "ended", noon + 6h);
    keep(noon + 7h);
    EXPECT_EQ(read(id).email, "");
    EXPECT_EQ(differences(), Found{});
}

TEST_P(RestoredErasures, all_that_were_asked_for_are_listed_page_by_page) {
    std::vector<std::int64_t> ids{failed(1), paid(2, noon + 1min), begin(3)};
    EXPECT_TRUE(ledger().asked_since({}, 0, 10).empty());
    erase();
    const auto first = ledger().asked_since({}, 0, 2);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[1].transaction_id, ids[1]);
    EXPECT_EQ(first[1].created_at, noon + 1min);
    EXPECT_EQ(first[1].asked_at, noon + 1h);
    EXPECT_EQ(first[1].by.name, "Dóra");
    EXPECT_EQ(first[1].why, "asked for by letter 77");
    const auto rest = ledger().asked_since({}, ids[1], 2);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].transaction_id, ids[2]);
    EXPECT_EQ(ledger().asked_since(noon + 1h, 0, 10).size(), 3U);
    EXPECT_TRUE(ledger().asked_since(noon + 1h + 1ms, 0, 10).empty());
}

INSTANTIATE_TEST_SUITE_P(
    , RestoredErasures, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

}  // namespace
}  // namespace payments
