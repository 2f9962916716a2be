// The list of ticket ids, and what callers who poll it are spared.
#include <set>

#include "fixtures/gunzip.hpp"
#include "fixtures/scenario.hpp"

namespace payments::testing_support {
namespace {

class TicketIds : public Scenario {
protected:
    Answer list(Headers more = {}) {
        auto headers = as_service();
        headers.insert(headers.end(), more.begin(), more.end());
        return get("/payments/ticket-ids", headers);
    }
    Answer list_unless(const std::string& tags) { return list({{"if-none-match", tags}}); }

    // Attempts for tickets 1 to `count`.
    void have(int count, Time opened = noon - 1h) {
        const auto at = std::to_string(opened.time_since_epoch().count());
        stores.execute(
            place,
            "INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor,"
            " account, email, metas, created_at, expires_at, status, live, holds_fee, updated_at)"
            " WITH RECURSIVE ids(ticket) AS (SELECT 1 UNION ALL SELECT ticket + 1 FROM ids"
            " WHERE ticket < " +
                std::to_string(count) +
                ") SELECT ticket, 'F', 'EUR',"
                " 'simplepay', 0, '', '', '{}', " +
                at + ", " + at + ", 'failed', FALSE, FALSE, " + at + " FROM ids"
        );
    }
    // As if the database were new: numbers begin at 1 again.
    void forget_all() {
        stores.execute(place, "DELETE FROM transactions");
        stores.begin_again_at_1(place);
    }

    static std::string written(int count) {
        std::string text = R"({"ticket_ids":[)";
        for (int i = 1; i <= count; ++i) text += (i > 1 ? "," : "") + std::to_string(i);
        return text + "]}";
    }
};

TEST_F(TicketIds, are_distinct_and_ascending) {
    EXPECT_EQ(list().text, R"({"ticket_ids":[]})");
    tickets.tickets[31090] = tickets.tickets[42];
    for (const auto ticket : {31090, 45, 42, 45, 44}) started(simple, ticket);
    started("CAMPING-FEE-EUR-SIMPLE", 42);

    const auto answer = list();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, R"({"ticket_ids":[42,44,45,31090]})");
    EXPECT_EQ(answer.type, "application/json");
}

TEST_F(TicketIds, are_all_listed_however_many_pages_the_store_gives_them_in) {
    for (const int count : {1, 1999, 2000, 2001, 4000, 4001, 10'000}) {
        forget_all();
        have(count);
        EXPECT_EQ(list().text, written(count)) << count;
    }
}

TEST_F(TicketIds, that_cannot_be_read_to_the_end_are_no_answer) {
    have(4001);
    store.lose_after(1);
    EXPECT_EQ(list().status, 503) << "before the answer begins";
    store.lose_after(3);
    EXPECT_THROW(list(), StoreDown);
    store.lose_after(3);
    EXPECT_THROW(list({{"accept-encoding", "gzip"}}), StoreDown);
}

// ---------------------------------------------------------------------------------- unchanged

TEST_F(TicketIds, are_not_sent_again_while_nothing_has_changed) {
    started(simple, 42);
    pass(1min);
    const auto first = list();
    const auto tag = first.header("ETag");
    EXPECT_TRUE(tag.starts_with("W/\""));

    const auto again = list_unless("\"other\", " + tag);
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.text, "");
    EXPECT_EQ(again.type, "");
    for (const auto* header : {"ETag", "Vary", "Cache-Control"})
        EXPECT_EQ(again.header(header), first.header(header)) << header;
    EXPECT_EQ(list_unless(tag.substr(2)).status, 304);
    EXPECT_EQ(list_unless("*").status, 304);

    started(simple, 43);
    pass(1min);
    const auto changed = list_unless(tag);
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.text, R"({"ticket_ids":[42,43]})");
    EXPECT_NE(changed.header("ETag"), tag);
}

TEST_F(TicketIds, unchanged_cost_one_look_at_the_store) {
    have(5000);
    const auto tag = list().header("ETag");
    store.calls.clear();
    EXPECT_EQ(list_unless(tag).status, 304);
    EXPECT_EQ(store.calls, std::vector<std::string>{"newest_attempt"});
}

TEST_F(TicketIds, are_sent_again_while_an_older_number_may_still_be_committed) {
    started(simple, 42);
    std::set<std::string> tags;
    for (int i = 0; i < 3; ++i) {
        for (const auto& tag : tags) EXPECT_EQ(list_unless(tag).status, 200) << i;
        tags.insert(list().header("ETag"));
    }
    pass(59s);
    tags.insert(list().header("ETag"));
    pass(1s);
    tags.insert(list().header("ETag"));
    tags.insert(list().header("ETag"));
    EXPECT_EQ(tags.size(), 5u) << "settled after a minute, and only then";
}

TEST_F(TicketIds, of_a_new_database_that_counts_from_1_again_are_not_taken_for_the_old_ones) {
    have(3, noon - 2h);
    const auto tag = list().header("ETag");
    forget_all();
    have(3, noon - 1h);
    EXPECT_EQ(list_unless(tag).status, 200);
}

// ---------------------------------------------------------------------------------- compressed

TEST_F(TicketIds, are_compressed_for_those_who_ask) {
    have(4001);
    const auto plain = list({{"accept-encoding", "gzip;q=0"}});
    const auto packed = list({{"accept-encoding", "br, gzip"}});
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(gunzip(packed.text), written(4001));
    EXPECT_LT(packed.text.size() * 2, plain.text.size());
    for (const auto& answer : {plain, packed}) EXPECT_EQ(answer.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(
        list({{"accept-encoding", "gzip"}, {"if-none-match", plain.header("ETag")}}).status, 304
    );
}

}  // namespace
}  // namespace payments::testing_support
