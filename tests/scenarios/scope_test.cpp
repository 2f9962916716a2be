// Where payments are: with their ticket, wherever the tickets service says that it is.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class ScopeScenario : public Scenario {
protected:
    // The flag of the payment's scope; "" when nothing is known.
    std::string flag_of(std::int64_t id) {
        const auto scope_id = read(id).scope_id;
        for (const auto& [known, scope] : await(database->scopes()))
            if (known == scope_id) return scope.flag;
        return "";
    }
    void list(std::int64_t ticket_id) {
        const auto privileges = in_scope("payments_search", "HU,INT");
        const auto body = R"({"ticket_id":)" + std::to_string(ticket_id) + "}";
        EXPECT_EQ(post("/payments/transactions", body, as_user(privileges)).status, 200);
    }
};

TEST_F(ScopeScenario, a_payment_is_where_its_ticket_is) {
    tickets.tickets[43].flag = "INT";
    EXPECT_EQ(flag_of(started(simple, 42)), "HU");
    EXPECT_EQ(flag_of(started(simple, 43)), "INT");
}

TEST_F(ScopeScenario, it_moves_with_its_ticket_when_that_is_asked_for_anyway) {
    const auto id = started(simple, 42), other = started(simple, 44);
    tickets.tickets[42].flag = "INT";
    list(44);
    EXPECT_EQ(flag_of(id), "HU");  // nobody has asked for its ticket
    list(42);
    EXPECT_EQ(flag_of(id), "INT");
    EXPECT_EQ(flag_of(other), "HU");
}

TEST_F(ScopeScenario, a_start_moves_the_attempts_before_it) {
    const auto first = started(simple, 42);
    EXPECT_EQ(ipn(first, {word(first, FactKind::failed)}).status, 200);
    tickets.tickets[42].flag = "INT";
    const auto second = started(simple, 42);
    ASSERT_NE(first, second);
    EXPECT_EQ(flag_of(first), "INT");
    EXPECT_EQ(flag_of(second), "INT");
}

TEST_F(ScopeScenario, a_refusal_outside_moves_it_too) {
    const auto id = started(simple, 42);
    tickets.tickets[42].flag = "INT";
    const auto body = R"({"transaction_id":)" + std::to_string(id) + "}";
    const auto outside = as_user(in_scope("payments_refund", "DE"));
    EXPECT_EQ(post("/payments/refunds", body, outside).problem(), "unknown-transaction");
    EXPECT_EQ(flag_of(id), "INT");
}

// Of two attempts one may be elsewhere on record, as when a version that asked for less opened it.
TEST_F(ScopeScenario, all_payments_of_a_ticket_move_whichever_of_them_is_opened) {
    const auto first = started(simple, 42);
    EXPECT_EQ(ipn(first, {word(first, FactKind::failed)}).status, 200);
    auto older = attempt(42, stripes, clock.time);
    const auto second = await(database->open(std::move(older))).transaction.id;
    ASSERT_EQ(read(second).scope_id, std::nullopt);
    const auto body = R"({"transaction_id":)" + std::to_string(first) + "}";
    const auto clerk = as_user(in_scope("payments_search", "HU"));
    EXPECT_EQ(post("/payments/transaction", body, clerk).status, 200);
    EXPECT_EQ(flag_of(second), "HU");
}

TEST_F(ScopeScenario, the_review_list_asks_for_tickets_and_writes_nothing) {
    const auto id = started(simple, 42);
    EXPECT_EQ(ipn(id, {word(id, FactKind::inquiry, "dp_1")}).status, 200);
    tickets.tickets[42].flag = "INT";
    store.calls.clear();
    EXPECT_EQ(get("/payments/review", as_user(in_scope("payments_search", "HU"))).status, 200);
    EXPECT_EQ(store.calls, std::vector<std::string>{"reviews"});
    EXPECT_EQ(flag_of(id), "HU");
}

TEST_F(ScopeScenario, a_start_goes_on_although_its_scope_cannot_be_recorded) {
    store.lose("scope_id");
    const auto id = started(simple, 42);
    store.restore();
    EXPECT_EQ(flag_of(id), "");
    EXPECT_NE(logged().find("could not be recorded"), std::string::npos);
    list(42);
    EXPECT_EQ(flag_of(id), "HU");
}

TEST_F(ScopeScenario, a_ticket_that_no_database_takes_is_paid_all_the_same) {
    tickets.tickets[42].event = std::string(300, 'x');
    const auto id = started(simple, 42);
    EXPECT_EQ(read(id).scope_id, std::nullopt);
}

TEST_F(ScopeScenario, a_list_is_given_although_a_move_cannot_be_recorded) {
    const auto id = started(simple, 42);
    tickets.tickets[42].flag = "INT";
    store.lose("move_ticket");
    list(42);
    store.restore();
    EXPECT_EQ(flag_of(id), "HU");
}

}  // namespace payments
