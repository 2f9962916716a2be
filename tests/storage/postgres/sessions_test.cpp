// Sessions of the back office beside payments, on a real PostgreSQL server.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "fixtures/postgres_place.hpp"
#include "fixtures/store_contract.hpp"

namespace payments {
namespace {

using namespace testing_support;

class PostgresSessions : public testing::Test {
protected:
    void TearDown() override {
        store.reset();
        drop_postgres_place(place);
    }
    postgres::Session server() const {
        postgres::ServerAddress address;
        address.url = place;
        return postgres::Session{address};
    }
    std::int64_t count(const std::string& from) {
        return server().ask("SELECT count(*) FROM " + from)[0].integer(0);
    }

    static std::string hash_of(int i) {
        const auto number = std::to_string(i);
        return std::string(64 - number.size(), '0') + number;
    }
    Task<int> signed_in_then(int i, std::string sub) {
        ConsoleSession session;
        session.id_hash = hash_of(i);
        session.sub = session.name = std::move(sub);
        session.made_at = session.used_at = noon;
        session.ends_at = noon + 10h;
        session.renew_at = noon + 15min;
        co_await store->open_session(std::move(session));
        co_return 1;
    }
    Task<int> forgotten_then() {
        co_await store->forget_sessions(noon, noon - 1h);
        co_return 1;
    }

    void touch_in_any_way(int i) {
        switch (i) {
            case 0:
                run(store->session(hash_of(1)));
                return;
            case 1:
                run(store->note_use(hash_of(1), noon + 1h));
                return;
            case 2:
                run(store->claim_renewal(hash_of(1), noon + 15min, noon + 16min));
                return;
            case 3:
                run(store->keep_renewed(hash_of(1), noon + 16min, "sealed", noon + 30min));
                return;
            case 4:
                run(store->end_sessions_of("", "eva"));
                return;
            case 5:
                run(signed_in_then(2, "eva"));
                return;
            case 6:
                run(store->forget_sessions(noon, noon));
                return;
            default:
                run(store->end_session(hash_of(1)));
        }
    }

    const std::string place = make_postgres_place();
    std::unique_ptr<ServiceStore> store = open_postgres(place);
};

// By its place in memory a connection knows what it has prepared: a text that lives no longer than
// its call would be prepared again and again, and be taken for another that comes to its place.
TEST_F(PostgresSessions, their_statements_are_prepared_once) {
    server().run(
        "CREATE TABLE prepared_twice (n bigint); CREATE FUNCTION count_prepared() RETURNS trigger"
        " LANGUAGE plpgsql AS $$ BEGIN INSERT INTO prepared_twice"
        " SELECT count(*) - count(DISTINCT statement) FROM pg_prepared_statements; RETURN NULL;"
        " END $$; CREATE TRIGGER counting AFTER INSERT ON console_sessions"
        " FOR EACH STATEMENT EXECUTE FUNCTION count_prepared()"
    );
    for (int round = 0; round < 2; ++round) {
        const auto done = run_together(40, 1, [&](int i) {
            const int number = round * 40 + i;
            return i % 2 ? forgotten_then() : signed_in_then(number, std::to_string(number));
        });
        for (std::size_t i = 0; i < done.size(); ++i) EXPECT_TRUE(done[i]) << i;
    }
    EXPECT_EQ(count("prepared_twice"), 40);
    EXPECT_EQ(count("prepared_twice WHERE n > 0"), 0);
}

// Two that delete several wait for one another in no circle: each locks in the order of their ids.
// Whoever waits for the first of them holds none that comes later.
TEST_F(PostgresSessions, are_locked_in_one_order_by_whoever_ends_several) {
    // Opened in the other order, in which a plain DELETE would come by them.
    for (int i = 5; i > 0; --i) run(signed_in_then(i, "eva"));
    server().run("ANALYZE console_sessions");
    const auto waits = [&](const auto& end) {
        auto holder = server();
        holder.run(
            "BEGIN; SELECT 1 FROM console_sessions WHERE id_hash = '" + hash_of(1) + "' FOR UPDATE"
        );
        std::jthread other{end};
        while (count("pg_stat_activity WHERE wait_event_type = 'Lock'") == 0)
            std::this_thread::sleep_for(2ms);
        // Refused at once if anybody held it.
        EXPECT_NO_THROW(holder.run(
            "SELECT 1 FROM console_sessions WHERE id_hash = '" + hash_of(5) + "' FOR UPDATE NOWAIT"
        ));
        holder.run("ROLLBACK");
        other.join();
    };
    waits([&] {
        EXPECT_EQ(
            run(store->end_own_sessions("eva", hash_of(9), SessionStore::Which::all_others)).size(),
            5U
        );
    });
    for (int i = 5; i > 0; --i) run(signed_in_then(i, "eva"));
    waits([&] { EXPECT_EQ(run(store->end_sessions_of("", "eva")), 5); });
    EXPECT_EQ(count("console_sessions"), 0);
}

// Whatever holds their table: a migration, a backup, somebody at a prompt.
TEST_F(PostgresSessions, hold_up_no_payment) {
    run(signed_in_then(1, "eva"));
    const auto id = run(store->open(attempt(42))).transaction.id;
    auto holder = server();
    holder.run("BEGIN; LOCK TABLE console_sessions IN ACCESS EXCLUSIVE MODE");
    std::atomic<int> waiting = 8;
    std::vector<std::jthread> staff;
    for (int i = 0; i < 8; ++i)
        staff.emplace_back([this, i, &waiting] {
            try {
                touch_in_any_way(i);
            } catch (const StoreDown&) {
                // Its lock was waited for as long as a lock may be.
            }
            --waiting;
        });
    while (count("pg_stat_activity WHERE wait_event_type = 'Lock'") == 0)
        std::this_thread::sleep_for(2ms);

    EXPECT_TRUE(run(store->record(heard(id, {captured()}))).news);
    EXPECT_EQ(run(store->transaction(id))->status, Status::paid);
    for (int ticket = 43; ticket < 63; ++ticket)
        EXPECT_TRUE(run(store->open(attempt(ticket))).is_new) << ticket;
    EXPECT_EQ(waiting.load(), 8);
    holder.run("ROLLBACK");
    for (auto& one : staff) one.join();
}

}  // namespace
}  // namespace payments
