// What only the SQLite store promises: its file, its schema, its one writer and its books.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/detached.hpp>
#include <fstream>

#include "fixtures/sqlite_place.hpp"
#include "storage/rules/changes.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/claims.hpp"
#include "storage/sqlite/idempotency_keys.hpp"
#include "storage/sqlite/office.hpp"
#include "storage/sqlite/outbox.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/verify_ledger.hpp"
#include "support/file_size_limit.hpp"

namespace payments {

using namespace testing_support;

namespace {

// Root may write everything; nobody may not.
class AsNobody {
public:
    AsNobody() {
        if (::geteuid() == 0) changed_ = ::seteuid(65534) == 0;
    }
    ~AsNobody() {
        if (changed_ && ::seteuid(0) != 0) std::abort();
    }

private:
    bool changed_ = false;
};

}  // namespace

// ------------------------------------------------------------------------- the file

TEST_F(SqliteStoreTest, a_missing_directory_is_named) {
    path = directory / "none" / "payments.db";
    const auto expected =
        complaint() + "the directory " + (directory / "none").string() + " does not exist";
    EXPECT_EQ(why_down([&] { migrate(path); }), expected);
    EXPECT_EQ(why_down([&] { open_store(); }), expected);
}

TEST_F(SqliteStoreTest, a_missing_file_is_not_made_by_opening_it) {
    EXPECT_EQ(
        why_down([&] { open_store(); }),
        complaint() + "the file does not exist; `ozora-payments migrate` makes it"
    );
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(SqliteStoreTest, a_directory_is_no_database) {
    fs::create_directory(path);
    EXPECT_EQ(why_down([&] { migrate(path); }), complaint() + "it is a directory");
}

TEST_F(SqliteStoreTest, a_file_that_is_something_else_is_left_as_it_is) {
    const std::string text(5000, 'x');
    std::ofstream{path} << text;
    const auto expected = complaint() + "the file is not an SQLite database";
    EXPECT_EQ(why_down([&] { migrate(path); }), expected);
    EXPECT_EQ(why_down([&] { open_store(); }), expected);
    std::ifstream file{path};
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>{file}, {}), text);
}

TEST_F(SqliteStoreTest, a_damaged_file_is_called_damaged) {
    {
        auto store = migrated_store();
        run(store->open(attempt(42)));
    }
    const auto size = fs::file_size(path);
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4096);
    file << std::string(size - 4096, '\xee');
    file.close();

    const auto said = why_down([&] {
        auto store = open_store();
        run(store->transactions_of(42));
    });
    EXPECT_TRUE(said.starts_with(complaint() + "the file is damaged: ")) << said;
}

TEST_F(SqliteStoreTest, a_read_only_file_is_refused_at_the_start) {
    migrate(path);
    fs::permissions(directory, fs::perms{0755});
    fs::permissions(path, fs::perms{0444});
    const AsNobody nobody;
    EXPECT_EQ(
        why_down([&] { open_store(); }), complaint() + "the file is read-only for this process"
    );
}

TEST_F(SqliteStoreTest, a_file_we_may_not_read_says_why) {
    migrate(path);
    fs::permissions(directory, fs::perms{0755});
    fs::permissions(path, fs::perms{0});
    const AsNobody nobody;
    EXPECT_EQ(why_down([&] { open_store(); }), complaint() + "cannot be opened: Permission denied");
}

TEST_F(SqliteStoreTest, the_file_is_for_its_owner_alone) {
    auto store = migrated_store();
    run(store->open(attempt(42)));
    for (const auto& entry : fs::directory_iterator(directory))
        EXPECT_EQ(entry.status().permissions(), fs::perms{0600}) << entry.path();
}

TEST_F(SqliteStoreTest, every_commit_is_on_disk_before_it_is_answered) {
    migrate(path);
    auto database = behind();
    const auto pragma = [&](std::string_view name) {
        auto rows = database.query("PRAGMA " + std::string{name});
        rows.next();
        return rows.text(0);
    };
    EXPECT_EQ(pragma("journal_mode"), "wal");
    EXPECT_EQ(pragma("synchronous"), "2");
    EXPECT_EQ(pragma("foreign_keys"), "1");
}

TEST_F(SqliteStoreTest, a_lock_of_another_process_is_named_and_does_not_stop_readers) {
    SqliteOptions options;
    options.busy_timeout_ms = 30;
    auto store = migrated_store(options);
    run(store->open(attempt(42)));
    auto other = behind();
    other.execute("BEGIN IMMEDIATE");

    EXPECT_EQ(
        why_down([&] { run(store->open(attempt(43))); }), complaint() + "locked by another process"
    );
    EXPECT_EQ(
        why_down([&] { run(store->check_ready()); }), complaint() + "locked by another process"
    );
    EXPECT_EQ(run(store->transactions_of(42)).size(), 1u);

    other.execute("ROLLBACK");
    EXPECT_NO_THROW(run(store->check_ready()));
    EXPECT_TRUE(run(store->open(attempt(43))).is_new);
}

TEST_F(SqliteStoreTest, a_disk_that_is_full_keeps_nothing_half_and_recovers_when_there_is_room) {
    auto store = migrated_store();
    const auto before = run(store->open(attempt(1))).transaction;
    auto loud = heard(before.id, {captured()});
    loud.message = message("e1");
    loud.message->body = std::string(1'000'000, 'x');
    {
        const FileSizeLimit full{fs::file_size(path.string() + "-wal") + 100'000};
        const auto said = why_down([&] { run(store->record(loud)); });
        EXPECT_EQ(said, complaint() + "disk I/O error: File too large");
        EXPECT_EQ(run(store->transaction(before.id))->status, Status::created);

        // Changes that fit are taken still, and those that do not are refused whole.
        int refused = 0;
        for (std::int64_t ticket = 2; ticket < 100; ++ticket)
            refused += !why_down([&] { run(store->open(attempt(ticket))); }).empty();
        EXPECT_GT(refused, 0);
        EXPECT_EQ(count("transactions"), 99 - refused);
        EXPECT_EQ(
            why_down([&] { run(store->check_ready()); }),
            complaint() + "disk I/O error: File too large"
        );
    }
    EXPECT_NO_THROW(run(store->check_ready()));
    EXPECT_TRUE(run(store->record(loud)).news);
    EXPECT_EQ(count("facts"), 1);
    EXPECT_EQ(count("notifications"), 1);
    EXPECT_TRUE(sqlite::verify_ledger(path).differences.empty());
}

TEST_F(SqliteStoreTest, a_file_that_was_taken_away_is_not_written_to) {
    auto store = migrated_store();
    const auto away = path.string() + ".away";
    fs::rename(path, away);
    const auto expected =
        complaint() + "the file was moved, replaced or deleted while it was in use";
    EXPECT_EQ(why_down([&] { run(store->open(attempt(42))); }), expected);
    EXPECT_EQ(why_down([&] { run(store->check_ready()); }), expected);

    fs::rename(away, path);
    EXPECT_NO_THROW(run(store->check_ready()));
    EXPECT_TRUE(run(store->open(attempt(42))).is_new);
}

// ------------------------------------------------------------------------ the schema

TEST_F(SqliteStoreTest, migrating_twice_does_it_once) {
    std::vector<std::string> all;
    for (const auto& migration : sqlite::migrations()) all.push_back(migration.name);

    EXPECT_EQ(sqlite::pending_migrations(path), all);
    EXPECT_FALSE(fs::exists(path));
    EXPECT_EQ(migrate(path), all);
    EXPECT_EQ(migrate(path), std::vector<std::string>{});
    EXPECT_EQ(sqlite::pending_migrations(path), std::vector<std::string>{});
}

// Nobody begins a payment while one runs. The first seven are of before there were many.
TEST_F(SqliteStoreTest, no_migration_builds_two_indexes_of_a_large_table) {
    for (const auto& migration : sqlite::migrations()) {
        if (migration.version < 8) continue;
        int built = 0;
        for (const std::string table : {"transactions", "facts", "notifications", "outbox"}) {
            const auto on = " ON " + table + " (";
            for (auto at = migration.sql.find(on); at != std::string::npos;
                 at = migration.sql.find(on, at + 1))
                ++built;
        }
        EXPECT_LE(built, 1) << migration.name;
    }
}

TEST_F(SqliteStoreTest, of_processes_that_migrate_at_once_one_does_it) {
    std::vector<std::vector<std::string>> done(4);
    std::vector<std::jthread> threads;
    for (auto& mine : done) threads.emplace_back([&] { mine = migrate(path); });
    for (auto& thread : threads) thread.join();

    std::size_t applied = 0;
    for (const auto& mine : done) applied += mine.size();
    EXPECT_EQ(applied, sqlite::migrations().size());
}

TEST_F(SqliteStoreTest, who_migrates_waits_for_another_that_takes_long) {
    Database other{path, Database::Access::create, 0};
    other.execute("BEGIN IMMEDIATE");
    std::jthread ending{[&] {
        std::this_thread::sleep_for(6s);  // longer than anything else waits
        other.execute("COMMIT");
    }};
    EXPECT_EQ(migrate(path).size(), sqlite::migrations().size());
    ending.join();
}

TEST_F(SqliteStoreTest, a_schema_that_is_not_migrated_yet_says_what_to_do) {
    Database{path, Database::Access::create, 5000}.execute("CREATE TABLE other (id INTEGER)");
    EXPECT_EQ(
        why_down([&] { open_store(); }),
        complaint() + "its schema is older than this binary; run `ozora-payments migrate`"
    );
}

TEST_F(SqliteStoreTest, a_schema_newer_than_the_binary_is_refused_by_all_who_would_write) {
    auto store = migrated_store();
    behind().execute("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'ff', 0)");
    const auto expected = complaint() +
                          "its schema is newer (9999_future) than this version of ozora-payments "
                          "knows; run the newer version";
    EXPECT_EQ(why_down([&] { open_store(); }), expected);
    EXPECT_EQ(why_down([&] { migrate(path); }), expected);
    EXPECT_EQ(why_down([&] { sqlite::pending_migrations(path); }), expected);
    EXPECT_NO_THROW(run(store->check_ready())) << "who runs already goes on while it is rolled out";
}

TEST_F(SqliteStoreTest, a_schema_made_by_another_text_of_a_migration_is_refused) {
    migrate(path);
    behind().execute("UPDATE schema_migrations SET checksum = 'ff' WHERE version = 1");
    const auto& first = sqlite::migrations().front().name;
    EXPECT_EQ(
        why_down([&] { open_store(); }), complaint() + "its migration " + first +
                                             " is not the one of this version of ozora-payments (" +
                                             first + ")"
    );
}

TEST_F(SqliteStoreTest, facts_and_messages_cannot_be_changed_or_deleted) {
    auto store = migrated_store();
    auto paid = heard(run(store->open(attempt(42))).transaction.id, {captured()});
    paid.message = message("e1");
    run(store->record(paid));
    auto database = behind();

    EXPECT_THROW(database.change("UPDATE facts SET amount_minor = 1"), sqlite::Refused);
    EXPECT_THROW(database.change("DELETE FROM facts"), sqlite::Refused);
    EXPECT_THROW(database.change("UPDATE notifications SET body = x''"), sqlite::Refused);
    EXPECT_THROW(database.change("UPDATE notifications SET body = NULL"), sqlite::Refused);
    EXPECT_THROW(
        database.change("UPDATE notifications SET body = NULL, body_sha256 = 'h', hash = 'h'"),
        sqlite::Refused
    );
    EXPECT_THROW(database.change("DELETE FROM notifications"), sqlite::Refused);
    EXPECT_THROW(database.change("DELETE FROM transactions"), sqlite::Refused);
}

TEST_F(SqliteStoreTest, the_database_itself_refuses_a_second_live_attempt) {
    auto store = migrated_store();
    run(store->open(attempt(42)));
    auto database = behind();
    EXPECT_THROW(
        database.change(
            "INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor,"
            " account, email, metas, created_at, expires_at, status, live, holds_fee, updated_at)"
            " SELECT ticket_id, fee_type, currency, processor, amount_minor, account, email,"
            " metas, created_at, expires_at, status, live, holds_fee, updated_at FROM transactions"
        ),
        sqlite::Refused
    );
}

// Every statement the store has prepared, so that a new one is looked at without being listed here.
TEST_F(SqliteStoreTest, no_statement_reads_more_than_it_gives) {
    migrate(path);
    auto database = behind();
    sqlite::SqliteBooks books{database};
    const auto id = ledger::apply_new_attempt(books, attempt(42)).transaction.id;
    auto paid = heard(id, {accepted("501"), captured()});
    paid.message = message("e1");
    ledger::apply_heard(books, paid);
    ledger::apply_heard(books, notice({{}, "501", Processor::simplepay}, {}, "e2"));
    ledger::apply_new_attempt(books, attempt(42));
    auto live = ledger::apply_new_attempt(books, attempt(43)).transaction.id;
    ledger::apply_heard(books, heard(live, {fact(FactKind::unanswered)}));
    sqlite::claim_due(database, {noon + 1h, 10});
    const auto event = sqlite::claim_events(database, noon + 1h, 10).at(0);
    sqlite::record_delivery(
        database, event, outcome_of_attempt(event, DeliveryAttempt::failed("no"), noon + 1h)
    );
    sqlite::record_delivery(
        database, event, outcome_of_attempt(event, DeliveryAttempt::done(), noon + 1h)
    );
    ledger::apply_heard(books, notice({{}, "999", Processor::simplepay}, {}, "e9"));
    sqlite::reviews(database, {noon + 2h, 10, {}});
    sqlite::review_counts(database, noon + 2h);
    for (const bool is_everywhere : {true, false})
        for (const std::string by : {"", "anna"}) {
            ActionsQuery query{{is_everywhere, {1}}, by};
            sqlite::actions(database, query);
        }
    const auto claimed = sqlite::claim_unmatched(database, noon + 1h, 10).at(0);
    ledger::apply_heard(books, Heard::retried(claimed, heard(live, {accepted("999")})));
    sqlite::ticket_ids(database, 0, 10);
    sqlite::newest_attempt(database);
    sqlite::transactions_of(database, 42);
    sqlite::next_due(database);
    sqlite::claim_key(database, "start", "k", "f", noon);
    sqlite::claim_key(database, "start", "k", "f", noon + 1h);
    sqlite::store_response(database, "start", "k", {200, "{}"});
    sqlite::release_key(database, "start", "k");
    sqlite::forget_keys(database, noon);

    const std::string first_due = "SCAN transactions USING COVERING INDEX transactions_due";
    // Small by themselves: what a person must look at.
    const std::string watched = "SCAN transactions USING INDEX transactions_watched";
    const std::string numbers = "SCAN sqlite_sequence";  // a row for each table that counts
    const std::string dead = "SCAN o USING INDEX outbox_dead";
    const std::string dead_alone = "SCAN outbox USING INDEX outbox_dead";
    int looked_at = 0;
    for (const auto& sql : database.statements()) {
        auto plan = database.query("EXPLAIN QUERY PLAN " + sql);
        while (plan.next()) {
            const auto step = plan.text(3);
            const bool counts = step.starts_with("SCAN (subquery") || step == dead_alone;
            const bool allowed = step == first_due || step == watched || step == dead ||
                                 step == numbers || counts;
            EXPECT_TRUE(allowed || step.find("SCAN") == std::string::npos) << step << "\n" << sql;
            EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step << "\n" << sql;
        }
        ++looked_at;
    }
    EXPECT_GE(looked_at, 18);
}

// ------------------------------------------------------------------- the one writer

TEST_F(SqliteStoreTest, changes_that_wait_together_are_committed_together) {
    std::vector<Group> groups;
    SqliteOptions options;
    options.group_max = 40;
    options.on_group = [&](const Group& group) { groups.push_back(group); };
    auto store = migrated_store(options);
    auto other = behind();
    other.execute("BEGIN IMMEDIATE");  // holds the writer up until all have asked

    boost::asio::io_context loop;
    std::vector<std::optional<Opened>> answers(64);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto ticket = i == 7 ? -1 : static_cast<std::int64_t>(i + 1);
        boost::asio::co_spawn(
            loop, store_answer(store->open(attempt(ticket)), answers[i]), [](std::exception_ptr) {}
        );
    }
    loop.poll();
    other.execute("ROLLBACK");
    loop.run();
    store.reset();

    std::size_t changes = 0, failed = 0;
    for (const auto& group : groups) {
        changes += group.changes;
        failed += group.failed;
        EXPECT_LE(group.changes, 40u);
        EXPECT_TRUE(group.committed);
    }
    EXPECT_EQ(changes, 64u);
    EXPECT_EQ(failed, 1u);
    EXPECT_LE(groups.size(), 3u);
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].has_value(), i != 7);
}

TEST_F(SqliteStoreTest, a_queue_that_is_full_says_so_at_once) {
    SqliteOptions options;
    options.waiting_max = 5;
    options.group_max = 1;
    auto store = migrated_store(options);
    auto other = behind();
    other.execute("BEGIN IMMEDIATE");

    boost::asio::io_context loop;
    std::vector<std::string> said;
    std::vector<std::optional<Opened>> answers(20);
    for (std::size_t i = 0; i < answers.size(); ++i)
        boost::asio::co_spawn(
            loop, store_answer(store->open(attempt(static_cast<std::int64_t>(i + 1))), answers[i]),
            [&](std::exception_ptr thrown) {
                if (thrown) said.push_back(why_down([&] { std::rethrow_exception(thrown); }));
            }
        );
    loop.poll();
    EXPECT_GE(said.size(), 14u);
    EXPECT_EQ(said.front(), complaint() + "too many calls are waiting for it");
    other.execute("ROLLBACK");
    loop.run();
    EXPECT_EQ(static_cast<std::size_t>(count("transactions")), answers.size() - said.size());
}

TEST_F(SqliteStoreTest, without_threads_a_call_waits_until_it_is_served) {
    SqliteOptions options;
    options.threads = false;
    auto store = migrated_store(options);
    boost::asio::io_context loop;
    std::vector<std::optional<Opened>> answers(3);
    for (std::size_t i = 0; i < answers.size(); ++i)
        boost::asio::co_spawn(
            loop, store_answer(store->open(attempt(static_cast<std::int64_t>(i + 1))), answers[i]),
            boost::asio::detached
        );
    loop.poll();
    EXPECT_EQ(store->waiting_writes(), 3u);
    EXPECT_EQ(count("transactions"), 0);

    EXPECT_EQ(store->serve_writes(2), 2u);
    EXPECT_EQ(count("transactions"), 2);
    EXPECT_FALSE(answers[0]);  // durable, and nobody was told yet
    loop.poll();
    EXPECT_TRUE(answers[0] && answers[1] && !answers[2]);
    EXPECT_EQ(store->waiting_writes(), 1u);
    EXPECT_EQ(store->waiting_reads(), 0u);
    EXPECT_EQ(store->serve_reads(1), 0u);
}

// `held` shows by its use count whether the coroutine still exists.
TEST_F(SqliteStoreTest, a_loop_that_is_destroyed_takes_its_waiting_callers_with_it) {
    const auto store = migrated_store();
    auto frame = std::make_shared<int>(0);
    for (int i = 0; i < 50; ++i) {
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, open_holding(*store, i + 1, frame), [](std::exception_ptr) {});
        loop.poll();
    }
    EXPECT_EQ(frame.use_count(), 1);
    EXPECT_EQ(run(store->open(attempt(50))).is_new, false);
}

TEST_F(SqliteStoreTest, a_commit_that_fails_fails_every_change_of_its_group) {
    migrate(path);
    auto database = behind();
    database.execute("PRAGMA max_page_count = 30");
    const auto group_of = [](int opens) {
        std::vector<sqlite::Worker::Job> jobs;
        for (int i = 1; i <= opens; ++i)
            jobs.push_back(
                {[i](Database& to) {
                     sqlite::SqliteBooks books{to};
                     ledger::apply_new_attempt(books, attempt(i));
                 },
                 {},
                 {}}
            );
        return jobs;
    };
    auto too_many = group_of(500);
    const auto failed = sqlite::commit_together(database, too_many);
    EXPECT_FALSE(failed.committed);
    EXPECT_EQ(failed.failed, 500u);
    EXPECT_EQ(failed.failure, complaint() + "the disk or the file's quota is full");
    for (const auto& job : too_many)
        EXPECT_EQ(why_down([&] { std::rethrow_exception(job.failure); }), failed.failure);
    EXPECT_EQ(count("transactions"), 0);

    database.execute("PRAGMA max_page_count = 100000");
    auto again = group_of(500);
    EXPECT_TRUE(sqlite::commit_together(database, again).committed);
    EXPECT_EQ(count("transactions"), 500);
}

// As SQLite counts by itself.
TEST_F(SqliteStoreTest, a_number_is_never_given_twice_though_the_count_was_set_back) {
    migrate(path);
    auto database = behind();
    sqlite::SqliteBooks books{database};
    for (int i = 1; i <= 3; ++i) ledger::apply_new_attempt(books, attempt(i));
    database.execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'transactions'");
    EXPECT_EQ(ledger::apply_new_attempt(books, attempt(4)).transaction.id, 4);
    database.execute("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'transactions'");
    EXPECT_EQ(ledger::apply_new_attempt(books, attempt(5)).transaction.id, 10);
}

// What was begun, of all changes of a group together; what was undone is not in it.
TEST_F(SqliteStoreTest, a_group_adds_one_row_to_each_sum) {
    migrate(path);
    auto database = behind();
    sqlite::GroupTotals totals;
    const auto companion = totals.companion();
    const auto begin = [&](int ticket, bool fails = false) {
        sqlite::Worker::Work work = [&totals, ticket, fails](Database& to) {
            sqlite::SqliteBooks books{to, &totals};
            ledger::apply_new_attempt(books, attempt(ticket));
            if (fails) throw std::runtime_error{"no"};
        };
        return sqlite::Worker::Job{std::move(work), {}, {}};
    };
    const auto begun = [&] {
        std::vector<std::int64_t> counts;
        auto rows = database.query("SELECT n FROM totals_pending WHERE measure = 'started'");
        while (rows.next()) counts.push_back(rows.integer(0));
        return counts;
    };
    std::vector<sqlite::Worker::Job> some{begin(1), begin(2, true), begin(3), begin(4)};
    EXPECT_EQ(sqlite::commit_together(database, some, companion).failed, 1U);
    EXPECT_EQ(begun(), std::vector<std::int64_t>{3});

    database.execute("PRAGMA max_page_count = 1");
    std::vector<sqlite::Worker::Job> none;
    for (int i = 0; i < 500; ++i) none.push_back(begin(100 + i));
    EXPECT_FALSE(sqlite::commit_together(database, none, companion).committed);
    database.execute("PRAGMA max_page_count = 100000");
    std::vector<sqlite::Worker::Job> more{begin(5)};
    EXPECT_TRUE(sqlite::commit_together(database, more, companion).committed);
    EXPECT_EQ(begun(), (std::vector<std::int64_t>{3, 1}));
}

}  // namespace payments
