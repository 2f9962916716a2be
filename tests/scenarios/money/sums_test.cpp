// Staff add up what came in and went out.
#include "fixtures/scenario.hpp"

namespace payments {

using namespace testing_support;

class SumsScenario : public Scenario {
protected:
    Headers clerk(const std::string& flags = "HU") {
        return as_user(in_scope("payments_search", flags));
    }
    Answer sums(const std::string& body, const Headers& headers) {
        return post("/payments/sums", body, headers);
    }
    // The second of March; the test's noon is 13:00 in Budapest.
    Answer day(const std::string& more = "", const std::string& flags = "HU") {
        return sums(
            R"({"from":"2026-03-02","to":"2026-03-03","bucket":"hour")" + more + "}", clerk(flags)
        );
    }
    // "2026-03-02T13:00:00+01:00 paid EUR 1 220" for each row, with what it is kept apart by.
    static std::string rows(const Answer& answer) {
        std::string text;
        for (const auto& value : answer.at("rows").as_array()) {
            const auto& row = value.as_object();
            const auto say = [&](std::string_view member) {
                const auto* found = row.if_contains(member);
                if (!found) return;
                const auto* words = found->if_string();
                text += (words ? std::string{*words} : json::write(*found)) + " ";
            };
            for (const auto* member :
                 {"at", "measure", "currency", "processor", "fee_type", "scope", "reason", "n",
                  "amount"})
                say(member);
            text.back() = '\n';
        }
        return text;
    }
    std::int64_t paid(const std::string& code = stripes, std::int64_t ticket_id = 42) {
        const auto id = started(code, ticket_id);
        EXPECT_EQ(webhook(id, {capture_of(id)}).status, 200);
        return id;
    }
};

TEST_F(SumsScenario, money_is_added_up_by_the_hour_of_the_zone) {
    paid();
    started(simple, 43);
    pass(2h);
    paid(stripes, 44);
    const auto answer = day(R"(,"measures":["paid","started"])");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(
        rows(answer),
        "2026-03-02T13:00:00+01:00 started EUR 2 440\n"
        "2026-03-02T13:00:00+01:00 paid EUR 1 220\n"
        "2026-03-02T15:00:00+01:00 started EUR 1 220\n"
        "2026-03-02T15:00:00+01:00 paid EUR 1 220\n"
    );
    EXPECT_EQ(answer.at("time_zone"), json::value("Europe/Budapest"));
    EXPECT_EQ(answer.at("until"), json::value("2026-03-02T14:00:00.000Z"));
    EXPECT_EQ(answer.at("complete"), json::value(true));
}

TEST_F(SumsScenario, rows_are_kept_apart_by_what_is_asked_for) {
    paid();
    const auto failed = started(simple, 43);
    EXPECT_EQ(ipn(failed, {word(failed, FactKind::failed)}).status, 200);
    const std::string scope = R"({"flag":"HU","year":"2026","event":"OZORA"})";
    EXPECT_EQ(
        rows(day(R"(,"by":["processor","fee_type","scope","reason"],"measures":["paid","failed"])")
        ),
        "2026-03-02T13:00:00+01:00 paid EUR STRIPE-INTENTS FULL-FEE " + scope +
            "  1 220\n"
            "2026-03-02T13:00:00+01:00 failed EUR SIMPLE FULL-FEE " +
            scope + " declined 1 220\n"
    );
    EXPECT_EQ(
        rows(sums(
            R"({"from":"2026-01-01","to":"2027-01-01","bucket":"month",
                "measures":["fee_begun","fee_paid","first_try"]})",
            clerk()
        )),
        "2026-03-01T00:00:00+01:00 fee_begun EUR 2 440\n"
        "2026-03-01T00:00:00+01:00 fee_paid EUR 1 220\n"
        "2026-03-01T00:00:00+01:00 first_try EUR 1 220\n"
    );
}

TEST_F(SumsScenario, whoever_sees_no_ticket_sees_no_money) {
    paid();
    EXPECT_EQ(rows(day("", "INT")), "");
    EXPECT_NE(rows(day("", "INT,HU")), "");
    EXPECT_NE(rows(day("", "*")), "");
    EXPECT_EQ(
        rows(sums(
            R"({"from":"2026-03-02","to":"2026-03-03","bucket":"day"})",
            as_user({{"payments_search", "true"}})
        )),
        ""
    );
    EXPECT_EQ(sums("{}", as_user(in_scope("payments_refund"))).problem(), "forbidden");
}

TEST_F(SumsScenario, who_knows_the_answer_is_told_that_nothing_has_changed) {
    paid();
    const auto first = day();
    const std::string tag{first.at("tag").as_string()};
    const auto again = day(R"(,"known":")" + tag + "\"");
    EXPECT_TRUE(again.at("rows").is_null());
    EXPECT_EQ(again.at("tag"), first.at("tag"));
    paid(stripes, 43);
    const auto changed = day(R"(,"known":")" + tag + "\"");
    EXPECT_TRUE(changed.at("rows").is_array());
    EXPECT_NE(changed.at("tag"), first.at("tag"));
}

TEST_F(SumsScenario, minutes_are_those_of_the_last_forty_days) {
    paid();
    EXPECT_EQ(
        rows(sums(
            R"({"from":"2026-03-02T12:00:59Z","to":"2026-03-02T12:01:59Z","bucket":"minute",
                "measures":["paid"],"currency":"EUR"})",
            clerk()
        )),
        "2026-03-02T13:00:00+01:00 paid EUR 1 220\n"
    );
    const std::string old = R"({"from":"2026-01-20","to":"2026-01-21","bucket":"minute"})";
    EXPECT_EQ(sums(old, clerk()).problem(), "invalid-request");
}

TEST_F(SumsScenario, every_member_that_is_wrong_is_named) {
    const auto pointers = [&](const std::string& body) {
        const auto answer = sums(body, clerk());
        EXPECT_EQ(answer.problem(), "invalid-request") << body;
        std::string text;
        for (const auto& wrong : answer.at("errors").as_array())
            text += std::string{wrong.at("pointer").as_string()} + " ";
        return text;
    };
    EXPECT_EQ(pointers("{}"), "/from /to /bucket ");
    EXPECT_EQ(
        pointers(
            R"({"from":"x","to":"2026-03-02","bucket":"week","by":["age"],"measures":["lost"],
                "currency":"XXQ"})"
        ),
        "/from /bucket /measures/0 /currency /by/0 "
    );
    for (const auto* longer :
         {R"({"from":"2026-03-01","to":"2026-03-03","bucket":"minute"})",
          R"({"from":"2026-01-01","to":"2026-03-03","bucket":"hour"})",
          R"({"from":"2024-01-01","to":"2026-03-03","bucket":"day"})",
          R"({"from":"2012-01-01","to":"2026-03-03","bucket":"month"})"})
        EXPECT_EQ(pointers(longer), "/to ");
}

TEST_F(SumsScenario, a_database_that_is_lost_is_said_to_be) {
    store.lose("sums");
    EXPECT_EQ(day().problem(), "storage-unavailable");
}

}  // namespace payments
