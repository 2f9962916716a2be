#include "storage/sqlite/totals.hpp"

#include "storage/rules/counting.hpp"
#include "storage/sqlite/books.hpp"

namespace payments::sqlite {
namespace {

template <class List, class Write>
std::string json_list(const List& list, Write write) {
    std::string text = "[";
    for (const auto& item : list) text += (text.size() == 1 ? "" : ",") + write(item);
    return text + "]";
}

std::string number(Time at) { return std::to_string(at.time_since_epoch().count()); }

// Of the columns that rows are not kept apart by nothing is left: ?1 to ?4 say of which they are.
#define KEPT_APART                                           \
    " CASE WHEN ?1 THEN scope_id ELSE 0 END AS s, currency," \
    " CASE WHEN ?2 THEN processor ELSE '' END AS p,"         \
    " CASE WHEN ?3 THEN fee_type ELSE '' END AS f, measure," \
    " CASE WHEN ?4 THEN reason ELSE '' END AS r, sum(n), sum(minor)"
#define ASKED_FOR                                                \
    " AND (?5 OR scope_id IN (SELECT value FROM json_each(?6)))" \
    " AND (?7 = '' OR currency = ?7)"                            \
    " AND (?8 = '[]' OR measure IN (SELECT value FROM json_each(?8)))"

// What waits is not cut into buckets here: there is little of it, and no index for that.
constexpr std::string_view select_sums =
    "WITH b AS MATERIALIZED (SELECT json_extract(value, '$[0]') AS at,"
    " json_extract(value, '$[1]') AS until, json_extract(value, '$[2]') AS whole_at,"
    " json_extract(value, '$[3]') AS whole_until FROM json_each(?9)),"
    // Of a month that is kept only its own rows, which its first day stands for; of a day likewise.
    " d AS MATERIALIZED (SELECT b.at, iif(k.at IS NULL, b.until, b.at + 1) AS until,"
    " iif(k.at IS NULL, ?10, (k.until - k.at) / 60000) AS grain"
    " FROM b LEFT JOIN totals_days AS w ON w.at = b.whole_at AND w.until = b.whole_until"
    " LEFT JOIN totals_days AS k"
    " ON k.at = b.at AND k.until = iif(w.at IS NULL, b.until, b.whole_until)"
    " WHERE w.at IS NULL OR b.at = b.whole_at)"
    " SELECT d.at," KEPT_APART
    " FROM d CROSS JOIN totals AS t"
    " WHERE t.grain = d.grain AND t.at >= d.at AND t.at < d.until" ASKED_FOR
    " GROUP BY 1, s, currency, p, f, measure, r"
    " UNION ALL SELECT at," KEPT_APART " FROM totals_pending WHERE at >= ?11 AND at < ?12" ASKED_FOR
    " GROUP BY 1, s, currency, p, f, measure, r";
#undef KEPT_APART
#undef ASKED_FOR

constexpr std::string_view fold =
    "INSERT INTO totals SELECT g.grain, at - at % (g.grain * 60000), scope_id, currency, processor,"
    " fee_type, measure, reason, sum(n), sum(minor)"
    " FROM totals_pending CROSS JOIN (SELECT 1 AS grain UNION ALL SELECT 15) AS g WHERE id <= ?1"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    " ON CONFLICT DO UPDATE SET n = n + excluded.n, minor = minor + excluded.minor";

constexpr std::string_view add_up_day =
    "INSERT INTO totals SELECT (?2 - ?1) / 60000, ?1, scope_id, currency, processor, fee_type,"
    " measure, reason, sum(n), sum(minor) FROM totals WHERE grain = 15 AND at >= ?1 AND at < ?2"
    " GROUP BY 3, 4, 5, 6, 7, 8 HAVING sum(n) <> 0 OR sum(minor) <> 0";

// An hour of minutes at a time: after a pause there may be days of them.
constexpr std::string_view forget_minutes =
    "DELETE FROM totals WHERE grain = 1"
    " AND at < min(?1, (SELECT min(at) FROM totals WHERE grain = 1) + 3600000)";

}  // namespace

Sums sums(Database& database, const SumsQuery& query) {
    const auto scopes =
        json_list(query.scope_ids, [](std::int64_t id) { return std::to_string(id); });
    const auto measures = json_list(query.measures, [](Measure measure) {
        return "\"" + std::string{name(measure)} + "\"";
    });
    const auto buckets = json_list(ledger::parts_of(query), [](const ledger::SumsPart& read) {
        const auto& [part, whole] = read;
        return "[" + number(part.from) + "," + number(part.to) + "," + number(whole.from) + "," +
               number(whole.to) + "]";
    });
    ledger::SumsMerge merge{query};
    if (!query.buckets.empty()) {
        auto rows = database.query(
            select_sums, query.by_scope, query.by_processor, query.by_fee_type, query.by_reason,
            query.is_everywhere, scopes, query.currency ? query.currency->code() : "", measures,
            buckets, static_cast<int>(query.grain), query.buckets.front().from,
            query.buckets.back().to
        );
        while (rows.next()) merge.take(rows);
    }
    return {merge.rows(), !has_uncounted(database)};
}

bool has_pending_totals(Database& database) {
    return database.query("SELECT 1 FROM totals_pending LIMIT 1").next();
}

std::int64_t fold_totals(Database& database, Time now, int limit) {
    std::int64_t last = 0;
    {
        auto rows = database.query(
            "SELECT coalesce(max(id), 0) FROM (SELECT id FROM totals_pending ORDER BY id LIMIT ?1)",
            limit
        );
        if (rows.next()) last = rows.integer(0);
    }
    database.change(fold, last);
    const auto folded = database.change("DELETE FROM totals_pending WHERE id <= ?1", last);
    database.change(forget_minutes, Time{now - minutes_kept_for});
    return folded;
}

std::vector<Bucket> days_to_keep(
    Database& database, const DaysBetween& days, Time until, int limit
) {
    auto first = database.query("SELECT min(at) FROM totals WHERE grain = 15");
    if (!first.next() || first.is_null(0)) return {};
    std::set<std::pair<Time, Time>> kept;
    auto rows = database.query("SELECT at, until FROM totals_days");
    while (rows.next()) kept.emplace(rows.time(0), rows.time(1));
    return ledger::days_to_keep(days(first.time(0), until), kept, limit);
}

void keep_days(Database& database, const std::vector<Bucket>& days) {
    for (const auto& [from, to] : days) {
        database.change("DELETE FROM totals WHERE grain = (?2 - ?1) / 60000 AND at = ?1", from, to);
        database.change(add_up_day, from, to);
        database.change("INSERT OR IGNORE INTO totals_days VALUES (?1, ?2)", from, to);
    }
}

bool has_uncounted(Database& database) {
    return database.query("SELECT 1 FROM transactions WHERE counted = 0 LIMIT 1").next();
}

std::int64_t count_transactions(Database& database, int limit) {
    std::vector<std::int64_t> ids;
    {
        auto rows = database.query(
            "SELECT id FROM transactions WHERE counted = 0 ORDER BY id LIMIT ?1", limit
        );
        while (rows.next()) ids.push_back(rows.integer(0));
    }
    SqliteBooks books{database};
    return ledger::count_transactions(books, ids);
}

}  // namespace payments::sqlite
