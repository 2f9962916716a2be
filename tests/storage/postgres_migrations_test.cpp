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

    const std::string place = make_empty_postgres_place();
};

TEST_F(PostgresMigrationsTest, a_new_database_is_migrated_once_whoever_starts_at_the_same_time) {
    std::atomic<int> applied{0};
    std::vector<std::thread> replicas;
    for (int i = 0; i < 8; ++i)
        replicas.emplace_back([&] { applied += static_cast<int>(migrate(address()).size()); });
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
    std::atomic<bool> is_over{false};
    std::atomic<int> done{0};
    std::thread busy{[&] {
        for (int ticket = 1; !is_over; ++ticket) {
            const auto id = run(store->open(attempt(ticket))).transaction.id;
            run(store->record(heard(id, {captured()})));
            ++done;
        }
    }};
    while (done < 20) std::this_thread::yield();
    const auto applied = migrate(
        address(), with_next("ALTER TABLE transactions ADD COLUMN channel text;"
                             "CREATE INDEX transactions_channel ON transactions (channel)")
    );
    const int then = done;
    while (done < then + 20) std::this_thread::yield();
    is_over = true;
    busy.join();
    EXPECT_EQ(applied, std::vector<std::string>{"9999_next"});
    EXPECT_NO_THROW(postgres::check_schema(address()));  // also for one that starts again
    EXPECT_NO_THROW(run(store->check_ready()));
}

TEST_F(PostgresMigrationsTest, a_migration_makes_way_for_a_long_transaction_and_comes_again) {
    migrate(address());
    postgres::Session reader{address()};
    reader.run("BEGIN; SELECT count(*) FROM transactions");
    std::thread ending{[&] {
        std::this_thread::sleep_for(4s);  // longer than a migration waits for a table
        reader.run("COMMIT");
    }};
    const auto store = open_postgres(place);
    std::thread visitor{[&] { run(store->open(attempt(42))); }};
    EXPECT_EQ(
        migrate(address(), with_next("ALTER TABLE transactions ADD COLUMN channel text")).size(), 1u
    );
    ending.join();
    visitor.join();
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
