#include "support/stores.hpp"

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "storage/postgres_session.hpp"
#include "storage/postgres_verify.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_verify.hpp"
#include "support/postgres_place.hpp"

namespace payments::testing_support {
namespace {

sqlite::Database behind(const std::string& place) {
    return {place, sqlite::Database::Access::read, 5000};
}

postgres::Answer ask_postgres(const std::string& place, const std::string& sql) {
    postgres::Address address;
    address.url = place;
    return postgres::Session{address}.ask(sql);
}

std::string make_sqlite_place() {
    auto pattern = (std::filesystem::temp_directory_path() / "payments-store-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error{"no temporary directory"};
    const auto path = pattern + "/payments.db";
    sqlite::migrate(path);
    return path;
}

}  // namespace

StoreKind sqlite_kind() {
    return {
        .name = "Sqlite",
        .make_place = make_sqlite_place,
        .drop_place =
            [](const std::string& place) {
                std::filesystem::remove_all(std::filesystem::path{place}.parent_path());
            },
        .open = [](const std::string& place) -> std::unique_ptr<Store> {
            SqliteOptions options;
            options.path = place;
            return std::make_unique<SqliteStore>(std::move(options));
        },
        .outbox =
            [](const std::string& place) {
                auto database = behind(place);
                auto rows = database.query(
                    "SELECT type, status_before, status_after FROM outbox ORDER BY id"
                );
                std::vector<OutboxRow> outbox;
                while (rows.next()) outbox.push_back({rows.text(0), rows.text(1), rows.text(2)});
                return outbox;
            },
        .unmatched_reasons =
            [](const std::string& place) {
                auto database = behind(place);
                auto rows = database.query(
                    "SELECT unmatched_reason FROM notifications WHERE transaction_id IS NULL"
                    " ORDER BY id"
                );
                std::vector<std::string> reasons;
                while (rows.next()) reasons.push_back(rows.text(0));
                return reasons;
            },
        .messages_kept =
            [](const std::string& place) {
                auto database = behind(place);
                auto rows = database.query("SELECT count(*) FROM notifications");
                rows.next();
                return rows.integer(0);
            },
        .execute =
            [](const std::string& place, const std::string& sql) {
                sqlite::Database{place, sqlite::Database::Access::write, 5000}.change(sql);
            },
        .begin_again_at_1 =
            [](const std::string& place) {
                sqlite::Database{place, sqlite::Database::Access::write, 5000}.execute(
                    "DELETE FROM sqlite_sequence"
                );
            },
        .verify = [](const std::string& place) { return sqlite::verify_ledger(place); },
    };
}

StoreKind postgres_kind() {
    return {
        .name = "Postgres",
        .make_place = make_postgres_place,
        .drop_place = leave_postgres_place,
        .open = [](const std::string& place) { return open_postgres(place); },
        .outbox =
            [](const std::string& place) {
                const auto rows = ask_postgres(
                    place, "SELECT type, status_before, status_after FROM outbox ORDER BY id"
                );
                std::vector<OutboxRow> outbox;
                for (int i = 0; i < rows.size(); ++i)
                    outbox.push_back({rows[i].text(0), rows[i].text(1), rows[i].text(2)});
                return outbox;
            },
        .unmatched_reasons =
            [](const std::string& place) {
                const auto rows = ask_postgres(
                    place,
                    "SELECT unmatched_reason FROM notifications WHERE transaction_id IS NULL"
                    " ORDER BY id"
                );
                std::vector<std::string> reasons;
                for (int i = 0; i < rows.size(); ++i) reasons.push_back(rows[i].text(0));
                return reasons;
            },
        .messages_kept =
            [](const std::string& place) {
                return ask_postgres(place, "SELECT count(*) FROM notifications")[0].integer(0);
            },
        .execute = [](const std::string& place,
                      const std::string& sql) { ask_postgres(place, sql); },
        .begin_again_at_1 =
            [](const std::string& place) {
                ask_postgres(place, "ALTER SEQUENCE transactions_number RESTART");
            },
        .verify =
            [](const std::string& place) {
                postgres::Address address;
                address.url = place;
                return postgres::verify_ledger(address);
            },
    };
}

std::vector<StoreKind> store_kinds() { return {sqlite_kind(), postgres_kind()}; }

StoreKind chosen_kind() {
    const char* chosen = std::getenv("PAYMENTS_TEST_STORE");
    return chosen && std::string_view{chosen} == "postgres" ? postgres_kind() : sqlite_kind();
}

}  // namespace payments::testing_support
