#include "storage/postgres/migrations.hpp"

#include <chrono>
#include <thread>

#include "support/log.hpp"

namespace payments::postgres {
namespace {

using namespace std::chrono_literals;

constexpr int tries_for_a_table = 20;
constexpr auto between_tries = 500ms;

[[noreturn]] void refuse(const Session& session, const std::string& cause) {
    throw StoreDown{"database " + session.address().place() + ": " + cause};
}

bool has_history(Session& session) {
    return !session.ask("SELECT to_regclass('schema_migrations')::text")[0].is_null(0);
}

// How many of this binary's migrations the database has. Throws StoreDown when it holds others.
std::size_t applied(Session& session, const std::vector<Migration>& all) {
    if (!has_history(session)) return 0;
    const auto rows =
        session.ask("SELECT version, name, checksum FROM schema_migrations ORDER BY version");
    for (int i = 0; i < rows.size(); ++i) {
        if (static_cast<std::size_t>(i) == all.size()) {
            log::warning(
                "the database's schema is newer than this version knows", "newest",
                rows[rows.size() - 1].text(1)
            );
            return all.size();
        }
        const auto& ours = all[static_cast<std::size_t>(i)];
        if (rows[i].integer(0) != ours.version || rows[i].text(2) != ours.checksum)
            refuse(
                session, "its migration " + rows[i].text(1) +
                             " is not the one of this version of "
                             "ozora-payments (" +
                             ours.name + ")"
            );
    }
    return static_cast<std::size_t>(rows.size());
}

// Names and e-mail addresses come in every script, and no other encoding can hold them all.
void check_encoding(Session& session) {
    const auto rows = session.ask(
        "SELECT pg_encoding_to_char(encoding)::text FROM pg_database"
        " WHERE datname = current_database()"
    );
    if (rows[0].text(0) != "UTF8")
        refuse(session, "its encoding is " + rows[0].text(0) + "; it must be UTF8");
}

void note(Session& session, const Migration& migration) {
    session.ask_with(
        "INSERT INTO schema_migrations"
        " VALUES ($1, $2, $3, extract(epoch FROM now())::bigint * 1000)",
        migration.version, migration.name, migration.checksum
    );
}

bool is_concurrent(const Migration& migration) {
    return migration.sql.starts_with("-- concurrently");
}

std::vector<std::string> statements_of(const Migration& migration) {
    constexpr std::string_view end = ";\n";
    std::vector<std::string> statements;
    for (std::size_t from = 0, to = 0; from < migration.sql.size(); from = to) {
        const auto found = migration.sql.find(end, from);
        to = found == std::string::npos ? migration.sql.size() : found + end.size();
        statements.push_back(migration.sql.substr(from, to - from));
    }
    return statements;
}

// Asks again and again: who waits for a lock inside of a statement keeps what that statement sees
// of the tables, and CREATE INDEX CONCURRENTLY waits for everybody who sees something old.
void take_turn_at_indexes(Session& turn) {
    while (true) {
        turn.begin("ISOLATION LEVEL READ COMMITTED");
        const auto is_had =
            turn.ask("SELECT pg_try_advisory_xact_lock(hashtext('ozora-payments indexes'))")[0]
                .flag(0);
        // Until the next statement the server keeps what the last one saw, for its rows.
        turn.run("SELECT 1");
        if (is_had) return;
        turn.roll_back();
        std::this_thread::sleep_for(between_tries);
    }
}

ResultSet half_built_indexes(Session& session) {
    return session.ask(
        "SELECT indexrelid::regclass::text, indrelid::regclass::text FROM pg_index JOIN pg_class"
        " ON pg_class.oid = indrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE NOT indisvalid AND nspname = current_schema()"
    );
}

// What a build of this migration has left that did not come to its end. The server may still work
// at it, for a client that is gone: no two may build at one table, so who has its lock knows that
// nobody does.
void drop_half_built_indexes(Session& session, const Migration& migration) {
    const auto is_ours = [&](const std::string& index) {
        return migration.sql.find(" " + index + " ON ") != std::string::npos ||
               migration.sql.find(" " + index + "\n") != std::string::npos;
    };
    const auto found = half_built_indexes(session);
    for (int i = 0; i < found.size(); ++i) {
        if (!is_ours(found[i].text(0))) continue;
        session.begin();
        session.run("LOCK TABLE " + found[i].text(1) + " IN SHARE UPDATE EXCLUSIVE MODE");
        session.run("COMMIT");
    }
    const auto left = half_built_indexes(session);
    for (int i = 0; i < left.size(); ++i) {
        if (!is_ours(left[i].text(0))) continue;
        log::warning(
            "an index that was not built to its end is built again", "index", left[i].text(0)
        );
        session.run("DROP INDEX CONCURRENTLY IF EXISTS " + left[i].text(0));
    }
}

// Outside of a transaction nothing can switch them off for one session behind a pooler, and a build
// that they end begins anew at each start.
void check_time_outs(Session& session) {
    for (const std::string name : {"statement_timeout", "lock_timeout"}) {
        const auto value = session.ask("SHOW " + name)[0].text(0);
        if (value != "0")
            refuse(
                session, "its " + name + " of " + value +
                             " would end the building of indexes; run `ozora-payments migrate` with"
                             " a URL that leads to the server itself, without a pooler and with"
                             " PAYMENTS_DATABASE_PREPARED=on"
            );
    }
}

// What takes minutes among millions of rows is done while everybody works on. It may end at any
// statement; whoever comes next begins with the first that is not done.
void apply_concurrently(
    Session& session, const std::vector<Migration>& all, std::size_t number,
    std::vector<std::string>& done
) {
    check_time_outs(session);
    Session turn{session.address()};
    take_turn_at_indexes(turn);
    if (applied(session, all) > number) return;
    drop_half_built_indexes(session, all[number]);
    for (const auto& statement : statements_of(all[number])) session.run(statement);
    note(session, all[number]);
    done.push_back(all[number].name);
}

// Another replica may be doing the same: whoever comes second finds the work done.
bool apply_next(
    Session& session, const std::vector<Migration>& all, std::vector<std::string>& done
) {
    session.begin();
    session.run("SELECT pg_advisory_xact_lock(hashtext('ozora-payments migrations'))");
    // Behind the lock by which replicas take turns: that one may take as long as a migration.
    session.run("SET LOCAL lock_timeout = '3s'");
    session.run(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY,"
        " name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)"
    );
    const auto count = applied(session, all);
    const bool is_up_to_date = count == all.size();
    const bool needs_no_lock = !is_up_to_date && is_concurrent(all[count]);
    if (!is_up_to_date && !needs_no_lock) {
        session.run(all[count].sql);
        note(session, all[count]);
        done.push_back(all[count].name);
    }
    session.run("COMMIT");
    if (needs_no_lock) apply_concurrently(session, all, count, done);
    return !is_up_to_date;
}

bool apply_patiently(
    Session& session, const std::vector<Migration>& all, std::vector<std::string>& done
) {
    for (int tries = 1;; ++tries) {
        const auto before = done.size();
        try {
            return apply_next(session, all, done);
        } catch (const Failed& failed) {
            done.resize(before);
            session.roll_back();
            if (!failed.is_conflict() || tries == tries_for_a_table) throw;
        }
        std::this_thread::sleep_for(between_tries);
    }
}

}  // namespace

const std::vector<Migration>& migrations() {
    static const auto all = bundled_migrations("postgres");
    return all;
}

std::vector<std::string> migrate(
    const ServerAddress& address, const std::vector<Migration>& all
) try {
    Session session{address};
    std::vector<std::string> done;
    check_encoding(session);
    if (has_history(session) && applied(session, all) == all.size()) return done;
    while (apply_patiently(session, all, done)) {
    }
    return done;
} catch (const Failed& failed) {
    raise(address, failed);
}

std::vector<std::string> pending_migrations(const ServerAddress& address) try {
    Session session{address};
    std::vector<std::string> names;
    for (auto i = applied(session, migrations()); i < migrations().size(); ++i)
        names.push_back(migrations()[i].name);
    return names;
} catch (const Failed& failed) {
    raise(address, failed);
}

void check_schema(Session& session) {
    if (applied(session, migrations()) < migrations().size())
        refuse(session, "its schema is older than this binary; run `ozora-payments migrate`");
}

void check_schema(const ServerAddress& address) try {
    Session session{address};
    check_schema(session);
} catch (const Failed& failed) {
    raise(address, failed);
}

}  // namespace payments::postgres
