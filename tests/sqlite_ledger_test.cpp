// The books can be re-read, and what was changed in them behind our back is found.
#include "storage/sqlite_verify.hpp"
#include "support/sqlite_place.hpp"

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
        second.message = message("e2");
        run(store->record(second));
        Heard stray{
            Subject{77,  "", {}},
            Source::ipn, noon, {  }
        };
        stray.message = message("e3");
        run(store->record(stray));
    }
    // What is found after someone with the file in hand did `script`.
    std::vector<std::string> found_after(const std::string& script) {
        auto database = behind();
        database.execute(
            "DROP TRIGGER facts_stay; DROP TRIGGER facts_remain; DROP TRIGGER notifications_stay;"
            "DROP TRIGGER notifications_remain"
        );
        database.execute(script.c_str());
        std::vector<std::string> details;
        for (const auto& difference : sqlite::verify_ledger(path).differences)
            details.push_back(std::to_string(difference.transaction_id) + ": " + difference.detail);
        return details;
    }
    using Found = std::vector<std::string>;
    std::int64_t id = 0;
};

TEST_F(SqliteLedgerTest, sound_books_have_no_differences) {
    const auto audit = sqlite::verify_ledger(path);
    EXPECT_TRUE(audit.differences.empty());
    EXPECT_EQ(audit.transactions, 1);
    EXPECT_EQ(audit.facts, 3);
    EXPECT_EQ(audit.messages, 3);
}

TEST_F(SqliteLedgerTest, a_status_that_its_facts_do_not_say_is_found) {
    EXPECT_EQ(
        found_after("UPDATE transactions SET status = 'paid'"),
        Found{"1: status is paid, its facts say partially_refunded"}
    );
}

TEST_F(SqliteLedgerTest, a_changed_fact_is_found) {
    EXPECT_EQ(
        found_after("UPDATE facts SET detail = 'nothing to see' WHERE seq = 2"),
        Found{"1: fact 2 breaks the hash chain"}
    );
}

TEST_F(SqliteLedgerTest, a_missing_last_fact_is_found) {
    const auto found = found_after("DELETE FROM facts WHERE seq = 3");
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[0], "1: its facts do not end where the chain does");
}

TEST_F(SqliteLedgerTest, a_changed_amount_of_the_transaction_is_found) {
    const auto found = found_after("UPDATE transactions SET amount_minor = 100");
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0], "1: fact 1 breaks the hash chain");
}

TEST_F(SqliteLedgerTest, a_changed_message_is_found_whether_it_was_matched_or_not) {
    EXPECT_EQ(
        found_after("UPDATE notifications SET body = x'00' WHERE identity IN ('e2', 'e3')"),
        (Found{"1: message e2 breaks the hash chain", "0: message e3 breaks the hash chain"})
    );
}

TEST_F(SqliteLedgerTest, a_missing_message_is_found) {
    EXPECT_EQ(
        found_after("DELETE FROM notifications WHERE identity = 'e2'"),
        Found{"1: its messages do not end where the chain does"}
    );
}

TEST_F(SqliteLedgerTest, a_word_that_no_version_wrote_is_found) {
    EXPECT_EQ(
        found_after("UPDATE facts SET kind = 'given' WHERE seq = 2"),
        Found{"1: " + complaint() + "a row is damaged: unknown fact given"}
    );
}

}  // namespace payments
