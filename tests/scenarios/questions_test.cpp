// What may be asked, and by whom: ticket ids, options, a ticket's transactions, one transaction.
#include <algorithm>

#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class Questions : public Scenario {
protected:
    static Privileges without(Privileges privileges, const std::string& name) {
        privileges.erase(name);
        return privileges;
    }
    static Privileges with(Privileges privileges, const std::string& name, std::string value) {
        privileges[name] = std::move(value);
        return privileges;
    }
    Answer list(const Headers& headers, std::int64_t ticket_id = 42) {
        return post(
            "/payments/transactions", R"({"ticket_id":)" + std::to_string(ticket_id) + "}", headers
        );
    }
    Answer search(const Headers& headers, std::int64_t term) {
        return post("/payments/search", R"({"search_term":)" + std::to_string(term) + "}", headers);
    }
    // The headers of a page of the console, on which somebody with these privileges is signed in.
    Headers session_of(const Privileges& privileges) {
        Headers page{{"sec-fetch-site", "same-origin"}, {"x-console", "1"}};
        const auto token = json::write(json::object{{"token", user_token(privileges)}});
        const auto signed_in = post("/console/sign-in/token", token, page);
        EXPECT_EQ(signed_in.status, 204) << signed_in.text;
        const auto cookie = signed_in.header("Set-Cookie");
        page.emplace_back("cookie", cookie.substr(0, cookie.find(';')));
        return page;
    }
    // Options of ticket 42 as its caller describes it.
    Answer options(
        const std::string& ticket_status, const std::string& payment_options,
        const std::string& metas = "[]"
    ) {
        return post(
            "/payments/options",
            R"({"ticket_id":42,"ticket_status":")" + ticket_status + R"(","metas":)" + metas +
                R"(,"template":{"id":1,"title":"Full","payment_options":)" + payment_options + "}}",
            as_service()
        );
    }
    static std::string codes(const Answer& answer) {
        std::string all;
        for (const auto& option : answer.at("payment_options").as_array())
            all += (all.empty() ? "" : " ") + std::string{option.at("code").as_string()};
        return all;
    }

    const Privileges by_search{
        {"payments_search", "true"},
        {"tickets_search_flags", "HU,INT"},
        {"tickets_search_years", "2025,2026"},
        {"tickets_search_events", "*"},
    };
    const Privileges by_get{
        {"payments_search", "true"},
        {"tickets_get_flags", "HU"},
        {"tickets_get_years", "2026"},
        {"tickets_get_events", "OZORA"},
    };
};

// ------------------------------------------------------------------------ a ticket's transactions

TEST_F(Questions, a_tickets_transactions_are_shown_by_id_with_their_events) {
    const auto first = started(stripes), second = started(simple),
               third = started("CAMPING-FEE-EUR-SIMPLE");
    ipn(second, {capture_of(second)});
    const auto answer = list(as_user(by_search));

    EXPECT_EQ(answer.status, 200) << answer.text;
    const auto& shown = answer.at("transactions").as_array();
    ASSERT_EQ(shown.size(), 3u);
    EXPECT_EQ(shown[0].at("id"), json::value(first));
    EXPECT_EQ(shown[0].at("status"), json::value("cancelled"));
    EXPECT_EQ(shown[2].at("id"), json::value(third));
    const auto& paid = shown[1].as_object();
    EXPECT_EQ(paid.at("ticket_id"), json::value(42));
    EXPECT_EQ(paid.at("reference"), json::value("TR2"));
    EXPECT_EQ(paid.at("code"), json::value(simple));
    EXPECT_EQ(paid.at("fee_type"), json::value("FULL-FEE"));
    EXPECT_EQ(paid.at("currency"), json::value("EUR"));
    EXPECT_EQ(paid.at("amount"), json::value(220));
    EXPECT_EQ(paid.at("amount_refunded"), json::value(0));
    EXPECT_EQ(paid.at("processor"), json::value("SIMPLE"));
    EXPECT_EQ(paid.at("payment_mode"), json::value("SIMPLE"));
    EXPECT_EQ(paid.at("status"), json::value("paid"));
    EXPECT_EQ(paid.at("provider_transaction_id"), json::value("500002"));
    EXPECT_EQ(paid.at("created_at"), json::value("2026-03-02T12:00:00.000Z"));
    EXPECT_EQ(paid.at("paid_at"), json::value("2026-03-02T12:00:00.000Z"));
    EXPECT_EQ(paid.at("expires_at"), json::value("2026-03-02T12:30:00.000Z"));
    const auto& events = paid.at("events").as_array();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].at("kind"), json::value("accepted"));
    EXPECT_EQ(events[0].at("source"), json::value("service"));
    EXPECT_EQ(events[1].at("kind"), json::value("captured"));
    EXPECT_EQ(events[1].at("source"), json::value("ipn"));
    EXPECT_EQ(events[1].at("detail"), json::value("220 EUR"));
}

TEST_F(Questions, a_ticket_without_transactions_has_an_empty_list) {
    EXPECT_EQ(list(as_user(by_get)).text, R"({"transactions":[]})");
}

TEST_F(Questions, the_tickets_service_is_asked_with_the_users_own_privileges) {
    list(as_user(by_search));
    ASSERT_EQ(tickets.asked_for.size(), 1u);
    EXPECT_EQ(tickets.asked_for.front(), by_search);
}

TEST_F(Questions, each_privilege_is_needed_to_list) {
    for (const auto& all : {by_search, by_get}) {
        EXPECT_EQ(list(as_user(all)).status, 200);
        for (const auto& [name, value] : all) {
            const auto answer = list(as_user(without(all, name)));
            EXPECT_EQ(answer.status, 403) << name;
            EXPECT_EQ(answer.problem(), "forbidden") << name;
        }
    }
    EXPECT_EQ(tickets.asked_for.size(), 2u);  // the others were refused before it was asked
}

TEST_F(Questions, halves_of_the_two_scopes_make_no_whole) {
    auto mixed = without(by_search, "tickets_search_events");
    mixed["tickets_get_events"] = "*";
    EXPECT_EQ(list(as_user(mixed)).status, 403);
    EXPECT_EQ(list(as_user(with(by_get, "payments_search", "false"))).status, 403);
    EXPECT_EQ(list(as_user(with(by_get, "payments_search", "*"))).status, 403);
}

TEST_F(Questions, the_scope_is_checked_here_even_when_the_tickets_service_is_lenient) {
    started();
    for (const auto* name : {"tickets_get_flags", "tickets_get_years", "tickets_get_events"}) {
        for (const auto* value : {"OTHER", "", "HU-2", "*,*"}) {
            const auto answer = list(as_user(with(by_get, name, value)));
            EXPECT_EQ(answer.status, 403) << name << " = " << value;
            EXPECT_EQ(answer.problem(), "ticket-out-of-scope") << name << " = " << value;
            EXPECT_FALSE(answer.body.contains("transactions"));
        }
    }
    auto either = with(by_get, "tickets_get_flags", "OTHER");
    either.insert(by_search.begin(), by_search.end());
    EXPECT_EQ(list(as_user(either)).status, 200);
}

TEST_F(Questions, what_the_tickets_service_says_of_a_ticket_is_passed_on) {
    EXPECT_EQ(list(as_user(by_get), 7).problem(), "unknown-ticket");
    const std::pair<Errc, int> failures[] = {
        {Errc::ticket_out_of_scope, 403},
        {Errc::tickets_unavailable, 503},
        {Errc::tickets_timeout, 504},
    };
    for (const auto& [code, expected] : failures) {
        tickets.failure = Error{code, "says the tickets service"};
        EXPECT_EQ(list(as_user(by_get)).status, expected);
    }
}

TEST_F(Questions, no_answer_is_kept_by_anybody_on_the_way) {
    const auto id = started();
    const Answer answers[] = {
        list(as_user(by_get)),
        search(as_service({{"payments_search", "true"}}), id),
        start(stripes, 43),
        get("/payments/review", as_user(by_get)),
        get("/healthz"),
        get("/readyz"),
        list({}),
        get("/nowhere"),
        post("/payments/start", "{"),
    };
    for (const auto& answer : answers) {
        EXPECT_EQ(answer.header("Cache-Control"), "no-store") << answer.text;
        EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << answer.text;
        const auto count = std::ranges::count_if(answer.headers, [](const auto& header) {
            return header.first == "Cache-Control";
        });
        EXPECT_EQ(count, 1) << answer.text;
    }
    const auto ids = get("/payments/ticket-ids", as_service());
    EXPECT_EQ(ids.header("Cache-Control"), "no-cache") << "its ETag is asked for again";
    EXPECT_EQ(ids.header("X-Content-Type-Options"), "nosniff");
}

TEST_F(Questions, only_the_right_kind_of_token_opens_a_door) {
    EXPECT_EQ(list(as_service(by_get)).status, 401);
    EXPECT_EQ(list({}).status, 401);
    EXPECT_EQ(get("/payments/ticket-ids", as_user(by_get)).status, 401);
    const auto nobody = get("/payments/ticket-ids");
    EXPECT_EQ(nobody.status, 401);
    EXPECT_EQ(nobody.header("WWW-Authenticate"), "Bearer realm=\"payments\"");
    const auto expired = as_user(by_get);
    pass(1h);
    EXPECT_EQ(list(expired).status, 401);
}

// --------------------------------------------------------------------------- one transaction

TEST_F(Questions, a_search_finds_one_transaction_by_its_id_or_none) {
    const auto id = started();
    const Headers ways[] = {
        as_user({{"payments_search", "true"}}), as_service({{"payments_search", "true"}})};
    for (const auto& headers : ways) {
        const auto found = search(headers, id);
        EXPECT_EQ(found.status, 200);
        ASSERT_EQ(found.at("transactions").as_array().size(), 1u);
        EXPECT_EQ(found.at("transactions").at(0).at("id"), json::value(id));
        EXPECT_EQ(found.at("transactions").at(0).at("events").as_array().size(), 1u);
        EXPECT_EQ(search(headers, id + 1).text, R"({"transactions":[]})");
    }
}

// Pages of the console need a privilege for personal data; who calls with a token gets what the
// contract has always told.
TEST_F(Questions, billing_data_are_masked_for_a_session_without_the_privilege) {
    const auto billed = R"({"ticket_id":42,"code":"FULL-FEE-EUR-SIMPLE","metas":{
        "email":"kovacs@example.hu","name":"Kovács Éva","city":"Pécs","zip":"7621"}})";
    ASSERT_EQ(post("/payments/start", billed).status, 200);
    const auto keeper = with(by_search, "payments_personal", "true");
    const auto metas = [](const Answer& answer) {
        EXPECT_EQ(answer.status, 200) << answer.text;
        return json::canonical(answer.at("transactions").at(0).at("metas"));
    };
    const auto masked = R"({"city":"Pécs","email":"k***s@e***.hu","name":"K. É.","zip":"***"})";
    const auto whole =
        R"({"city":"Pécs","email":"kovacs@example.hu","name":"Kovács Éva","zip":"7621"})";
    EXPECT_EQ(metas(list(session_of(by_search))), masked);
    EXPECT_EQ(metas(list(session_of(keeper))), whole);
    EXPECT_EQ(metas(list(as_user(by_search))), whole);
    EXPECT_EQ(metas(search(as_user(by_search), 1)), whole);
    EXPECT_EQ(metas(search(as_service({{"payments_search", "true"}}), 1)), whole);
}

TEST_F(Questions, a_session_is_no_way_to_search_without_a_scope) {
    const auto id = started();
    EXPECT_EQ(search(session_of(by_search), id).problem(), "forbidden");
    EXPECT_EQ(list(session_of(by_search)).status, 200);
}

TEST_F(Questions, a_search_needs_its_privilege_from_a_user_and_from_whom_a_service_acts_for) {
    for (const auto* value : {"", "false", "*", "True"}) {
        EXPECT_EQ(search(as_user({{"payments_search", value}}), 1).status, 403) << value;
        EXPECT_EQ(search(as_service({{"payments_search", value}}), 1).status, 403) << value;
    }
    EXPECT_EQ(search(as_user({}), 1).status, 403);
    EXPECT_EQ(search(as_service(), 1).status, 403);
    EXPECT_EQ(search({}, 1).status, 401);
}

// ------------------------------------------------------------------------------------- options

TEST_F(Questions, an_option_is_offered_with_all_that_a_page_shows) {
    const auto answer = options("registered", R"([
        {"code":"NORMAL-TOTAL-FEE-EUR-SIMPLE","amount":220.5},
        {"code":"FULL-FEE-HUF-STRIPE-INTENTS","amount":104000,"title":"Teljes ár","note":"egyben"}
    ])");
    EXPECT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(
        answer.text,
        R"({"payment_options":[{"code":"NORMAL-TOTAL-FEE-EUR-SIMPLE","title":"Normal total fee",)"
        R"("note":"","amount":220.5,"currency":"EUR","payment_mode":"SIMPLE"},)"
        R"({"code":"FULL-FEE-HUF-STRIPE-INTENTS","title":"Teljes ár","note":"egyben",)"
        R"("amount":104000,"currency":"HUF","payment_mode":"STRIPE-INTENTS"}]})"
    );
    EXPECT_TRUE(tickets.asked_for.empty());
}

TEST_F(Questions, an_option_is_offered_for_its_ticket_statuses_only) {
    const std::string template_options = R"([
        {"code":"A-EUR-SIMPLE","amount":1},
        {"code":"B-EUR-SIMPLE","amount":1,"ticket_statuses":["invited","registered"]},
        {"code":"C-EUR-SIMPLE","amount":1,"ticket_statuses":["invited"]},
        {"code":"D-EUR-SIMPLE","amount":1,"ticket_statuses":[]}
    ])";
    EXPECT_EQ(codes(options("registered", template_options)), "A-EUR-SIMPLE B-EUR-SIMPLE");
    EXPECT_EQ(codes(options("invited", template_options)), "B-EUR-SIMPLE C-EUR-SIMPLE");
    EXPECT_EQ(codes(options("cancelled", template_options)), "");
}

TEST_F(Questions, an_option_is_offered_from_the_first_moment_of_its_window_to_before_the_last) {
    const std::string template_options = R"([{"code":"A-EUR-SIMPLE","amount":1,
        "valid_from":"2026-03-02T13:00:00+01:00","valid_until":"2026-03-02T12:00:01Z"}])";
    const auto offered = [&] { return codes(options("registered", template_options)); };
    EXPECT_EQ(offered(), "A-EUR-SIMPLE");
    clock.time = noon - 1ms;
    EXPECT_EQ(offered(), "");
    clock.time = noon + 999ms;
    EXPECT_EQ(offered(), "A-EUR-SIMPLE");
    clock.time = noon + 1s;
    EXPECT_EQ(offered(), "");
}

TEST_F(Questions, a_fee_that_is_held_is_not_offered_and_one_that_was_given_back_is) {
    const std::string template_options = R"([
        {"code":"FULL-FEE-EUR-SIMPLE","amount":220},
        {"code":"FULL-FEE-HUF-STRIPE-INTENTS","amount":88000},
        {"code":"CAMPING-FEE-EUR-SIMPLE","amount":40}])";
    const auto offered = [&] { return codes(options("registered", template_options)); };
    const std::string all =
        "FULL-FEE-EUR-SIMPLE FULL-FEE-HUF-STRIPE-INTENTS CAMPING-FEE-EUR-SIMPLE";

    const auto id = started(stripes);
    EXPECT_EQ(offered(), all);
    webhook(id, {capture_of(id)});
    EXPECT_EQ(offered(), "CAMPING-FEE-EUR-SIMPLE");
    webhook(id, {refunded("re_1", 100)});
    EXPECT_EQ(offered(), "CAMPING-FEE-EUR-SIMPLE");
    webhook(id, {refunded("re_2", 21900)});
    EXPECT_EQ(offered(), all);
}

TEST_F(Questions, a_transferred_ticket_is_offered_the_price_of_its_transfer) {
    const std::string template_options = R"([
        {"code":"FULL-FEE-EUR-SIMPLE","amount":220,"ticket_statuses":["transferred"]},
        {"code":"FULL-FEE-HUF-SIMPLE","amount":88000,"ticket_statuses":["transferred"]},
        {"code":"CAMPING-FEE-EUR-SIMPLE","amount":40}])";
    const auto answer = options(
        "transferred", template_options, R"([{"keyword":"transfer_price_eur","value":"150"}])"
    );
    EXPECT_EQ(codes(answer), "FULL-FEE-EUR-SIMPLE");
    EXPECT_EQ(answer.at("payment_options").at(0).at("amount"), json::value(150));
}

TEST_F(Questions, a_mistake_in_the_template_is_logged_and_the_rest_is_offered) {
    const auto answer = options("registered", R"([
        {"code":"FULL-FEE-EUR-PAYPAL","amount":1},
        {"code":"","amount":1},
        {"code":"A-EUR-SIMPLE"},
        {"code":"B-EUR-SIMPLE","amount":1.005},
        {"code":"C-EUR-SIMPLE","amount":-1},
        {"code":"D-HUF-SIMPLE","amount":0.5},
        {"code":"E-EUR-SIMPLE","amount":1},
        {"code":"E-EUR-SIMPLE","amount":2}])");
    EXPECT_EQ(codes(answer), "E-EUR-SIMPLE");
    const auto log = logged();
    for (const auto* code : {"PAYPAL", "A-EUR", "B-EUR", "C-EUR", "D-HUF", "E-EUR"})
        EXPECT_NE(log.find(code), std::string::npos) << code;
}

}  // namespace payments
