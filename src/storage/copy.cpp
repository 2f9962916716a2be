#include "storage/copy.hpp"

#include <sstream>
#include <vector>

#include "storage/postgres/migrations.hpp"
#include "storage/rules/settlement_rows.hpp"
#include "storage/sqlite/migrations.hpp"

namespace payments {
namespace {

using Of = postgres::Column::Of;

constexpr int rows_at_once = 2'000;  // some MiB of memory, and enough that exchanges cost little
constexpr int busy_timeout_ms = 5'000;

struct CopiedColumn {
    std::string name;
    Of of;
};

// A table and its columns, in words: "id#" holds numbers, "body*" bytes, "live?" flags, all else
// texts.
struct CopiedTable {
    std::string name, order;
    std::string_view words;
    std::string numbers{};  // the sequence that its ids come from

    std::vector<CopiedColumn> columns() const {
        std::vector<CopiedColumn> list;
        std::istringstream in{std::string{words}};
        for (std::string word; in >> word;) {
            const auto of = word.back() == '#'   ? Of::numbers
                            : word.back() == '*' ? Of::bytes
                            : word.back() == '?' ? Of::flags
                                                 : Of::texts;
            if (of != Of::texts) word.pop_back();
            list.push_back({word, of});
        }
        return list;
    }
};

// Each before those that refer to it by foreign key.
// clang-format off
const CopiedTable tables[] = {
    {"scopes", "id", "id# flag year event"},
    {"transactions", "id",
     "id# ticket_id# fee_type currency processor amount_minor# account email metas created_at#"
     " expires_at# status live? holds_fee? provider_id refunded_minor# updated_at# paid_at#"
     " check_at# checks# facts_hash messages_hash watched? concerns wanted_at# scope_id#",
     "transactions_number"},
    {"facts", "transaction_id, seq",
     "transaction_id# seq# at# source kind subject amount_minor# currency provider_id account"
     " detail identity hash refund occurred_at#"},
    {"notifications", "id",
     "id# processor identity received_at# signature* body* transaction_id# unmatched_reason hash"
     " body_sha256",
     "notifications_number"},
    {"unmatched", "notification_id", "notification_id# processor provider_id next_try_at# tries#"},
    {"matches", "id", "id# notification_id# transaction_id# at# newest_message# hash",
     "matches_number"},
    {"outbox", "id",
     "id# transaction_id# type status_before status_after refunded_before# refunded_after# at#"
     " provider_id review_reason tries# next_at# delivered_at# dead_at# skipped? last_error",
     "outbox_number"},
    {"actions", "id",
     "id# transaction_id# seq# at# by_sub by_name kind scope_id# about idempotency_key details details_sha256"
     " hash",
     "actions_number"},
    {"action_chains", "transaction_id", "transaction_id# length# hash"},
    {"erasures", "transaction_id",
     "transaction_id# asked_at# by_sub by_name why try_at# erased_at# kept kept_since# email_sha256"},
    {"refund_runs", "id",
     "id# digest name reason give state paused_because started_by started_name started_at# released_by"
     " released_name released_at# ended_at# simplepay_failures# stripe_failures#",
     "refund_runs_number"},
    {"refund_items", "run_id, transaction_id",
     "run_id# transaction_id# processor currency amount_minor# refunded_minor# state why detail tries#"
     " due_at# changed_at#"},
    {"settlement_lines", "file_id, n", ledger::settlement_lines.words},
    {"settlement_payouts", "file_id, n", ledger::settlement_payouts.words},
    {"bank_statements", "file_id, n", ledger::bank_statements.words},
    {"bank_lines", "file_id, n, m", ledger::bank_lines.words},
    {"settlement_files", "id", ledger::settlement_files.words},
    {"settlement_decisions", "id", ledger::settlement_decisions.words},
    {"settlement_chains", "name", "name length# hash"},
    {"idempotency_keys", "scope, key", "scope key fingerprint claimed_at# status# body"},
};
// clang-format on

std::string_view array_type(Of of) {
    constexpr std::string_view names[] = {"bigint[]", "text[]", "bytea[]", "boolean[]"};
    return names[static_cast<std::size_t>(of)];
}

std::string select_all(const CopiedTable& table) {
    std::string names;
    for (const auto& column : table.columns()) names += (names.empty() ? "" : ", ") + column.name;
    return "SELECT " + names + " FROM " + table.name + " ORDER BY " + table.order;
}

// Scopes are also put on record by a service that was started on the new database too early; they
// are never changed, and equal ones have equal numbers. A new database has chains of length 0.
std::string_view if_it_is_there(const CopiedTable& table) {
    if (table.name == "scopes") return " ON CONFLICT DO NOTHING";
    if (table.name == "settlement_chains")
        return " ON CONFLICT (name) DO UPDATE SET length = excluded.length, hash = excluded.hash";
    return "";
}

bool is_filled_from_the_start(const CopiedTable& table) { return !if_it_is_there(table).empty(); }

std::string insert_rows(const CopiedTable& table) {
    std::string names, arrays;
    int number = 0;
    for (const auto& [name, of] : table.columns()) {
        names += (names.empty() ? "" : ", ") + name;
        arrays += (arrays.empty() ? "$" : ", $") + std::to_string(++number) +
                  "::" + std::string{array_type(of)};
    }
    return "INSERT INTO " + table.name + " (" + names + ") SELECT * FROM unnest(" + arrays + ")" +
           std::string{if_it_is_there(table)};
}

void take(const sqlite::Rows& row, int column, Of of, postgres::Column& into) {
    if (row.is_null(column)) return into.add_null();
    switch (of) {
        case Of::numbers:
            return into.add(postgres::value(row.integer(column)));
        case Of::texts:
            return into.add(postgres::value(row.text(column)));
        case Of::bytes:
            return into.add(postgres::value(postgres::Bytes{row.text(column)}));
        case Of::flags:
            return into.add(postgres::value(row.flag(column)));
    }
}

std::int64_t count_all(sqlite::Database& from) {
    std::int64_t sum = 0;
    for (const auto& table : tables) {
        auto rows = from.query("SELECT count(*) FROM " + table.name);
        rows.next();
        sum += rows.integer(0);
    }
    return sum;
}

class Copier {
public:
    Copier(
        sqlite::Database& from, postgres::Session& to,
        const std::function<void(const CopyProgress&)>& tell
    )
        : from_(from), to_(to), tell_(tell) {
        progress_.of = count_all(from_);
    }

    void copy(const CopiedTable& table) {
        progress_.table = table.name;
        auto rows = from_.query(select_all(table));
        const auto insert = insert_rows(table);
        int count = rows_at_once;
        while (count == rows_at_once) {
            count = copy_some(table.columns(), rows, insert);
            progress_.rows += count;
            tell_(progress_);
        }
        if (table.numbers.empty()) return;
        // Also when the rows with the last numbers are gone, or the numbers were only reserved.
        auto used = from_.query("SELECT seq FROM sqlite_sequence WHERE name = ?1", table.name);
        const auto last = used.next() ? used.integer(0) : 0;
        if (last > 0)
            to_.ask("SELECT setval('" + table.numbers + "', $1)", {postgres::value(last)});
    }
    std::int64_t rows() const { return progress_.rows; }

private:
    // Returns how many rows; fewer than rows_at_once at the end of the table.
    int copy_some(
        const std::vector<CopiedColumn>& columns, sqlite::Rows& rows, const std::string& insert
    ) {
        std::vector<postgres::Column> taken;
        for (const auto& column : columns) taken.emplace_back(column.of);
        int count = 0;
        for (; count < rows_at_once && rows.next(); ++count)
            for (std::size_t i = 0; i < columns.size(); ++i)
                take(rows, static_cast<int>(i), columns[i].of, taken[i]);
        if (count == 0) return 0;
        std::vector<postgres::Value> values;
        for (const auto& column : taken) values.push_back(column.value());
        to_.ask(insert, values);
        return count;
    }

    sqlite::Database& from_;
    postgres::Session& to_;
    const std::function<void(const CopyProgress&)>& tell_;
    CopyProgress progress_;
};

void check_empty(postgres::Session& to) {
    for (const auto& table : tables)
        if (!is_filled_from_the_start(table) &&
            !to.ask("SELECT 1 FROM " + table.name + " LIMIT 1").empty())
            throw StoreDown{
                "database " + to.address().place() + ": there is something in " + table.name +
                "; copy into a new database"};
}

}  // namespace

std::int64_t copy_to_postgres(
    const std::string& path, const postgres::ServerAddress& to,
    const std::function<void(const CopyProgress&)>& progress
) try {
    // With the lock for writing, though only read: a service that still runs on the file is
    // answered that it is down, instead of writing what would not be copied.
    sqlite::Database from{path, sqlite::Database::Access::write, busy_timeout_ms};
    sqlite::check_schema(from);
    postgres::migrate(to);
    postgres::Session session{to};
    from.execute("BEGIN IMMEDIATE");
    session.begin();
    // So that it is still empty when the rows come: a service that was started on it too early
    // waits.
    session.run("LOCK TABLE scopes, transactions, notifications IN EXCLUSIVE MODE");
    check_empty(session);
    Copier copier{from, session, progress};
    for (const auto& table : tables) copier.copy(table);
    session.run("COMMIT");
    from.roll_back();
    return copier.rows();
} catch (const postgres::Failed& failed) {
    postgres::raise(to, failed);
}

}  // namespace payments
