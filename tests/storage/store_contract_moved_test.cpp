// What every store promises of payments that are read for a file.
#include "fixtures/store_contract.hpp"
#include "payment/movements.hpp"

namespace payments {

using namespace testing_support;

class StoreContractMoved : public StoreContract {
protected:
    std::int64_t open_at(std::int64_t ticket_id, Time when, std::string flag = "") {
        auto started = attempt(ticket_id, "FULL-FEE-EUR-SIMPLE", when);
        if (!flag.empty()) {
            TicketScope triple{std::move(flag), "27", "OZORA"};
            started.scope_id = run(store->scope_id(std::move(triple)));
        }
        return run(store->open(std::move(started))).transaction.id;
    }
    void hear(std::int64_t id, Time when, std::vector<Fact> facts) {
        run(store->record(Heard::about(id, Source::query, when, std::move(facts))));
    }
    static MovedRequest everything(int limit = 1'000) {
        MovedRequest request;
        request.is_everywhere = true;
        request.begun_before = noon + 24h;
        request.limit = limit;
        return request;
    }
    // "1 2 |3": ids, with a line where each page ends.
    std::string walk(MovedRequest request) {
        std::string text;
        for (bool more = true; more;) {
            const auto page = run(store->moved_page(request));
            for (const auto& one : page.list) text += std::to_string(one.id) + " ";
            more = page.next.has_value();
            if (more) text += "|";
            request.after_id = page.next.value_or(0);
            request.end = page.end_of_next;
        }
        return text;
    }
};

TEST_P(StoreContractMoved, pages_hold_so_many_that_were_looked_at_and_leave_out_none) {
    EXPECT_EQ(walk(everything()), "");
    for (std::int64_t ticket = 42; ticket < 47; ++ticket) open_at(ticket, noon);
    EXPECT_EQ(walk(everything()), "1 2 3 4 5 ");
    EXPECT_EQ(walk(everything(2)), "1 2 |3 4 |5 ");
    EXPECT_EQ(walk(everything(5)), "1 2 3 4 5 |");
}

TEST_P(StoreContractMoved, what_was_begun_or_changed_at_another_time_is_left_out) {
    for (std::int64_t ticket = 42; ticket < 46; ++ticket)
        hear(
            open_at(ticket, noon + (ticket - 42) * 1h), noon + (ticket - 42) * 1h, {accepted("p")}
        );
    hear(1, noon + 5h, {captured()});
    auto request = everything(2);
    request.begun_since = noon + 1h;
    EXPECT_EQ(walk(request), "2 |3 4 |");
    request.begun_before = noon + 3h;
    EXPECT_EQ(walk(request), "2 |3 |");
    request = everything(2);
    request.changed_since = noon + 3h;
    EXPECT_EQ(walk(request), "1 |4 |");
}

TEST_P(StoreContractMoved, payments_come_from_these_scopes_alone) {
    open_at(42, noon);
    const auto hungarian = open_at(43, noon, "HU");
    open_at(44, noon, "INT");
    hear(hungarian, noon + 1min, {accepted("p"), captured()});
    EXPECT_EQ(walk(everything()), "1 2 3 ");
    auto request = everything();
    request.is_everywhere = false;
    EXPECT_EQ(walk(request), "");
    request.scope_ids = {run(store->transaction(hungarian))->scope_id.value()};
    const auto page = run(store->moved_page(request));
    ASSERT_EQ(page.list.size(), 1U);
    EXPECT_EQ(page.list[0].id, hungarian);
    EXPECT_EQ(page.list[0].status, Status::paid);
}

TEST_P(StoreContractMoved, payments_come_with_what_moved_and_those_in_review_with_all) {
    const auto plain = open_at(42, noon), strange = open_at(43, noon), twice = open_at(44, noon);
    hear(plain, noon + 1min, {accepted("p"), captured(), refunded("re_1", 5000, "TR1-R1")});
    hear(strange, noon + 1min, {accepted("q"), accepted("q2"), captured()});
    const auto second = open_at(44, noon);
    ASSERT_EQ(second, twice) << "one that lives is handed out again";
    hear(twice, noon + 1min, {accepted("r"), fact(FactKind::failed)});
    const auto other = open_at(44, noon);
    hear(other, noon + 2min, {accepted("s"), captured()});
    hear(twice, noon + 3min, {captured()});

    const auto page = run(store->moved_page(everything()));
    ASSERT_EQ(page.list.size(), 4U);
    for (const auto& one : page.list) {
        const auto whole = run(store->transaction(one.id)).value();
        EXPECT_EQ(movements(one), movements(whole)) << one.id;
        EXPECT_EQ(is_duplicate(facts_of(one)), is_duplicate(facts_of(whole))) << one.id;
        EXPECT_EQ(one.status, whole.status) << one.id;
        EXPECT_EQ(one.created_at, whole.created_at);
        EXPECT_EQ(one.email, whole.email);
        EXPECT_NE(one.email, "");
        EXPECT_EQ(one.metas, "");
        EXPECT_EQ(one.provider_id, whole.provider_id);
    }
    EXPECT_EQ(page.list[0].entries.size(), 2U);
    const auto& in_review = page.list[1];
    EXPECT_EQ(in_review.status, Status::review);
    EXPECT_EQ(is_mismatch(facts_of(in_review)), true);
    EXPECT_EQ(facts_of(in_review), facts_of(run(store->transaction(strange)).value()));
}

TEST_P(StoreContractMoved, what_moved_of_payments_that_are_left_out_stays_with_them) {
    for (std::int64_t ticket = 42; ticket < 47; ++ticket) {
        const auto flag = ticket % 2 == 0 ? "HU" : "INT";
        const auto provider_id = "p" + std::to_string(ticket);
        hear(open_at(ticket, noon, flag), noon + 1min, {accepted(provider_id), captured()});
    }
    hear(3, noon + 1h, {refunded("re_1", 5000, "TR3-R1")});
    auto of_scope = everything(), of_change = everything();
    of_scope.is_everywhere = false;
    of_scope.scope_ids = {run(store->transaction(1))->scope_id.value()};
    of_change.changed_since = noon + 30min;
    EXPECT_EQ(walk(of_scope), "1 3 5 ");
    EXPECT_EQ(walk(of_change), "3 ");
    for (const auto& request : {of_scope, of_change})
        for (const auto& one : run(store->moved_page(request)).list)
            EXPECT_EQ(movements(one), movements(*run(store->transaction(one.id)))) << one.id;
}

INSTANTIATE_TEST_SUITE_P(
    , StoreContractMoved, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

}  // namespace payments
