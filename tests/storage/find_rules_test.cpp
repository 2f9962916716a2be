// How a page of payments is merged out of several indexes: held against a plain search through all
// rows.
#include "storage/rules/find.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace payments {
namespace {

using ledger::FindCursor;
using ledger::Search;

struct Row {
    std::int64_t id;
    std::int64_t scope;
    Status status;
    bool fits;
};

bool is_in(const FindCursor& cursor, const Row& row) {
    switch (cursor.kind) {
        case FindCursor::Kind::all:
            return true;
        case FindCursor::Kind::of_scope:
            return row.scope == cursor.number;
        case FindCursor::Kind::rare:
            return row.status == cursor.status;
        default:
            return row.scope == cursor.number && row.status == cursor.status;
    }
}

bool has_status(const FindQuery& query, const Row& row) {
    return query.statuses.empty() ||
           std::ranges::find(query.statuses, row.status) != query.statuses.end();
}

struct Effort {
    std::size_t rows = 0, exchanges = 0;
};

// What `search` finds among `rows`, newest first, and what it has cost.
Effort search_through(Search& search, const FindQuery& query, const std::vector<Row>& rows) {
    Effort effort;
    for (auto asks = search.asks(); !asks.empty(); asks = search.asks()) {
        std::vector<std::vector<ledger::CursorRow>> answers;
        for (const auto& ask : asks) {
            auto& answer = answers.emplace_back();
            for (const auto& row : rows)
                if (row.id < ask.before && is_in(search.cursor(ask), row) &&
                    answer.size() < static_cast<std::size_t>(ask.count))
                    answer.push_back({row.id, row.fits && has_status(query, row)});
            effort.rows += answer.size();
        }
        ++effort.exchanges;
        search.take(std::move(answers));
    }
    return effort;
}

class FindRules : public testing::Test {
protected:
    // Newest first, with gaps between their ids.
    std::vector<Row> some_rows(std::size_t count, int scopes, double fitting) {
        std::vector<Row> rows;
        std::int64_t id = 0;
        for (std::size_t i = 0; i < count; ++i) {
            id += 1 + static_cast<std::int64_t>(random() % 3);
            rows.push_back(
                {id, static_cast<std::int64_t>(random() % static_cast<unsigned>(scopes)),
                 static_cast<Status>(random() % 12), std::bernoulli_distribution{fitting}(random)}
            );
        }
        std::ranges::reverse(rows);
        return rows;
    }
    std::mt19937 random{7};
};

bool is_seen(const FindQuery& query, const Row& row) {
    return query.is_everywhere ||
           std::ranges::find(query.scope_ids, row.scope) != query.scope_ids.end();
}

struct Page {
    std::vector<std::int64_t> ids{};
    std::optional<std::int64_t> next{};
    friend bool operator==(const Page&, const Page&) = default;
};

// What a plain search through the rows that may be seen makes of it. Those of rare statuses are
// looked at alone, where nothing else is asked for.
Page plain_page(const FindQuery& query, const std::vector<Row>& rows) {
    Page page;
    const bool are_rare = !query.statuses.empty() && !ledger::has_conditions(query);
    int looked_at = 0;
    for (const auto& row : rows) {
        const bool is_behind = query.after && row.id >= *query.after;
        if (is_behind || !is_seen(query, row) || (are_rare && !has_status(query, row))) continue;
        ++looked_at;
        if (row.fits && has_status(query, row)) page.ids.push_back(row.id);
        if (page.ids.size() > query.limit) {
            page.ids.pop_back();
            page.next = page.ids.back();
            return page;
        }
        if (looked_at < query.looked_at_max) continue;
        page.next = row.id;
        return page;
    }
    return page;
}

TEST_F(FindRules, every_page_is_that_of_a_plain_search_through_what_may_be_seen) {
    for (int world = 0; world < 200; ++world) {
        const auto rows = some_rows(200, 4, 0.1 + 0.9 * (world % 3) / 2);
        FindQuery query;
        query.limit = 1 + random() % 20;
        query.is_everywhere = world % 4 == 0;
        query.scope_ids = {1, 3, 1};
        if (world % 3 == 0) query.statuses = {Status::refunded, Status::review, Status::refunded};
        if (world % 5 == 0) query.statuses = {Status::paid, Status::review};
        query.looked_at_max = std::vector{1, 3, 17, 20'000}[random() % 4];
        for (int pages = 0;; ++pages) {
            Search search{query};
            search_through(search, query, rows);
            const Page found{search.ids(), search.next()};
            EXPECT_EQ(found, plain_page(query, rows)) << "world " << world << ", page " << pages;
            if (!found.next) break;
            query.after = found.next;
        }
    }
}

TEST_F(FindRules, a_page_looks_at_so_many_rows_and_says_where_the_next_one_begins) {
    const auto rows = some_rows(25'000, 1, 0);
    FindQuery query;
    query.is_everywhere = true;
    Search search{query};
    const auto effort = search_through(search, query, rows);
    EXPECT_TRUE(search.ids().empty());
    EXPECT_EQ(search.next(), rows[20'000 - 1].id);
    EXPECT_LE(effort.rows, 22'500U);
    query.after = search.next();
    Search rest{query};
    search_through(rest, query, rows);
    EXPECT_EQ(rest.next(), std::nullopt);
}

TEST_F(FindRules, many_indexes_cost_little_more_than_one) {
    const auto rows = some_rows(20'000, 25, 1);
    FindQuery query;
    for (std::int64_t id = 1; id < 25; ++id) query.scope_ids.push_back(id);
    Search search{query};
    const auto effort = search_through(search, query, rows);
    EXPECT_LE(effort.rows, 500U);
    EXPECT_LE(effort.exchanges, 5U);
    EXPECT_EQ(search.ids().size(), 50U);
}

TEST_F(FindRules, a_long_search_through_many_indexes_takes_few_exchanges) {
    const auto rows = some_rows(30'000, 25, 0);
    FindQuery query;
    for (std::int64_t id = 1; id < 25; ++id) query.scope_ids.push_back(id);
    Search search{query};
    EXPECT_LE(search_through(search, query, rows).exchanges, 24U);
}

TEST_F(FindRules, there_is_a_cursor_for_each_scope_however_often_something_is_named) {
    FindQuery query;
    for (int i = 0; i < 9'000; ++i) query.scope_ids.push_back(1 + i % 24);
    for (int i = 0; i < 9'000; ++i) query.statuses.push_back(static_cast<Status>(i % 12));
    EXPECT_EQ(Search{query}.asks().size(), 24U);
    EXPECT_LE(ledger::conditions_of(query).statuses.size(), 200U);
    query.statuses.assign(9'000, Status::review);
    EXPECT_EQ(Search{query}.asks().size(), 24U);
    query.is_everywhere = true;
    EXPECT_EQ(Search{query}.asks().size(), 1U);
}

TEST_F(FindRules, ids_outside_of_what_the_times_allow_are_not_looked_at) {
    const auto rows = some_rows(1'000, 1, 1);
    FindQuery query;
    query.is_everywhere = true;
    query.limit = 200;
    const ledger::IdRanges ranges{{0, {rows[600].id, rows[500].id}}};
    Search search{query, ranges};
    EXPECT_LE(search_through(search, query, rows).rows, 202U);
    EXPECT_EQ(search.ids().size(), 100U);
    EXPECT_EQ(search.ids().front(), rows[501].id);
    EXPECT_EQ(search.ids().back(), rows[600].id);
    EXPECT_EQ(search.next(), std::nullopt);
}

// How many payments there are between two times tells of those that may not be seen.
TEST_F(FindRules, only_who_may_see_all_is_bounded_by_all) {
    FindQuery query;
    query.scope_ids = {7};
    query.paid_from = Time{} + std::chrono::hours{1};
    query.created_from = query.paid_from;
    EXPECT_FALSE(ledger::asks_paid_between(query));
    EXPECT_EQ(ledger::lines_of(query), std::vector<std::int64_t>{7});
    query.is_everywhere = true;
    EXPECT_TRUE(ledger::asks_paid_between(query));
    EXPECT_EQ(ledger::lines_of(query), std::vector<std::int64_t>{0});
    query.ticket_id = 7;
    EXPECT_FALSE(ledger::asks_paid_between(query));
    EXPECT_TRUE(ledger::lines_of(query).empty());
}

TEST_F(FindRules, who_sees_no_scope_asks_nothing) {
    FindQuery query;
    query.text = read_search_text("123");
    const Search search{query};
    EXPECT_TRUE(search.asks().empty());
    EXPECT_EQ(search.next(), std::nullopt);
}

}  // namespace
}  // namespace payments
