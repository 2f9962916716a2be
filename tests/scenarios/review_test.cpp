// The list of what a person must look at, over HTTP.
#include "fixtures/scenario.hpp"
#include "storage/sqlite/database.hpp"

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

}  // namespace payments
