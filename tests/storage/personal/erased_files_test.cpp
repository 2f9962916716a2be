// Words that were erased are in no file any more (docs/personal_data.md, 6).
#include <fstream>
#include <iterator>
#include <random>

#include "fixtures/postgres_place.hpp"
#include "fixtures/sqlite_place.hpp"
#include "storage/personal/visitor.hpp"
#include "storage/sqlite/clean_files.hpp"

namespace payments {
namespace {

using namespace testing_support;

class ErasedFiles : public ErasureTest {
protected:
    // So many others that pages of trees are split and rows moved between them, before and after.
    void fill(int from, int count) {
        std::mt19937 random{static_cast<unsigned>(from)};
        for (int ticket = from; ticket < from + count; ++ticket) {
            auto other = attempt(ticket);
            other.email = std::to_string(random()) + "@example.org";
            other.metas = "{\"name\":\"" + std::string(random() % 200, 'n') + "\"}";
            const auto id = run(store->open(std::move(other))).transaction.id;
            auto told = heard(id, {accepted("p" + std::to_string(id)), captured()}, Source::ipn);
            told.message = message("e" + std::to_string(id));
            told.message->body = std::string(random() % 3'000, 'b');
            run(store->record(std::move(told)));
        }
    }
};

class ErasedSqliteFiles : public ErasedFiles {
protected:
    // Which words are found, in the file or beside it.
    Found found_words() {
        Found found;
        for (const std::string suffix : {"", "-wal", "-shm", "-journal"}) {
            std::ifstream file{place + suffix, std::ios::binary};
            const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
            for (const auto& word : visitor_words)
                if (bytes.find(word) != std::string::npos) found.push_back(suffix + word);
        }
        return found;
    }
};

TEST_P(ErasedSqliteFiles, hold_no_word_of_who_was_erased_though_rows_were_moved) {
    for (int round = 0; round < 20; ++round) {
        fill(1'000 * round + 1, 40);
        const auto id = round % 2 == 0 ? failed(1'000 * round + 500) : paid(1'000 * round + 500);
        write_note(id);
    }
    ASSERT_FALSE(found_words().empty());
    rules.accounting_members.clear();
    erase();
    fill(30'000, 40);  // others go on meanwhile
    keep(noon + 2h);
    EXPECT_EQ(found_words(), Found{});
    fill(40'000, 40);
    EXPECT_EQ(found_words(), Found{});
    EXPECT_EQ(differences(), Found{});  // also of the file itself
    EXPECT_TRUE(ledger().retention().are_files_clean);
}

TEST_P(ErasedSqliteFiles, are_cleaned_later_when_somebody_reads) {
    failed(1);
    sqlite::Database reader{place, sqlite::Database::Access::read, 100};
    reader.execute("BEGIN; SELECT count(*) FROM transactions");
    erase();
    keep(noon + 2h);
    EXPECT_FALSE(ledger().retention().are_files_clean);
    EXPECT_FALSE(found_words().empty());
    reader.execute("COMMIT");
    keep(noon + 3h);
    EXPECT_TRUE(ledger().retention().are_files_clean);
    EXPECT_EQ(found_words(), Found{});
}

INSTANTIATE_TEST_SUITE_P(, ErasedSqliteFiles, testing::Values(sqlite_kind()));

TEST(CleanPage, overwrites_between_rows_and_in_freed_rows_and_nothing_else) {
    std::vector<unsigned char> page(512, 0xee);
    const std::vector<unsigned char> head{13, 0x01, 0x90, 0, 1, 0x01, 0x80, 0, 0x01, 0xe0};
    std::ranges::copy(head, page.begin());  // one row at 480, content from 384, freed at 400
    const std::vector<unsigned char> freed{0, 0, 0, 20};
    std::ranges::copy(freed, page.begin() + 400);
    EXPECT_TRUE(sqlite::clean_page(page, 0));
    for (std::size_t at = 0; at < page.size(); ++at) {
        const bool is_unused = (at >= 10 && at < 384) || (at >= 404 && at < 420);
        const bool is_content = !is_unused && at >= 420;
        EXPECT_TRUE(!is_unused || page[at] == 0) << at;
        EXPECT_TRUE(!is_content || page[at] == 0xee) << at;
    }
    EXPECT_FALSE(sqlite::clean_page(page, 0));
}

TEST(CleanPage, leaves_what_is_no_page_of_a_tree) {
    std::mt19937 random{1};
    for (int i = 0; i < 1'000; ++i) {
        std::vector<unsigned char> page(512);
        for (auto& byte : page) byte = static_cast<unsigned char>(random());
        page[0] = static_cast<unsigned char>(i % 2);  // of an overflow or a free page: a number
        const auto before = page;
        EXPECT_FALSE(sqlite::clean_page(page, 0));
        EXPECT_EQ(page, before);
        page[0] = 13;  // whatever stands there, nothing beyond the page is touched
        sqlite::clean_page(page, 0);
    }
}

class ErasedPostgresFiles : public ErasedFiles {
protected:
    // In how many of the database's tables and indexes a word is found, as their files have it.
    std::int64_t files_with(const std::string& word) {
        const auto rows = ask_postgres_place(
            place,
            "SELECT count(*) FROM pg_class AS c WHERE c.relkind IN ('r', 'i', 't') AND"
            " pg_relation_filepath(c.oid) IS NOT NULL AND"
            " position(convert_to('" +
                word + "', 'UTF8') IN pg_read_binary_file(pg_relation_filepath(c.oid))) > 0"
        );
        return rows[0].integer(0);
    }
};

TEST_P(ErasedPostgresFiles, hold_no_word_after_what_the_report_advises) {
    fill(1, 50);
    failed(500);
    write_note(paid(501));
    ask_postgres_place(place, "CHECKPOINT");
    EXPECT_GT(files_with(visitor_email), 0);
    rules.accounting_members.clear();
    erase();
    keep(noon + 2h);
    for (const std::string table : {"transactions", "notifications", "actions", "erasures"})
        ask_postgres_place(place, "VACUUM FULL " + table);
    ask_postgres_place(place, "CHECKPOINT");
    for (const auto& word : visitor_words) EXPECT_EQ(files_with(word), 0) << word;
    EXPECT_EQ(differences(), Found{});
}

INSTANTIATE_TEST_SUITE_P(, ErasedPostgresFiles, testing::Values(postgres_kind()));

}  // namespace
}  // namespace payments
