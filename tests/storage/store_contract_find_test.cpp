// What every store promises of finding payments and what belongs to one.
#include "fixtures/store_contract.hpp"

namespace payments {

using namespace testing_support;

class StoreContractFind : public StoreContract {
protected:
    using Ids = std::vector<std::int64_t>;

    std::int64_t scope(std::string flag) {
        TicketScope triple{std::move(flag), "27", "OZORA"};
        return run(store->scope_id(std::move(triple)));
    }
    std::int64_t open_in(
        std::int64_t ticket_id, std::optional<std::int64_t> scope_id, Time when = noon,
        std::string_view code_text = "FULL-FEE-EUR-SIMPLE", std::string email = "eva@example.org"
    ) {
        auto started = attempt(ticket_id, code_text, when);
        started.scope_id = scope_id;
        started.email = std::move(email);
        return run(store->open(std::move(started))).transaction.id;
    }
    void pay(std::int64_t id, Time when) {
        run(store->record(Heard::about(id, Source::query, when, {captured()})));
    }
    FindQuery everywhere() {
        FindQuery query;
        query.is_everywhere = true;
        for (const auto& [id, triple] : run(store->scopes())) query.scope_ids.push_back(id);
        return query;
    }
    FindQuery with_text(std::string_view text) {
        auto query = everywhere();
        query.text = read_search_text(text);
        return query;
    }
    Ids find(FindQuery query) {
        Ids ids;
        for (const auto& one : run(store->find(std::move(query))).list) ids.push_back(one.id);
        return ids;
    }
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractFind, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

TEST_P(StoreContractFind, pages_are_newest_first_and_follow_each_other) {
    const auto hu = scope("HU");
    Ids all;
    for (int ticket = 1; ticket <= 5; ++ticket) all.push_back(open_in(ticket, hu));
    auto query = everywhere();
    query.limit = 2;
    const auto first = run(store->find(query));
    ASSERT_EQ(first.list.size(), 2U);
    EXPECT_EQ(first.list[0].id, all[4]);
    EXPECT_EQ(first.list[0].scope_id, hu);
    EXPECT_TRUE(first.list[0].entries.empty());
    ASSERT_EQ(first.next, all[3]);
    query.after = first.next;
    EXPECT_EQ(find(query), (Ids{all[2], all[1]}));
    query.after = all[1];
    const auto last = run(store->find(query));
    EXPECT_EQ(last.list.size(), 1U);
    EXPECT_EQ(last.next, std::nullopt);
}

TEST_P(StoreContractFind, only_the_scopes_of_the_query_are_looked_through) {
    const auto hu = scope("HU"), elsewhere = scope("INT");
    const auto a = open_in(1, hu), b = open_in(2, elsewhere), c = open_in(3, std::nullopt);
    FindQuery query;
    query.scope_ids = {hu};
    EXPECT_EQ(find(query), Ids{a});
    query.scope_ids = {hu, elsewhere};
    EXPECT_EQ(find(query), (Ids{b, a}));
    EXPECT_EQ(find(everywhere()), (Ids{c, b, a}));
    EXPECT_EQ(find(FindQuery{}), Ids{});
    query.scope_ids = {hu};
    for (const auto* text : {"TR2", "2", "eva@example.org"}) {
        query.text = read_search_text(text);
        for (const auto id : find(query)) EXPECT_EQ(id, a) << text;
    }
    query.text.reset();
    query.ticket_id = 2;
    EXPECT_EQ(find(query), Ids{});
}

TEST_P(StoreContractFind, statuses_are_looked_for_in_every_scope_and_in_none) {
    const auto hu = scope("HU");
    const auto a = open_in(1, hu), b = open_in(2, std::nullopt), c = open_in(3, scope("INT"));
    open_in(4, hu);
    for (const auto id : {a, b, c}) pay(id, noon + 1min);
    auto query = everywhere();
    query.statuses = {Status::paid};
    EXPECT_EQ(find(query), (Ids{c, b, a}));
    query.statuses = {Status::paid, Status::created};
    EXPECT_EQ(find(query).size(), 4U);
    query.statuses = {Status::refunded};
    EXPECT_EQ(find(query), Ids{});
}

TEST_P(StoreContractFind, an_attempt_stays_findable_as_its_status_changes) {
    const auto hu = scope("HU");
    const auto id = open_in(1, hu);
    FindQuery query;
    query.scope_ids = {hu};
    query.statuses = {Status::paid};
    EXPECT_EQ(find(query), Ids{});
    pay(id, noon + 1min);
    EXPECT_EQ(find(query), Ids{id});
    run(store->move_ticket(1, scope("INT")));
    EXPECT_EQ(find(query), Ids{});
}

TEST_P(StoreContractFind, text_finds_by_every_id_there_is) {
    const auto id = open_in(7, scope("HU"));
    record_soon(id, {accepted("501234567")});
    record(id, {captured(), refunded("599000111", 1000), fact(FactKind::disputed, "dp_9")});
    open_in(8, scope("HU"), noon, "FULL-FEE-EUR-SIMPLE", "other@example.org");
    for (const auto* text :
         {"TR1", "7", "501234567", "599000111", "dp_9", "EVA@example.ORG", "TR1-R1"})
        EXPECT_EQ(find(with_text(text)), Ids{id}) << text;
    for (const auto* text : {"TR9", "9", "501", "dp_", "eva@example.or", "re_9"})
        EXPECT_EQ(find(with_text(text)), Ids{}) << text;
}

TEST_P(StoreContractFind, digits_find_a_transaction_and_a_ticket_once_each) {
    const auto hu = scope("HU");
    const auto first = open_in(2, hu), second = open_in(1, hu);
    ASSERT_EQ(first, 1);
    EXPECT_EQ(find(with_text("1")), (Ids{second, first}));
    EXPECT_EQ(find(with_text("2")), (Ids{second, first}));
    const auto third = open_in(3, hu);
    EXPECT_EQ(find(with_text("3")), Ids{third});
}

TEST_P(StoreContractFind, other_conditions_hold_as_well) {
    const auto hu = scope("HU");
    const auto simplepay = open_in(1, hu), stripe = open_in(2, hu, noon, "CAMP-EUR-STRIPE-INTENTS");
    auto query = everywhere();
    query.processors = {Processor::stripe};
    EXPECT_EQ(find(query), Ids{stripe});
    query = everywhere();
    query.fee_types = {"FULL-FEE"};
    EXPECT_EQ(find(query), Ids{simplepay});
    query.fee_types = {"FULL"};
    EXPECT_EQ(find(query), Ids{});
    query = everywhere();
    query.currency = Currency::of("EUR").value();
    query.amount_from_minor = 22000;
    query.amount_to_minor = 22000;
    EXPECT_EQ(find(query), (Ids{stripe, simplepay}));
    query.amount_to_minor = 21999;
    EXPECT_EQ(find(query), Ids{});
    query = everywhere();
    query.currency = Currency::of("HUF").value();
    EXPECT_EQ(find(query), Ids{});
    query = with_text("TR1");
    query.statuses = {Status::paid};
    EXPECT_EQ(find(query), Ids{});
    query = with_text("eva@example.org");
    query.ticket_id = 2;
    EXPECT_EQ(find(query), Ids{stripe});
    EXPECT_EQ(find(with_text("220 EUR")), (Ids{stripe, simplepay}));
    EXPECT_EQ(find(with_text("220 HUF")), Ids{});
}

TEST_P(StoreContractFind, times_count_from_and_not_to) {
    const auto hu = scope("HU");
    Ids all;
    for (int hour = 0; hour < 60; ++hour)
        all.push_back(open_in(hour + 1, hu, noon + std::chrono::hours{hour}));
    auto query = everywhere();
    query.limit = 200;
    query.created_from = noon + 10h;
    query.created_to = noon + 13h;
    EXPECT_EQ(find(query), (Ids{all[12], all[11], all[10]}));
    query.created_from = noon + 100h;
    query.created_to.reset();
    EXPECT_EQ(find(query), Ids{});
    query.created_from.reset();
    query.created_to = noon + 1ms;
    EXPECT_EQ(find(query), Ids{all[0]});
    query.created_to = noon;
    EXPECT_EQ(find(query), Ids{});
}

TEST_P(StoreContractFind, times_of_payment_are_looked_for_whenever_it_was_begun) {
    const auto hu = scope("HU");
    const auto late = open_in(1, hu, noon), soon = open_in(2, hu, noon + 1h);
    const auto never = open_in(3, hu, noon + 2h);
    pay(soon, noon + 1h + 1min);
    pay(late, noon + 50h);
    auto query = everywhere();
    query.paid_from = noon;
    EXPECT_EQ(find(query), (Ids{soon, late}));
    query.paid_from = noon + 50h;
    query.paid_to = noon + 51h;
    EXPECT_EQ(find(query), Ids{late});
    query.paid_from.reset();
    query.paid_to = noon + 50h;
    EXPECT_EQ(find(query), Ids{soon});
    query.paid_to = noon;
    EXPECT_EQ(find(query), Ids{});
    EXPECT_EQ(find(everywhere()).size(), 3U);
    EXPECT_EQ(read(never).paid_at, std::nullopt);
}

TEST_P(StoreContractFind, messages_are_read_by_their_transaction_and_their_number) {
    const auto id = open_in(1, scope("HU"));
    run(store->record(notice({id, "", {}}, {captured()}, "first")));
    run(store->record(notice({{}, "777", Processor::simplepay}, {}, "stray")));
    const auto messages = run(store->messages_of(id));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].identity, "first");
    EXPECT_EQ(messages[0].transaction_id, id);
    EXPECT_EQ(messages[0].body, std::nullopt);
    const auto whole = run(store->message(messages[0].number));
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->body, message("first").body);
    const auto stray = run(store->message(messages[0].number + 1));
    ASSERT_TRUE(stray);
    EXPECT_EQ(stray->transaction_id, std::nullopt);
    EXPECT_FALSE(run(store->message(messages[0].number + 2)));

    auto matched = notice({id, "", {}}, {}, "stray");
    matched.message.reset();
    matched.unmatched_number = stray->number;
    run(store->record(std::move(matched)));
    EXPECT_EQ(run(store->messages_of(id)).size(), 2U);
    EXPECT_EQ(run(store->message(stray->number))->transaction_id, id);
}

TEST_P(StoreContractFind, of_a_long_story_the_newest_messages_and_events_are_read) {
    const auto id = open_in(1, scope("HU"));
    const auto number = [](int i) { return std::to_string(1000 + i); };
    run(store->record(notice({id, "", {}}, {captured()}, "m" + number(0))));
    for (int i = 1; i <= story_max; ++i) {
        auto cent = refunded("r" + number(i), 1);
        run(store->record(notice({id, "", {}}, {std::move(cent)}, "m" + number(i))));
    }
    const auto messages = run(store->messages_of(id));
    ASSERT_EQ(messages.size(), static_cast<std::size_t>(story_max));
    EXPECT_EQ(messages.front().identity, "m" + number(1));
    EXPECT_EQ(messages.back().identity, "m" + number(story_max));
    const auto events = run(store->events_of(id));
    ASSERT_EQ(events.size(), static_cast<std::size_t>(story_max));
    EXPECT_EQ(events.front().type, "payment.refunded");
    EXPECT_LT(events.front().number, events.back().number);
}

TEST_P(StoreContractFind, events_are_read_by_their_transaction) {
    const auto hu = scope("HU");
    const auto id = open_in(1, hu), other = open_in(2, hu);
    for (const auto one : {id, other}) pay(one, noon + 1min);
    record(id, {refunded("r1", 1000)});
    const auto events = run(store->events_of(id));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].type, "payment.paid");
    EXPECT_EQ(events[1].type, "payment.refunded");
}

}  // namespace payments
