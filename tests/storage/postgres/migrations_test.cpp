// PostgreSQL's schema: made once by whoever comes first, and changed while others work on it.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "fixtures/postgres_place.hpp"
#include "fixtures/store_contract.hpp"
#include "storage/postgres/migrations.hpp"

namespace payments {
namespace {

using namespace testing_support;
using postgres::migrate;

class PostgresMigrationsTest : public testing::Test {
protected:
    void TearDown() override { drop_postgres_place(place); }
    postgres::ServerAddress address() const {
        postgres::ServerAddress made;
        made.url = place;
        return made;
    }
    // The migrations of a version after this one.
    static std::vector<Migration> with_next(std::string sql) {
        auto all = postgres::migrations();
        all.push_back({static_cast<int>(all.size()) + 1, "9999_next", std::move(sql), "checksum"});
        return all;
    }
    static std::vector<Migration> without_indexes() {
        auto all = postgres::migrations();
        while (!all.back().name.ends_with("_uncounted")) all.pop_back();
        all.pop_back();
        return all;
    }
    static std::size_t since_indexes() {
        return postgres::migrations().size() - without_indexes().size();
    }
    std::int64_t count(const std::string& from) {
        postgres::Session session{address()};
        return session.ask("SELECT count(*) FROM " + from)[0].integer(0);
    }

    static constexpr auto builders =
        "pg_stat_progress_create_index WHERE datname = current_database()";
    const std::string place = make_empty_postgres_place();
};

TEST_F(PostgresMigrationsTest, a_new_database_is_migrated_once_whoever_starts_at_the_same_time) {
    std::atomic<int> applied{0};
    std::vector<std::jthread> replicas;
    for (int i = 0; i < 8; ++i)
        replicas.emplace_back([&] { applied += migrate(address()).size(); });
    for (auto& replica : replicas) replica.join();
    EXPECT_EQ(applied, static_cast<int>(postgres::migrations().size()));
    EXPECT_TRUE(postgres::pending_migrations(address()).empty());
}

TEST_F(PostgresMigrationsTest, what_would_be_done_is_told_without_doing_it) {
    EXPECT_EQ(postgres::pending_migrations(address()).size(), postgres::migrations().size());
    EXPECT_EQ(postgres::pending_migrations(address()).size(), postgres::migrations().size());
}

TEST_F(PostgresMigrationsTest, a_database_that_was_not_migrated_is_refused_with_what_to_do) {
    try {
        postgres::check_schema(address());
        FAIL();
    } catch (const StoreDown& down) {
        EXPECT_NE(std::string{down.what()}.find("run `ozora-payments migrate`"), std::string::npos);
    }
}

TEST_F(PostgresMigrationsTest, a_database_that_others_migrated_is_refused) {
    migrate(address());
    postgres::Session{address()}.run("UPDATE schema_migrations SET checksum = 'other'");
    EXPECT_THROW(migrate(address()), StoreDown);
    EXPECT_THROW(postgres::check_schema(address()), StoreDown);
}

TEST_F(PostgresMigrationsTest, this_version_works_on_while_the_next_one_migrates) {
    migrate(address());
    const auto store = open_postgres(place);
    std::atomic<int> done{0};
    std::jthread busy{[&](const std::stop_token& over) {
        for (int ticket = 1; !over.stop_requested(); ++ticket) {
            const auto id = run(store->open(attempt(ticket))).transaction.id;
            run(store->record(heard(id, {captured()})));
            ++done;
        }
    }};
    while (done < 20) std::this_thread::sleep_for(2ms);
    const auto applied = migrate(
        address(), with_next("ALTER TABLE transactions ADD COLUMN channel text;"
                             "CREATE INDEX transactions_channel ON transactions (channel)")
    );
    const int then = done;
    while (done < then + 20) std::this_thread::sleep_for(2ms);
    busy.request_stop();
    busy.join();
    EXPECT_EQ(applied, std::vector<std::string>{"9999_next"});
    EXPECT_NO_THROW(postgres::check_schema(address()));  // also for one that starts again
    EXPECT_NO_THROW(run(store->check_ready()));
}

TEST_F(PostgresMigrationsTest, a_migration_makes_way_for_a_long_transaction_and_comes_again) {
    migrate(address());
    postgres::Session reader{address()};
    reader.run("BEGIN; SELECT count(*) FROM transactions");
    std::jthread ending{[&] {
        std::this_thread::sleep_for(4s);  // longer than a migration waits for a table
        reader.run("COMMIT");
    }};
    const auto store = open_postgres(place);
    std::jthread visitor{[&] { run(store->open(attempt(42))); }};
    EXPECT_EQ(
        migrate(address(), with_next("ALTER TABLE transactions ADD COLUMN channel text")).size(), 1u
    );
    ending.join();
    visitor.join();
}

// Before the migration that builds indexes.
TEST_F(PostgresMigrationsTest, starts_go_on_while_indexes_are_built) {
    migrate(address(), without_indexes());
    const auto store = open_postgres(place);
    // Replicas that start together; both wait for the old reader, one at an index and one for its
    // turn. They are there before the reader, who must be gone before they can be waited for.
    std::vector<std::jthread> replicas;
    postgres::Session reader{address()};
    reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM transactions");
    std::atomic<std::size_t> applied{0}, ended{0};
    for (int i = 0; i < 2; ++i)
        replicas.emplace_back([&] {
            applied += migrate(address()).size();
            ++ended;
        });
    while (count(builders) == 0) std::this_thread::sleep_for(2ms);
    for (int ticket = 1; ticket <= 20; ++ticket) {
        const auto id = run(store->open(attempt(ticket))).transaction.id;
        run(store->record(heard(id, {captured()})));
    }
    EXPECT_EQ(ended, 0U);
    reader.run("COMMIT");
    for (auto& replica : replicas) replica.join();
    EXPECT_EQ(applied, since_indexes());
    EXPECT_NO_THROW(postgres::check_schema(address()));
    EXPECT_EQ(count("pg_index WHERE NOT indisvalid"), 0);
    FindQuery everything;
    everything.is_everywhere = true;
    EXPECT_EQ(run(store->find(std::move(everything))).list.size(), 20U);
}

TEST_F(PostgresMigrationsTest, an_index_that_was_left_half_built_is_built_anew) {
    migrate(address(), without_indexes());
    const auto store = open_postgres(place);
    for (int ticket = 1; ticket <= 2; ++ticket) run(store->open(attempt(ticket)));
    // As a build is left that was ended in the middle: here since not all rows differ.
    EXPECT_THROW(
        postgres::Session{address()}.run(
            "CREATE UNIQUE INDEX CONCURRENTLY transactions_uncounted ON transactions (currency)"
        ),
        postgres::Failed
    );
    EXPECT_THROW(
        postgres::Session{address()}.run(
            "CREATE UNIQUE INDEX CONCURRENTLY of_somebody_else ON transactions (processor)"
        ),
        postgres::Failed
    );
    ASSERT_EQ(count("pg_index WHERE NOT indisvalid"), 2);
    EXPECT_EQ(migrate(address()).size(), since_indexes());
    EXPECT_EQ(count("pg_index WHERE NOT indisvalid"), 1);
    EXPECT_EQ(count("pg_indexes WHERE indexname = 'of_somebody_else'"), 1);
    EXPECT_EQ(
        count("pg_indexes WHERE indexname = 'transactions_uncounted' AND indexdef LIKE '%counted)%'"
        ),
        1
    );
}

TEST_F(PostgresMigrationsTest, indexes_are_not_begun_where_a_time_out_would_end_them) {
    migrate(address(), without_indexes());
    for (const std::string name : {"statement_timeout", "lock_timeout"}) {
        const auto set = [&](const std::string& to) {
            postgres::Session{address()}.run(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET " + name + " = ''" + to +
                "''', current_database()); END $$"
            );
        };
        set("1min");
        auto pooled = address();
        pooled.prepared = false;
        try {
            migrate(pooled);
            FAIL() << name;
        } catch (const StoreDown& down) {
            const std::string said = down.what();
            EXPECT_NE(said.find(name + " of 1min"), std::string::npos) << said;
            EXPECT_NE(said.find("`ozora-payments migrate`"), std::string::npos) << said;
        }
        EXPECT_EQ(postgres::pending_migrations(address()).size(), since_indexes());
        set("0");
    }
    postgres::Session{address()}.run(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''1min''',"
        " current_database()); END $$"
    );
    EXPECT_EQ(migrate(address()).size(), since_indexes());  // its own session has none
}

TEST_F(PostgresMigrationsTest, a_build_that_is_ended_goes_on_where_it_was) {
    migrate(address(), without_indexes());
    std::jthread replica;
    postgres::Session reader{address()};
    reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM transactions");
    replica = std::jthread{[&] { EXPECT_THROW(migrate(address()), std::exception); }};
    while (count(builders) == 0) std::this_thread::sleep_for(2ms);
    postgres::Session{address()}.ask(
        std::string{"SELECT pg_terminate_backend(pid) FROM "} + builders
    );
    replica.join();
    reader.run("COMMIT");
    EXPECT_THROW(postgres::check_schema(address()), StoreDown);
    EXPECT_EQ(migrate(address()).size(), since_indexes());
    EXPECT_NO_THROW(postgres::check_schema(address()));
    EXPECT_EQ(count("pg_index WHERE NOT indisvalid"), 0);
}

TEST_F(PostgresMigrationsTest, a_migration_that_fails_leaves_nothing_behind) {
    migrate(address());
    EXPECT_THROW(
        migrate(address(), with_next("CREATE TABLE half (id bigint); SELECT 1 / 0")), std::exception
    );
    EXPECT_TRUE(postgres::Session{address()}.ask("SELECT to_regclass('half')::text")[0].is_null(0));
    EXPECT_NO_THROW(postgres::check_schema(address()));
}

}  // namespace
}  // namespace payments
