// Where payments are: with their ticket, wherever the tickets service says that it is.
#include <utility>

#include "fixtures/scenario.hpp"
#include "flow/office/move_tickets.hpp"

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

// ------------------------------------------------------------------- what was seen a moment ago

class SeenScenario : public ScopeScenario {
protected:
    Answer open(std::int64_t id, const std::string& flags = "HU") {
        const auto body = R"({"transaction_id":)" + std::to_string(id) + "}";
        return post("/payments/transaction", body, as_user(in_scope("payments_search", flags)));
    }
    // How often the tickets service was asked meanwhile.
    std::size_t asked() { return std::exchange(tickets.asked_for, {}).size(); }
    Answer note(const std::string& list) {
        return post("/payments/ticket-scopes", R"({"tickets":[)" + list + "]}", as_service());
    }
    static std::string placed(std::int64_t ticket_id, const std::string& flag) {
        return R"({"id":)" + std::to_string(ticket_id) + R"(,"flag":")" + flag +
               R"(","year":"2026","event":"OZORA"})";
    }
};

TEST_F(SeenScenario, a_page_that_asks_again_does_not_ask_the_tickets_service) {
    const auto id = started(simple, 42);
    asked();
    for (int i = 0; i < 20; ++i, pass(2999ms)) EXPECT_EQ(open(id).status, 200);
    EXPECT_EQ(asked(), 1U);
    pass(1s);
    EXPECT_EQ(open(id).status, 200);
    EXPECT_EQ(asked(), 1U);
}

TEST_F(SeenScenario, a_move_that_nobody_has_told_is_felt_after_a_minute) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id).status, 200);
    tickets.tickets[42].flag = "INT";
    pass(59'999ms);
    EXPECT_EQ(open(id).status, 200);
    pass(1ms);
    EXPECT_EQ(open(id).problem(), "unknown-transaction");
}

// The clock of the machine may be set back while it is remembered.
TEST_F(SeenScenario, a_minute_is_a_minute_whoever_sets_the_clock) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id).status, 200);
    tickets.tickets[42].flag = "INT";
    clock.set_by -= 1h;
    clock.time += 60s - 1h;
    EXPECT_EQ(open(id).problem(), "unknown-transaction");
}

TEST_F(SeenScenario, a_move_that_somebody_has_told_is_felt_at_once) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id).status, 200);
    EXPECT_EQ(note(placed(42, "INT")).number("changed"), 1);
    tickets.tickets[42].flag = "INT";
    EXPECT_EQ(open(id).problem(), "unknown-transaction");
    EXPECT_EQ(open(id, "INT").status, 200);
}

// It has told the database, which is all that replicas share.
TEST_F(SeenScenario, a_move_that_another_replica_was_told_is_felt_at_once) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id).status, 200);
    tickets.tickets[42].flag = "INT";
    TicketScope there{"INT", "2026", "OZORA"};
    const auto scope_id = await(database->scope_id(std::move(there)));
    await(database->move_ticket(42, scope_id));
    EXPECT_EQ(open(id).problem(), "unknown-transaction");
}

TEST_F(SeenScenario, what_another_call_hears_of_the_ticket_counts_although_it_is_not_recorded) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id).status, 200);
    tickets.tickets[42].flag = "INT";
    store.lose("move_ticket");
    list(42);
    store.restore();
    EXPECT_EQ(open(id).problem(), "unknown-transaction");
}

TEST_F(SeenScenario, it_counts_for_the_same_privileges_alone) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id, "HU").status, 200);
    asked();
    EXPECT_EQ(open(id, "INT").problem(), "unknown-transaction");
    EXPECT_EQ(open(id, "HU,INT").status, 200);
    EXPECT_EQ(asked(), 2U);
    EXPECT_EQ(open(id, "HU").status, 200);
    EXPECT_EQ(asked(), 0U);
}

TEST_F(SeenScenario, neither_a_refusal_nor_a_failure_is_kept) {
    const auto id = started(simple, 42);
    EXPECT_EQ(open(id, "INT").problem(), "unknown-transaction");
    tickets.tickets[42].flag = "INT";
    EXPECT_EQ(open(id, "INT").status, 200);
    tickets.tickets[42].flag = "HU";
    tickets.failure = Error{Errc::tickets_timeout, "silence"};
    EXPECT_EQ(open(id, "INT,DE").problem(), "tickets-timeout");
    EXPECT_EQ(open(id, "INT").status, 200);  // was let see it, and nobody has told of a move
    tickets.failure = {};
    EXPECT_EQ(open(id, "INT,DE").problem(), "unknown-transaction");
}

TEST_F(SeenScenario, a_payment_that_is_nowhere_on_record_is_asked_about_each_time) {
    tickets.tickets[42].event = std::string(300, 'x');
    const auto id = started(simple, 42);
    asked();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(open(id).status, 200);
    EXPECT_EQ(asked(), 3U);
}

TEST(SeenTickets, so_many_are_kept_and_no_more) {
    SeenTickets seen;
    const Privileges clerk{{"payments_search", "true"}};
    const auto most = static_cast<std::int64_t>(SeenTickets::most);
    for (std::int64_t ticket = 1; ticket <= most; ++ticket) seen.add(ticket, clerk, 1, 0ms);
    EXPECT_TRUE(seen.has(1, clerk, 1, 59'999ms));
    seen.add(most + 1, clerk, 1, 1ms);
    EXPECT_FALSE(seen.has(1, clerk, 1, 1ms));
    EXPECT_TRUE(seen.has(most + 1, clerk, 1, 1ms));
}

// ------------------------------------------------------------------- what is told of many tickets

TEST_F(SeenScenario, tickets_are_moved_by_whoever_moves_them) {
    const auto first = started(simple, 42), second = started(simple, 43);
    const auto both = placed(42, "INT") + "," + placed(43, "DE") + "," + placed(4711, "INT");
    EXPECT_EQ(note(both).number("changed"), 2);
    EXPECT_EQ(flag_of(first), "INT");
    EXPECT_EQ(flag_of(second), "DE");
    EXPECT_EQ(note(both).number("changed"), 0);
    EXPECT_EQ(note(placed(42, "")).number("changed"), 1);
    EXPECT_EQ(flag_of(first), "");
}

TEST_F(SeenScenario, a_thousand_tickets_are_moved_in_one_call) {
    const auto last = started(simple, 49);
    std::string all = placed(49, "INT");
    for (int ticket = 1'001; ticket < 2'000; ++ticket) all += "," + placed(ticket, "INT");
    EXPECT_EQ(note(all).number("changed"), 1);
    EXPECT_EQ(flag_of(last), "INT");
    const auto refused = note(all + "," + placed(2'000, "INT"));
    EXPECT_EQ(refused.problem(), "invalid-request");
    EXPECT_EQ(refused.at("errors").at(0).at("pointer"), "/tickets");
}

TEST_F(SeenScenario, where_tickets_are_must_be_whole_and_told_by_a_service) {
    const auto id = started(simple, 42);
    const auto wrong = note(
        R"(5,{"id":0,"flag":"HU","year":2026,"event":")" + std::string(256, 'x') + R"("},)" +
        placed(42, "INT") + "," + placed(42, "DE") + R"(,{"id":43})"
    );
    EXPECT_EQ(wrong.problem(), "invalid-request");
    std::vector<std::string> pointers;
    for (const auto& one : wrong.at("errors").as_array())
        pointers.emplace_back(one.at("pointer").as_string());
    EXPECT_EQ(
        pointers, (std::vector<std::string>{
                      "/tickets/0", "/tickets/1/id", "/tickets/1/year", "/tickets/1/event",
                      "/tickets/3/id", "/tickets/4/flag", "/tickets/4/year", "/tickets/4/event"})
    );
    EXPECT_EQ(note("").problem(), "invalid-request");
    EXPECT_EQ(flag_of(id), "HU");
    const auto body = R"({"tickets":[)" + placed(42, "INT") + "]}";
    const auto everything = as_user(in_scope("payments_operate", "*"));
    EXPECT_EQ(post("/payments/ticket-scopes", body, everything).problem(), "unauthorized");
    EXPECT_EQ(post("/payments/ticket-scopes", body).problem(), "unauthorized");
    store.lose("move_ticket");
    EXPECT_EQ(note(placed(42, "INT")).problem(), "storage-unavailable");
}

class RefreshScenario : public ScopeScenario {
protected:
    // A payment of whose ticket nobody knows where it is.
    std::int64_t unplaced(std::int64_t ticket_id) {
        auto older = attempt(ticket_id, stripes, clock.time);
        return await(database->open(std::move(older))).transaction.id;
    }
    Refreshed refresh(int per_second = 12) {
        clock.sleeps_max = 1'000;
        return await(refresh_scopes(world, per_second, [](const Refreshed&) {}));
    }
};

TEST_F(RefreshScenario, payments_from_before_are_placed_and_others_are_not_asked_for) {
    const auto placed = started(simple, 42);
    const auto first = unplaced(43), second = unplaced(44), gone = unplaced(4711);
    tickets.tickets[44].flag = "INT";
    tickets.asked_for.clear();
    const auto refreshed = refresh();
    EXPECT_TRUE(refreshed.is_end);
    EXPECT_EQ(refreshed.asked, 3);
    EXPECT_EQ(refreshed.placed, 2);
    EXPECT_EQ(refreshed.unknown, 1);
    EXPECT_EQ(refreshed.silent, 0);
    EXPECT_EQ(flag_of(first), "HU");
    EXPECT_EQ(flag_of(second), "INT");
    EXPECT_EQ(read(gone).scope_id, std::nullopt);
    EXPECT_EQ(flag_of(placed), "HU");
    // For the service itself: no user's privileges keep anything from it.
    EXPECT_EQ(tickets.asked_for, (std::vector<std::optional<Privileges>>(3)));
    EXPECT_EQ(refresh().asked, 1);
}

TEST_F(RefreshScenario, it_stops_when_the_tickets_service_is_down_and_goes_on_later) {
    for (std::int64_t ticket = 100; ticket < 130; ++ticket) {
        tickets.tickets[ticket] = tickets.tickets[42];
        tickets.tickets[ticket].id = ticket;
        unplaced(ticket);
    }
    tickets.failure = Error{Errc::tickets_unavailable, "down"};
    const auto stopped = refresh();
    EXPECT_FALSE(stopped.is_end);
    EXPECT_EQ(stopped.asked, 12);
    EXPECT_EQ(stopped.silent, 12);
    tickets.failure = {};
    const auto begun = clock.time;
    const auto whole = refresh(10);
    EXPECT_TRUE(whole.is_end);
    EXPECT_EQ(whole.placed, 30);
    EXPECT_EQ(clock.time - begun, 3s);  // ten a second
}

// As when the machine's clock is corrected by NTP.
TEST_F(RefreshScenario, it_keeps_its_pace_when_the_clock_is_set_back) {
    for (std::int64_t ticket = 100; ticket < 124; ++ticket) {
        tickets.tickets[ticket] = tickets.tickets[42];
        tickets.tickets[ticket].id = ticket;
        unplaced(ticket);
    }
    clock.sleeps_max = 1'000;
    const auto set_back_once = [&](const Refreshed& so_far) {
        if (so_far.asked != 12) return;
        clock.time -= 24h;
        clock.set_by -= 24h;
    };
    const auto begun = clock.steady();
    EXPECT_EQ(await(refresh_scopes(world, 12, set_back_once)).placed, 24);
    EXPECT_EQ(clock.steady() - begun, 2s);
}

}  // namespace payments
