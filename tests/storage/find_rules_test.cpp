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
        case FindCursor::Kind::scoped:
            return row.scope == cursor.number && row.status == cursor.status;
        default:
            return row.scope == 0 && row.status == cursor.status;
    }
}

// What `search` finds among `rows`, newest first, and how many rows it read.
std::size_t search_through(Search& search, const std::vector<Row>& rows) {
    std::size_t read = 0;
    for (auto asks = search.asks(); !asks.empty(); asks = search.asks())
        for (const auto& ask : asks) {
            std::vector<ledger::CursorRow> answer;
            for (const auto& row : rows)
                if (row.id < ask.before && is_in(search.cursor(ask), row) &&
                    answer.size() < static_cast<std::size_t>(ask.count))
                    answer.push_back({row.id, row.fits});
            read += answer.size();
            search.take(ask, std::move(answer));
        }
    return read;
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

bool wants(const FindQuery& query, const Row& row) {
    const bool is_seen = query.is_everywhere ||
                         std::ranges::find(query.scope_ids, row.scope) != query.scope_ids.end();
    const bool has_status = query.statuses.empty() ||
                            std::ranges::find(query.statuses, row.status) != query.statuses.end();
    return row.fits && is_seen && has_status && (!query.after || row.id < *query.after);
}

TEST_F(FindRules, pages_hold_what_a_plain_search_finds_and_follow_each_other) {
    for (int world = 0; world < 60; ++world) {
        const auto rows = some_rows(400, 4, 0.1 + 0.9 * (world % 3) / 2);
        FindQuery query;
        query.limit = 1 + random() % 40;
        query.is_everywhere = world % 4 == 0;
        query.scope_ids = query.is_everywhere ? std::vector<std::int64_t>{1, 2, 3}
                                              : std::vector<std::int64_t>{1, 3};
        if (world % 3 == 0) query.statuses = {Status::paid, Status::review};
        std::vector<std::int64_t> expected, found;
        for (const auto& row : rows)
            if (wants(query, row)) expected.push_back(row.id);
        while (true) {
            Search search{query, {}};
            search_through(search, rows);
            EXPECT_LE(search.ids().size(), query.limit);
            found.insert(found.end(), search.ids().begin(), search.ids().end());
            if (!search.next()) break;
            query.after = search.next();
        }
        EXPECT_EQ(found, expected) << "world " << world;
    }
}

TEST_F(FindRules, a_page_looks_at_so_many_rows_and_says_where_the_next_one_begins) {
    const auto rows = some_rows(25'000, 1, 0);
    FindQuery query;
    query.is_everywhere = true;
    Search search{query, {}};
    const auto read = search_through(search, rows);
    EXPECT_TRUE(search.ids().empty());
    EXPECT_EQ(search.next(), rows[looked_at_max - 1].id);
    EXPECT_LE(read, 25'000U);
    query.after = search.next();
    Search rest{query, {}};
    search_through(rest, rows);
    EXPECT_EQ(rest.next(), std::nullopt);
}

TEST_F(FindRules, many_indexes_cost_little_more_than_one) {
    const auto rows = some_rows(20'000, 25, 1);
    FindQuery query;
    for (std::int64_t id = 1; id < 25; ++id) query.scope_ids.push_back(id);
    Search search{query, {}};
    EXPECT_LE(search_through(search, rows), 3'000U);
    EXPECT_EQ(search.ids().size(), 50U);
}

TEST_F(FindRules, ids_outside_of_what_the_times_allow_are_not_looked_at) {
    const auto rows = some_rows(1'000, 1, 1);
    FindQuery query;
    query.is_everywhere = true;
    query.limit = 200;
    Search search{query, {rows[600].id, rows[500].id}};
    EXPECT_LE(search_through(search, rows), 202U);
    EXPECT_EQ(search.ids().size(), 100U);
    EXPECT_EQ(search.ids().front(), rows[501].id);
    EXPECT_EQ(search.ids().back(), rows[600].id);
    EXPECT_EQ(search.next(), std::nullopt);
}

TEST_F(FindRules, who_sees_no_scope_asks_nothing) {
    FindQuery query;
    query.text = read_search_text("123");
    const Search search{query, {}};
    EXPECT_TRUE(search.asks().empty());
    EXPECT_EQ(search.next(), std::nullopt);
}

}  // namespace
}  // namespace payments
