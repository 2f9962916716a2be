// What SQLite keeps of the events of earlier versions.
#include "fixtures/sqlite_place.hpp"

namespace payments {

using namespace testing_support;

class SqliteOutbox : public SqliteStoreTest {
protected:
    // As versions did that kept neither the provider's id nor the reason with the event.
    void insert_as_before(std::int64_t id, std::string type, std::string status) {
        auto database = behind();
        database.change(
            "INSERT INTO outbox (transaction_id, type, status_before, status_after,"
            " refunded_before, refunded_after, at) VALUES (?1, ?2, 'pending', ?3, 0, 0, ?4)",
            id, type, status, noon + 1min
        );
    }
    void forget_events() { behind().change("DELETE FROM outbox"); }
};

TEST_F(SqliteOutbox, an_event_of_an_earlier_version_is_told_with_what_is_known_of_it) {
    auto store = migrated_store();
    const auto id = run(store->open(attempt(42))).transaction.id;
    run(store->record(heard(id, {accepted("501"), captured()})));
    forget_events();
    insert_as_before(id, "payment.paid", "paid");

    const auto due = run(store->claim_events(noon + 1min, 10));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].provider_id, "501");
    EXPECT_EQ(due[0].review_reason, "");
    EXPECT_EQ(due[0].tries, 0);
}

TEST_F(SqliteOutbox, an_earlier_versions_review_has_the_reason_of_that_moment) {
    auto store = migrated_store();
    const auto id = run(store->open(attempt(42))).transaction.id;
    run(store->record(heard(id, {captured(21000)})));
    auto more = heard(id, {captured(23000)});
    more.at = noon + 5min;
    run(store->record(more));
    forget_events();
    insert_as_before(id, "payment.review", "review");

    const auto due = run(store->claim_events(noon + 1min, 10));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].review_reason, "amount differs: 210 EUR captured instead of 220 EUR");
}

}  // namespace payments
