// What every store promises of what the back office reads: actions, outgoing events, messages.
#include "fixtures/store_contract.hpp"

namespace payments {

using namespace testing_support;

class StoreContractOffice : public StoreContract {
protected:
    // In HU, in INT, and where nobody knows, by number from 1.
    void SetUp() override {
        StoreContract::SetUp();
        TicketScope home{"HU", "27", "OZORA"}, away{"INT", "27", "OZORA"};
        hu = run(store->scope_id(std::move(home)));
        abroad = run(store->scope_id(std::move(away)));
        for (const auto& scope : {std::optional{hu}, std::optional{abroad}, {}}) {
            auto started = attempt(++ticket);
            started.scope_id = scope;
            ids.push_back(run(store->open(std::move(started))).transaction.id);
        }
    }
    // By minute; about no payment where `about` is nothing.
    std::int64_t act(
        int minute, std::optional<std::int64_t> about, const std::string& by,
        ActionKind kind = ActionKind::note
    ) {
        NewAction action{kind, {by, by}, noon + minute * 1min, about, {{"text", "x"}}};
        return run(store->record_action(std::move(action))).value().id;
    }
    // Pages of two, one behind the other: "1 2|3".
    std::string pages(ActionsQuery query) {
        query.limit = 2;
        std::string text;
        while (true) {
            const auto page = run(store->actions(query));
            std::string line;
            for (const auto& action : page.list)
                line += (line.empty() ? "" : " ") + std::to_string(action.id);
            text += (text.empty() ? "" : "|") + line;
            if (page.is_end) return text;
            query.after = ActionPlace{page.list.back().at, page.list.back().id};
        }
    }
    std::string events(EventsQuery query) {
        query.limit = 2;
        std::string text;
        while (true) {
            const auto page = run(store->find_events(query));
            std::string line;
            for (const auto& event : page.list)
                line += (line.empty() ? "" : " ") + std::to_string(event.number);
            text += (text.empty() ? "" : "|") + line;
            if (page.is_end) return text;
            query.after = page.list.back().number;
        }
    }
    static SightOfScopes everywhere() { return {true, {}}; }
    static SightOfScopes in(std::int64_t scope) { return {false, {scope}}; }

    int ticket = 0;
    std::int64_t hu = 0, abroad = 0;
    std::vector<std::int64_t> ids;
};

INSTANTIATE_TEST_SUITE_P(
    , StoreContractOffice, testing::ValuesIn(store_kinds()),
    [](const auto& kind) { return kind.param.name; }
);

// ----------------------------------------------------------------------------------- actions

TEST_P(StoreContractOffice, actions_are_read_in_pages_newest_first) {
    for (const int minute : {1, 3, 2, 3, 5}) act(minute, ids[0], "anna");
    EXPECT_EQ(pages({everywhere()}), "5 4|2 3|1");
    ActionsQuery between{everywhere()};
    between.from = noon + 2min;
    between.to = noon + 5min;
    EXPECT_EQ(pages(between), "4 2|3");
}

TEST_P(StoreContractOffice, actions_are_found_by_person_kind_and_what_they_are_about) {
    act(1, ids[0], "anna");
    act(2, ids[1], "bela");
    act(3, ids[0], "bela", ActionKind::reveal);
    NewAction search{ActionKind::search_email, {"anna", "Anna"}, noon + 4min, {}, {}, "k***s"};
    run(store->record_action(std::move(search))).value();
    ActionsQuery query{everywhere()};
    query.by = "bela";
    EXPECT_EQ(pages(query), "3 2");
    query.kinds = {"reveal", "refund"};
    EXPECT_EQ(pages(query), "3");
    query = {everywhere()};
    query.transaction_id = ids[0];
    EXPECT_EQ(pages(query), "3 1");
    query.by = "anna";
    EXPECT_EQ(pages(query), "1");
    query = {everywhere()};
    query.about = "k***s";
    EXPECT_EQ(pages(query), "4");
    query.kinds = {"not"};  // part of a kind is none
    EXPECT_EQ(pages(query), "");
}

TEST_P(StoreContractOffice, actions_are_for_who_might_see_them_then_and_may_now) {
    act(1, ids[0], "anna");
    act(2, ids[1], "anna");
    act(3, ids[2], "anna");
    act(4, {}, "anna", ActionKind::sign_in);
    EXPECT_EQ(pages({everywhere()}), "4 3|2 1");
    EXPECT_EQ(pages({in(hu)}), "1");
    EXPECT_EQ(pages({in(abroad)}), "2");
    EXPECT_EQ(pages({SightOfScopes{false, {hu, abroad}}}), "2 1");
    EXPECT_EQ(pages({SightOfScopes{}}), "");
    ActionsQuery about{in(hu)};
    about.transaction_id = ids[1];
    EXPECT_EQ(pages(about), "");

    run(store->move_ticket(1, abroad));
    EXPECT_EQ(pages({in(hu)}), "") << "no more";
    EXPECT_EQ(pages({in(abroad)}), "2") << "not then";
    act(5, ids[0], "anna");
    EXPECT_EQ(pages({in(abroad)}), "5 2");
}

// ------------------------------------------------------------------------------- the worklist

TEST_P(StoreContractOffice, of_two_stores_that_take_an_entry_at_once_one_has_it) {
    auto other = GetParam().open(place);
    const ReviewName entry{ReviewKind::dispute, ids[0]};
    const auto taken_by = [&](const std::string& who) {
        NewHandling handling{entry, Handling::mine, {who, who}, noon};
        handling.transaction_id = ids[0];
        handling.stands_on = "1";
        return handling;
    };
    // Each on a loop and a thread of its own.
    const auto answers = run_together(2, 2, [&](int i) {
        auto handling = taken_by(i == 0 ? "anna" : "bela");
        return (i == 0 ? store : other)->handle_review(std::move(handling));
    });
    ASSERT_TRUE(answers[0] && answers[1]);
    const bool anna_has_it = answers[0]->has_value();
    EXPECT_NE(anna_has_it, answers[1]->has_value());
    const auto& lost = anna_has_it ? *answers[1] : *answers[0];
    EXPECT_EQ(lost.error().code, Errc::review_held);
    EXPECT_EQ(lost.error().detail.substr(0, 4), anna_has_it ? "anna" : "bela");
    EXPECT_EQ(run(store->actions_of(ids[0], ActionKind::review)).size(), 1u);
    EXPECT_EQ(GetParam().verify(place).differences, std::vector<Difference>{});
}

// --------------------------------------------------------------------------------- events

TEST_P(StoreContractOffice, events_are_read_by_state_and_scope_newest_first) {
    for (const auto id : ids) record(id, {captured()});
    record(ids[0], {refunded("re_1", 22000)});
    const std::string all = "4 3|2 1";
    EXPECT_EQ(events({everywhere()}), all);
    EXPECT_EQ(events({in(hu)}), "4 1");
    EXPECT_EQ(events({in(abroad)}), "2");
    EXPECT_EQ(events({SightOfScopes{}}), "");
    EventsQuery of_one{everywhere()};
    of_one.transaction_id = ids[0];
    EXPECT_EQ(events(of_one), "4 1");

    GetParam().execute(place, "UPDATE outbox SET delivered_at = 1 WHERE id = 1");
    GetParam().execute(place, "UPDATE outbox SET dead_at = 1, tries = 16 WHERE id = 2");
    const auto of_state = [&](EventState state) {
        EventsQuery query{everywhere()};
        query.state = state;
        return events(query);
    };
    EXPECT_EQ(of_state(EventState::waiting), "4 3");
    EXPECT_EQ(of_state(EventState::delivered), "1");
    EXPECT_EQ(of_state(EventState::dead), "2");
    EXPECT_EQ(of_state(EventState::skipped), "");
    const auto all_of_them = run(store->backlog_in(everywhere()));
    EXPECT_EQ(all_of_them.waiting, 2);
    EXPECT_EQ(all_of_them.dead, 1);
    const auto at_home = run(store->backlog_in(in(hu)));
    EXPECT_EQ(at_home.waiting, 1);
    EXPECT_EQ(at_home.dead, 0);
}

TEST_P(StoreContractOffice, events_are_changed_in_one_commit_with_what_tells_of_it) {
    for (const auto id : ids) record(id, {captured()});
    EventsQuery named{everywhere()};
    for (const auto& event : run(store->find_events({everywhere()})).list)
        if (event.number < 3) named.ids.push_back(event.id());
    named.ids.push_back({3, noon - 1h});  // of another database
    const auto found = run(store->find_events(named)).list;
    ASSERT_EQ(found.size(), 2u);
    EventsChange change;
    change.skips = true;
    change.now = noon + 1h;
    for (const auto& event : found) {
        change.ids.push_back(event.id());
        change.actions.emplace_back(
            ActionKind::skip, Actor{"olga", "Olga"}, noon + 1h, event.transaction_id,
            ActionDetails{{"note", "told by hand"}}, event.id().text()
        );
    }
    auto again = change;
    EXPECT_EQ(run(store->change_events(std::move(change))), 2);
    EventsQuery skipped{everywhere()};
    skipped.state = EventState::skipped;
    EXPECT_EQ(events(skipped), "2 1");
    EXPECT_EQ(run(store->actions_of(ids[0], ActionKind::skip)).at(0).about, found[1].id().text());
    again.skips = false;
    again.actions.clear();
    EXPECT_EQ(run(store->change_events(std::move(again))), 2);
    EXPECT_EQ(events(skipped), "");
    EXPECT_EQ(GetParam().verify(place).differences, std::vector<Difference>{});
}

// --------------------------------------------------------------------------------- messages

TEST_P(StoreContractOffice, messages_are_listed_newest_first) {
    for (const auto* identity : {"a", "b", "c", "d"}) {
        MatchCriteria subject{std::string_view{identity} == "b" ? ids[0] : 99, "", {}};
        run(store->record(notice(std::move(subject), {}, identity)));
    }
    const auto listed = [&](bool unmatched, std::optional<std::int64_t> after = {}) {
        std::string text;
        const auto page = run(store->find_messages({unmatched, after, 2}));
        for (const auto& one : page.list)
            text += one.message.identity + (one.message.transaction_id ? "+ " : " ");
        return text + (page.is_end ? "." : "...");
    };
    EXPECT_EQ(listed(true), "d c ...");
    EXPECT_EQ(listed(true, 3), "a .");
    EXPECT_EQ(listed(false), "d c ...");
    EXPECT_EQ(listed(false, 3), "b+ a .");
}

}  // namespace payments
