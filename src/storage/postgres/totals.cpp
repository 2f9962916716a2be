#include "storage/postgres/totals.hpp"

#include "storage/rules/totals.hpp"

namespace payments::postgres {
namespace {

// Of the columns that rows are not kept apart by nothing is left: $1 to $4 say of which they are.
#define KEPT_APART                                           \
    " CASE WHEN $1 THEN scope_id ELSE 0 END AS s, currency," \
    " CASE WHEN $2 THEN processor ELSE '' END AS p,"         \
    " CASE WHEN $3 THEN fee_type ELSE '' END AS f, measure," \
    " CASE WHEN $4 THEN reason ELSE '' END AS r, sum(n)::bigint, sum(minor)::bigint"
#define ASKED_FOR                                                              \
    " AND ($5 OR scope_id = ANY($6::bigint[])) AND ($7 = '' OR currency = $7)" \
    " AND (cardinality($8::text[]) = 0 OR measure = ANY($8::text[]))"

// What waits is not cut into buckets here: there is little of it, and no index for that.
constexpr std::string_view select_sums =
    "SELECT d.at," KEPT_APART
    // Of a month that is kept only its own rows, which its first day stands for; of a day likewise.
    " FROM (SELECT b.at, CASE WHEN k.at IS NULL THEN b.until ELSE b.at + 1 END AS until,"
    " CASE WHEN k.at IS NULL THEN $11::bigint ELSE (k.until - k.at) / 60000 END AS grain"
    " FROM unnest($9::bigint[], $10::bigint[], $14::bigint[], $15::bigint[])"
    " AS b(at, until, whole_at, whole_until)"
    " LEFT JOIN totals_days AS w ON w.at = b.whole_at AND w.until = b.whole_until"
    " LEFT JOIN totals_days AS k"
    " ON k.at = b.at AND k.until = CASE WHEN w.at IS NULL THEN b.until ELSE b.whole_until END"
    " WHERE w.at IS NULL OR b.at = b.whole_at) AS d"
    " JOIN totals AS t ON t.grain = d.grain AND t.at >= d.at AND t.at < d.until"
    " WHERE true" ASKED_FOR
    " GROUP BY d.at, s, currency, p, f, measure, r"
    " UNION ALL SELECT at," KEPT_APART " FROM totals_pending WHERE at >= $12 AND at < $13" ASKED_FOR
    " GROUP BY at, s, currency, p, f, measure, r";
#undef KEPT_APART
#undef ASKED_FOR

// What another replica is moving on is passed over. Rows of totals are taken in the order of their
// key, so that two never wait for one another.
constexpr std::string_view fold =
    "WITH taken AS (DELETE FROM totals_pending WHERE ctid = ANY(ARRAY("
    "SELECT ctid FROM totals_pending LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING *),"
    " added AS (INSERT INTO totals AS t SELECT g.grain, at - at % (g.grain * 60000), scope_id,"
    " currency, processor, fee_type, measure, reason, sum(n)::bigint, sum(minor)::bigint"
    " FROM taken CROSS JOIN (VALUES (1::bigint), (15::bigint)) AS g(grain)"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"
    " ON CONFLICT (grain, at, scope_id, currency, processor, fee_type, measure, reason)"
    " DO UPDATE SET n = t.n + excluded.n, minor = t.minor + excluded.minor)"
    " SELECT count(*) FROM taken";

constexpr std::string_view delete_day =
    "DELETE FROM totals WHERE grain = ($2::bigint - $1::bigint) / 60000 AND at = $1::bigint";
constexpr std::string_view add_up_day =
    "INSERT INTO totals SELECT ($2::bigint - $1::bigint) / 60000, $1::bigint, scope_id, currency,"
    " processor, fee_type, measure, reason, sum(n)::bigint, sum(minor)::bigint FROM totals"
    " WHERE grain = 15 AND at >= $1::bigint AND at < $2::bigint"
    " GROUP BY 3, 4, 5, 6, 7, 8 HAVING sum(n) <> 0 OR sum(minor) <> 0";
constexpr std::string_view mark_day =
    "INSERT INTO totals_days VALUES ($1::bigint, $2::bigint) ON CONFLICT DO NOTHING";

// An hour of minutes at a time: after a pause there may be days of them.
constexpr std::string_view delete_minutes =
    "DELETE FROM totals WHERE grain = 1"
    " AND at < least($1, (SELECT min(at) FROM totals WHERE grain = 1) + 3600000)";

}  // namespace

Statement ask_sums(const SumsQuery& query) {
    std::vector<std::int64_t> from, to, whole_from, whole_to;
    const auto milliseconds = [](Time at) { return at.time_since_epoch().count(); };
    for (const auto& [part, whole] : ledger::parts_of(query)) {
        from.push_back(milliseconds(part.from));
        to.push_back(milliseconds(part.to));
        whole_from.push_back(milliseconds(whole.from));
        whole_to.push_back(milliseconds(whole.to));
    }
    std::vector<std::string> measures;
    for (const auto measure : query.measures) measures.emplace_back(name(measure));
    return Statement{
        select_sums,
        {value(query.by_scope), value(query.by_processor), value(query.by_fee_type),
         value(query.by_reason), value(query.is_everywhere), numbers(query.scope_ids),
         value(query.currency ? query.currency->code() : ""), texts(measures), numbers(from),
         numbers(to), value(static_cast<int>(query.grain)), value(query.buckets.front().from),
         value(query.buckets.back().to), numbers(whole_from), numbers(whole_to)}};
}

std::vector<SumRow> read_sums(const SumsQuery& query, const ResultSet& rows) {
    ledger::SumsMerge merge{query};
    for (int i = 0; i < rows.size(); ++i) merge.take(rows[i]);
    return merge.rows();
}

Statement ask_has_pending_totals() { return Statement{"SELECT 1 FROM totals_pending LIMIT 1"}; }

Statement fold_totals(int limit) { return Statement::of(fold, limit); }

Statement forget_minutes(Time now) {
    return Statement::of(delete_minutes, Time{now - minutes_kept_for});
}

std::vector<Statement> ask_days() {
    std::vector<Statement> questions;
    questions.push_back(Statement{"SELECT min(at) FROM totals WHERE grain = 15"});
    questions.push_back(Statement{"SELECT at, until FROM totals_days"});
    return questions;
}

std::vector<Bucket> days_to_keep(
    const std::vector<ResultSet>& answers, const DaysBetween& days, Time until, int limit
) {
    const auto& first = answers[0];
    const auto& marks = answers[1];
    if (first[0].is_null(0)) return {};
    std::set<std::pair<Time, Time>> kept;
    for (int i = 0; i < marks.size(); ++i) kept.emplace(marks[i].time(0), marks[i].time(1));
    return ledger::days_to_keep(days(first[0].time(0), until), kept, limit);
}

// Whoever changes a quarter of an hour waits to forget its day (the trigger of totals) until that
// is added up, and then forgets it; or has done so, and is seen here.
std::vector<Statement> keep_days(const std::vector<Bucket>& days) {
    std::vector<Statement> statements;
    statements.push_back(Statement{"LOCK TABLE totals_days IN SHARE ROW EXCLUSIVE MODE"});
    for (const auto& [from, to] : days)
        for (const auto sql : {delete_day, add_up_day, mark_day})
            statements.push_back(Statement::of(sql, from, to));
    return statements;
}

Statement ask_uncounted(int limit) {
    return Statement::of(
        "SELECT id FROM transactions WHERE NOT counted ORDER BY id LIMIT $1", limit
    );
}

}  // namespace payments::postgres
