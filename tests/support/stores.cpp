#include "support/stores.hpp"

#include <stdlib.h>

#include <filesystem>

#include "storage/sqlite.hpp"

namespace payments::testing_support {
namespace {

sqlite::Database behind(const std::string& place) {
    return {place, sqlite::Database::Access::read, 5000};
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
    };
}

}  // namespace payments::testing_support
