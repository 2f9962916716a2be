// What every store promises of reading all attempts, page by page.
#include "fixtures/store_contract.hpp"
#include "payment/movements.hpp"

namespace payments {

using namespace testing_support;

class StoreContractPage : public StoreContract {
protected:
    using Ids = std::vector<std::int64_t>;
    Ids page(PageRequest request) {
        Ids ids;
        for (const auto& one : run(store->page(request))) ids.push_back(one.id);
        return ids;
    }
    std::int64_t open_at(std::int64_t ticket_id, Time when) {
        return run(store->open(attempt(ticket_id, "FULL-FEE-EUR-SIMPLE", when))).transaction.id;
    }
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractPage, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractPage, pages_follow_each_other_by_id_and_end) {
    Ids all;
    for (std::int64_t ticket = 1; ticket <= 5; ++ticket) all.push_back(open(ticket).id);
    EXPECT_EQ(page({0, 2, {}, false}), (Ids{all[0], all[1]}));
    EXPECT_EQ(page({all[1], 2, {}, false}), (Ids{all[2], all[3]}));
    EXPECT_EQ(page({all[3], 2, {}, false}), Ids{all[4]});
    EXPECT_EQ(page({all[4], 2, {}, false}), Ids{});
}

TEST_P(StoreContractPage, of_money_it_says_what_moved_and_not_whose_it_is) {
    const auto id = open(1).id;
    record_soon(id, {accepted("501"), captured(), refunded("re_1", 5000, "TR1-R1")});
    const auto whole = run(store->page({0, 1})).at(0);
    EXPECT_NE(whole.email, "");
    EXPECT_NE(whole.metas, "");
    const auto of_money = run(store->page({0, 1, {}, false, true})).at(0);
    EXPECT_EQ(of_money.email, "");
    EXPECT_EQ(of_money.metas, "");
    EXPECT_EQ(of_money.id, id);
    EXPECT_EQ(of_money.code.fee_type, whole.code.fee_type);
    EXPECT_EQ(of_money.amount, whole.amount);
    EXPECT_EQ(of_money.account, whole.account);
    EXPECT_EQ(of_money.provider_id, "501");
    EXPECT_EQ(of_money.status, Status::partially_refunded);
    EXPECT_EQ(of_money.paid_at, whole.paid_at);
    EXPECT_EQ(whole.entries.size(), 3U);
    EXPECT_EQ(of_money.entries.size(), 2U);
    EXPECT_EQ(movements(of_money), movements(whole));
}

TEST_P(StoreContractPage, of_money_it_has_each_word_about_a_dispute_with_its_moment) {
    const auto id = open(1).id;
    auto lost = fact(FactKind::dispute_lost, "dp_1");
    lost.occurred_at = noon + 3min;
    auto open_again = fact(FactKind::disputed, "dp_1");
    open_again.occurred_at = noon + 2min;
    auto withdrawn = fact(FactKind::dispute_withdrawn, "dp_1");
    withdrawn.occurred_at = noon + 2min;
    record_soon(id, {captured(), lost, open_again, withdrawn});
    const auto of_money = run(store->page({0, 1, {}, false, true})).at(0);
    ASSERT_EQ(of_money.entries.size(), 4U);
    EXPECT_EQ(of_money.entries[1].fact.occurred_at, noon + 3min);
    EXPECT_EQ(of_money.entries[1].fact.kind, FactKind::dispute_lost);
    EXPECT_EQ(movements(of_money), movements(run(store->page({0, 1})).at(0)));
}

TEST_P(StoreContractPage, of_money_it_holds_those_of_which_none_moved) {
    const auto id = open(1).id;
    record(id, {accepted("501")});
    const auto of_money = run(store->page({0, 9, {}, false, true}));
    ASSERT_EQ(of_money.size(), 1U);
    EXPECT_TRUE(of_money[0].entries.empty());
    EXPECT_EQ(of_money[0].provider_id, "501");
}

TEST_P(StoreContractPage, only_those_opened_since_a_moment) {
    open_at(1, noon - 1ms);
    const auto at_noon = open_at(2, noon);
    const auto later = open_at(3, noon + 1h);
    EXPECT_EQ(page({0, 50, noon, false}), (Ids{at_noon, later}));
    EXPECT_EQ(page({at_noon, 50, noon, false}), Ids{later});
}

TEST_P(StoreContractPage, open_ones_are_those_of_which_more_is_expected) {
    const auto created = open(1).id;
    const auto pending = open(2).id;
    record(pending, {accepted("501")});
    const auto forgotten = open(3).id;  // its checks have ended, its payment has not
    run(store->record([&] {
        auto late = heard(forgotten, {accepted("503")});
        late.at = noon + 30 * 24h;
        return late;
    }()));
    const auto over = open(4).id;
    record_soon(over, {fact(FactKind::failed)});
    const auto paid = open(5).id;
    record_soon(paid, {captured()});
    const auto refunding = open(6).id;
    record_soon(refunding, {captured()});
    RefundDetails details{eur(100), "", "alice"};
    run(store->reserve_refund({refunding, details, Source::staff, noon + 2min, noon + 3min}));

    EXPECT_EQ(page({0, 50, {}, true}), (Ids{created, pending, forgotten, refunding}));
}

TEST_P(StoreContractPage, attempts_come_with_their_events) {
    const auto id = open(1).id;
    record(id, {accepted("501"), captured()});
    const auto all = run(store->page({}));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].entries.size(), 2U);
}

}  // namespace payments
