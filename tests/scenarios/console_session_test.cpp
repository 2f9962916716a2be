// Who is signed in to the back office, for how long, and what a session stands for.
#include <algorithm>

#include "fixtures/scenario.hpp"
#include "flow/console/forget_sessions.hpp"
#include "http/console/session_seal.hpp"
#include "support/crypto.hpp"
#include "support/times.hpp"

namespace payments {

using namespace testing_support;

class SignedIn : public Scenario {
protected:
    static constexpr auto session_path = "/console/session";
    static constexpr auto sign_in_path = "/console/sign-in/token";

    // As a page of the console calls, with this id in its cookie.
    static Headers page(const std::string& id = "", const std::string& mark = "1") {
        Headers headers{{"sec-fetch-site", "same-origin"}, {"x-console", mark}};
        if (!id.empty()) headers.emplace_back("cookie", "__Host-ozora=" + id);
        return headers;
    }
    static std::string hash_of(const std::string& id) { return crypto::hex(crypto::sha256(id)); }
    static std::string id_in(const Answer& answer) {
        const auto cookie = answer.header("Set-Cookie");
        const auto begin = cookie.find('=') + 1;
        return cookie.substr(begin, cookie.find(';') - begin);
    }

    std::string token_until(Time end, const Privileges& privileges) {
        const auto exp = std::chrono::floor<std::chrono::seconds>(end).time_since_epoch().count();
        return user_token(privileges, {{"exp", exp}, {"name", "Kovács Anna"}});
    }
    Answer try_to_sign_in(const std::string& token, Headers headers = page()) {
        return post(sign_in_path, json::write(json::object{{"token", token}}), std::move(headers));
    }
    std::string sign_in(const Privileges& privileges = in_scope("payments_search")) {
        const auto answer = try_to_sign_in(token_until(clock.time + 100h, privileges));
        EXPECT_EQ(answer.status, 204) << answer.text;
        return id_in(answer);
    }
    // The id of a session that holds this, whoever may have put it into the database.
    std::string opened(
        const std::string& token, const std::string& sub, const std::string& key = console_key
    ) {
        const auto id = crypto::base64url(crypto::random_bytes(32));
        ConsoleSession row;
        row.id_hash = hash_of(id);
        row.sealed = http::SessionSeal{{key}}.seal({token, "", ""}, row.id_hash);
        row.sub = row.name = sub;
        row.made_at = row.used_at = clock.time;
        row.ends_at = clock.time + 1h;
        await(database->open_session(std::move(row)));
        return id;
    }
    Answer session(const std::string& id) { return get(session_path, page(id)); }
    bool counts(const std::string& id) { return session(id).status == 200; }
    Answer search(Headers headers) {
        return post("/payments/find", R"({"text":"TR1"})", std::move(headers));
    }
};

// ------------------------------------------------------------------------------------ signing in

TEST_F(SignedIn, the_browser_gets_an_id_and_nothing_else) {
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    const auto answer = try_to_sign_in(token);
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.text, "");
    const auto id = id_in(answer);
    EXPECT_EQ(crypto::unbase64url(id)->size(), 32U);
    EXPECT_EQ(
        answer.header("Set-Cookie"),
        "__Host-ozora=" + id + "; Path=/; Secure; HttpOnly; SameSite=Strict"
    );
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST_F(SignedIn, the_database_knows_neither_the_id_nor_the_token) {
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    const auto id = id_in(try_to_sign_in(token));
    EXPECT_FALSE(await(database->session(id)));
    const auto row = await(database->session(hash_of(id))).value();
    const auto everything = row.id_hash + row.sealed + row.sub + row.name + row.provider_session;
    EXPECT_EQ(everything.find(id), std::string::npos);
    for (const auto& part : {token, token.substr(token.rfind('.') + 1)})
        EXPECT_EQ(everything.find(part), std::string::npos);
    EXPECT_EQ(logged().find(id), std::string::npos);
}

TEST_F(SignedIn, the_page_learns_who_may_do_what_and_for_how_long) {
    auto privileges = in_scope("payments_search", "HU,INT");
    privileges["payments_refund"] = "true";
    privileges["payments_export"] = "false";
    privileges["tickets_search_flags"] = "HU";
    const auto answer = session(sign_in(privileges));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.at("user").at("sub"), "anna");
    EXPECT_EQ(answer.at("user").at("name"), "Kovács Anna");
    EXPECT_EQ(answer.at("can"), (json::array{"payments_refund", "payments_search"}));
    EXPECT_EQ(
        answer.at("scope"), (json::object{
                                {"all", false},
                                {"flags", json::array{"HU", "INT"}},
                                {"years", json::array{"2026"}},
                                {"events", json::array{"*"}}})
    );
    EXPECT_EQ(answer.at("live"), false);
    EXPECT_EQ(answer.string("time_zone"), "Europe/Budapest");
    EXPECT_EQ(answer.number("expires_in"), 10 * 3600);
    EXPECT_EQ(answer.number("idle_in"), 30 * 60);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
}

TEST_F(SignedIn, what_other_pages_may_call_says_nothing_of_it) {
    EXPECT_EQ(start().header("Cross-Origin-Resource-Policy"), "");
    EXPECT_EQ(get("/payments/review").header("Cross-Origin-Resource-Policy"), "same-origin");
}

TEST_F(SignedIn, without_a_scope_none_is_shown) {
    const auto answer =
        session(sign_in({{"payments_search", "true"}, {"tickets_get_flags", "HU"}}));
    EXPECT_EQ(answer.at("scope").at("all"), false);
    for (const auto* list : {"flags", "years", "events"})
        EXPECT_EQ(answer.at("scope").at(list), json::array{}) << list;
}

TEST_F(SignedIn, who_has_no_good_user_token_is_not) {
    const std::string service = as_service({{"payments_search", "true"}})[0].second.substr(7);
    auto expired = token_until(clock.time - 61s, in_scope("payments_search"));
    for (const auto& wrong : {service, expired, std::string{"sesame"}, expired + "x"}) {
        const auto answer = try_to_sign_in(wrong);
        EXPECT_EQ(answer.problem(), "unauthorized") << wrong;
        EXPECT_EQ(answer.header("Set-Cookie"), "");
        EXPECT_EQ(answer.text.find(wrong), std::string::npos);
    }
    const auto empty = post(sign_in_path, "{}", page());
    EXPECT_EQ(empty.problem(), "invalid-request");
    EXPECT_EQ(empty.at("errors").at(0).at("pointer"), "/token");
}

TEST_F(SignedIn, no_other_page_signs_its_visitor_in_or_out) {
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    const auto id = sign_in();
    for (const auto& foreign :
         {Headers{}, Headers{{"sec-fetch-site", "cross-site"}, {"x-console", "1"}},
          Headers{{"sec-fetch-site", "same-site"}, {"x-console", "1"}},
          Headers{{"sec-fetch-site", "same-origin"}},
          Headers{{"origin", "https://evil.example"}, {"x-console", "1"}}}) {
        const auto answer = try_to_sign_in(token, foreign);
        EXPECT_EQ(answer.problem(), "foreign-page");
        EXPECT_EQ(answer.header("Set-Cookie"), "");
        auto with_cookie = foreign;
        with_cookie.emplace_back("cookie", "__Host-ozora=" + id);
        EXPECT_EQ(post("/console/sign-out", "", with_cookie).problem(), "foreign-page");
    }
    EXPECT_TRUE(counts(id));
}

TEST_F(SignedIn, an_id_that_somebody_else_may_know_is_never_kept) {
    const std::string planted(43, 'A');
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    const auto first = id_in(try_to_sign_in(token, page(planted)));
    EXPECT_NE(first, planted);
    EXPECT_FALSE(counts(planted));
    const auto second = id_in(try_to_sign_in(token, page(first)));
    EXPECT_NE(second, first);
    EXPECT_FALSE(counts(first));
    EXPECT_TRUE(counts(second));
}

TEST_F(SignedIn, a_name_of_any_length_harms_nobody) {
    const auto token_of = [&](std::string sub, std::string name) {
        return user_token(
            in_scope("payments_search"), {{"sub", std::move(sub)}, {"name", std::move(name)}}
        );
    };
    const auto refused = try_to_sign_in(token_of(std::string(256, 'a'), "Anna"));
    EXPECT_EQ(refused.problem(), "unauthorized");
    EXPECT_EQ(refused.header("Set-Cookie"), "");
    const auto taken = id_in(try_to_sign_in(token_of(std::string(255, 'a'), "Anna")));
    EXPECT_EQ(session(taken).at("user").at("sub").as_string(), std::string(255, 'a'));

    std::string long_name;
    for (int i = 0; i < 200; ++i) long_name += "é";
    const auto cut = id_in(try_to_sign_in(token_of("anna", long_name)));
    EXPECT_EQ(session(cut).at("user").at("name").as_string(), long_name.substr(0, 254));
    const auto unnamed = id_in(try_to_sign_in(token_of("anna", "")));
    EXPECT_EQ(session(unnamed).at("user").at("name"), "anna");
}

// ------------------------------------------------------------------------- who moves money with it

TEST_F(SignedIn, who_moves_money_must_have_signed_in_lately) {
    const auto may_refund = in_scope("payments_refund");
    const auto transaction = started(stripes);
    EXPECT_EQ(webhook(transaction, {capture_of(transaction)}).status, 200);
    const auto refund = [&](const Headers& headers) {
        const auto body = R"({"amount":1,"transaction_id":)" + std::to_string(transaction) + "}";
        return post("/payments/refunds", body, headers);
    };
    const auto id = sign_in(may_refund);
    pass(15min + 59'999ms);
    EXPECT_EQ(refund(page(id)).status, 200);
    pass(1ms);
    const auto refused = refund(page(id));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.problem(), "sign-in-again");
    EXPECT_EQ(stripe.refunds.size(), 1U);
    // Looking goes on, as do calls of who has no page to sign in at.
    EXPECT_TRUE(counts(id));
    EXPECT_EQ(refund(as_user(may_refund)).status, 200);
    EXPECT_EQ(refund(page(sign_in(may_refund))).status, 200);
}

TEST_F(SignedIn, a_token_says_when_its_user_has_signed_in) {
    const auto at = [&](std::chrono::minutes ago) {
        const auto when = std::chrono::floor<std::chrono::seconds>(clock.time - ago);
        const auto token = user_token(
            in_scope("payments_refund"), {{"auth_time", when.time_since_epoch().count()}}
        );
        return post(
            "/payments/refunds", R"({"transaction_id":4711})", page(id_in(try_to_sign_in(token)))
        );
    };
    EXPECT_EQ(at(15min).problem(), "unknown-transaction");
    EXPECT_EQ(at(17min).problem(), "sign-in-again");
    EXPECT_EQ(at(-2min).problem(), "sign-in-again");  // of the future
}

// ---------------------------------------------------------------------------- what it stands for

TEST_F(SignedIn, a_session_stands_for_its_users_token) {
    const auto id = sign_in();
    started();
    EXPECT_EQ(search(page(id)).status, 200);
    EXPECT_EQ(get("/payments/review", page(id)).status, 200);
    EXPECT_EQ(
        post("/payments/transactions", R"({"ticket_id":42})", page(id))
            .at("transactions")
            .as_array()
            .size(),
        1U
    );
}

TEST_F(SignedIn, privileges_are_asked_of_it_at_each_call) {
    const auto id = sign_in({{"tickets_get_flags", "*"}});
    EXPECT_EQ(search(page(id)).problem(), "forbidden");
    const auto refund = post("/payments/refunds", R"({"transaction_id":1})", page(id));
    EXPECT_EQ(refund.problem(), "forbidden");
    EXPECT_NE(refund.string("detail").find("payments_refund"), std::string::npos);
    const auto abroad = sign_in(in_scope("payments_search", "INT"));
    started();
    EXPECT_EQ(
        post("/payments/transactions", R"({"ticket_id":42})", page(abroad)).problem(),
        "ticket-out-of-scope"
    );
}

TEST_F(SignedIn, only_calls_of_our_own_pages_count) {
    auto privileges = in_scope("payments_refund");
    privileges["payments_search"] = "true";
    const auto id = sign_in(privileges);
    const auto payment = started();
    ipn(payment, {capture_of(payment)});
    const auto body = R"({"transaction_id":)" + std::to_string(payment) + "}";
    const std::pair<std::string, std::string> cookie{"cookie", "__Host-ozora=" + id};
    for (const auto& foreign :
         {Headers{cookie}, Headers{cookie, {"sec-fetch-site", "same-site"}, {"x-console", "1"}},
          Headers{cookie, {"sec-fetch-site", "cross-site"}, {"x-console", "1"}},
          Headers{cookie, {"sec-fetch-site", "none"}, {"x-console", "1"}},
          Headers{cookie, {"sec-fetch-site", "same-origin"}},
          Headers{cookie, {"origin", "https://shop.pay.example"}, {"x-console", "1"}}}) {
        EXPECT_EQ(post("/payments/refunds", body, foreign).problem(), "foreign-page");
        EXPECT_EQ(search(foreign).problem(), "foreign-page");
        EXPECT_EQ(get(session_path, foreign).problem(), "foreign-page");
    }
    EXPECT_EQ(status(payment), "paid");
    EXPECT_EQ(search({cookie, {"origin", "https://pay.example"}, {"x-console", "1"}}).status, 200);
}

TEST_F(SignedIn, a_form_of_another_site_cannot_send_json) {
    auto headers = page(sign_in());
    headers.emplace_back("content-type", "text/plain");
    EXPECT_EQ(search(headers).problem(), "unsupported-media-type");
}

TEST_F(SignedIn, a_session_and_a_token_together_are_nobody) {
    auto headers = page(sign_in());
    headers.push_back(as_user(in_scope("payments_search"))[0]);
    EXPECT_EQ(search(headers).problem(), "invalid-request");
    EXPECT_EQ(get(session_path, headers).problem(), "invalid-request");
    EXPECT_EQ(post("/console/sign-out", "", headers).problem(), "invalid-request");
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    EXPECT_EQ(try_to_sign_in(token, headers).problem(), "invalid-request");
    headers.pop_back();
    EXPECT_EQ(search(headers).status, 200);
}

TEST_F(SignedIn, public_signed_and_service_operations_do_not_look_at_it) {
    const Headers cookie{{"cookie", "__Host-ozora=" + sign_in()}};
    EXPECT_EQ(post("/payments/start", order(simple), cookie).status, 200);
    EXPECT_EQ(get("/payments/ticket-ids", cookie).problem(), "unauthorized");
    auto service = as_service();
    service.push_back(cookie[0]);
    EXPECT_EQ(get("/payments/ticket-ids", service).status, 200);
}

TEST_F(SignedIn, ids_that_are_no_sessions_open_nothing) {
    const auto id = sign_in();
    auto changed = id;
    changed.front() = changed.front() == 'A' ? 'B' : 'A';
    for (const auto& wrong : {changed, id + "A", hash_of(id), std::string{"x"}}) {
        EXPECT_EQ(session(wrong).problem(), "unauthorized") << wrong;
        EXPECT_EQ(search(page(wrong)).problem(), "unauthorized") << wrong;
    }
    EXPECT_EQ(session("").problem(), "unauthorized");
    sessions.calls.clear();
    for (const auto& wrong : {id + "A", hash_of(id), id.substr(1), id.substr(1) + "=", "x" + id}) {
        EXPECT_EQ(session(wrong).problem(), "unauthorized") << wrong;
        EXPECT_EQ(post("/console/sign-out", "", page(wrong)).status, 200) << wrong;
    }
    EXPECT_EQ(sessions.calls, std::vector<std::string>{});  // anybody can invent those
    auto twice = page(id);
    twice.emplace_back("cookie", "__Host-ozora=" + sign_in());
    EXPECT_EQ(get(session_path, twice).problem(), "unauthorized");
    EXPECT_TRUE(counts(id));
}

// -------------------------------------------------------------------------------------- its time

TEST_F(SignedIn, use_keeps_it_and_idleness_ends_it) {
    const auto id = sign_in();
    pass(29min);
    EXPECT_EQ(session(id).number("idle_in"), 30 * 60);
    pass(29min);
    EXPECT_EQ(search(page(id)).status, 200);
    pass(30min - 1ms);
    EXPECT_EQ(get(session_path, page(id, "poll")).number("idle_in"), 0);
    pass(1ms);
    EXPECT_EQ(session(id).problem(), "unauthorized");
}

TEST_F(SignedIn, what_the_page_asks_by_itself_is_no_use) {
    const auto id = sign_in();
    for (int minute = 0; minute < 29; ++minute) {
        pass(1min);
        EXPECT_EQ(search(page(id, "poll")).status, 200);
    }
    EXPECT_EQ(get(session_path, page(id, "poll")).number("idle_in"), 60);
    pass(1min);
    EXPECT_EQ(search(page(id, "poll")).problem(), "unauthorized");
}

TEST_F(SignedIn, use_is_written_once_a_minute) {
    const auto id = sign_in();
    pass(59s);
    EXPECT_EQ(session(id).number("idle_in"), 30 * 60 - 59);
    EXPECT_EQ(await(database->session(hash_of(id)))->used_at, clock.time - 59s);
    pass(1s);
    EXPECT_EQ(session(id).number("idle_in"), 30 * 60);
    EXPECT_EQ(await(database->session(hash_of(id)))->used_at, clock.time);
}

TEST_F(SignedIn, it_ends_however_much_it_is_used) {
    const auto id = sign_in();
    for (int i = 0; i < 39; ++i) {
        pass(15min);
        EXPECT_TRUE(counts(id)) << i;
    }
    EXPECT_EQ(session(id).number("expires_in"), 15 * 60);
    pass(15min);
    EXPECT_EQ(session(id).problem(), "unauthorized");
}

TEST_F(SignedIn, it_counts_no_longer_than_its_token) {
    const auto answer =
        try_to_sign_in(token_until(clock.time + 10min, in_scope("payments_search")));
    const auto id = id_in(answer);
    EXPECT_EQ(session(id).number("expires_in"), 11 * 60);  // clocks may differ by a minute
    pass(11min - 1s);
    EXPECT_TRUE(counts(id));
    pass(1s);
    EXPECT_EQ(session(id).problem(), "unauthorized");
    EXPECT_EQ(search(page(id)).problem(), "unauthorized");
}

// By clocks and settings of any replica: only what has ended for all of them an hour ago.
TEST_F(SignedIn, those_that_have_ended_are_forgotten) {
    const auto id = sign_in();
    const auto forget = [&] {
        clock.sleeps_max = 1;
        EXPECT_THROW(await(keep_forgetting_sessions(world, sessions)), SleptEnough);
        return !await(database->session(hash_of(id)));
    };
    pass(31min);
    EXPECT_FALSE(counts(id));
    EXPECT_FALSE(forget());
    pass(10h);
    EXPECT_FALSE(forget());
    pass(30min);
    EXPECT_TRUE(forget());
}

TEST_F(SignedIn, a_clock_that_is_set_back_lets_nobody_out_and_keeps_nobody_for_ever) {
    const auto id = sign_in();
    pass(-30s);
    EXPECT_TRUE(counts(id));
    EXPECT_LE(session(id).number("expires_in"), 10 * 3600 + 30);
    pass(10h + 30s);
    EXPECT_FALSE(counts(id));
}

TEST_F(SignedIn, while_the_database_takes_no_changes_people_go_on_looking) {
    const auto id = sign_in();
    const auto tries = [&] { return std::ranges::count(sessions.calls, "note_use"); };
    sessions.lose("note_use");
    pass(2min);
    EXPECT_EQ(session(id).status, 200);
    EXPECT_NE(logged().find("the use of a session was not noted"), std::string::npos);
    pass(1min - 1ms);
    EXPECT_EQ(session(id).number("idle_in"), 27 * 60);
    EXPECT_EQ(search(page(id)).status, 200);
    EXPECT_EQ(tries(), 1);
    pass(1ms);
    EXPECT_EQ(session(id).status, 200);
    EXPECT_EQ(tries(), 2);
    sessions.lose("");
    pass(1min);
    EXPECT_EQ(session(id).number("idle_in"), 30 * 60);
    EXPECT_EQ(await(database->session(hash_of(id)))->used_at, clock.time);
}

TEST_F(SignedIn, nobody_waits_for_its_use_to_be_written) {
    const auto id = sign_in();
    pass(2min);
    sessions.noting.close();
    EXPECT_EQ(session(id).number("idle_in"), 30 * 60);
    EXPECT_EQ(sessions.noting.waiting(), 1U);
    EXPECT_EQ(await(database->session(hash_of(id)))->used_at, clock.time - 2min);
    sessions.noting.open();
    EXPECT_EQ(session(id).status, 200);
    EXPECT_EQ(await(database->session(hash_of(id)))->used_at, clock.time);
}

TEST_F(SignedIn, without_a_database_nobody_is_somebody_else) {
    const auto id = sign_in();
    sessions.lose("session");
    EXPECT_EQ(session(id).problem(), "storage-unavailable");
    EXPECT_EQ(search(page(id)).problem(), "storage-unavailable");
    sessions.lose("open_session");
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    const auto refused = try_to_sign_in(token);
    EXPECT_EQ(refused.problem(), "storage-unavailable");
    EXPECT_EQ(refused.header("Set-Cookie"), "");
    sessions.lose("end_session");
    EXPECT_EQ(post("/console/sign-out", "", page(id)).problem(), "storage-unavailable");
    sessions.lose("");
    EXPECT_TRUE(counts(id));
}

// --------------------------------------------------------------------------------------- its end

TEST_F(SignedIn, signing_out_ends_it_here_and_there) {
    const auto id = sign_in(), other = sign_in();
    const auto answer = post("/console/sign-out", "", page(id));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.string("redirect_url"), "/console/signed-out");
    EXPECT_EQ(
        answer.header("Set-Cookie"),
        "__Host-ozora=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
    );
    EXPECT_FALSE(counts(id));
    EXPECT_TRUE(counts(other));
    EXPECT_EQ(post("/console/sign-out", "", page(id)).status, 200);
    EXPECT_EQ(post("/console/sign-out", "", page()).status, 200);
}

TEST_F(SignedIn, signing_out_with_an_invented_id_changes_nothing) {
    const auto invented = crypto::base64url(crypto::random_bytes(32));
    sessions.calls.clear();
    EXPECT_EQ(post("/console/sign-out", "", page(invented)).status, 200);
    EXPECT_EQ(sessions.calls, std::vector<std::string>{"session"});
}

TEST_F(SignedIn, one_person_has_twenty_at_most) {
    std::vector<std::string> ids;
    for (int i = 0; i < 21; ++i) {
        ids.push_back(sign_in());
        pass(1s);
    }
    EXPECT_FALSE(counts(ids[0]));
    for (std::size_t i = 1; i < ids.size(); ++i) EXPECT_TRUE(counts(ids[i])) << i;
}

// -------------------------------------------------------------------------------------- its keys

TEST_F(SignedIn, while_keys_are_rolled_those_of_the_former_key_go_on) {
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    EXPECT_TRUE(counts(opened(token, "anna", former_console_key)));
    EXPECT_EQ(session(opened(token, "anna", std::string(32, 'g'))).problem(), "unauthorized");
}

TEST_F(SignedIn, what_it_holds_is_a_user_token_of_its_owner) {
    const auto token = token_until(clock.time + 1h, in_scope("payments_search"));
    EXPECT_EQ(session(opened(token, "eva")).problem(), "unauthorized");
    const auto service = as_service({{"payments_search", "true"}})[0].second.substr(7);
    EXPECT_EQ(search(page(opened(service, "tickets"))).problem(), "unauthorized");
    EXPECT_TRUE(counts(opened(token, "anna")));
}

TEST_F(SignedIn, what_one_holds_cannot_be_put_into_another) {
    const auto id = sign_in(), other = sign_in({{"payments_close", "true"}});
    auto row = await(database->session(hash_of(other))).value();
    row.sealed = await(database->session(hash_of(id)))->sealed;
    await(database->end_session(hash_of(other)));
    await(database->open_session(row));
    EXPECT_EQ(session(other).problem(), "unauthorized");
    EXPECT_TRUE(counts(id));
}

// ------------------------------------------------------------------------------------ one's own

class OwnSessions : public SignedIn {
protected:
    std::vector<std::string> listed(const std::string& id) {
        std::vector<std::string> ids;
        const auto answer = get("/console/sessions", page(id));
        for (const auto& one : answer.at("sessions").as_array())
            ids.emplace_back(one.at("session_id").as_string());
        return ids;
    }
    Answer end(const std::string& id, const std::string& body) {
        return post("/console/sessions/end", body, page(id));
    }
};

TEST_F(OwnSessions, are_listed_without_a_way_to_use_them) {
    const auto first = sign_in();
    pass(2min);
    const auto second = sign_in();
    const auto answer = get("/console/sessions", page(second));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text.find(first), std::string::npos);
    const auto& list = answer.at("sessions").as_array();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].at("session_id").as_string(), hash_of(second));
    EXPECT_EQ(list[0].at("this"), json::value(true));
    EXPECT_EQ(list[1].at("session_id").as_string(), hash_of(first));
    EXPECT_EQ(list[1].at("this"), json::value(false));
    EXPECT_EQ(list[1].at("opened_at").as_string(), rfc3339(clock.time - 2min));
    EXPECT_FALSE(counts(hash_of(first)));
    opened(token_until(clock.time + 1h, in_scope("payments_search")), "adam");
    EXPECT_EQ(listed(second).size(), 2U);
    pass(28min);  // the first was left alone for too long
    EXPECT_EQ(listed(second), std::vector<std::string>{hash_of(second)});
}

TEST_F(OwnSessions, end_one_by_one_or_all_but_the_one_that_asks) {
    const auto mine = sign_in(), a = sign_in(), b = sign_in(), c = sign_in();
    const auto of_adam = opened(user_token(in_scope("payments_search"), {{"sub", "adam"}}), "adam");
    EXPECT_EQ(end(mine, R"({"session_id":")" + hash_of(a) + "\"}").number("ended"), 1);
    EXPECT_FALSE(counts(a));
    EXPECT_EQ(end(mine, R"({"session_id":")" + hash_of(of_adam) + "\"}").number("ended"), 0);
    EXPECT_EQ(end(mine, R"({"others":true})").number("ended"), 2);
    EXPECT_FALSE(counts(b) || counts(c));
    EXPECT_TRUE(counts(mine) && counts(of_adam));
}

TEST_F(OwnSessions, what_is_to_be_ended_must_be_told) {
    const auto mine = sign_in();
    for (const std::string& wrong :
         {std::string{"{}"}, std::string{R"({"others":false})"},
          R"({"others":true,"session_id":")" + hash_of("x") + "\"}",
          R"({"session_id":")" + hash_of(mine) + "\"}"}) {
        const auto answer = end(mine, wrong);
        EXPECT_EQ(answer.problem(), "invalid-request") << wrong;
        EXPECT_EQ(answer.at("errors").at(0).at("pointer"), "/session_id") << wrong;
    }
    EXPECT_EQ(post("/console/sessions/end", R"({"others":true})").problem(), "unauthorized");
    EXPECT_EQ(get("/console/sessions").problem(), "unauthorized");
    EXPECT_TRUE(counts(mine));
}

}  // namespace payments
