// Staff note something on a payment, see whom it is of and give it back: all of it is on record.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class ActsScenario : public Scenario {
protected:
    Headers clerk(const std::string& flags = "HU") {
        return as_user(in_scope("payments_search", flags));
    }
    Headers keeper(const std::string& flags = "HU") {
        return as_user(in_scope("payments_personal", flags));
    }
    static std::string body(std::int64_t id, const std::string& member, const std::string& text) {
        return json::write(json::object{{"transaction_id", id}, {member, text}});
    }
    Answer note(std::int64_t id, const std::string& text, Headers headers) {
        return post("/payments/notes", body(id, "text", text), std::move(headers));
    }
    Answer reveal(std::int64_t id, const std::string& why, Headers headers) {
        return post("/payments/reveal", body(id, "why", why), std::move(headers));
    }
    Answer open(std::int64_t id, Headers headers) {
        const auto about = json::write(json::object{{"transaction_id", id}});
        return post("/payments/transaction", about, std::move(headers));
    }
    // Of a payment, as a clerk sees them: "called; called again".
    std::string notes(std::int64_t id) {
        std::string texts;
        const auto opened = open(id, clerk());
        for (const auto& one : opened.at("notes").as_array())
            texts += (texts.empty() ? "" : "; ") + std::string{one.at("text").as_string()};
        return texts;
    }
    std::string acts(std::int64_t id) {
        std::string kinds;
        for (const auto& action : await(database->actions_of(id, {})))
            kinds += (kinds.empty() ? "" : " ") + action.kind;
        return kinds;
    }
    static Headers with_key(Headers headers, std::string key) {
        headers.emplace_back("idempotency-key", std::move(key));
        return headers;
    }
};

// --------------------------------------------------------------------------------------- notes

TEST_F(ActsScenario, a_note_is_shown_with_who_wrote_it_and_when) {
    const auto id = started();
    const auto privileges = in_scope("payments_search", "HU");
    const Headers anna{
        {"authorization", "Bearer " + user_token(privileges, {{"name", "Anna K."}})}};
    const auto added = note(id, "  The visitor called.\n", anna);
    ASSERT_EQ(added.status, 200) << added.text;
    EXPECT_EQ(json::write(added.at("by")), R"({"sub":"anna","name":"Anna K."})");
    EXPECT_EQ(added.string("text"), "The visitor called.");
    EXPECT_EQ(added.string("at"), "2026-03-02T12:00:00.000Z");
    pass(1min);
    EXPECT_EQ(note(id, "And again.", clerk()).at("by").at("name"), json::value("anna"));
    EXPECT_EQ(notes(id), "The visitor called.; And again.");
    EXPECT_EQ(open(id, clerk()).at("notes").as_array().at(0), json::parse(added.text).value());
}

TEST_F(ActsScenario, from_a_page_of_the_console_it_is_by_whoever_is_signed_in) {
    const auto id = started();
    Headers page{{"sec-fetch-site", "same-origin"}, {"x-console", "1"}};
    const auto token =
        user_token(in_scope("payments_search", "HU"), {{"sub", "béla"}, {"name", "Béla T."}});
    const auto signed_in =
        post("/console/sign-in/token", json::write(json::object{{"token", token}}), page);
    ASSERT_EQ(signed_in.status, 204) << signed_in.text;
    const auto cookie = signed_in.header("Set-Cookie");
    page.emplace_back("cookie", cookie.substr(0, cookie.find(';')));
    const auto added = note(id, "called", page);
    ASSERT_EQ(added.status, 200) << added.text;
    EXPECT_EQ(json::write(added.at("by")), R"({"sub":"béla","name":"Béla T."})");
}

TEST_F(ActsScenario, outside_the_scope_a_note_is_neither_written_nor_seen) {
    tickets.tickets[43].flag = "INT";
    const auto outside = started(simple, 43);
    const auto refused = note(outside, "called", clerk());
    EXPECT_EQ(refused.problem(), "unknown-transaction");
    EXPECT_EQ(note(99, "called", clerk()).problem(), "unknown-transaction");
    EXPECT_EQ(note(outside, "called", as_user({{"payments_search", "true"}})).status, 404);
    EXPECT_EQ(acts(outside), "");
    EXPECT_EQ(note(outside, "called", clerk("INT")).status, 200);
    EXPECT_EQ(open(outside, clerk()).problem(), "unknown-transaction");
    tickets.tickets[43].flag = "HU";
    EXPECT_EQ(notes(outside), "called");  // it has moved with its ticket
    EXPECT_EQ(note(outside, "called", as_user({})).problem(), "forbidden");
    EXPECT_EQ(note(outside, "called", as_service()).problem(), "unauthorized");
}

TEST_F(ActsScenario, a_note_has_1_to_2000_characters) {
    const auto id = started();
    std::string longest;
    for (int i = 0; i < 2000; ++i) longest += "ő";
    EXPECT_EQ(note(id, longest, clerk()).status, 200);
    for (const auto& text : {std::string{}, std::string{" \n\t"}, longest + "ő"}) {
        const auto refused = note(id, text, clerk());
        EXPECT_EQ(refused.problem(), "invalid-request");
        EXPECT_EQ(refused.at("errors").as_array().at(0).at("pointer"), json::value("/text"));
    }
    EXPECT_EQ(acts(id), "note");
}

TEST_F(ActsScenario, under_one_key_a_note_is_kept_once) {
    const auto id = started();
    const auto first = note(id, "called", with_key(clerk(), "k1"));
    const auto again = note(id, "called", with_key(clerk(), "k1"));
    EXPECT_EQ(again.text, first.text);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(note(id, "called twice", with_key(clerk(), "k1")).problem(), "key-reused");
    EXPECT_EQ(note(id, "called", with_key(clerk(), "no key")).problem(), "invalid-request");
    // What is stored under a key is for nobody outside either.
    EXPECT_EQ(note(id, "called", with_key(clerk("INT"), "k1")).problem(), "unknown-transaction");
    EXPECT_EQ(notes(id), "called");
}

TEST_F(ActsScenario, so_it_is_however_late_it_comes_again) {
    const auto id = started();
    const auto first = note(id, "called", with_key(clerk(), "k1"));
    pass(48h);
    await(database->forget_keys(clock.time - 24h));
    const auto again = note(id, "called", with_key(clerk(), "k1"));
    EXPECT_EQ(again.text, first.text);
    EXPECT_EQ(again.header("Idempotent-Replayed"), "");
    EXPECT_EQ(notes(id), "called");
    await(database->forget_keys(clock.time + 1h));
    EXPECT_EQ(note(id, "called twice", with_key(clerk(), "k1")).problem(), "key-reused");
}

TEST_F(ActsScenario, a_person_writes_thirty_notes_a_minute) {
    const auto id = started();
    for (int i = 0; i < 30; ++i) ASSERT_EQ(note(id, "called", clerk()).status, 200);
    const auto refused = note(id, "called", with_key(clerk(), "k1"));
    EXPECT_EQ(refused.problem(), "rate-limited");
    EXPECT_EQ(refused.header("Retry-After"), "2");
    const Headers other{
        {"authorization",
         "Bearer " + user_token(in_scope("payments_search", "HU"), {{"sub", "béla"}})}};
    EXPECT_EQ(note(id, "called", other).status, 200);
    pass(2s);
    EXPECT_EQ(note(id, "called", with_key(clerk(), "k1")).status, 200);
}

TEST_F(ActsScenario, a_note_that_cannot_be_kept_is_no_note) {
    const auto id = started();
    store.lose("record_action");
    EXPECT_EQ(note(id, "called", with_key(clerk(), "k1")).status, 503);
    store.restore();
    EXPECT_EQ(notes(id), "");
    EXPECT_EQ(note(id, "called", with_key(clerk(), "k1")).status, 200);
    EXPECT_EQ(notes(id), "called");
}

// -------------------------------------------------------------------------------------- reveal

TEST_F(ActsScenario, who_may_is_shown_whom_a_payment_is_of_and_it_is_on_record) {
    const auto order = R"({"ticket_id":42,"code":"FULL-FEE-EUR-SIMPLE","metas":{
        "email":"kovacs@example.hu","name":"Kovács Éva","zip":"7621"}})";
    ASSERT_EQ(post("/payments/start", order).status, 200);
    const auto shown = reveal(1, "on the phone", keeper());
    ASSERT_EQ(shown.status, 200) << shown.text;
    EXPECT_EQ(shown.string("email"), "kovacs@example.hu");
    EXPECT_EQ(
        json::canonical(shown.at("metas")),
        R"({"email":"kovacs@example.hu","name":"Kovács Éva","zip":"7621"})"
    );
    const auto recorded = await(database->actions_of(1, {}));
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].kind, "reveal");
    EXPECT_EQ(recorded[0].by.sub, "anna");
    EXPECT_EQ(recorded[0].details, (ActionDetails{{"why", "on the phone"}}));
    EXPECT_EQ(notes(1), "");
}

TEST_F(ActsScenario, nothing_is_shown_that_is_not_on_record) {
    const auto id = started();
    store.lose("record_action");
    const auto refused = reveal(id, "on the phone", keeper());
    store.restore();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.text.find("eva@example.org"), std::string::npos);
}

TEST_F(ActsScenario, to_be_shown_it_takes_a_privilege_the_scope_and_a_reason) {
    const auto id = started();
    EXPECT_EQ(reveal(id, "curious", clerk()).problem(), "forbidden");
    EXPECT_EQ(reveal(id, "curious", keeper("INT")).problem(), "unknown-transaction");
    EXPECT_EQ(reveal(id, " ", keeper()).problem(), "invalid-request");
    EXPECT_EQ(reveal(id, std::string(201, 'x'), keeper()).problem(), "invalid-request");
    EXPECT_EQ(acts(id), "");
}

TEST_F(ActsScenario, whoever_opens_a_payment_is_told_what_they_may_do) {
    const auto id = started();
    auto privileges = in_scope("payments_search", "HU");
    const auto may = [&] { return json::write(open(id, as_user(privileges)).at("may")); };
    EXPECT_NE(may().find(R"({"what":"note","yes":true,"why_not":null})"), std::string::npos);
    EXPECT_NE(
        may().find(R"({"what":"reveal","yes":false,)"
                   R"("why_not":"the privilege payments_personal is needed"})"),
        std::string::npos
    );
    privileges["payments_personal"] = "true";
    EXPECT_NE(may().find(R"({"what":"reveal","yes":true,"why_not":null})"), std::string::npos);
}

// ------------------------------------------------------------------------------------- refunds

TEST_F(ActsScenario, a_refund_is_on_record_with_who_asked_for_it) {
    const auto id = started(stripes);
    ASSERT_EQ(webhook(id, {capture_of(id)}).status, 200);
    stripe.on_ask = [&](const Transaction& attempt) {
        return said({word_of(attempt, FactKind::captured)});
    };
    const auto order = R"({"transaction_id":1,"amount":50,"reason":"rain"})";
    ASSERT_EQ(post("/payments/refunds", order, as_user(in_scope("payments_refund"))).status, 200);
    const auto recorded = await(database->actions_of(id, {}));
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].kind, "refund");
    EXPECT_EQ(recorded[0].by.sub, "anna");
    EXPECT_EQ(recorded[0].details.at("refund"), "TR1-R1");
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

// -------------------------------------------------------------------------------------- asking

TEST_F(ActsScenario, who_asks_the_provider_is_on_record_before_it_is_asked) {
    const auto id = started(stripes);
    const auto about = json::write(json::object{{"transaction_id", id}});
    store.lose("record_action");
    EXPECT_EQ(post("/payments/ask", about, clerk()).status, 503);
    store.restore();
    EXPECT_TRUE(stripe.asked.empty());
    EXPECT_EQ(acts(id), "");
    pass(10s);
    EXPECT_EQ(post("/payments/ask", about, clerk()).status, 200);
    EXPECT_EQ(acts(id), "ask");
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

// Who did and saw what, and what operators do with outgoing events, over HTTP.
class Audit : public Scenario {
protected:
    static Privileges everywhere(const std::string& privilege) {
        return {
            {"payments_search", "true"},
            {privilege, "true"},
            {"tickets_get_flags", "*"},
            {"tickets_get_years", "*"},
            {"tickets_get_events", "*"}};
    }
    Headers auditor() { return as_user(everywhere("payments_audit")); }
    Headers olga(const Privileges& privileges) {
        const json::object claims{{"sub", "olga"}, {"name", "Olga O."}};
        return {{"authorization", "Bearer " + user_token(privileges, claims)}};
    }
    Headers oper() { return olga(everywhere("payments_operate")); }
    // "sign_in anna {"address":"127.0.0.1"}" of each, newest first.
    std::vector<std::string> actions(const json::object& query = {}) {
        const auto answer = post("/payments/actions", json::write(query), auditor());
        EXPECT_EQ(answer.status, 200) << answer.text;
        std::vector<std::string> lines;
        for (const auto& item : answer.at("actions").as_array()) {
            const auto& action = item.as_object();
            lines.push_back(
                std::string{action.at("kind").as_string()} + " " +
                std::string{action.at("by").as_object().at("sub").as_string()} + " " +
                json::write(action.at("details"))
            );
        }
        return lines;
    }
    using Lines = std::vector<std::string>;
    std::int64_t paid(std::int64_t ticket_id = 42) {
        const auto id = started(stripes, ticket_id);
        webhook(id, {capture_of(id)});
        return id;
    }
    Answer act(const std::string& path, const json::object& body, Headers who) {
        return post("/payments/events/" + path, json::write(body), std::move(who));
    }
    std::vector<std::string> event_ids(const json::object& query, const Headers& who) {
        const auto answer = act("list", query, who);
        EXPECT_EQ(answer.status, 200) << answer.text;
        std::vector<std::string> ids;
        for (const auto& event : answer.at("events").as_array())
            ids.emplace_back(event.as_object().at("event_id").as_string());
        return ids;
    }
    static json::array list(const std::vector<std::string>& ids) {
        return json::array(ids.begin(), ids.end());
    }
};

TEST_F(Audit, who_signs_in_and_out_is_on_record) {
    Headers page{{"sec-fetch-site", "same-origin"}, {"x-console", "1"}};
    const auto token = user_token(in_scope("payments_search"), {{"name", "Anna K."}});
    const auto signed_in =
        post("/console/sign-in/token", json::write(json::object{{"token", token}}), page);
    ASSERT_EQ(signed_in.status, 204) << signed_in.text;
    const auto cookie = signed_in.header("Set-Cookie");
    page.emplace_back("cookie", cookie.substr(0, cookie.find(';')));
    ASSERT_EQ(post("/console/sign-out", "", page).status, 200);
    const auto lines = actions();
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].find("sign_out anna {\"address\":\""), 0u) << lines[0];
    EXPECT_EQ(lines[1].find("sign_in anna {\"address\":\""), 0u) << lines[1];
    // Nobody is signed in with it any more.
    ASSERT_EQ(post("/console/sign-out", "", page).status, 200);
    EXPECT_EQ(actions().size(), 2u);
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

TEST_F(Audit, a_search_for_a_person_is_on_record_once_an_hour) {
    const auto find = [&](const std::string& text) {
        const auto clerk = as_user(in_scope("payments_search"));
        const auto body = json::write(json::object{{"text", text}});
        EXPECT_EQ(post("/payments/find", body, clerk).status, 200);
    };
    find("TR1");
    find("220 EUR");
    EXPECT_EQ(actions(), Lines{});
    find("Kovacs@Example.hu");
    find("kovacs@example.hu");
    const std::string line = R"(search_email anna {"email":"k***s@e***.hu"})";
    EXPECT_EQ(actions(), Lines{line});
    pass(1h);
    find("kovacs@example.hu");
    EXPECT_EQ(actions(), (Lines{line, line}));
    find("eva@example.org");
    EXPECT_EQ(actions().size(), 3u);
}

TEST_F(Audit, what_is_about_no_ticket_is_for_who_sees_every_ticket) {
    const auto clerk = as_user(in_scope("payments_search"));
    post("/payments/find", R"({"text":"eva@example.org"})", clerk);
    EXPECT_EQ(actions().size(), 1u);
    auto inside = in_scope("payments_search", "HU");
    inside["payments_audit"] = "true";
    const auto answer = post("/payments/actions", "{}", as_user(inside));
    EXPECT_EQ(answer.text, R"({"actions":[],"next":null})");
    EXPECT_EQ(post("/payments/actions", "{}", clerk).problem(), "forbidden");
}

TEST_F(Audit, actions_are_asked_for_by_what_they_have) {
    const auto id = paid();
    const auto note = [&](const std::string& text) {
        const auto body = json::write(json::object{{"transaction_id", id}, {"text", text}});
        ASSERT_EQ(post("/payments/notes", body, as_user(in_scope("payments_search"))).status, 200);
        pass(1min);
    };
    note("one");
    note("two");
    const std::string one = R"(note anna {"text":"one"})", two = R"(note anna {"text":"two"})";
    EXPECT_EQ(actions(), (Lines{two, one}));
    EXPECT_EQ(actions({{"about", "TR1"}}), (Lines{two, one}));
    EXPECT_EQ(actions({{"about", "tr2"}}), Lines{});
    EXPECT_EQ(actions({{"by", "anna"}, {"kind", json::array{"note"}}}), (Lines{two, one}));
    EXPECT_EQ(actions({{"by", "bela"}}), Lines{});
    EXPECT_EQ(actions({{"kind", json::array{"refund"}}}), Lines{});
    EXPECT_EQ(actions({{"from", "2026-03-02T12:01:00Z"}}), Lines{two});
    EXPECT_EQ(actions({{"to", "2026-03-02T12:01:00Z"}}), Lines{one});
    const auto wrong =
        post("/payments/actions", R"({"from":"noon","limit":0,"after":"x","kind":[1]})", auditor());
    EXPECT_EQ(wrong.at("errors").as_array().size(), 4u) << wrong.text;
}

// ---------------------------------------------------------------------------------- events

TEST_F(Audit, operators_see_what_others_are_told) {
    const auto id = paid();
    const auto answer = act("list", {}, oper());
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.number("waiting"), 1);
    const auto& event = answer.at("events").as_array().at(0).as_object();
    EXPECT_EQ(event.at("state").as_string(), "waiting");
    EXPECT_EQ(event.at("transaction_id").as_int64(), id);
    const auto body = json::parse(std::string_view{event.at("body").as_string()}).value();
    EXPECT_EQ(body.as_object().at("type").as_string(), "payment.paid");
    EXPECT_EQ(act("list", {}, as_user(in_scope("payments_search"))).problem(), "forbidden");
    auto abroad = in_scope("payments_operate", "INT");
    EXPECT_EQ(event_ids({}, as_user(abroad)), Lines{});
    EXPECT_EQ(event_ids({{"state", "told"}}, oper()), Lines{});
    EXPECT_EQ(event_ids({{"transaction_id", id + 1}}, oper()), Lines{});
}

TEST_F(Audit, what_is_skipped_and_replayed_is_on_record_with_its_payment) {
    for (const std::int64_t ticket : {42, 43}) paid(ticket);
    const auto ids = event_ids({}, oper());
    ASSERT_EQ(ids.size(), 2u);
    const auto skipped = act("skip", {{"event_ids", list(ids)}, {"note", "told by hand"}}, oper());
    EXPECT_EQ(skipped.text, R"({"changed":2})");
    EXPECT_EQ(event_ids({{"state", "skipped"}}, oper()), ids);
    EXPECT_EQ(
        act("skip", {{"event_ids", list(ids)}, {"note", "again"}}, oper()).text, R"({"changed":0})"
    );
    const std::string skip = R"(skip olga {"note":"told by hand","type":"payment.paid"})";
    EXPECT_EQ(actions({{"kind", json::array{"skip"}}}), (Lines{skip, skip}));
    EXPECT_EQ(actions({{"about", ids[0]}}), Lines{skip});

    EXPECT_EQ(act("replay", {{"event_ids", list({ids[0]})}}, oper()).text, R"({"changed":1})");
    EXPECT_EQ(event_ids({{"state", "waiting"}}, oper()), Lines{ids[0]});
    const std::string replay = R"(replay olga {"type":"payment.paid"})";
    EXPECT_EQ(actions({{"about", "TR2"}}), (Lines{replay, skip}));
    EXPECT_EQ(stores.verify(place).differences, std::vector<Difference>{});
}

TEST_F(Audit, all_that_was_given_up_is_replayed_within_the_scope) {
    tickets.tickets[43].flag = "INT";
    for (const std::int64_t ticket : {42, 43, 44}) paid(ticket);
    stores.execute(place, "UPDATE outbox SET dead_at = 1000, tries = 16");
    auto inside = in_scope("payments_operate", "HU");
    EXPECT_EQ(act("replay", {{"all_dead", true}}, olga(inside)).text, R"({"changed":2})");
    EXPECT_EQ(event_ids({{"state", "dead"}}, oper()).size(), 1u);
    EXPECT_EQ(act("replay", {{"all_dead", true}}, oper()).text, R"({"changed":1})");
    EXPECT_EQ(event_ids({{"state", "waiting"}}, oper()).size(), 3u);
    EXPECT_EQ(act("replay", {}, oper()).problem(), "invalid-request");
    EXPECT_EQ(
        act("replay", {{"all_dead", true}, {"event_ids", json::array{"evt_1"}}}, oper()).problem(),
        "invalid-request"
    );
}

TEST_F(Audit, operators_see_messages_that_fit_nothing) {
    auto stray = told(Processor::stripe, {{}, "pi_9", Processor::stripe}, {captured()});
    notify(Processor::stripe, "stray", std::move(stray));
    paid();
    const auto messages = [&](const std::string& body, const Headers& who) {
        std::string text;
        const auto answer = post("/payments/messages", body, who);
        EXPECT_EQ(answer.status, 200) << answer.text;
        for (const auto& item : answer.at("messages").as_array())
            text += std::string{item.as_object().at("identity").as_string()} + " ";
        return text;
    };
    EXPECT_EQ(messages("{}", oper()), "stray ");
    EXPECT_EQ(messages(R"({"show":"all","limit":1})", oper()).find("stray"), std::string::npos);
    const auto inside = as_user(in_scope("payments_operate", "HU"));
    EXPECT_EQ(messages(R"({"show":"all"})", inside), "stray ");
}

}  // namespace payments
