#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/ledger.hpp"
#include "storage/sqlite_database.hpp"

// Rows of the database as the core's values.
namespace payments::sqlite {

// A row holds what no version of ours can have written.
struct DamagedRow : StoreDown {
    using StoreDown::StoreDown;
};

template <class T>
T sound(const Database& database, Result<T> value) {
    if (!value)
        throw DamagedRow{
            "database " + database.path() + ": a row is damaged: " + value.error().detail};
    return std::move(*value);
}

Money money(const Database& database, std::int64_t minor, std::string_view currency);

// What kept_row() reads from column 0 on, and event_row() from column `first` on; of tables
// transactions and facts. Both throw DamagedRow.
inline constexpr std::string_view transaction_columns =
    "id, ticket_id, fee_type, currency, processor, amount_minor, account, email, metas,"
    " created_at, expires_at, status, provider_id, refunded_minor, updated_at, paid_at, check_at,"
    " checks, facts_hash, messages_hash, wanted_at";
inline constexpr std::string_view event_columns =
    "at, source, kind, subject, amount_minor, currency, provider_id, account, detail, refund";
ledger::Kept kept_row(const Database& database, const Rows& row);  // without its events
Event event_row(const Database& database, const Rows& row, int first = 0);

std::vector<std::int64_t> ticket_ids(Database& database);
std::vector<Transaction> transactions_of(Database& database, std::int64_t ticket_id);
std::vector<Transaction> page(Database& database, const PageRequest& request);
// With its events; nothing when there is none.
std::optional<ledger::Kept> kept(Database& database, std::int64_t id);
std::optional<std::int64_t> id_of_provider_id(
    Database& database, Processor processor, std::string_view provider_id
);
// Another attempt than `except` for the same ticket and fee type that counts as paid; that could
// still be paid.
std::optional<std::int64_t> holder_of_fee(
    Database& database, std::int64_t ticket_id, std::string_view fee_type, std::int64_t except = 0
);
std::optional<std::int64_t> live_attempt(
    Database& database, std::int64_t ticket_id, std::string_view fee_type, std::int64_t except = 0
);
std::vector<std::int64_t> due(Database& database, Time now, int limit);
std::optional<Time> next_due(Database& database);

}  // namespace payments::sqlite
