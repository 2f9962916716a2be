// How SQLite finds payments: never by reading a whole table, and never by sorting what it has read.
#include "storage/sqlite/find.hpp"

#include "fixtures/sqlite_place.hpp"

namespace payments {
namespace {

using namespace testing_support;

TEST_F(SqliteStoreTest, every_search_descends_an_index) {
    migrated_store();
    auto database = behind(Database::Access::read);
    FindQuery query;
    const auto find = [&] { sqlite::find(database, query); };
    query.scope_ids = {7};
    for (const bool is_everywhere : {true, false}) {
        query.is_everywhere = is_everywhere;
        for (const auto status : {Status::paid, Status::review}) {
            query.statuses = {status};
            find();
            query.created_from = query.created_to = query.paid_from = query.paid_to = noon;
            find();
            query.created_from = query.created_to = query.paid_from = query.paid_to = {};
        }
        query.statuses.clear();
        find();
    }
    for (const auto* text : {"1", "TR1", "pi_1", "re_1", "eva@example.org"}) {
        query.text = read_search_text(text);
        find();
    }
    query.text.reset();
    query.ticket_id = 7;
    find();
    sqlite::messages_of(database, 1);
    sqlite::message(database, 1);
    sqlite::events_of(database, 1);

    int looked_at = 0;
    std::string plans;
    for (const auto& sql : database.statements()) {
        auto plan = database.query("EXPLAIN QUERY PLAN " + sql);
        while (plan.next()) {
            const auto step = plan.text(3);
            plans += step + "\n";
            // The halves of a bisection, and what a LIMIT has counted.
            const bool counts = step == "SCAN b" || step.starts_with("SCAN (subquery") ||
                                step == "SCAN p" || step == "SCAN CONSTANT ROW";
            EXPECT_TRUE(counts || step.find("SCAN") == std::string::npos) << step << "\n" << sql;
            EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step << "\n" << sql;
        }
        ++looked_at;
    }
    EXPECT_GE(looked_at, 18);
    for (const auto* index :
         {"INTEGER PRIMARY KEY (rowid<?)", "transactions_scope (scope_id=? AND rowid<?)",
          "transactions_scope (scope_id=? AND rowid>?)", "transactions_rare (status=? AND rowid<?)",
          "transactions_rare_of_scope (scope_id=? AND status=? AND rowid<?)", "transactions_ticket",
          "transactions_provider_id", "transactions_email", "facts_subject", "transactions_paid"})
        EXPECT_NE(plans.find(index), std::string::npos) << index << "\n" << plans;
}

}  // namespace
}  // namespace payments
