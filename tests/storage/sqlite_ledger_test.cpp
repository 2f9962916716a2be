// The books can be re-read, and what was changed in them behind our back is found.
#include "storage/sqlite/verify_ledger.hpp"

#include <algorithm>

#include "fixtures/sqlite_place.hpp"
#include "storage/rules/ledger.hpp"

namespace payments {

using namespace testing_support;

class SqliteLedgerTest : public SqliteStoreTest {
protected:
    void SetUp() override {
        SqliteStoreTest::SetUp();
        auto store = migrated_store();
        id = run(store->open(attempt(42))).transaction.id;
        auto first = heard(id, {accepted("501")}, Source::ipn);
        first.message = message("e1");
        run(store->record(first));
        auto second = heard(id, {captured(), refunded("r1", 1000)}, Source::ipn);
        second.at += 1s;
        second.message = message("e2");
        run(store->record(second));
        const auto stray = notice({77, "", {}}, {}, "e3");
        run(store->record(stray));
    }

    // Another payment, of another ticket, given back as refund `refund`.
    std::int64_t pay_and_refund(std::int64_t ticket_id, const std::string& refund) {
        auto store = open_store();
        const auto other = run(store->open(attempt(ticket_id))).transaction.id;
        auto words = heard(other, {accepted("60" + std::to_string(ticket_id)), captured()});
        run(store->record(words));
        words.facts = {refunded(refund, 1000)};
        words.at += 1s;
        run(store->record(words));
        return other;
    }

    // The message about nothing, e3, was found to be about the first transaction after all.
    void match_stray() {
        const UnmatchedMessage unmatched{3, message("e3"), noon};
        auto words = Heard::retried(unmatched, heard(id, {refunded("r3", 5)}, Source::ipn));
        words.at += 1h;
        ASSERT_TRUE(run(open_store()->record(words)).news);
    }

    // Someone with the file in hand did `script`, past all that guards the books.
    void damage(const std::string& script) {
        auto database = behind();
        std::string guards;
        std::vector<std::string> names;
        {
            auto rows =
                database.query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
            for (; rows.next(); guards += rows.text(1) + ";") names.push_back(rows.text(0));
        }
        database.execute("PRAGMA foreign_keys = OFF");
        for (const auto& name : names) database.execute(("DROP TRIGGER " + name).c_str());
        database.execute(script.c_str());
        database.execute(guards.c_str());
    }
    // Which several threads find in the same order.
    std::vector<std::string> found() {
        std::vector<std::string> details;
        for (const auto& difference : sqlite::verify_ledger(path).differences)
            details.push_back(std::to_string(difference.transaction_id) + ": " + difference.detail);
        EXPECT_EQ(found_by(3), found_by(1));
        return details;
    }
    // Taking few transactions at a time.
    std::vector<Difference> found_by(int threads) {
        VerifyOptions options;
        options.threads = threads;
        options.together = 2;
        return sqlite::verify_ledger(path, options).differences;
    }
    std::vector<std::string> found_after(const std::string& script) {
        damage(script);
        return found();
    }
    using Found = std::vector<std::string>;
    std::int64_t id = 0;
};

TEST_F(SqliteLedgerTest, sound_books_have_no_differences) {
    const auto report = sqlite::verify_ledger(path);
    EXPECT_TRUE(report.differences.empty());
    EXPECT_EQ(report.transactions, 1);
    EXPECT_EQ(report.facts, 3);
    EXPECT_EQ(report.messages, 3);
}

TEST_F(SqliteLedgerTest, an_empty_database_is_sound) {
    fs::remove(path);
    migrate(path);
    EXPECT_EQ(found(), Found{});
}

TEST_F(SqliteLedgerTest, it_tells_how_far_it_is) {
    std::vector<std::int64_t> done, of;
    VerifyOptions options;
    options.progress = [&](const VerifyProgress& progress) {
        done.push_back(progress.transactions);
        of.push_back(progress.of);
    };
    auto store = open_store();
    for (std::int64_t ticket = 1000; ticket < 1600; ++ticket) run(store->open(attempt(ticket)));
    sqlite::verify_ledger(path, options);
    EXPECT_EQ(done, (std::vector<std::int64_t>{250, 500, 601}));
    EXPECT_EQ(of, (std::vector<std::int64_t>{601, 601, 601}));
}

TEST_F(SqliteLedgerTest, several_threads_find_the_same_in_the_same_order) {
    {
        auto store = open_store();
        for (std::int64_t ticket = 1000; ticket < 1040; ++ticket) run(store->open(attempt(ticket)));
    }
    VerifyOptions options;
    options.threads = 3;
    options.together = 2;
    std::int64_t told = 0;
    options.progress = [&](const VerifyProgress& progress) { told = progress.transactions; };
    const auto sound = sqlite::verify_ledger(path, options);
    EXPECT_EQ(sound.differences, std::vector<Difference>{});
    EXPECT_EQ(sound.transactions, 41);
    EXPECT_EQ(sound.facts, 3);
    EXPECT_EQ(sound.messages, 3);
    EXPECT_EQ(told, 41);

    damage(
        "UPDATE transactions SET status = 'paid'; DELETE FROM transactions WHERE id = 20;"
        "UPDATE transactions SET processor = 'nobody' WHERE id = 7; DROP INDEX transactions_live;"
        "UPDATE notifications SET body = x'00'; UPDATE transactions SET provider_id = 'p' || id"
        " WHERE id IN (3, 30)"
    );
    const auto all = found_by(1);
    EXPECT_GT(all.size(), 40U);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(found_by(3), all);
}

TEST_F(SqliteLedgerTest, sums_that_were_changed_are_found_by_several_threads_too) {
    behind().execute("UPDATE totals_pending SET n = n + 1");
    EXPECT_FALSE(found().empty());
}

TEST_F(SqliteLedgerTest, what_cannot_be_read_to_its_end_is_told_whoever_reads_it) {
    for (const auto* table : {"outbox", "matches", "erasures", "settlement_files"}) {
        behind().execute(("ALTER TABLE " + std::string{table} + " RENAME TO elsewhere").c_str());
        for (const int threads : {1, 3}) {
            try {
                found_by(threads);
                ADD_FAILURE() << table << " is gone, and " << threads << " did not say so";
            } catch (const StoreDown& down) {
                EXPECT_NE(std::string{down.what()}.find(table), std::string::npos) << down.what();
            }
        }
        behind().execute(("ALTER TABLE elsewhere RENAME TO " + std::string{table}).c_str());
    }
}

// ---------------------------------------------------------------------------- derived columns

TEST_F(SqliteLedgerTest, a_status_that_its_facts_do_not_say_is_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET status = 'paid'"),
        Found{"1: status is paid, its facts say partially_refunded"}
    );
}

TEST_F(SqliteLedgerTest, a_refund_sum_that_its_facts_do_not_say_is_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET refunded_minor = 900"),
        Found{"1: refunded is 900, its facts say 1000"}
    );
}

TEST_F(SqliteLedgerTest, times_that_its_facts_do_not_say_are_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET paid_at = paid_at + 1, updated_at = updated_at + 1"),
        (Found{
            "1: paid_at is not that of its capture", "1: updated_at is not that of its last fact"})
    );
}

TEST_F(SqliteLedgerTest, a_fee_that_is_held_or_let_go_against_the_facts_is_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET holds_fee = 0"),
        Found{"1: it holds its fee, or not, against its facts"}
    );
}

TEST_F(SqliteLedgerTest, an_attempt_that_is_over_yet_live_is_found) {
    EXPECT_EQ(found_after("UPDATE transactions SET live = 1"), Found{"1: it is over, yet live"});
}

TEST_F(SqliteLedgerTest, an_attempt_that_could_be_paid_yet_is_not_live_is_found) {
    run(open_store()->open(attempt(43)));
    EXPECT_EQ(
        found_after("UPDATE transactions SET live = 0"),
        Found{"2: it could still be paid, yet is not live"}
    );
}

TEST_F(SqliteLedgerTest, a_provider_id_that_no_fact_names_is_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET provider_id = '999'"),
        Found{"1: its id at the provider is 999, which no fact names"}
    );
}

TEST_F(SqliteLedgerTest, a_provider_id_that_was_blanked_is_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET provider_id = ''"),
        Found{"1: it has no id at the provider, its facts name 501"}
    );
}

// ---------------------------------------------------------------------------------- facts

TEST_F(SqliteLedgerTest, a_changed_fact_is_found) {
    EXPECT_EQ(
        found_after("UPDATE facts SET detail = 'nothing to see' WHERE seq = 2"),
        Found{"1: fact 2 breaks the hash chain"}
    );
}

TEST_F(SqliteLedgerTest, a_missing_last_fact_is_found) {
    const auto all = found_after("DELETE FROM facts WHERE seq = 3");
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[0], "1: its facts do not end where the chain does");
}

TEST_F(SqliteLedgerTest, a_missing_fact_in_between_is_found) {
    const auto all = found_after("DELETE FROM facts WHERE seq = 2");
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all[0], "1: fact 3 is out of sequence");
}

TEST_F(SqliteLedgerTest, a_fact_under_a_false_identity_is_found) {
    EXPECT_EQ(
        found_after("UPDATE facts SET identity = 'x' WHERE seq = 3"),
        Found{"1: fact 3 has another identity than its columns"}
    );
}

TEST_F(SqliteLedgerTest, a_changed_amount_of_the_transaction_is_found) {
    const auto all = found_after("UPDATE transactions SET amount_minor = 100");
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all[0], "1: fact 1 breaks the hash chain");
}

TEST_F(SqliteLedgerTest, a_word_that_no_version_wrote_is_found) {
    EXPECT_EQ(
        found_after("UPDATE facts SET kind = 'given' WHERE seq = 2"),
        Found{"1: a row is damaged: unknown fact given"}
    );
}

TEST_F(SqliteLedgerTest, what_is_left_of_a_transaction_that_was_taken_away_is_found) {
    pay_and_refund(43, "r2");
    const auto all = found_after("DELETE FROM transactions WHERE id = 1");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0], "1: it is missing: there are facts without it");
    EXPECT_EQ(all[1], "1: it is missing: there are messages without it");
    EXPECT_EQ(all[2], "1: it is missing: there are outgoing events without it");
}

TEST_F(SqliteLedgerTest, a_refund_that_reserved_more_than_was_left_is_found) {
    {
        auto store = open_store();
        const NewRefund refund{
            id, {eur(20000), "", "eva"}, Source::staff, noon + 2min, noon + 3min};
        ASSERT_TRUE(run(store->reserve_refund(refund)));
    }
    EXPECT_EQ(found(), Found{});
    const auto all = found_after("UPDATE facts SET amount_minor = 21001 WHERE seq = 4");
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.back(), "1: refund TR1-R1 reserved 21001, only 21000 was left");
}

TEST_F(SqliteLedgerTest, more_given_back_than_was_captured_is_sound_when_the_provider_says_so) {
    auto words = heard(id, {refunded("r9", 30000)});
    words.at += 5s;
    run(open_store()->record(words));
    EXPECT_EQ(found(), Found{});
}

// ------------------------------------------------------------------------------- messages

TEST_F(SqliteLedgerTest, a_changed_message_is_found_whether_it_was_matched_or_not) {
    EXPECT_EQ(
        found_after("UPDATE notifications SET body = x'00' WHERE identity IN ('e2', 'e3')"),
        (Found{"1: message e2 breaks the hash chain", "0: message e3 breaks the hash chain"})
    );
}

TEST_F(SqliteLedgerTest, a_body_that_is_gone_is_found_when_nobody_has_erased_it) {
    const auto erase = [&](std::string identity, std::string hash) {
        auto database = behind();
        database.change(
            "UPDATE notifications SET body = NULL, body_sha256 = ?2 WHERE identity = ?1", identity,
            hash
        );
    };
    for (const std::string identity : {"e2", "e3"})
        erase(identity, ledger::body_hash(message(identity).body));
    // Erasing puts it on record (tests/storage/personal/erasure_test.cpp).
    const std::string gone = " is gone, and nothing says who erased it";
    EXPECT_EQ(
        found(),
        (Found{"1: the body of message number 2" + gone, "0: the body of message number 3" + gone})
    );
    EXPECT_THROW(erase("e2", "another"), sqlite::Refused);
    EXPECT_EQ(
        found_after("UPDATE notifications SET body_sha256 = 'another' WHERE identity = 'e2'"),
        (Found{
            "1: the body of message number 2" + gone, "1: message e2 breaks the hash chain",
            "0: the body of message number 3" + gone})
    );
}

TEST_F(SqliteLedgerTest, a_missing_message_is_found) {
    EXPECT_EQ(
        found_after("DELETE FROM notifications WHERE identity = 'e2'"),
        Found{"1: its messages do not end where the chain does"}
    );
}

TEST_F(SqliteLedgerTest, a_message_that_is_kept_twice_is_found) {
    const auto all = found_after(
        "ALTER TABLE notifications RENAME TO old;"
        "CREATE TABLE notifications AS SELECT * FROM old;"
        "INSERT INTO notifications SELECT 9, processor, identity, received_at, signature, body,"
        " transaction_id, unmatched_reason, hash, body_sha256 FROM old WHERE identity = 'e3'"
    );
    EXPECT_EQ(std::ranges::count(all, "0: message e3 is kept 2 times"), 1);
}

// ---------------------------------------------------------------- messages matched later

TEST_F(SqliteLedgerTest, a_message_that_was_matched_later_is_part_of_the_chain) {
    match_stray();
    EXPECT_EQ(found(), Found{});
}

TEST_F(SqliteLedgerTest, a_changed_match_is_found) {
    match_stray();
    EXPECT_EQ(
        found_after("UPDATE matches SET at = at + 1"),
        Found{"1: the match of message e3 breaks the hash chain"}
    );
}

TEST_F(SqliteLedgerTest, a_missing_match_is_found) {
    match_stray();
    EXPECT_EQ(
        found_after("DELETE FROM matches"),
        (Found{
            "1: its messages do not end where the chain does",
            "0: message e3 is neither matched nor to be tried again"})
    );
}

TEST_F(SqliteLedgerTest, a_match_that_was_moved_to_another_transaction_is_found) {
    match_stray();
    run(open_store()->open(attempt(43)));
    const auto all = found_after("UPDATE matches SET transaction_id = 2");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0], "1: its messages do not end where the chain does");
    EXPECT_EQ(all[1], "2: the match of message e3 breaks the hash chain");
}

TEST_F(SqliteLedgerTest, a_match_of_a_message_that_was_none_is_found) {
    match_stray();
    const auto all = found_after("UPDATE matches SET notification_id = 1");
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all[0], "1: the match of message number 1 is about none that was unmatched");
}

TEST_F(SqliteLedgerTest, a_message_that_is_forgotten_or_tried_in_vain_is_found) {
    EXPECT_EQ(
        found_after("DELETE FROM unmatched"),
        Found{"0: message e3 is neither matched nor to be tried again"}
    );
    EXPECT_EQ(
        found_after("INSERT INTO unmatched VALUES (3, 'SIMPLE', '', 0, 0), (1, 'SIMPLE', '', 0, 0)"
        ),
        Found{"0: message e1 is to be tried again, but there is no need"}
    );
}

TEST_F(SqliteLedgerTest, a_transaction_that_left_the_watch_is_found) {
    run(open_store()->record(heard(id, {fact(FactKind::mismatched, "strange")})));
    EXPECT_EQ(
        found_after("UPDATE transactions SET watched = 0"),
        Found{"1: a person may have to look at it, yet it is not watched"}
    );
}

// ------------------------------------------------------------------------ outgoing events

TEST_F(SqliteLedgerTest, an_outgoing_event_that_is_missing_is_found) {
    EXPECT_EQ(
        found_after("DELETE FROM outbox"),
        Found{"1: its outgoing events are none; its facts say payment.refunded (pending to "
              "partially_refunded)"}
    );
}

TEST_F(SqliteLedgerTest, an_outgoing_event_that_never_was_is_found) {
    const auto all = found_after(
        "INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,"
        " refunded_after, at) SELECT transaction_id, 'payment.paid', 'pending', 'paid', 0, 0, at"
        " FROM outbox"
    );
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(all[0].starts_with("1: its outgoing events are payment.refunded")) << all[0];
}

TEST_F(SqliteLedgerTest, outgoing_events_in_another_order_are_found) {
    const auto other = pay_and_refund(43, "r2");
    const auto number = std::to_string(other);
    EXPECT_EQ(found(), Found{});
    const auto all = found_after(
        "UPDATE outbox SET id = -id WHERE transaction_id = " + number +
        " AND type = 'payment.refunded'"
    );
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(all[0].starts_with(number + ": its outgoing events are payment.refunded"))
        << all[0];
}

TEST_F(SqliteLedgerTest, an_outgoing_event_of_another_amount_is_found) {
    const auto all = found_after("UPDATE outbox SET refunded_after = 999");
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(all[0].ends_with("its facts say other times or amounts")) << all[0];
}

TEST_F(SqliteLedgerTest, facts_of_one_millisecond_may_have_been_told_apart_or_together) {
    auto store = open_store();
    const auto other = run(store->open(attempt(43))).transaction.id;
    auto words = heard(other, {accepted("602")});
    run(store->record(words));
    words.facts = {captured()};
    run(store->record(words));
    words.facts = {refunded("r2", 22000)};
    run(store->record(words));
    EXPECT_EQ(found(), Found{});
}

// ------------------------------------------------------------- ids over the whole database

TEST_F(SqliteLedgerTest, two_transactions_with_one_id_at_the_provider_are_found) {
    pay_and_refund(43, "r2");
    const auto all = found_after(
        "DROP INDEX transactions_provider_id; UPDATE transactions SET provider_id = '501'"
    );
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[1], "2: TR1 has it too: SIMPLE's id 501");
    EXPECT_EQ(all[2], "0: the guard transactions_provider_id is missing");
}

TEST_F(SqliteLedgerTest, two_transactions_with_one_refund_are_found) {
    pay_and_refund(43, "r1");
    EXPECT_EQ(found(), Found{"2: TR1 has it too: SIMPLE's refund r1"});
}

TEST_F(SqliteLedgerTest, two_live_attempts_for_one_fee_are_found) {
    {
        auto store = open_store();
        run(store->open(attempt(43)));
        run(store->open(attempt(44)));
    }
    const auto all = found_after(
        "DROP INDEX transactions_live; UPDATE transactions SET ticket_id = 43 WHERE id = 3"
    );
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0], "3: its facts do not end where the chain does");
    EXPECT_EQ(all[1], "3: TR2 has it too: the live attempt for FULL-FEE of ticket 43");
}

TEST_F(SqliteLedgerTest, a_guard_that_was_taken_away_is_found) {
    behind().execute("DROP TRIGGER facts_stay");
    EXPECT_EQ(found(), Found{"0: the guard facts_stay is missing"});
    behind().execute("DROP TRIGGER scopes_stay; DROP TRIGGER scopes_remain");
    EXPECT_EQ(found().size(), 3U);
}

TEST_F(SqliteLedgerTest, a_damaged_file_is_found) {
    {
        auto store = open_store();
        for (std::int64_t ticket = 1000; ticket < 1200; ++ticket) run(store->open(attempt(ticket)));
    }
    behind().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto size = fs::file_size(path);
    ASSERT_GT(size, 40'960u);
    auto* file = std::fopen(path.c_str(), "r+b");
    std::fseek(file, 20'480, SEEK_SET);
    const std::string zeros(16'384, '\xff');
    std::fwrite(zeros.data(), 1, zeros.size(), file);
    std::fclose(file);
    const auto all = found();
    ASSERT_FALSE(all.empty());
    EXPECT_NE(all.back().find("damaged"), std::string::npos) << all.back();
}

}  // namespace payments
