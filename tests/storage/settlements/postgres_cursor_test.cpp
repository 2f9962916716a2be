// Long answers of a real PostgreSQL server, which fetches ahead while they are read.
#include "storage/postgres/cursor.hpp"

#include <gtest/gtest.h>

#include "fixtures/postgres_place.hpp"

namespace payments::postgres {
namespace {

using namespace testing_support;

class PostgresCursor : public testing::Test {
protected:
    void TearDown() override { drop_postgres_place(place); }
    ServerAddress address() const {
        ServerAddress made;
        made.url = place;
        return made;
    }
    static std::string numbers_to(int last) {
        return "SELECT generate_series(1, " + std::to_string(last) + ")::bigint";
    }

    const std::string place = make_postgres_place();
    Session session{address()};
};

TEST_F(PostgresCursor, gives_every_row_once_whatever_their_number) {
    session.begin();
    int name = 0;
    for (const int last : {0, 1, 499, 500, 501, 999, 1'000, 1'001}) {
        Cursor cursor{session, "c" + std::to_string(++name), numbers_to(last)};
        int count = 0;
        while (cursor.next()) EXPECT_EQ(cursor.integer(0), ++count);
        EXPECT_EQ(count, last);
        EXPECT_FALSE(cursor.next());
    }
}

TEST_F(PostgresCursor, is_read_beside_others_and_other_questions) {
    session.begin();
    Cursor first{session, "a", numbers_to(1'700)}, second{session, "b", numbers_to(1'700)};
    for (int i = 1; i <= 1'700; ++i) {
        ASSERT_TRUE(first.next());
        EXPECT_EQ(first.integer(0), i);
        if (i % 300 == 0) {
            EXPECT_EQ(session.ask("SELECT 7::bigint")[0].integer(0), 7);
        }
        ASSERT_TRUE(second.next());
        EXPECT_EQ(second.integer(0), i);
    }
    EXPECT_FALSE(first.next());
    EXPECT_FALSE(second.next());
}

TEST_F(PostgresCursor, that_is_left_in_the_middle_holds_up_nothing) {
    session.begin();
    {
        Cursor cursor{session, "a", numbers_to(100'000)};
        EXPECT_TRUE(cursor.next());
    }
    EXPECT_EQ(session.ask("SELECT 7::bigint")[0].integer(0), 7);
    session.roll_back();
    EXPECT_EQ(session.ask("SELECT 8::bigint")[0].integer(0), 8);
}

TEST_F(PostgresCursor, tells_what_failed_while_the_server_fetched_ahead) {
    // The row that fails is in the second batch, which is fetched while the first is read.
    const std::string failing = "SELECT 1 / (700 - n) FROM generate_series(1, 900) AS n";
    const auto begun = [&] {
        session.begin();
        auto cursor = std::make_unique<Cursor>(session, "a", failing);
        EXPECT_TRUE(cursor->next());
        return cursor;
    };
    {
        const auto cursor = begun();
        const auto read_on = [&] {
            while (cursor->next()) {
            }
        };
        EXPECT_THROW(read_on(), Refused);
    }
    session.roll_back();
    {
        const auto cursor = begun();
        try {
            session.ask("SELECT 7::bigint");
            ADD_FAILURE() << "the transaction has failed";
        } catch (const Failed& failed) {
            EXPECT_EQ(failed.state, "22012");  // division by zero
        }
    }
    session.roll_back();
    EXPECT_EQ(session.ask("SELECT 8::bigint")[0].integer(0), 8);
}

}  // namespace
}  // namespace payments::postgres
