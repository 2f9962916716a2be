#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "storage/sqlite.hpp"
#include "support/store_contract.hpp"

// A directory with a SQLite database of our own, and the way past the port to what lies in it.
namespace payments::testing_support {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::migrate;

class SqliteStoreTest : public testing::Test {
protected:
    void SetUp() override {
        auto pattern = (fs::temp_directory_path() / "payments-sqlite-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory = pattern;
        path = directory / "payments.db";
    }
    void TearDown() override { fs::remove_all(directory); }

    std::unique_ptr<SqliteStore> open_store(SqliteOptions options = {}) {
        options.path = path;
        return std::make_unique<SqliteStore>(std::move(options));
    }
    std::unique_ptr<SqliteStore> migrated_store(SqliteOptions options = {}) {
        migrate(path);
        return open_store(std::move(options));
    }
    Database behind(Database::Access access = Database::Access::write) {
        return {path, access, 5000};
    }
    std::string complaint() const { return "database " + path.string() + ": "; }
    std::int64_t count(const std::string& table) {
        auto database = behind();
        auto rows = database.query("SELECT count(*) FROM " + table);
        rows.next();
        return rows.integer(0);
    }

    fs::path directory;
    fs::path path;
};

// What StoreDown says when `call` throws it; "" when it does not.
template <class Call>
std::string why_down(Call call) {
    try {
        call();
    } catch (const StoreDown& down) {
        return down.what();
    }
    return "";
}

}  // namespace payments::testing_support
