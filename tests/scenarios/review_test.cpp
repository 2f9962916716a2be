// The list of what a person must look at, over HTTP.
#include "fixtures/scenario.hpp"
#include "storage/sqlite/database.hpp"
#include "support/times.hpp"

namespace payments {

using namespace testing_support;

class ReviewList : public Scenario {
protected:
    static Privileges for_flags(const std::string& flags, const std::string& others = "*") {
        return {
            {"payments_search", "true"},
            {"tickets_search_flags", flags},
            {"tickets_search_years", others},
            {"tickets_search_events", others}};
    }
    Answer ask(const std::string& query = "") {
        // The counts for the metrics, which are made without reading the list, must agree with it.
        const auto counted = await(store.review_counts(clock.time));
        EXPECT_EQ(counted, await(store.reviews({clock.time, 0, {}})).counts);
        return get("/payments/review" + query, as_service(operating(for_flags("*"))));
    }
    static Privileges operating(Privileges privileges) {
        privileges["payments_operate"] = "true";
        return privileges;
    }
    // "kind TR1" or "kind identity" of each, in their order.
    std::vector<std::string> listed(const std::string& query = "") { return lines_of(ask(query)); }
    static std::vector<std::string> lines_of(const Answer& answer) {
        std::vector<std::string> lines;
        for (const auto& item : answer.at("reviews").as_array()) {
            const auto& review = item.as_object();
            const auto* transaction = review.at("transaction").if_object();
            const auto& whom = transaction ? transaction->at("reference")
                                           : review.at("message").as_object().at("identity");
            lines.push_back(
                std::string{review.at("kind").as_string()} + " " + std::string{whom.as_string()}
            );
        }
        return lines;
    }
    using Lines = std::vector<std::string>;
    // Paid, but another amount than agreed.
    std::int64_t mismatched(std::int64_t ticket_id) {
        const auto id = started(simple, ticket_id);
        auto wrong = capture_of(id);
        wrong.amount = eur(21000);
        ipn(id, {wrong});
        pass(1min);
        return id;
    }
};

TEST_F(ReviewList, is_empty_when_nobody_must_look) {
    const auto id = started(simple);
    ipn(id, {capture_of(id)});
    const auto answer = ask();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, R"({"reviews":[],"total":0,"next":null})");
}

TEST_F(ReviewList, tells_why_since_when_and_what_to_do) {
    const auto id = mismatched(42);
    const auto answer = ask();
    EXPECT_EQ(answer.number("total"), 1);
    const auto& review = answer.at("reviews").as_array()[0].as_object();
    EXPECT_EQ(review.at("kind").as_string(), "mismatch");
    EXPECT_EQ(review.at("since").as_string(), "2026-03-02T12:00:00.000Z");
    EXPECT_EQ(
        review.at("reason").as_string(), "amount differs: 210 EUR captured instead of 220 EUR"
    );
    EXPECT_FALSE(review.at("what_to_do").as_string().empty());
    EXPECT_TRUE(review.at("message").is_null());
    const auto& transaction = review.at("transaction").as_object();
    EXPECT_EQ(transaction.at("id").as_int64(), id);
    EXPECT_EQ(transaction.at("status").as_string(), "review");
    EXPECT_EQ(transaction.at("ticket_id").as_int64(), 42);
    EXPECT_EQ(transaction.at("processor").as_string(), "SIMPLE");
    EXPECT_FALSE(transaction.contains("metas"));
}

TEST_F(ReviewList, holds_messages_about_nothing_for_thirty_days) {
    auto stray = told(Processor::stripe, {{}, "pi_9", Processor::stripe}, {captured()});
    notify(Processor::stripe, "evt_1", std::move(stray));
    EXPECT_EQ(listed(), Lines{"unmatched_message evt_1"});
    pass(29 * 24h);
    EXPECT_EQ(listed().size(), 1u);
    pass(2 * 24h);
    EXPECT_EQ(listed(), Lines{});
}

TEST_F(ReviewList, holds_what_is_unknown_after_an_hour) {
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    start(simple);
    pass(59min);
    EXPECT_EQ(listed(), Lines{});
    pass(1min);
    EXPECT_EQ(listed(), Lines{"unknown TR1"});
}

TEST_F(ReviewList, holds_disputes_and_drops_them_when_they_are_won) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    webhook(id, {fact(FactKind::disputed, "dp_1")});
    EXPECT_EQ(listed(), Lines{"dispute TR1"});
    webhook(id, {fact(FactKind::dispute_won, "dp_1")});
    EXPECT_EQ(listed(), Lines{});
}

TEST_F(ReviewList, holds_events_that_were_given_up) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    stores.execute(
        place,
        "UPDATE outbox SET dead_at = at, tries = 16, last_error = 'the receiver answered 500'"
    );
    EXPECT_EQ(listed(), Lines{"dead_letter TR1"});
    EXPECT_EQ(
        ask().at("reviews").as_array()[0].as_object().at("reason").as_string(),
        "payment.paid was given up after 16 tries: the receiver answered 500"
    );
}

TEST_F(ReviewList, is_oldest_first_and_read_in_pages) {
    for (const std::int64_t ticket : {42, 43, 44}) mismatched(ticket);
    EXPECT_EQ(listed(), (Lines{"mismatch TR1", "mismatch TR2", "mismatch TR3"}));

    const auto first = ask("?limit=2");
    EXPECT_EQ(first.at("reviews").as_array().size(), 2u);
    EXPECT_EQ(first.number("total"), 3);
    EXPECT_EQ(listed("?limit=2&after=" + first.string("next")), Lines{"mismatch TR3"});
    EXPECT_TRUE(ask("?limit=3").at("next").is_null());
}

TEST_F(ReviewList, needs_the_privilege_in_either_token) {
    EXPECT_EQ(get("/payments/review").status, 401);
    EXPECT_EQ(get("/payments/review", as_service({})).status, 403);
    EXPECT_EQ(get("/payments/review", as_user({})).status, 403);
    EXPECT_EQ(get("/payments/review", as_user({{"payments_search", "true"}})).status, 200);
}

TEST_F(ReviewList, ends_at_the_callers_scope) {
    for (const std::int64_t ticket : {43, 45}) tickets.tickets[ticket].flag = "INT";
    for (const std::int64_t ticket : {42, 43, 44, 45}) mismatched(ticket);
    auto stray = told(Processor::stripe, {{}, "pi_9", Processor::stripe}, {captured()});
    notify(Processor::stripe, "evt_1", std::move(stray));
    EXPECT_EQ(ask().number("total"), 5);
    const auto asked = tickets.asked_for.size();

    const auto of = [&](const Privileges& who, const std::string& query = "") {
        return get("/payments/review" + query, as_user(who));
    };
    const auto abroad = of(for_flags("INT"));
    EXPECT_EQ(lines_of(abroad), (Lines{"mismatch TR2", "mismatch TR4"}));
    EXPECT_EQ(abroad.number("total"), 2);
    EXPECT_TRUE(abroad.at("next").is_null());
    EXPECT_EQ(tickets.asked_for.size(), asked + 4) << "each ticket once";
    EXPECT_EQ(tickets.asked_for.back(), for_flags("INT"));
    const auto operators = operating(for_flags("HU"));
    const auto first = of(operators, "?limit=1");
    EXPECT_EQ(lines_of(first), Lines{"mismatch TR1"});
    EXPECT_EQ(first.number("total"), 3);
    const auto rest = of(operators, "?limit=2&after=" + first.string("next"));
    EXPECT_EQ(lines_of(rest), (Lines{"mismatch TR3", "unmatched_message evt_1"}));
    EXPECT_TRUE(rest.at("next").is_null());
    const Lines about_no_ticket{"unmatched_message evt_1"};
    EXPECT_EQ(lines_of(of(operating(for_flags("HU", "2025")))), about_no_ticket);
    EXPECT_EQ(lines_of(of(operating({{"payments_search", "true"}}))), about_no_ticket);
    EXPECT_EQ(lines_of(of({{"payments_search", "true"}})), Lines{});
    EXPECT_EQ(of(for_flags("*")).number("total"), 4);
    EXPECT_EQ(of(operating(for_flags("*"))).number("total"), 5);
}

TEST_F(ReviewList, cannot_be_told_while_the_tickets_cannot_be_read) {
    mismatched(42);
    tickets.failure = Error{Errc::tickets_timeout};
    EXPECT_EQ(ask().number("total"), 1) << "who may see every ticket";
    EXPECT_EQ(get("/payments/review", as_user(for_flags("HU"))).problem(), "tickets-timeout");
    // What is outside on record must not show by the failure.
    EXPECT_EQ(get("/payments/review", as_user(for_flags("INT"))).number("total"), 0);
    tickets.failure.reset();
    tickets.tickets.erase(42);
    EXPECT_EQ(get("/payments/review", as_user(for_flags("HU"))).number("total"), 0);
}

TEST_F(ReviewList, wrong_parameters_are_named) {
    for (const auto* wrong : {"?limit=0", "?limit=1001", "?limit=x", "?limit=", "?after=1-2"}) {
        const auto answer = ask(wrong);
        EXPECT_EQ(answer.problem(), "invalid-request") << wrong;
        EXPECT_EQ(answer.string("detail").find("parameter "), 0u) << wrong;
    }
    EXPECT_EQ(ask("?unheard=1&limit=1").status, 200);
}

TEST_F(ReviewList, counts_every_kind) {
    mismatched(42);
    mismatched(43);
    const auto reviews = await(store.reviews({clock.time, 0, {}}));
    EXPECT_TRUE(reviews.list.empty());
    EXPECT_EQ(reviews.counts[static_cast<std::size_t>(ReviewKind::mismatch)], 2);
    EXPECT_EQ(reviews.total(), 2);
    EXPECT_EQ(await(store.review_counts(clock.time)), reviews.counts);
}

// People take what is on the worklist, put it off and close it; none of it changes a status.
class Worklist : public Scenario {
protected:
    static Privileges privileges(const std::string& flags = "HU") {
        auto all = in_scope("payments_search", flags);
        all["payments_review"] = "true";
        return all;
    }
    Headers person(const std::string& sub, const Privileges& allowed) {
        const json::object claims{{"sub", sub}, {"name", sub + " K."}};
        return {{"authorization", "Bearer " + user_token(allowed, claims)}};
    }
    Headers anna() { return person("anna", privileges()); }
    Headers bela() { return person("bela", privileges()); }
    Answer act(json::object order, Headers who) {
        return post("/payments/review/close", json::write(order), std::move(who));
    }
    Answer act(const std::string& kind, std::int64_t number, const std::string& as, Headers who) {
        json::object order{{"kind", kind}, {"number", number}, {"as", as}};
        if (as == "closed") order["note"] = "seen to";
        if (as == "snoozed") order["until"] = rfc3339(clock.time + 24h);
        return act(std::move(order), std::move(who));
    }
    // "dispute 1, anna" of each on the list, in their order.
    std::string listed(const std::string& query = "", std::optional<Headers> who = {}) {
        const auto counted = await(database->review_counts(clock.time));
        EXPECT_EQ(counted, await(database->reviews({clock.time, 0})).counts);
        const auto answer = get("/payments/review" + query, who ? *who : anna());
        EXPECT_EQ(answer.status, 200) << answer.text;
        std::string lines;
        for (const auto& item : answer.at("reviews").as_array()) {
            const auto& review = item.as_object();
            lines += (lines.empty() ? "" : "; ") + std::string{review.at("kind").as_string()} +
                     " " + std::to_string(review.at("number").as_int64());
            if (const auto* owner = review.at("owner").if_object())
                lines += ", " + std::string{owner->at("sub").as_string()};
        }
        EXPECT_EQ(answer.number("total"), answer.at("reviews").as_array().size());
        return lines;
    }
    // Paid, but another amount than agreed.
    std::int64_t mismatched(std::int64_t ticket_id = 42) {
        const auto id = started(stripes, ticket_id);
        auto wrong = capture_of(id);
        wrong.amount = eur(21000);
        webhook(id, {wrong});
        pass(1min);
        return id;
    }
    std::string acts(std::int64_t id) {
        std::string texts;
        for (const auto& action : await(database->actions_of(id, ActionKind::review)))
            texts += (texts.empty() ? "" : "; ") + action.by.sub + " " + action.details.at("as");
        return texts;
    }
};

TEST_F(Worklist, an_entry_that_is_taken_shows_who_has_it) {
    const auto id = mismatched();
    const auto taken = act("mismatch", id, "mine", anna());
    ASSERT_EQ(taken.status, 200) << taken.text;
    EXPECT_EQ(
        json::write(taken.at("owner")),
        R"({"sub":"anna","name":"anna K.","since":"2026-03-02T12:01:00.000Z"})"
    );
    EXPECT_EQ(listed(), "mismatch 1, anna");
    EXPECT_EQ(listed("?mine=true"), "mismatch 1, anna");
    EXPECT_EQ(listed("?mine=true", bela()), "");
    EXPECT_EQ(listed("?mine=false", bela()), "mismatch 1, anna");
    EXPECT_EQ(act("mismatch", id, "released", anna()).status, 200);
    EXPECT_EQ(listed(), "mismatch 1");
    EXPECT_EQ(acts(id), "anna mine; anna released");
}

TEST_F(Worklist, of_two_who_take_it_one_has_it_and_the_other_reads_who) {
    const auto id = mismatched();
    const auto body =
        json::write(json::object{{"kind", "mismatch"}, {"number", id}, {"as", "mine"}});
    const auto first = begin_post("/payments/review/close", body, anna());
    const auto second = begin_post("/payments/review/close", body, bela());
    const auto one = end(first), other = end(second);
    const auto& won = one.status == 200 ? one : other;
    const auto& lost = one.status == 200 ? other : one;
    ASSERT_EQ(won.status, 200) << won.text;
    EXPECT_EQ(lost.problem(), "review-held");
    const auto owner = std::string{won.at("owner").as_object().at("name").as_string()};
    EXPECT_EQ(lost.string("detail"), owner + " has taken this entry");
    // Taken over by who releases it first.
    const auto late = one.status == 200 ? bela() : anna();
    EXPECT_EQ(act("mismatch", id, "closed", late).problem(), "review-held");
    EXPECT_EQ(act("mismatch", id, "released", late).status, 200);
    EXPECT_EQ(act("mismatch", id, "mine", late).status, 200);
}

TEST_F(Worklist, what_is_closed_leaves_the_list_and_comes_back_with_a_new_fact) {
    const auto id = mismatched();
    const auto closed = act("mismatch", id, "closed", anna());
    ASSERT_EQ(closed.status, 200) << closed.text;
    EXPECT_EQ(closed.at("handled").as_object().at("note").as_string(), "seen to");
    EXPECT_EQ(listed(), "");
    EXPECT_EQ(listed("?show=closed"), "mismatch 1");
    EXPECT_EQ(status(id), "review");
    // A message that says nothing new is no new fact.
    auto again = capture_of(id);
    again.amount = eur(21000);
    webhook(id, {again}, "another message");
    EXPECT_EQ(listed(), "");
    webhook(id, {fact(FactKind::disputed, "dp_1")});
    EXPECT_EQ(listed(), "mismatch 1; dispute 1");
    EXPECT_EQ(listed("?show=closed"), "");
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

TEST_F(Worklist, what_is_put_off_comes_back_in_time_and_stays_with_who_did) {
    const auto id = mismatched();
    ASSERT_EQ(act("mismatch", id, "snoozed", anna()).status, 200);
    EXPECT_EQ(listed(), "");
    EXPECT_EQ(listed("?show=snoozed"), "mismatch 1, anna");
    EXPECT_EQ(act("mismatch", id, "mine", bela()).problem(), "review-held");
    pass(24h - 1ms);
    EXPECT_EQ(listed(), "");
    pass(1ms);
    EXPECT_EQ(listed(), "mismatch 1, anna");
    const auto until = [&](std::chrono::milliseconds from_now) {
        return act(
            {{"kind", "mismatch"},
             {"number", id},
             {"as", "snoozed"},
             {"until", rfc3339(clock.time + from_now)}},
            anna()
        );
    };
    EXPECT_EQ(until(0ms).problem(), "invalid-request");
    EXPECT_EQ(until(7 * 24h + 1ms).problem(), "invalid-request");
    EXPECT_EQ(until(7 * 24h).status, 200);
}

TEST_F(Worklist, what_only_a_word_of_the_provider_ends_is_not_closed_by_hand) {
    simplepay.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    start(simple);
    pass(61min);
    EXPECT_EQ(listed(), "unknown 1");
    const auto closed = act("unknown", 1, "closed", anna());
    EXPECT_EQ(closed.status, 422);
    EXPECT_EQ(closed.problem(), "review-not-closable");
    EXPECT_EQ(listed(), "unknown 1");
    EXPECT_EQ(act("unknown", 1, "snoozed", anna()).status, 200);
    EXPECT_EQ(listed(), "");
    EXPECT_EQ(acts(1), "anna snoozed");
}

TEST_F(Worklist, a_call_that_is_repeated_is_one_action) {
    const auto id = mismatched();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(act("mismatch", id, "mine", anna()).status, 200);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(act("mismatch", id, "closed", anna()).status, 200);
    EXPECT_EQ(acts(id), "anna mine; anna closed");
}

TEST_F(Worklist, what_is_not_there_or_not_for_the_caller_is_unknown) {
    const auto id = mismatched();
    tickets.tickets[43].flag = "INT";
    const auto abroad = mismatched(43);
    for (const auto& [kind, number] : std::vector<std::pair<std::string, std::int64_t>>{
             {"dispute", id},
             {"mismatch", 99},
             {"mismatch", abroad},
             {"unmatched_message", 1},
             {"dead_letter", 1}})
        EXPECT_EQ(act(kind, number, "mine", anna()).problem(), "unknown-review") << kind << number;
    EXPECT_EQ(acts(abroad), "");
    const auto clerk = person("anna", in_scope("payments_search", "HU"));
    EXPECT_EQ(act("mismatch", id, "mine", clerk).problem(), "forbidden");
    EXPECT_EQ(act("mismatch", id, "mine", as_service(privileges())).status, 401);
}

TEST_F(Worklist, messages_are_closed_by_operators) {
    auto stray = told(Processor::stripe, {{}, "pi_9", Processor::stripe}, {captured()});
    notify(Processor::stripe, "evt_1", std::move(stray));
    auto operating = privileges();
    operating["payments_operate"] = "true";
    const auto operators = person("olga", operating);
    EXPECT_EQ(act("unmatched_message", 1, "closed", anna()).problem(), "unknown-review");
    EXPECT_EQ(listed("", operators), "unmatched_message 1");
    const auto closed = act("unmatched_message", 1, "closed", operators);
    ASSERT_EQ(closed.status, 200) << closed.text;
    EXPECT_EQ(closed.at("message").as_object().at("message_id").as_int64(), 1);
    EXPECT_EQ(listed("", operators), "");
    EXPECT_EQ(listed("?show=closed", operators), "unmatched_message 1");
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

TEST_F(Worklist, a_dead_letter_comes_back_when_it_dies_again) {
    const auto id = started(stripes);
    webhook(id, {capture_of(id)});
    const auto die = [&](int at) {
        stores.execute(place, "UPDATE outbox SET dead_at = " + std::to_string(at) + ", tries = 16");
    };
    die(1'000);
    EXPECT_EQ(listed(), "dead_letter 1");
    ASSERT_EQ(act("dead_letter", 1, "closed", anna()).status, 200);
    EXPECT_EQ(listed(), "");
    die(2'000);
    EXPECT_EQ(listed(), "dead_letter 1");
}

TEST_F(Worklist, kinds_can_be_asked_for) {
    const auto id = mismatched();
    webhook(id, {fact(FactKind::disputed, "dp_1")});
    EXPECT_EQ(listed(), "mismatch 1; dispute 1");
    EXPECT_EQ(listed("?kind=dispute"), "dispute 1");
    EXPECT_EQ(listed("?kind=dispute,inquiry"), "dispute 1");
    EXPECT_EQ(listed("?kind=mismatch%2Cdispute"), "mismatch 1; dispute 1");
    for (const auto* wrong : {"?kind=nothing", "?mine=1", "?show=all", "?limit=%"})
        EXPECT_EQ(get("/payments/review" + std::string{wrong}, anna()).problem(), "invalid-request")
            << wrong;
}

TEST_F(Worklist, wrong_members_are_named) {
    const auto wrong = act({{"kind", "nothing"}, {"number", 0}, {"as", "closed"}}, anna());
    EXPECT_EQ(wrong.problem(), "invalid-request");
    EXPECT_EQ(wrong.at("errors").as_array().size(), 3u) << wrong.text;
    const auto id = mismatched();
    const json::object without{{"kind", "mismatch"}, {"number", id}, {"as", "snoozed"}};
    EXPECT_EQ(act(without, anna()).string("detail"), "/until is missing");
    const json::object idle{
        {"kind", "mismatch"}, {"number", id}, {"as", "mine"}, {"until", "2026-03-03"}};
    EXPECT_EQ(act(idle, anna()).problem(), "invalid-request");
}

}  // namespace payments
