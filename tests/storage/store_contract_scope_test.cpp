// What every store promises of where tickets are.
#include <algorithm>

#include "fixtures/store_contract.hpp"

namespace payments {

using namespace testing_support;

class StoreContractScope : public StoreContract {
protected:
    std::int64_t scope(std::string flag, std::string year = "27", std::string event = "OZORA") {
        TicketScope triple{std::move(flag), std::move(year), std::move(event)};
        return run(store->scope_id(std::move(triple)));
    }
    Transaction open_in(std::int64_t ticket_id, std::int64_t scope_id) {
        auto started = attempt(ticket_id);
        started.scope_id = scope_id;
        return run(store->open(std::move(started))).transaction;
    }
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractScope, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractScope, each_triple_has_one_number_which_every_process_gives_it) {
    const auto hu = scope("HU");
    EXPECT_EQ(scope("HU"), hu);
    EXPECT_NE(scope("INT"), hu);
    EXPECT_NE(scope("HU", "28"), hu);
    EXPECT_NE(scope("H", "U27"), scope("HU", "27"));
    EXPECT_NE(scope("", "", ""), hu);
    const auto count = run(store->scopes()).size();

    store = GetParam().open(place);
    EXPECT_EQ(scope("HU"), hu);
    EXPECT_EQ(run(store->scopes()).size(), count);
}

// As after a restore from an older copy, beneath a service that goes on.
TEST_P(StoreContractScope, one_that_is_gone_is_named_and_comes_back) {
    const auto hu = scope("HU");
    const auto id = open_in(1, hu).id;
    const bool is_sqlite = GetParam().name == sqlite_kind().name;
    if (is_sqlite) GetParam().execute(place, "DROP TRIGGER scopes_remain");
    if (!is_sqlite) GetParam().execute(place, "ALTER TABLE scopes DISABLE TRIGGER USER");
    GetParam().execute(place, "DELETE FROM scopes");
    if (!is_sqlite) GetParam().execute(place, "ALTER TABLE scopes ENABLE TRIGGER USER");
    const auto is_named = [&] {
        const auto found = GetParam().verify(place).differences;
        return std::ranges::any_of(found, [&](const Difference& difference) {
            return difference.transaction_id == id &&
                   difference.detail.find(std::to_string(hu)) != std::string::npos;
        });
    };
    EXPECT_TRUE(is_named());
    EXPECT_EQ(run(store->scopes()).size(), 0U);
    EXPECT_EQ(scope("HU"), hu);
    EXPECT_EQ(run(store->scopes()).size(), 1U);
    EXPECT_FALSE(is_named());
}

TEST_P(StoreContractScope, a_triple_is_told_as_it_was_given) {
    const auto id = scope("ÜŐ", "2027, '\"", "a,b");
    const auto all = run(store->scopes());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].id, id);
    EXPECT_EQ(all[0].scope, (TicketScope{"ÜŐ", "2027, '\"", "a,b"}));
}

TEST_P(StoreContractScope, an_attempt_is_where_its_ticket_was_when_it_was_opened) {
    const auto hu = scope("HU");
    const auto opened = open_in(1, hu);
    EXPECT_EQ(opened.scope_id, hu);
    EXPECT_EQ(read(opened.id).scope_id, hu);
    EXPECT_EQ(run(store->transactions_of(1)).at(0).scope_id, hu);
    EXPECT_EQ(run(store->page({})).at(0).scope_id, hu);
    EXPECT_EQ(open(2).scope_id, std::nullopt);
}

TEST_P(StoreContractScope, a_ticket_moves_with_all_its_attempts_and_no_other_does) {
    const auto hu = scope("HU"), elsewhere = scope("INT");
    const auto first = open_in(1, hu).id;
    record_soon(first, {fact(FactKind::failed)});
    const auto second = open(1).id;
    const auto other = open_in(2, hu).id;

    EXPECT_EQ(run(store->move_ticket(1, elsewhere)), 2);
    EXPECT_EQ(read(first).scope_id, elsewhere);
    EXPECT_EQ(read(second).scope_id, elsewhere);
    EXPECT_EQ(read(other).scope_id, hu);
    EXPECT_EQ(run(store->move_ticket(1, elsewhere)), 0);
    EXPECT_EQ(run(store->move_ticket(3, hu)), 0);
}

TEST_P(StoreContractScope, attempts_that_are_nowhere_are_listed_page_by_page) {
    const auto hu = scope("HU");
    std::vector<std::int64_t> nowhere;
    for (const std::int64_t ticket : {5, 1, 4}) {
        nowhere.push_back(open(ticket).id);
        open_in(ticket + 10, hu);
    }
    std::vector<std::int64_t> ids, tickets;
    for (auto page = run(store->attempts_without_scope(0, 2)); !page.empty();
         page = run(store->attempts_without_scope(ids.back(), 2))) {
        EXPECT_LE(page.size(), 2U);
        for (const auto& attempt : page) {
            ids.push_back(attempt.id);
            tickets.push_back(attempt.ticket_id);
        }
    }
    EXPECT_EQ(ids, nowhere);
    EXPECT_EQ(tickets, (std::vector<std::int64_t>{5, 1, 4}));
    run(store->move_ticket(1, hu));
    EXPECT_EQ(run(store->attempts_without_scope(0, 9)).size(), 2U);
}

TEST_P(StoreContractScope, what_is_recorded_later_leaves_an_attempt_where_it_is) {
    const auto hu = scope("HU"), elsewhere = scope("INT");
    const auto id = open_in(1, hu).id;
    run(store->move_ticket(1, elsewhere));
    EXPECT_EQ(record(id, {captured()}).transaction->scope_id, elsewhere);
    EXPECT_EQ(read(id).scope_id, elsewhere);
    EXPECT_EQ(GetParam().verify(place).differences, std::vector<Difference>{});
}

TEST_P(StoreContractScope, triples_are_never_changed_or_deleted) {
    scope("HU");
    EXPECT_ANY_THROW(GetParam().execute(place, "UPDATE scopes SET flag = 'INT'"));
    EXPECT_ANY_THROW(GetParam().execute(place, "DELETE FROM scopes"));
}

}  // namespace payments
