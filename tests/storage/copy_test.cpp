// Moving from SQLite to PostgreSQL.
#include "storage/copy.hpp"

#include "fixtures/postgres_place.hpp"
#include "fixtures/sqlite_place.hpp"
#include "storage/databases.hpp"
#include "storage/personal_ledger.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/verify_ledger.hpp"
#include "storage/rules/ledger.hpp"

namespace payments {
namespace {

using namespace testing_support;

class CopyTest : public SqliteStoreTest {
protected:
    void TearDown() override {
        drop_postgres_place(place);
        SqliteStoreTest::TearDown();
    }
    postgres::ServerAddress address() const {
        postgres::ServerAddress made;
        made.url = place;
        return made;
    }
    // Payments of every sort, messages that match and one that does not.
    void fill(Store& store) {
        for (int ticket = 1; ticket <= 20; ++ticket) {
            auto started = attempt(ticket);
            if (ticket % 3) started.scope_id = run(store.scope_id({"HU", "27", "OZORA"}));
            const auto id = run(store.open(std::move(started))).transaction.id;
            auto told = heard(id, {accepted("p" + std::to_string(id))}, Source::ipn);
            if (ticket % 2) told.facts.push_back(captured());
            if (ticket % 5 == 0) told.facts.push_back(refunded("r" + std::to_string(id), 1000));
            if (ticket % 4 == 0) {
                told.facts.push_back(fact(FactKind::disputed, "d" + std::to_string(id)));
                told.facts.back().occurred_at = noon - 1s;
            }
            told.message = message("e" + std::to_string(id));
            told.message->signature = "t=1,v1=\xff";
            run(store.record(std::move(told)));
            if (ticket % 2 == 0) continue;
            NewAction note{
                ActionKind::note, {"anna", "Anna"}, noon, id, {{"text", std::to_string(ticket)}}};
            ASSERT_TRUE(run(store.record_action(std::move(note))));
        }
        auto stray = notice({{}, "999", Processor::simplepay}, {}, "stray");
        run(store.record(std::move(stray)));
        run(store.claim_key("start", "key", "print", noon));
    }
    // Of one payment; gives its number.
    std::int64_t start_refund_run(RefundRunStore& store, std::int64_t payment) {
        NewAction action{ActionKind::refund_run, {"kata", "Kata"}, noon, {}, {}};
        NewRun order{{}, {}, std::move(action)};
        order.run.digest = std::to_string(payment);
        order.run.started_at = noon;
        order.items.emplace_back(PlannedRefund{payment, Processor::stripe, eur(100), 0});
        const SightOfScopes everywhere{true, {}};
        return run(store.start_run(std::move(order), everywhere)).value().run.id;
    }
    std::int64_t copy() {
        return copy_to_postgres(path, address(), [](const CopyProgress&) {});
    }

    const std::string place = make_empty_postgres_place();
};

TEST_F(CopyTest, everything_is_there_afterwards_as_it_was) {
    const auto from = migrated_store();
    fill(*from);
    ASSERT_EQ(start_refund_run(*from, 1), 1);
    DatabaseTarget source;
    source.path = path;
    PersonalDataRules rules;
    rules.accounting_members = {"name"};
    Person visitor;
    visitor.ticket_id = 1;
    visitor.sight.is_everywhere = true;
    PersonalLedger{open_database(source), rules}.erase(visitor, {{"dpo", "Dóra"}, "asked", noon});
    const auto rows = copy();
    const auto to = open_postgres(place);

    EXPECT_GT(rows, 80);
    for (int ticket = 1; ticket <= 20; ++ticket) {
        const auto before = run(from->transactions_of(ticket)),
                   after = run(to->transactions_of(ticket));
        ASSERT_EQ(before.size(), after.size());
        EXPECT_EQ(before[0].status, after[0].status);
        EXPECT_EQ(before[0].metas, after[0].metas);
        EXPECT_EQ(before[0].entries.size(), after[0].entries.size());
        EXPECT_EQ(before[0].scope_id, after[0].scope_id);
    }
    const SightOfScopes everywhere{true, {}};
    const auto refunds = run(to->run(1, everywhere));
    ASSERT_TRUE(refunds);
    EXPECT_EQ(refunds->sums(ItemState::waiting).at(0).minor, 100);
    EXPECT_EQ(start_refund_run(*to, 2), 2);
    ASSERT_EQ(run(to->actions_of(3, {})).size(), 1U);
    EXPECT_EQ(run(to->actions_of(3, {}))[0].details, run(from->actions_of(3, {}))[0].details);
    const auto scopes = run(to->scopes());
    ASSERT_EQ(scopes.size(), 1U);
    EXPECT_EQ(scopes[0].scope, (TicketScope{"HU", "27", "OZORA"}));
    const auto report = postgres::verify_ledger(address());
    EXPECT_EQ(report.differences, std::vector<Difference>{});
    EXPECT_EQ(report.messages, 21);
    EXPECT_EQ(report.actions, 14);
    EXPECT_EQ(run(to->claim_key("start", "key", "other", noon)).kind, KeyClaim::Kind::reused);
    EXPECT_EQ(run(to->claim_unmatched(noon + 1h, 10)).size(), 1u);
}

TEST_F(CopyTest, settlements_go_along_and_their_chains_go_on) {
    const auto from = migrated_store();
    settlement::ParsedFile file;
    file.payouts.push_back(
        {Processor::stripe, "live", "po_1", Currency::of("HUF").value(), 100,
         settlement::PayoutStatus::paid}
    );
    DatabaseTarget before, after;
    before.path = path;
    after.server = address();
    KeptFile named;
    named.sha256 = named.name = "one";
    ASSERT_TRUE(open_settlements(before).take(file, named));
    copy();
    named.sha256 = named.name = "two";
    auto settlements = open_settlements(after);
    ASSERT_TRUE(settlements.take(file, named));
    const auto files = settlements.files();
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].name, "one");
    EXPECT_EQ(files[1].id, 2);
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(CopyTest, numbers_go_on_where_they_were) {
    const auto from = migrated_store();
    fill(*from);
    copy();
    const auto to = open_postgres(place);
    EXPECT_EQ(run(to->open(attempt(99))).transaction.id, 21);
    auto told = heard(21, {captured()}, Source::ipn);
    told.message = message("new");
    EXPECT_TRUE(run(to->record(std::move(told))).news);
    NewAction note{ActionKind::note, {"anna", "Anna"}, noon, 3, {{"text", "after"}}};
    const auto added = run(to->record_action(std::move(note)));
    ASSERT_TRUE(added);
    EXPECT_EQ(added->id, 11);
    EXPECT_EQ(added->seq, 2);
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(CopyTest, a_database_that_has_payments_is_not_copied_into) {
    fill(*migrated_store());
    copy();
    EXPECT_THROW(copy(), StoreDown);
}

// Such as a service puts on record that was started on the new database too early.
TEST_F(CopyTest, scopes_that_are_there_already_are_in_nobodys_way) {
    fill(*migrated_store());
    postgres::migrate(address());
    for (const auto* flag : {"HU", "INT"}) {
        TicketScope scope{flag, "27", "OZORA"};
        run(open_postgres(place)->scope_id(std::move(scope)));
    }
    EXPECT_GT(copy(), 80);
    EXPECT_EQ(run(open_postgres(place)->scopes()).size(), 2U);
    EXPECT_EQ(postgres::verify_ledger(address()).differences, std::vector<Difference>{});
}

TEST_F(CopyTest, an_empty_installation_can_be_moved) {
    migrated_store();
    EXPECT_EQ(copy(), 2);  // which say that the chains of settlements are empty
    EXPECT_EQ(run(open_postgres(place)->open(attempt(1))).transaction.id, 1);
}

}  // namespace
}  // namespace payments
