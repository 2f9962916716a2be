// Staff find a payment, open it, read its messages and ask its provider.
#include "fixtures/scenario.hpp"
#include "flow/retry_unmatched.hpp"
#include "support/times.hpp"

namespace payments {

using namespace testing_support;

class FindScenario : public Scenario {
protected:
    Headers clerk(const std::string& flags = "HU") {
        return as_user(in_scope("payments_search", flags));
    }
    Answer find(const std::string& body, const Headers& headers) {
        return post("/payments/find", body, headers);
    }
    // Ids as they stand in the list: "2 1".
    static std::string ids(const Answer& answer) {
        std::string text;
        for (const auto& one : answer.at("transactions").as_array())
            text += (text.empty() ? "" : " ") + json::write(one.at("id"));
        return text;
    }
    std::string found(const std::string& body) { return ids(find(body, clerk())); }
    static std::string about(std::int64_t id) {
        return R"({"transaction_id":)" + std::to_string(id) + "}";
    }
    Answer open(std::int64_t id, const Headers& headers) {
        return post("/payments/transaction", about(id), headers);
    }
    std::int64_t paid(const std::string& code = stripes, std::int64_t ticket_id = 42) {
        const auto id = started(code, ticket_id);
        const auto answer =
            code == stripes ? webhook(id, {capture_of(id)}) : ipn(id, {capture_of(id)});
        EXPECT_EQ(answer.status, 200);
        return id;
    }
};

// ------------------------------------------------------------------------------------- finding

TEST_F(FindScenario, payments_are_listed_newest_first_and_page_by_page) {
    for (const std::int64_t ticket : {42, 43, 44}) started(simple, ticket);
    const auto first = find(R"({"limit":2})", clerk());
    EXPECT_EQ(ids(first), "3 2");
    EXPECT_EQ(first.number("next"), 2);
    const auto second = find(R"({"limit":2,"after":2})", clerk());
    EXPECT_EQ(ids(second), "1");
    EXPECT_TRUE(second.at("next").is_null());
}

TEST_F(FindScenario, a_payment_in_the_list_has_its_scope_and_nothing_personal) {
    started();
    const auto answer = find("{}", clerk());
    const auto& one = answer.at("transactions").as_array().at(0).as_object();
    EXPECT_EQ(one.at("scope").at("flag"), json::value("HU"));
    EXPECT_EQ(one.at("reference"), json::value("TR1"));
    for (const auto* hidden : {"metas", "email", "events"}) EXPECT_FALSE(one.contains(hidden));
}

TEST_F(FindScenario, text_is_read_as_whatever_it_can_mean) {
    const auto id = paid();
    const auto provider_id = read(id).provider_id;
    for (const auto& text : {std::string{"TR1"}, std::string{"42"}, provider_id, read(id).email}) {
        const auto body = json::write(json::object{{"text", text}});
        EXPECT_EQ(found(body), "1") << text;
    }
    EXPECT_EQ(
        json::write(find(R"({"text":"42"})", clerk()).at("read_as")),
        R"(["transaction","ticket","provider_id","refund_or_dispute"])"
    );
    const auto nothing = find(R"({"text":"Kovács Éva"})", clerk());
    EXPECT_EQ(ids(nothing), "");
    EXPECT_EQ(json::write(nothing.at("read_as")), "[]");
    EXPECT_EQ(json::write(find(R"({"text":" "})", clerk()).at("read_as")), "[]");
    EXPECT_EQ(found(R"({"text":" "})"), "1");
}

TEST_F(FindScenario, filters_narrow_the_list) {
    const auto pending = started(simple, 43);
    paid();
    EXPECT_EQ(found(R"({"status":["paid"]})"), "2");
    EXPECT_EQ(found(R"({"status":["paid","pending"]})"), "2 1");
    EXPECT_EQ(found(R"({"processor":["SIMPLE"]})"), std::to_string(pending));
    EXPECT_EQ(found(R"({"fee_type":["FULL-FEE"],"ticket_id":43})"), "1");
    EXPECT_EQ(found(R"({"currency":"EUR","amount_from":220,"amount_to":220})"), "2 1");
    EXPECT_EQ(found(R"({"currency":"EUR","amount_from":220.5})"), "");
    EXPECT_EQ(found(R"({"created_from":"2026-03-02T12:00:00Z"})"), "2 1");
    EXPECT_EQ(found(R"({"created_to":"2026-03-02T12:00:00Z"})"), "");
    EXPECT_EQ(found(R"({"paid_from":"2026-03-02T12:00:00Z"})"), "2");
}

TEST_F(FindScenario, every_member_that_is_wrong_is_named) {
    const auto answer = find(
        R"({"status":["paid","lost"],"processor":"SIMPLE","fee_type":[""],"amount_from":1,
            "created_from":"yesterday","ticket_id":0,"limit":201,"after":"x"})",
        clerk()
    );
    EXPECT_EQ(answer.problem(), "invalid-request");
    std::set<std::string> pointers;
    for (const auto& wrong : answer.at("errors").as_array())
        pointers.emplace(wrong.at("pointer").as_string());
    EXPECT_EQ(
        pointers, (std::set<std::string>{
                      "/status/1", "/processor", "/fee_type/0", "/currency", "/created_from",
                      "/ticket_id", "/limit", "/after"})
    );
    EXPECT_EQ(find(R"({"limit":0})", clerk()).problem(), "invalid-request");
    EXPECT_EQ(find(R"({"currency":"XXQ"})", clerk()).problem(), "invalid-request");
    EXPECT_EQ(
        find(R"({"currency":"HUF","amount_to":0.001})", clerk()).problem(), "invalid-request"
    );
}

TEST_F(FindScenario, an_item_that_comes_twice_counts_once_and_lists_have_an_end) {
    paid();
    EXPECT_EQ(
        found(R"({"status":["paid","paid"],"processor":["STRIPE-INTENTS","STRIPE-INTENTS"],
        "fee_type":["FULL-FEE","FULL-FEE"]})"),
        "1"
    );
    const auto list_of = [](std::string_view item, int count) {
        json::array items;
        for (int i = 0; i < count; ++i) items.emplace_back(item);
        return items;
    };
    const auto faults = [&](const std::string& member, json::array items) {
        const auto answer = find(json::write(json::object{{member, std::move(items)}}), clerk());
        return answer.status == 200 ? "" : json::write(answer.at("errors"));
    };
    EXPECT_EQ(faults("status", list_of("paid", 12)), "");
    EXPECT_EQ(
        faults("status", list_of("paid", 9000)),
        R"([{"pointer":"/status","detail":"must have at most 12 items"}])"
    );
    EXPECT_EQ(
        faults("processor", list_of("SIMPLE", 3)),
        R"([{"pointer":"/processor","detail":"must have at most 2 items"}])"
    );
    EXPECT_EQ(faults("fee_type", list_of("FULL-FEE", 50)), "");
    EXPECT_EQ(
        faults("fee_type", list_of("FULL-FEE", 51)),
        R"([{"pointer":"/fee_type","detail":"must have at most 50 items"}])"
    );
    EXPECT_EQ(
        faults("status", {"paid", 7, "lost"}),
        R"([{"pointer":"/status/1","detail":"is none of those there are"},)"
        R"({"pointer":"/status/2","detail":"is none of those there are"}])"
    );
    EXPECT_EQ(
        json::write(find(R"({"amount_from":1,"amount_to":2})", clerk()).at("errors")),
        R"([{"pointer":"/currency","detail":"is needed with an amount"}])"
    );
    EXPECT_EQ(
        json::write(find(R"({"currency":"XXQ","amount_from":1})", clerk()).at("errors")),
        R"([{"pointer":"/currency","detail":"must be a currency such as EUR"}])"
    );
}

TEST_F(FindScenario, a_day_is_one_of_the_zone_and_the_one_it_goes_to_does_not_count) {
    clock.time = parse_time("2026-03-01T22:59:59Z").value();
    started(simple, 42);
    clock.time = parse_time("2026-03-01T23:00:00Z").value();  // midnight in Budapest
    started(simple, 43);
    clock.time = parse_time("2026-03-02T23:00:00Z").value();
    started(simple, 44);
    EXPECT_EQ(found(R"({"created_from":"2026-03-02"})"), "3 2");
    EXPECT_EQ(found(R"({"created_to":"2026-03-02"})"), "1");
    EXPECT_EQ(found(R"({"created_from":"2026-03-02","created_to":"2026-03-03"})"), "2");
    EXPECT_EQ(
        found(R"({"created_from":"2026-03-02","created_to":"2026-03-03T00:00:01+01:00"})"), "3 2"
    );
    for (const auto* no_day : {"2026-02-30", "2026-3-2", "02.03.2026", "2026-03-02T"}) {
        const auto body = json::write(json::object{{"paid_to", no_day}});
        EXPECT_EQ(find(body, clerk()).problem(), "invalid-request") << no_day;
    }
}

TEST_F(FindScenario, nothing_tells_of_what_is_outside) {
    tickets.tickets[43].flag = "INT";
    const auto inside = paid(stripes, 42), outside = paid(stripes, 43);
    EXPECT_EQ(found("{}"), "1");
    const auto nowhere = json::write(json::object{{"text", read(outside).provider_id}});
    EXPECT_EQ(found(nowhere), "");
    EXPECT_EQ(found(R"({"ticket_id":43})"), "");
    EXPECT_EQ(ids(find("{}", clerk("*"))), "2 1");
    EXPECT_EQ(ids(find("{}", clerk("DE"))), "");
    const auto without = as_user({{"payments_search", "true"}});
    EXPECT_EQ(ids(find("{}", without)), "");
    EXPECT_EQ(open(inside, without).problem(), "unknown-transaction");
    EXPECT_EQ(open(outside, clerk()).text, [&] {
        auto none = open(99, clerk()).text;
        const auto place = none.find("99");
        none.replace(place, 2, std::to_string(outside));
        return none.replace(none.find("99"), 2, std::to_string(outside));
    }());
    EXPECT_EQ(find("{}", as_user({})).problem(), "forbidden");
}

// ------------------------------------------------------------------------------------- opening

TEST_F(FindScenario, a_payment_is_opened_with_its_whole_story) {
    const auto first = started(simple, 42);
    ipn(first, {word(first, FactKind::failed)});
    const auto id = paid();
    const auto answer = open(id, as_user(in_scope("payments_search", "HU")));
    ASSERT_EQ(answer.status, 200) << answer.text;
    const auto& transaction = answer.at("transaction").as_object();
    EXPECT_EQ(transaction.at("status"), json::value("paid"));
    const auto& events = transaction.at("events").as_array();
    EXPECT_EQ(events.back().at("kind"), json::value("captured"));
    EXPECT_EQ(events.back().at("status"), json::value("paid"));
    EXPECT_EQ(json::write(answer.at("refundable")), "220");
    EXPECT_EQ(json::write(answer.at("reserved")), "0");
    EXPECT_EQ(answer.at("messages").as_array().size(), 1U);
    EXPECT_EQ(answer.at("told").as_array().at(0).at("type"), json::value("payment.paid"));
    EXPECT_EQ(answer.at("told").as_array().at(0).at("state"), json::value("waiting"));
    EXPECT_EQ(answer.at("others").as_array().at(0).at("id"), json::value(first));
    EXPECT_TRUE(answer.at("concerns").as_array().empty());
    EXPECT_EQ(
        json::write(answer.at("may")),
        R"([{"what":"refund","yes":false,"why_not":"the privilege payments_refund is needed"},)"
        R"({"what":"ask","yes":true,"why_not":null},)"
        R"({"what":"note","yes":true,"why_not":null},)"
        R"({"what":"reveal","yes":false,)"
        R"("why_not":"the privilege payments_personal is needed"}])"
    );
}

TEST_F(FindScenario, a_fact_names_the_message_it_came_from) {
    const auto id = started(stripes);
    const auto message_ids = [&] {
        std::vector<json::value> ids;
        const auto answer = open(id, clerk());
        for (const auto& event : answer.at("transaction").at("events").as_array())
            ids.push_back(event.at("message_id"));
        return ids;
    };
    pass(1s);
    webhook(id, {capture_of(id)});
    pass(1s);
    webhook(id, {word(id, FactKind::disputed, "dp_1")});
    const auto messages = open(id, clerk()).at("messages").as_array();
    ASSERT_EQ(messages.size(), 2U);
    const auto first = messages[0].at("message_id"), second = messages[1].at("message_id");
    EXPECT_EQ(message_ids(), (std::vector<json::value>{nullptr, first, second}));
    // Of two at the same moment nobody can tell.
    webhook(id, {word(id, FactKind::dispute_won, "dp_1")});
    EXPECT_EQ(message_ids(), (std::vector<json::value>{nullptr, first, nullptr, nullptr}));
    EXPECT_TRUE(open(id, clerk()).at("card_last4").is_null());
}

TEST_F(FindScenario, a_fact_names_a_message_that_had_come_before_its_payment_was_known) {
    stripe.on_start = [](const Transaction&) { return answered(Outcome::unanswered); };
    EXPECT_EQ(start(stripes).status, 504);
    const auto id = attempts().back().id;
    pass(1s);
    MatchCriteria subject{{}, stripe.id_of(read(id)), Processor::stripe};
    notify(Processor::stripe, "evt_1", told(Processor::stripe, std::move(subject), {captured()}));
    pass(3s);
    reconcile();
    ASSERT_EQ(await(retry_unmatched(world)), 1U);
    const auto answer = open(id, clerk());
    const auto& message = answer.at("messages").as_array().at(0).at("message_id");
    const auto& events = answer.at("transaction").at("events").as_array();
    EXPECT_EQ(events.back().at("kind"), json::value("captured"));
    EXPECT_EQ(events.back().at("message_id"), message);
}

TEST_F(FindScenario, personal_data_are_masked) {
    const auto body = R"({"ticket_id":42,"code":"FULL-FEE-EUR-SIMPLE","metas":{
        "email":"kovacs@example.hu","name":"Kovács Éva","country":"HU","city":"Pécs",
        "zip":"7621","address":"Fő tér 1."}})";
    ASSERT_EQ(post("/payments/start", body).status, 200);
    const auto answer = open(1, clerk());
    const auto& transaction = answer.at("transaction").as_object();
    EXPECT_EQ(transaction.at("email"), json::value("k***s@e***.hu"));
    EXPECT_EQ(
        json::canonical(transaction.at("metas")),
        R"({"address":"***","city":"Pécs","country":"HU","email":"k***s@e***.hu",)"
        R"("name":"K. É.","zip":"***"})"
    );
    for (const auto* hidden : {"kovacs@", "Kov", "7621"})
        EXPECT_EQ(answer.text.find(hidden), std::string::npos) << hidden;
}

TEST_F(FindScenario, where_a_ticket_is_now_decides_who_opens_its_payment) {
    const auto id = started();
    tickets.tickets[42].flag = "INT";
    EXPECT_EQ(open(id, clerk("INT")).status, 200);
    EXPECT_EQ(open(id, clerk("INT")).at("transaction").at("scope").at("flag"), json::value("INT"));
    EXPECT_EQ(open(id, clerk()).problem(), "unknown-transaction");
    EXPECT_EQ(found("{}"), "");
    tickets.failure = Error{Errc::tickets_unavailable, "down"};
    pass(60s);  // what they were let see counts for a minute
    EXPECT_EQ(open(id, clerk("INT")).status, 503);
    EXPECT_EQ(ids(find("{}", clerk("INT"))), "1");
}

// Else who may not see a payment could find out that it exists, whenever the service is down.
TEST_F(FindScenario, a_tickets_service_that_is_down_tells_nothing_of_what_is_outside) {
    const auto inside = started(simple, 42);
    tickets.tickets[43].flag = "INT";
    const auto outside = started(simple, 43);
    tickets.tickets[44].event = std::string(300, 'x');
    const auto nowhere = started(simple, 44);
    tickets.failure = Error{Errc::tickets_unavailable, "down"};
    EXPECT_EQ(open(inside, clerk()).status, 503);
    EXPECT_EQ(open(outside, clerk()).problem(), "unknown-transaction");
    EXPECT_EQ(open(nowhere, clerk()).problem(), "unknown-transaction");
    EXPECT_EQ(post("/payments/ask", about(outside), clerk()).problem(), "unknown-transaction");
    const auto refunding = as_user(in_scope("payments_refund", "HU"));
    EXPECT_EQ(
        post("/payments/refunds", about(outside), refunding).problem(), "unknown-transaction"
    );
    const auto everywhere = as_user([] {
        auto privileges = in_scope("payments_search", "*");
        for (const auto* part : {"flags", "years", "events"})
            privileges[std::string{"tickets_get_"} + part] = "*";
        return privileges;
    }());
    EXPECT_EQ(open(outside, everywhere).status, 503);
    EXPECT_EQ(open(nowhere, everywhere).status, 503);
    EXPECT_EQ(open(99, everywhere).problem(), "unknown-transaction");
}

TEST_F(FindScenario, what_a_person_must_look_at_comes_with_what_to_do) {
    const auto id = paid();
    webhook(id, {word(id, FactKind::disputed, "dp_1")});
    const auto answer = open(id, as_user([] {
                                 auto privileges = in_scope("payments_search", "HU");
                                 privileges["payments_refund"] = "true";
                                 return privileges;
                             }()));
    const auto& concern = answer.at("concerns").as_array().at(0);
    EXPECT_EQ(concern.at("kind"), json::value("dispute"));
    EXPECT_FALSE(concern.at("what_to_do").as_string().empty());
    const auto& refund = answer.at("may").as_array().at(0);
    EXPECT_EQ(refund.at("yes"), json::value(false));
    EXPECT_NE(refund.at("why_not").as_string().find("dispute"), std::string::npos);
}

// ------------------------------------------------------------------------------------ messages

TEST_F(FindScenario, a_message_is_read_by_who_may_see_its_payment) {
    const auto id = paid();
    const auto message = open(id, clerk()).at("messages").as_array().at(0).at("message_id");
    const auto body = R"({"message_id":)" + json::write(message) + "}";
    const auto read = post("/payments/message", body, clerk());
    ASSERT_EQ(read.status, 200) << read.text;
    EXPECT_EQ(read.number("transaction_id"), id);
    EXPECT_EQ(read.string("processor"), "STRIPE-INTENTS");
    EXPECT_EQ(read.at("masked"), json::value(true));
    EXPECT_NE(read.string("body").find("message"), std::string::npos);
    EXPECT_EQ(post("/payments/message", body, clerk("INT")).problem(), "unknown-message");
    EXPECT_EQ(
        post("/payments/message", R"({"message_id":99})", clerk()).problem(), "unknown-message"
    );
    EXPECT_EQ(post("/payments/message", body, as_user({})).problem(), "forbidden");
}

TEST_F(FindScenario, a_message_about_nothing_is_for_operators) {
    started();
    notify(
        Processor::stripe, "stray", told(Processor::stripe, {{}, "pi_x", Processor::stripe}, {})
    );
    const auto body = R"({"message_id":1})";
    EXPECT_EQ(post("/payments/message", body, clerk("*")).problem(), "unknown-message");
    const auto operators = as_user({{"payments_operate", "true"}});
    const auto read = post("/payments/message", body, operators);
    EXPECT_EQ(read.status, 200);
    EXPECT_TRUE(read.at("transaction_id").is_null());
    paid();
    EXPECT_EQ(
        post("/payments/message", R"({"message_id":2})", operators).problem(), "unknown-message"
    );
}

// -------------------------------------------------------------------------------------- asking

TEST_F(FindScenario, the_provider_is_asked_and_what_it_says_is_learned) {
    const auto id = started(stripes);
    stripe.on_ask = [&](const Transaction& attempt) {
        return said({word_of(attempt, FactKind::captured)});
    };
    const auto asked = post("/payments/ask", about(id), clerk());
    ASSERT_EQ(asked.status, 200) << asked.text;
    EXPECT_EQ(asked.string("status"), "paid");
    const auto& learned = asked.at("learned").as_array();
    ASSERT_EQ(learned.size(), 1U);
    EXPECT_EQ(learned[0].at("kind"), json::value("captured"));
    EXPECT_EQ(learned[0].at("status"), json::value("paid"));
}

TEST_F(FindScenario, a_provider_is_asked_about_a_payment_once_in_ten_seconds) {
    const auto id = started(stripes), other = started(stripes, 43);
    EXPECT_EQ(post("/payments/ask", about(id), clerk()).status, 200);
    const auto again = post("/payments/ask", about(id), clerk());
    EXPECT_EQ(again.problem(), "rate-limited");
    EXPECT_EQ(again.header("Retry-After"), "10");
    EXPECT_EQ(post("/payments/ask", about(id), clerk("INT")).problem(), "unknown-transaction");
    EXPECT_EQ(post("/payments/ask", about(other), clerk()).status, 200);
    pass(10s);
    EXPECT_EQ(post("/payments/ask", about(id), clerk()).status, 200);
}

// The provider may know nothing of it yet, and would say so.
TEST_F(FindScenario, about_a_start_that_still_runs_nobody_is_asked) {
    stripe.start_gate.close();
    const auto first = begin_start(stripes);
    until([&] { return stripe.start_gate.waiting() == 1; });
    pass(14s);
    const auto refused = post("/payments/ask", about(1), clerk());
    EXPECT_EQ(refused.problem(), "rate-limited");
    EXPECT_EQ(refused.header("Retry-After"), "1");
    EXPECT_TRUE(stripe.asked.empty());
    const auto may = json::write(post("/payments/transaction", about(1), clerk()).at("may"));
    EXPECT_NE(may.find(R"({"what":"ask","yes":false,)"), std::string::npos) << may;
    EXPECT_EQ(post("/payments/ask", about(1), clerk("INT")).problem(), "unknown-transaction");
    pass(1s);
    EXPECT_EQ(post("/payments/ask", about(1), clerk()).status, 200);
    stripe.start_gate.open();
    EXPECT_EQ(end(first).status, 200);
}

TEST_F(FindScenario, a_silent_provider_is_not_a_no) {
    const auto id = started(stripes);
    stripe.on_ask = [](const Transaction&) { return silence(); };
    const auto asked = post("/payments/ask", about(id), clerk());
    EXPECT_EQ(asked.problem(), "provider-timeout");
    EXPECT_EQ(asked.header("Retry-After"), "10");  // before that it would only be told to wait
    EXPECT_EQ(status(id), "pending");
}

TEST_F(FindScenario, about_nothing_to_pay_there_is_nobody_to_ask) {
    const auto id = started("GUEST-FEE-EUR-SIMPLE");
    EXPECT_EQ(post("/payments/ask", about(id), clerk()).problem(), "not-askable");
}

}  // namespace payments
