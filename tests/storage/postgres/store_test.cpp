// What only PostgreSQL's store promises, asked of a real server.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "fixtures/postgres_place.hpp"
#include "fixtures/store_contract.hpp"
#include "storage/postgres/find.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/verify_ledger.hpp"

namespace payments {
namespace {

using namespace testing_support;

class PostgresStoreTest : public testing::Test {
protected:
    void TearDown() override {
        store.reset();
        drop_postgres_place(place);
    }
    postgres::ServerAddress address() const {
        postgres::ServerAddress made;
        made.url = place;
        return made;
    }
    PostgresOptions options() const {
        PostgresOptions made;
        made.address = address();
        return made;
    }
    postgres::Session session() const { return postgres::Session{address()}; }
    std::int64_t count(const std::string& from) {
        return session().ask("SELECT count(*) FROM " + from)[0].integer(0);
    }
    // Ends every connection to the database but the one that asks for it.
    void end_connections() {
        session().ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );
    }
    std::int64_t open(std::int64_t ticket) {
        return run(store->open(attempt(ticket))).transaction.id;
    }

    Task<int> opened_then(std::int64_t ticket) {
        auto one = attempt(ticket);
        co_await store->open(std::move(one));
        co_return 1;
    }
    Task<int> ended_then(std::int64_t id) {
        auto told = heard(id, {fact(FactKind::failed)});
        co_await store->record(std::move(told));
        co_return 1;
    }

    static Task<int> captured_then(Store* at, std::int64_t id) {
        auto told = heard(id, {captured()});
        co_await at->record(std::move(told));
        co_return 1;
    }
    static Task<int> moved_then(Store* at, std::int64_t ticket, std::int64_t scope) {
        co_await at->move_ticket(ticket, scope);
        co_return 1;
    }
    std::int64_t deadlocks() {
        const auto rows = session().ask(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        );
        return rows[0].integer(0);
    }

    // Lets go of what `holder` has locked, behind its own change.
    Task<int> recorded_and_freed(std::int64_t id, postgres::Session* holder) {
        auto told = heard(id, {captured()});
        co_await store->record(std::move(told));
        if (holder) holder->run("ROLLBACK");
        co_return 1;
    }

    const std::string place = make_postgres_place();
    std::unique_ptr<Store> store = open_postgres(place);
};

TEST_F(PostgresStoreTest, changes_that_wait_together_share_a_commit) {
    std::vector<std::size_t> sizes;
    auto grouped = options();
    grouped.on_group = [&](const Group& group) { sizes.push_back(group.changes); };
    store = open_postgres(std::move(grouped));
    const auto opened = run_together(100, 1, [&](int i) { return store->open(attempt(i + 1)); });
    store.reset();

    for (const auto& one : opened) EXPECT_TRUE(one && one->is_new);
    EXPECT_LT(sizes.size(), 10u);
    for (const auto size : sizes) EXPECT_LE(size, 64u);
    EXPECT_EQ(count("transactions"), 100);
}

TEST_F(PostgresStoreTest, an_attempt_is_opened_behind_one_that_ends_in_the_same_commit) {
    for (int ticket = 1; ticket <= 20; ++ticket) {
        const auto id = open(ticket);
        run_together(2, 1, [&](int i) { return i ? opened_then(ticket) : ended_then(id); });
        EXPECT_TRUE(run(store->open(attempt(ticket))).transaction.id > id);
    }
    EXPECT_EQ(count("transactions"), 40);
    EXPECT_EQ(open(99), 41);  // no number was used up in vain
}

TEST_F(PostgresStoreTest, starts_for_the_same_tickets_on_two_replicas_open_one_attempt_each) {
    const auto replica = open_postgres(place);
    const auto opened = run_together(400, 4, [&](int i) {
        return (i % 2 ? *store : *replica).open(attempt(1 + i / 20));
    });
    for (std::size_t i = 0; i < opened.size(); ++i) {
        ASSERT_TRUE(opened[i]) << i;
        EXPECT_EQ(opened[i]->transaction.ticket_id, static_cast<std::int64_t>(1 + i / 20));
    }
    EXPECT_EQ(std::ranges::count_if(opened, [](const auto& one) { return one->is_new; }), 20);
    EXPECT_EQ(count("transactions"), 20);
}

// Each batch changes some tickets and moves others, so that without one order two of them would
// wait for one another until the server ends one.
TEST_F(PostgresStoreTest, tickets_that_are_moved_stand_in_no_circle_with_those_that_change) {
    constexpr int tickets = 20;
    std::vector<std::int64_t> ids;
    for (int ticket = 1; ticket <= tickets; ++ticket) ids.push_back(open(ticket));
    const auto hu = run(store->scope_id({"HU", "27", "OZORA"}));
    const auto elsewhere = run(store->scope_id({"INT", "27", "OZORA"}));
    auto replica = open_postgres(place);
    const auto done = run_together(1'200, 4, [&](int i) {
        const auto which = static_cast<std::size_t>(i * 7 % tickets);
        auto& at = i % 2 ? *store : *replica;
        if (i % 3 == 0) return captured_then(&at, ids[which]);
        return moved_then(&at, 1 + i * 11 % tickets, i % 5 ? hu : elsewhere);
    });
    for (std::size_t i = 0; i < done.size(); ++i) EXPECT_TRUE(done[i]) << i;
    store.reset();
    replica.reset();  // what a connection has counted is told when it ends
    EXPECT_EQ(deadlocks(), 0);
}

// Under row-level security each row takes its time.
TEST_F(PostgresStoreTest, nobody_waits_behind_a_search) {
    for (int ticket = 1; ticket <= 30; ++ticket) open(ticket);
    session().run(
        "CREATE ROLE patient LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO patient;"
        "ALTER TABLE transactions ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY slow ON transactions USING (pg_sleep(0.04)::text = '')"
    );
    auto slow = options();
    slow.address.url.replace(slow.address.url.find("user=payments"), 13, "user=patient");
    store = open_postgres(std::move(slow));
    run(store->transactions_of(1));  // so that its connection is there

    std::atomic<bool> is_found{false};
    std::jthread searcher{[&] {
        FindQuery query;
        query.is_everywhere = true;
        query.limit = 25;
        query.statuses = {Status::created};
        EXPECT_EQ(run(store->find(std::move(query))).list.size(), 25U);
        is_found = true;
    }};
    while (count("pg_stat_activity WHERE wait_event = 'PgSleep'") == 0)
        std::this_thread::sleep_for(2ms);
    EXPECT_EQ(run(store->transactions_of(1)).size(), 1U);
    EXPECT_FALSE(is_found);
    searcher.join();
    store.reset();
    session().run("DROP OWNED BY patient; DROP ROLE patient");
}

// The server's statistics know of one scope alone, of which all rows are.
TEST_F(PostgresStoreTest, payments_of_a_new_scope_are_found_by_its_index) {
    auto owner = session();
    owner.run(
        "INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor,"
        " account, email, metas, created_at, expires_at, status, live, holds_fee, updated_at,"
        " scope_id) SELECT n, n, 'FULL', 'EUR', 'SIMPLE', 22000, 'A', 'eva@example.org', '{}', n, "
        "n,"
        " 'paid', false, true, n, 7 FROM generate_series(1, 20000) AS n; ANALYZE transactions"
    );
    FindQuery query;
    query.scope_ids = {8};
    query.processors = {Processor::stripe};
    query.created_from = noon;
    auto statements = postgres::ask_ranges(query);
    for (auto& one : postgres::ask_cursors(ledger::Search{query}, query)) statements.push_back(one);
    ASSERT_EQ(statements.size(), 2U);
    for (const auto& [sql, values] : statements) {
        const auto plan = owner.ask("EXPLAIN " + std::string{sql}, values);
        std::string steps;
        for (int i = 0; i < plan.size(); ++i) steps += plan[i].text(0) + "\n";
        EXPECT_NE(steps.find("using transactions_scope"), steps.npos) << steps;
        EXPECT_EQ(steps.find("transactions_pkey"), steps.npos) << steps;
        EXPECT_EQ(steps.find("Seq Scan"), steps.npos) << steps;
    }
}

// A text that PostgreSQL cannot take: it fails in the statement that all changes share.
TEST_F(PostgresStoreTest, a_change_that_is_refused_takes_none_of_its_neighbours_with_it) {
    const auto opened = run_together(30, 1, [&](int i) {
        auto one = attempt(i + 1);
        if (i == 17) one.account = std::string{"\xff", 1};
        return store->open(std::move(one));
    });
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(opened[static_cast<std::size_t>(i)].has_value(), i != 17) << i;
    EXPECT_EQ(count("transactions"), 29);
    EXPECT_NO_THROW(run(store->check_ready()));
}

// The server is well when it refuses one change, which therefore makes nobody doubt its disk.
TEST_F(PostgresStoreTest, a_change_that_is_refused_alone_is_no_failed_commit) {
    std::vector<Group> groups;
    auto watched = options();
    watched.on_group = [&](const Group& group) { groups.push_back(group); };
    store = open_postgres(std::move(watched));
    const auto refused = run_together(1, 1, [&](int) { return store->open(attempt(-1)); });
    store.reset();

    EXPECT_FALSE(refused[0]);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_TRUE(groups[0].committed);
    EXPECT_EQ(groups[0].failed, 1U);
}

TEST_F(PostgresStoreTest, a_damaged_row_fails_none_but_who_needs_it) {
    for (int ticket = 1; ticket <= 10; ++ticket) open(ticket);
    session().run("UPDATE transactions SET status = 'nonsense' WHERE id = 4");
    const auto recorded =
        run_together(10, 1, [&](int i) { return store->record(heard(i + 1, {captured()})); });
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(recorded[static_cast<std::size_t>(i)].has_value(), i != 3) << i;
    EXPECT_EQ(count("transactions WHERE status = 'paid'"), 9);
    EXPECT_NO_THROW(run(store->check_ready()));
}

TEST_F(PostgresStoreTest, idle_connections_that_were_ended_are_replaced_unnoticed) {
    const auto id = open(42);
    end_connections();
    EXPECT_TRUE(run(store->record(heard(id, {captured()}))).news);
    EXPECT_EQ(run(store->transaction(id))->status, Status::paid);
}

TEST_F(PostgresStoreTest, connections_ended_at_work_lose_nothing_that_was_acknowledged) {
    std::vector<std::int64_t> ids;
    for (int i = 1; i <= 200; ++i) ids.push_back(open(i));
    std::jthread ending{[this] {
        for (int i = 0; i < 20; ++i) end_connections();
    }};
    const auto recorded = run_together(200, 2, [&](int i) {
        return store->record(heard(ids[static_cast<std::size_t>(i)], {captured()}));
    });
    ending.join();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!recorded[i]) continue;
        EXPECT_EQ(run(store->transaction(ids[i]))->status, Status::paid);
    }
    for (const auto id : ids) run(store->record(heard(id, {captured()})));
    EXPECT_EQ(count("facts"), 200);
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(PostgresStoreTest, a_lock_that_is_held_too_long_fails_only_those_who_need_it) {
    auto impatient = options();
    impatient.address.timeout = 400ms;
    store = open_postgres(std::move(impatient));
    const auto held = open(42), other = open(43);
    auto holder = session();
    holder.run("BEGIN");
    holder.ask_with("SELECT id FROM transactions WHERE id = $1 FOR UPDATE", held);

    const auto recorded = run_together(2, 1, [&](int i) {
        return store->record(heard(i == 0 ? held : other, {captured()}));
    });
    EXPECT_FALSE(recorded[0].has_value());
    EXPECT_TRUE(recorded[1].has_value());
    holder.run("ROLLBACK");
    EXPECT_TRUE(run(store->record(heard(held, {captured()}))).news);
}

TEST_F(PostgresStoreTest, nobody_waits_behind_a_change_that_waits_for_a_lock) {
    const auto held = open(42), other = open(43);
    auto holder = session();
    holder.run("BEGIN");
    holder.ask_with("SELECT id FROM transactions WHERE id = $1 FOR UPDATE", held);

    const auto recorded = run_together(2, 1, [&](int i) {
        return i == 0 ? recorded_and_freed(held, nullptr) : recorded_and_freed(other, &holder);
    });
    EXPECT_TRUE(recorded[0] && recorded[1]);
}

TEST_F(PostgresStoreTest, a_database_that_only_reads_is_not_ready_until_it_writes_again) {
    const auto id = open(42);
    const auto name = session().ask("SELECT current_database()::text")[0].text(0);
    session().run("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
    end_connections();
    EXPECT_THROW(run(store->record(heard(id, {captured()}))), StoreDown);
    EXPECT_THROW(run(store->check_ready()), StoreDown);
    EXPECT_EQ(run(store->transaction(id))->status, Status::created);

    auto free = session();
    free.run("SET default_transaction_read_only = off");
    free.run("ALTER DATABASE " + name + " SET default_transaction_read_only = off");
    end_connections();
    EXPECT_NO_THROW(run(store->check_ready()));
    EXPECT_TRUE(run(store->record(heard(id, {captured()}))).news);
}

TEST_F(PostgresStoreTest, replicas_claim_each_due_check_once) {
    for (int i = 1; i <= 100; ++i) open(i);
    const auto replica = open_postgres(place);
    const auto claimed = run_together(8, 4, [&](int i) {
        return (i % 2 ? *store : *replica).claim_due({noon + 1h, 20});
    });
    std::set<std::int64_t> ids;
    std::size_t sum = 0;
    for (const auto& some : claimed) {
        ASSERT_TRUE(some);
        for (const auto& one : *some) ids.insert(one.id);
        sum += some->size();
    }
    EXPECT_EQ(ids.size(), sum);
    EXPECT_GE(sum, 40u);
}

// Else its visitor would be charged twice: the first attempt is paid, so it stands in the way of no
// unique index any more.
TEST_F(PostgresStoreTest, what_is_opened_and_paid_while_a_replica_is_held_up_is_seen_by_it) {
    auto hold = session();
    hold.run("SELECT pg_advisory_lock(77)");
    session().run(
        "CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_setting('application_name') = 'slow' THEN"
        " PERFORM pg_advisory_xact_lock_shared(77); END IF; RETURN NULL; END $$;"
        "CREATE TRIGGER holding BEFORE INSERT ON transactions"
        " FOR EACH STATEMENT EXECUTE FUNCTION hold_up()"
    );
    auto given = options();
    given.address.url += (place.find('?') == place.npos ? "?" : "&");
    given.address.url += "application_name=slow";
    const auto slow = open_postgres(given);
    std::atomic<int> opened = 0;
    std::atomic<bool> other_is_done = false;
    std::jthread held_up{[&] { opened += run(slow->open(attempt(42))).is_new; }};
    while (count("pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted") == 0)
        std::this_thread::sleep_for(5ms);
    std::jthread other{[&] {
        const auto answer = run(store->open(attempt(42)));
        opened += answer.is_new;
        if (answer.is_new) run(store->record(heard(answer.transaction.id, {captured()})));
        other_is_done = true;
    }};
    for (int i = 0; i < 200 && !other_is_done; ++i) std::this_thread::sleep_for(5ms);
    hold.run("SELECT pg_advisory_unlock(77)");
    held_up.join();
    other.join();
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(PostgresStoreTest, captures_of_two_attempts_on_two_replicas_at_once_make_one_a_duplicate) {
    const auto replica = open_postgres(place);
    for (int ticket = 1; ticket <= 40; ++ticket) {
        const auto first = open(ticket);
        run(store->record(heard(first, {fact(FactKind::expired)})));
        const auto second = open(ticket);
        run_together(2, 2, [&](int i) {
            return (i ? *store : *replica).record(heard(i ? first : second, {captured()}));
        });
        const auto of_ticket = run(store->transactions_of(ticket));
        const auto paid = std::ranges::count(of_ticket, Status::paid, &Transaction::status);
        const auto review = std::ranges::count(of_ticket, Status::review, &Transaction::status);
        EXPECT_EQ(paid, 1) << ticket;
        EXPECT_EQ(review, 1) << ticket;
    }
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(PostgresStoreTest, a_message_that_comes_to_several_replicas_at_once_is_kept_once) {
    const auto replica = open_postgres(place);
    const auto id = open(42);
    run_together(20, 4, [&](int i) {
        auto told = heard(id, {captured()}, Source::ipn);
        told.message = message("e1");
        return (i % 2 ? *store : *replica).record(std::move(told));
    });
    EXPECT_EQ(count("notifications"), 1);
    EXPECT_EQ(count("outbox"), 1);
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(PostgresStoreTest, a_loop_that_is_destroyed_takes_its_waiting_callers_with_it) {
    auto frame = std::make_shared<int>(0);
    for (int i = 1; i <= 5; ++i) {
        boost::asio::io_context loop;
        PostgresStore own{loop, options()};
        boost::asio::co_spawn(loop, open_holding(own, i, frame), [](std::exception_ptr) {});
        for (int step = 0; step < 3 * i; ++step) loop.poll_one();
    }
    EXPECT_EQ(frame.use_count(), 1);
    EXPECT_NO_THROW(run(store->open(attempt(6))));
}

TEST_F(PostgresStoreTest, it_works_without_prepared_statements) {
    auto plain = options();
    plain.address.prepared = false;
    store = open_postgres(std::move(plain));
    const auto id = open(42);
    auto told = heard(id, {captured()}, Source::ipn);
    told.message = message("e1");
    EXPECT_TRUE(run(store->record(std::move(told))).news);
    EXPECT_EQ(run(store->claim_due({noon + 1h, 10})).size(), 1u);
    EXPECT_EQ(run(store->claim_events(noon + 1h, 10)).size(), 1u);
    EXPECT_EQ(session().ask("SELECT count(*) FROM pg_prepared_statements")[0].integer(0), 0);
}

TEST_F(PostgresStoreTest, facts_and_messages_are_never_changed_or_deleted) {
    const auto id = open(42);
    auto told = heard(id, {captured()}, Source::ipn);
    told.message = message("e1");
    run(store->record(std::move(told)));
    for (const std::string table : {"facts", "notifications", "matches", "actions"})
        for (const std::string& change : {"DELETE FROM " + table, "TRUNCATE " + table + " CASCADE"})
            EXPECT_THROW(session().ask(change), postgres::Failed) << change;
    EXPECT_THROW(session().ask("UPDATE facts SET detail = 'x'"), postgres::Failed);
    for (const std::string change : {"signature = ''", "body = ''", "body = NULL"})
        EXPECT_THROW(session().ask("UPDATE notifications SET " + change), postgres::Failed);
    EXPECT_THROW(
        session().ask("UPDATE notifications SET body = NULL, body_sha256 = '', hash = 'x'"),
        postgres::Failed
    );
}

TEST_F(PostgresStoreTest, a_body_that_is_gone_is_found_when_nobody_has_erased_it) {
    auto told = heard(open(42), {captured()}, Source::ipn);
    told.message = message("e1");
    run(store->record(std::move(told)));
    const std::string erase = "UPDATE notifications SET body = NULL, body_sha256 = ";
    session().ask(erase + "encode(sha256(body), 'hex')");
    const auto found = postgres::verify_ledger(address()).differences;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].detail.ends_with("is gone, and nothing says who erased it"));
    EXPECT_THROW(session().ask(erase + "'another'"), postgres::Failed);
}

TEST_F(PostgresStoreTest, the_body_of_a_long_message_is_packed_the_quick_way) {
    auto told = heard(open(42), {captured()}, Source::ipn);
    told.message = message("e1");
    for (int i = 0; i < 1000; ++i) told.message->body += " " + std::to_string(i);
    const auto body = told.message->body;
    run(store->record(std::move(told)));
    // Not every server is built with lz4: those from npm are not.
    const auto kept = session().ask(
        "SELECT pg_column_compression(body), body, (SELECT 'lz4' = ANY(enumvals) FROM pg_settings"
        " WHERE name = 'default_toast_compression') FROM notifications"
    );
    EXPECT_EQ(kept[0].text(0) == "lz4", kept[0].flag(2));
    EXPECT_EQ(kept[0].text(1), body);
}

TEST_F(PostgresStoreTest, what_was_changed_behind_its_back_is_found) {
    const auto id = open(42);
    run(store->record(heard(id, {captured()})));
    auto intruder = session();
    intruder.run("SET session_replication_role = replica");  // triggers do not fire
    intruder.run("UPDATE facts SET amount_minor = 100 WHERE kind = 'captured'");
    const auto found = postgres::verify_ledger(address());
    ASSERT_FALSE(found.differences.empty());
    EXPECT_EQ(found.transactions, 1);
    EXPECT_EQ(found.facts, 1);

    VerifyOptions options;
    options.threads = 3;
    options.together = 1;
    EXPECT_EQ(postgres::verify_ledger(address(), options).differences, found.differences);

    intruder.run("DROP TRIGGER facts_stay ON facts");
    const auto again = postgres::verify_ledger(address()).differences;
    EXPECT_EQ(again.back(), (Difference{0, "the guard facts_stay is missing"}));
    intruder.run("DROP TRIGGER scopes_stay ON scopes");
    const auto then = postgres::verify_ledger(address()).differences;
    EXPECT_EQ(then.back(), (Difference{0, "the guard scopes_stay is missing"}));
}

constexpr auto end_yourself = "SELECT pg_terminate_backend(pg_backend_pid())";
constexpr auto last_words = "terminating connection due to administrator command";

// `connection` and `said` outlive it.
Task<void> hear_the_end(postgres::PipelineConnection* connection, std::string* said) {
    std::vector<postgres::Statement> statements{postgres::Statement{end_yourself}};
    co_await connection->open();
    try {
        co_await connection->exchange(std::move(statements));
    } catch (const postgres::Lost& lost) {
        *said = lost.what();
    }
}

TEST_F(PostgresStoreTest, what_the_server_says_before_it_ends_a_connection_is_the_reason) {
    boost::asio::io_context loop;
    boost::asio::thread_pool threads{1};
    const auto where = address();
    postgres::PipelineConnection connection{loop, threads, where};
    std::string said;
    boost::asio::co_spawn(loop, hear_the_end(&connection, &said), [](std::exception_ptr) {});
    loop.run();
    EXPECT_NE(said.find(last_words), std::string::npos) << said;
    try {
        session().ask(end_yourself);
        FAIL() << "the session should have ended";
    } catch (const postgres::Lost& lost) {
        EXPECT_NE(std::string{lost.what()}.find(last_words), std::string::npos) << lost.what();
    }
}

TEST_F(
    PostgresStoreTest, a_session_for_long_work_has_no_time_outs_and_a_pooled_one_in_transactions
) {
    const auto name = session().ask("SELECT current_database()::text")[0].text(0);
    for (const std::string setting :
         {"statement_timeout", "lock_timeout", "idle_session_timeout",
          "idle_in_transaction_session_timeout"})
        session().run("ALTER DATABASE " + name + " SET " + setting + " = '100ms'");
    const auto sleep = "SELECT pg_sleep(0.2)";
    EXPECT_NO_THROW(session().ask(sleep));

    auto pooled = address();
    pooled.prepared = false;
    postgres::Session lent{pooled};
    EXPECT_THROW(lent.ask(sleep), postgres::Failed);
    lent.begin();
    EXPECT_NO_THROW(lent.ask(sleep));
    lent.run("COMMIT");
    EXPECT_THROW(lent.ask(sleep), postgres::Failed);
}

TEST_F(PostgresStoreTest, a_pooler_that_needs_a_setting_is_told_its_name) {
    const postgres::Failed unknown{"26000", "prepared statement \"s1\" does not exist"};
    EXPECT_THROW(postgres::raise(address(), unknown), StoreDown);
    const auto said = [&](bool prepared) -> std::string {
        auto where = address();
        where.prepared = prepared;
        try {
            postgres::raise(where, unknown);
        } catch (const StoreDown& down) {
            return down.what();
        }
    };
    EXPECT_NE(said(true).find("PAYMENTS_DATABASE_PREPARED"), std::string::npos);
    EXPECT_EQ(said(false).find("PAYMENTS_DATABASE_PREPARED"), std::string::npos);
}

TEST_F(PostgresStoreTest, an_address_that_nobody_answers_says_where_but_not_the_password) {
    auto away = options();
    away.address.url = "postgresql://payments:hush@127.0.0.1:1/payments";
    store = open_postgres(std::move(away));
    try {
        run(store->newest_attempt());
        FAIL() << "nobody should have answered";
    } catch (const StoreDown& down) {
        const std::string said = down.what();
        EXPECT_TRUE(said.starts_with("database postgresql://127.0.0.1:1/payments: ")) << said;
        EXPECT_EQ(said.find("hush"), std::string::npos) << said;
    }
}

}  // namespace
}  // namespace payments
