#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "flow/runs/run_store.hpp"
#include "storage/sqlite/database.hpp"

// Refund runs; as RefundRunStore promises of its functions of the same names. Inside a database
// transaction that the caller holds. They throw StoreDown.
namespace payments::sqlite {

Result<StartedRun> start_run(Database& database, const NewRun& run, const SightOfScopes& sight);
std::optional<RunWithTallies> open_run(
    Database& database, std::string_view digest, const SightOfScopes& sight
);
std::optional<RunWithTallies> run(Database& database, std::int64_t id, const SightOfScopes& sight);
RunsPage runs(Database& database, const RunsQuery& query);
ItemsPage run_items(Database& database, const ItemsQuery& query);
std::vector<std::int64_t> payments_in_runs(Database& database);
Result<Steered> steer_run(Database& database, const SteeringOrder& order);
// Whether claim_item() may find something.
bool has_due_item(Database& database, const ItemClaim& claim);
std::optional<ClaimedItem> claim_item(Database& database, const ItemClaim& claim);
std::optional<SettledItem> settle_item(
    Database& database, const RefundItem& item, const ItemOutcome& outcome, Time now
);

}  // namespace payments::sqlite
