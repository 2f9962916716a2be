// The accountant takes files out.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <sstream>

#include "fixtures/scenario.hpp"
#include "http/api/office/export_money.hpp"

namespace payments {

using namespace testing_support;

class ExportScenario : public Scenario {
protected:
    static Privileges accountant(const std::string& flags = "HU", bool is_personal = false) {
        auto privileges = in_scope("payments_search", flags);
        privileges["payments_export"] = "true";
        if (is_personal) privileges["payments_personal"] = "true";
        return privileges;
    }
    Answer take(
        const std::string& what, const std::string& more = "", const std::string& flags = "HU"
    ) {
        return post(
            "/payments/export",
            R"({"what":")" + what + R"(","from":"2026-03-02","to":"2026-03-03")" + more + "}",
            as_user(accountant(flags))
        );
    }
    // Without the head.
    static std::vector<std::string> lines(const Answer& answer) {
        EXPECT_EQ(answer.status, 200) << answer.text;
        std::istringstream in{answer.text};
        std::vector<std::string> list;
        for (std::string line; std::getline(in, line);)
            list.push_back(line.substr(0, line.size() - 1));
        if (!list.empty()) list.erase(list.begin());
        return list;
    }
    static std::vector<std::string> fields(const std::string& line) {
        std::istringstream in{line};
        std::vector<std::string> list;
        for (std::string field; std::getline(in, field, ',');) list.push_back(field);
        return list;
    }
    std::int64_t paid(std::int64_t ticket_id = 42) {
        const auto id = started(stripes, ticket_id);
        EXPECT_EQ(webhook(id, {capture_of(id)}).status, 200);
        return id;
    }
    Fact refund_of(std::int64_t id, const std::string& name, std::int64_t minor) {
        auto made = word(id, FactKind::refunded, name);
        made.amount = eur(minor);
        return made;
    }
    // Payments of every sort, on three days.
    void live() {
        for (std::int64_t ticket = 42; ticket < 49; ++ticket) {
            const auto id = paid(ticket);
            const auto number = std::to_string(id);
            pass(5h);
            if (ticket % 2) webhook(id, {refund_of(id, "re_" + number, 5050)});
            pass(3h);
            if (ticket % 3 == 0) webhook(id, {word(id, FactKind::refund_failed, "re_" + number)});
            if (ticket % 4 == 0) webhook(id, {word(id, FactKind::disputed, "dp_" + number)});
        }
        started(simple, 49);
    }
};

TEST_F(ExportScenario, each_movement_is_a_line_on_its_own_day_with_its_sign) {
    const auto id = paid();
    pass(10min);
    webhook(id, {refund_of(id, "re_1", 5000)});
    pass(10min);
    webhook(id, {word(id, FactKind::refund_failed, "re_1")});
    const auto answer = take("movements");
    EXPECT_EQ(answer.type, "text/csv; charset=utf-8");
    EXPECT_EQ(
        answer.header("Content-Disposition"),
        R"(attachment; filename="movements-2026-03-02-2026-03-03.csv")"
    );
    const auto provider_id = read(id).provider_id;
    const auto account = read(id).account;
    const auto of = ",TR1,42,FULL-FEE,STRIPE-INTENTS," + account + ",";
    EXPECT_EQ(
        answer.text,
        "row_id,at,kind,reference,ticket_id,fee_type,processor,account,provider_id,currency,amount,"
        "note\r\n"
        "TR1,2026-03-02T13:00:00+01:00,taken" +
            of + provider_id +
            ",EUR,220.00,\r\n"
            "TR1-re_1,2026-03-02T13:10:00+01:00,given_back" +
            of +
            "re_1,EUR,-50.00,\r\n"
            "TR1-re_1-back,2026-03-02T13:20:00+01:00,came_back" +
            of + "re_1,EUR,50.00,\r\n"
    );
    EXPECT_EQ(lines(take("refunds")).size(), 2U);
}

TEST_F(ExportScenario, excel_in_hungarian_gets_what_it_reads) {
    paid();
    const auto answer = take("movements", R"(,"form":"excel-hu")");
    EXPECT_TRUE(answer.text.starts_with("\xef\xbb\xbfrow_id;at;kind;"));
    EXPECT_NE(answer.text.find("\r\nTR1;2026.03.02. 13:00;taken;TR1;42;"), answer.text.npos);
    EXPECT_NE(answer.text.find(";EUR;220,00;\r\n"), answer.text.npos);
}

TEST_F(ExportScenario, what_is_in_review_stands_in_the_file_and_is_marked) {
    const auto id = started(stripes);
    auto less = capture_of(id);
    less.amount = eur(21000);
    webhook(id, {less});
    const auto file = lines(take("movements"));
    ASSERT_EQ(file.size(), 1U);
    EXPECT_TRUE(file[0].ends_with(",EUR,210.00,mismatch")) << file[0];
}

TEST_F(ExportScenario, movements_are_what_is_added_up_to_the_cent) {
    live();
    std::map<std::string, std::int64_t> days;  // of the file, in cents
    const auto file = post(
        "/payments/export", R"({"what":"movements","from":"2026-03-02","to":"2026-03-09"})",
        as_user(accountant())
    );
    for (const auto& line : lines(file)) {
        auto all = fields(line);
        all[10].erase(all[10].find('.'), 1);
        days[all[1].substr(0, 10)] += std::stoll(all[10]);
    }
    std::map<std::string, std::int64_t> sums;
    const auto answer = post(
        "/payments/sums", R"({"from":"2026-03-02","to":"2026-03-09","bucket":"day"})",
        as_user(accountant())
    );
    const std::map<std::string, int> signs{
        {"paid", 1},
        {"refunded", -1},
        {"refund_returned", 1},
        {"disputed", -1},
        {"dispute_won", 1}};
    for (const auto& row : answer.at("rows").as_array()) {
        const auto sign = signs.find(std::string{row.at("measure").as_string()});
        if (sign == signs.end()) continue;
        const auto cents = std::llround(row.at("amount").to_number<double>() * 100);
        sums[std::string{row.at("at").as_string()}.substr(0, 10)] += sign->second * cents;
    }
    EXPECT_GE(days.size(), 2U);
    EXPECT_EQ(days, sums);
}

TEST_F(ExportScenario, payments_and_days_can_be_taken_too) {
    paid();
    const auto payments = lines(take("payments"));
    ASSERT_EQ(payments.size(), 1U);
    EXPECT_TRUE(
        payments[0].starts_with("TR1,42,2026-03-02T13:00:00+01:00,2026-03-02T13:00:00+01:00,")
    );
    EXPECT_TRUE(payments[0].ends_with(",EUR,220.00,0.00,0.00,paid,"));
    const auto days = lines(take("daily_totals"));
    EXPECT_EQ(std::ranges::count(days, "2026-03-02,paid,EUR,STRIPE-INTENTS,FULL-FEE,,1,220.00"), 1);
    EXPECT_EQ(
        std::ranges::count(days, "2026-03-02,fee_paid,EUR,STRIPE-INTENTS,FULL-FEE,,1,220.00"), 1
    );
}

TEST_F(ExportScenario, by_creation_a_payment_brings_all_its_movements) {
    const auto id = paid();
    pass(48h);
    webhook(id, {refund_of(id, "re_1", 5000)});
    EXPECT_EQ(lines(take("movements")).size(), 1U);
    EXPECT_EQ(lines(take("movements", R"(,"by":"created")")).size(), 2U);
    const auto later = post(
        "/payments/export", R"({"what":"movements","from":"2026-03-04","to":"2026-03-05"})",
        as_user(accountant())
    );
    EXPECT_EQ(lines(later).size(), 1U);
}

TEST_F(ExportScenario, filters_and_scopes_leave_lines_out) {
    paid();
    EXPECT_EQ(
        lines(take(
                  "movements",
                  R"(,"filter":{"processor":["STRIPE-INTENTS"],
                "fee_type":["FULL-FEE"],"currency":"EUR"})"
              ))
            .size(),
        1U
    );
    EXPECT_EQ(lines(take("movements", R"(,"filter":{"processor":["SIMPLE"]})")).size(), 0U);
    EXPECT_EQ(lines(take("movements", R"(,"filter":{"fee_type":["CAMPING"]})")).size(), 0U);
    EXPECT_EQ(lines(take("daily_totals", R"(,"filter":{"currency":"HUF"})")).size(), 0U);
    for (const auto* what : {"movements", "payments", "refunds", "daily_totals"})
        EXPECT_EQ(lines(take(what, "", "INT")).size(), 0U);
}

TEST_F(ExportScenario, a_payment_is_chosen_as_in_a_search) {
    paid(42);
    const auto refunded = paid(43);
    webhook(refunded, {refund_of(refunded, "re_1", 5000)});
    const auto count = [&](const std::string& filter, const std::string& what = "payments") {
        return lines(take(what, R"(,"filter":{)" + filter + "}")).size();
    };
    EXPECT_EQ(count(R"("status":["paid"])"), 1U);
    EXPECT_EQ(count(R"("status":["paid","partially_refunded"])"), 2U);
    EXPECT_EQ(count(R"("ticket_id":43)"), 1U);
    EXPECT_EQ(count(R"("ticket_id":43)", "movements"), 2U);
    EXPECT_EQ(count(R"("currency":"EUR","amount_from":220,"amount_to":220)"), 2U);
    EXPECT_EQ(count(R"("currency":"EUR","amount_from":220.01)"), 0U);
    EXPECT_EQ(
        take("payments", R"(,"filter":{"amount_from":1})").at("errors").as_array()[0].at("pointer"),
        "/filter/currency"
    );
    for (const auto* filter :
         {R"("status":["paid"])", R"("ticket_id":43)", R"("currency":"EUR","amount_to":1)"})
        EXPECT_EQ(
            take("daily_totals", std::string{R"(,"filter":{)"} + filter + "}").problem(),
            "invalid-request"
        );
}

TEST_F(ExportScenario, the_first_lines_can_be_looked_at_and_are_on_no_record) {
    live();
    const auto calls_before = store.calls.size();
    for (const auto* what : {"movements", "payments", "daily_totals"}) {
        const auto all = lines(take(what));
        const auto first = lines(take(what, R"(,"limit":2)"));
        ASSERT_EQ(first.size(), 2U) << what;
        EXPECT_TRUE(std::ranges::equal(first, std::span{all}.first(2))) << what;
    }
    const auto made = std::span{store.calls}.subspan(calls_before);
    EXPECT_EQ(std::ranges::count(made, "record_action"), 3);
    for (const auto* limit : {"0", "21", R"("2")"})
        EXPECT_EQ(
            take("movements", std::string{R"(,"limit":)"} + limit).problem(), "invalid-request"
        );
    EXPECT_EQ(take("payments", R"(,"limit":2,"personal":true)").problem(), "invalid-request");
}

// As replicas' clocks may have it, or one clock that was set back.
TEST_F(ExportScenario, a_payment_that_moved_before_it_was_begun_stands_in_the_file) {
    clock.time += 11h + 300ms;  // just behind midnight in Budapest
    const auto id = started(stripes);
    clock.time -= 1s;
    webhook(id, {capture_of(id)});
    EXPECT_EQ(lines(take("movements")).size(), 1U);
}

TEST_F(ExportScenario, days_must_be_whole_and_all_counted_for_daily_totals) {
    paid();
    const auto half = post(
        "/payments/export",
        R"({"what":"daily_totals","from":"2026-03-02T12:00:00+01:00","to":"2026-03-03"})",
        as_user(accountant())
    );
    EXPECT_EQ(half.at("errors").as_array()[0].at("pointer"), "/from");
    stores.execute(place, "UPDATE transactions SET counted = false");
    const auto calls_before = store.calls.size();
    const auto early = take("daily_totals");
    EXPECT_EQ(early.status, 503);
    EXPECT_EQ(early.problem(), "sums-incomplete");
    EXPECT_NE(early.header("Retry-After"), "");
    const auto made = std::span{store.calls}.subspan(calls_before);
    EXPECT_EQ(std::ranges::count(made, "record_action"), 0);
    EXPECT_EQ(lines(take("movements")).size(), 1U);
}

// The connection is cut then (tests/http/server_test), and no file that is short looks whole.
TEST_F(ExportScenario, what_fails_in_the_middle_of_a_file_is_thrown) {
    paid();
    ExportRequest request;
    request.what = ExportRequest::What::daily_totals;
    const auto zone = TimeZone::load("Europe/Budapest").value();
    request.from = zone.start_of(std::chrono::March / 2 / 2026);
    request.to = zone.start_of(std::chrono::May / 2 / 2026);
    http::MoneyExport file{store, {true, {}}, request, zone};
    EXPECT_NE(await(file.next()).find("2026-03-02,paid,"), std::string::npos);
    store.lose("sums");
    EXPECT_THROW(await(file.next()), StoreDown);
}

TEST_F(ExportScenario, addresses_are_for_who_may_see_them) {
    paid();
    const std::string body =
        R"({"what":"payments","from":"2026-03-02","to":"2026-03-03","personal":true})";
    const auto refused = post("/payments/export", body, as_user(accountant()));
    EXPECT_EQ(refused.problem(), "forbidden");
    EXPECT_NE(refused.text.find("payments_personal"), refused.text.npos);
    const auto file = post("/payments/export", body, as_user(accountant("HU", true)));
    EXPECT_TRUE(lines(file).at(0).ends_with(",paid,," + read(1).email));
    EXPECT_EQ(take("movements", R"(,"personal":true)").problem(), "invalid-request");
    EXPECT_EQ(
        post("/payments/export", body, as_user(in_scope("payments_search"))).problem(), "forbidden"
    );
}

TEST_F(ExportScenario, every_file_is_on_record_before_it_begins) {
    store.lose("moved_page");
    EXPECT_EQ(take("movements").problem(), "storage-unavailable");
    store.restore();
    const auto calls = store.calls;
    EXPECT_LT(std::ranges::find(calls, "record_action"), std::ranges::find(calls, "moved_page"));
    store.lose("record_action");
    store.calls.clear();
    EXPECT_EQ(take("movements").problem(), "storage-unavailable");
    EXPECT_EQ(std::ranges::count(store.calls, "moved_page"), 0);
    store.restore();
    take("movements", R"(,"filter":{"fee_type":["FULL-FEE","CAMPING-FEE"],"currency":"EUR"})");
    const auto page = await(database->actions({{true, {}}, "", {"export"}}));
    ASSERT_EQ(page.list.size(), 2U);
    EXPECT_EQ(
        page.list[0].details, (ActionDetails{
                                  {"what", "movements"},
                                  {"from", "2026-03-01T23:00:00.000Z"},
                                  {"to", "2026-03-02T23:00:00.000Z"},
                                  {"by", "taken"},
                                  {"form", "rfc4180"},
                                  {"personal", "false"},
                                  {"fee_type", "FULL-FEE,CAMPING-FEE"},
                                  {"currency", "EUR"}})
    );
    EXPECT_EQ(page.list[0].transaction_id, std::nullopt);
}

TEST_F(ExportScenario, every_member_that_is_wrong_is_named) {
    const auto answer = post(
        "/payments/export",
        R"({"what":"all","from":"x","by":"me","form":"pdf","filter":{"processor":["BANK"]},
            "personal":1})",
        as_user(accountant())
    );
    EXPECT_EQ(answer.problem(), "invalid-request");
    std::set<std::string> pointers;
    for (const auto& wrong : answer.at("errors").as_array())
        pointers.emplace(wrong.at("pointer").as_string());
    EXPECT_EQ(
        pointers, (std::set<std::string>{
                      "/what", "/from", "/to", "/by", "/form", "/filter/processor/0", "/personal"})
    );
}

}  // namespace payments
