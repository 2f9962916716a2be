#include "storage/sqlite/refund_runs.hpp"

#include <algorithm>
#include <limits>

#include "storage/rules/actions.hpp"
#include "storage/rules/office.hpp"
#include "storage/rules/refund_runs.hpp"
#include "storage/sqlite/books.hpp"

namespace payments::sqlite {
namespace {

std::vector<RunTally> tallies_of(Database& database, std::int64_t run_id) {
    std::vector<RunTally> tallies;
    auto rows = database.query(ledger::tallies_of_run, run_id);
    while (rows.next()) tallies.push_back(ledger::tally_row(rows));
    return tallies;
}

std::optional<RefundRun> find_run(Database& database, std::int64_t id) {
    static const auto sql = ledger::find_run();
    auto rows = database.query(sql, id);
    if (!rows.next()) return {};
    return ledger::run_row(rows);
}

template <class Key>
std::optional<RunWithTallies> run_in_sight(
    Database& database, std::string_view sql, const Key& key, const SightOfScopes& sight
) {
    std::optional<RefundRun> found;
    {
        auto rows = database.query(sql, key, ledger::list_of(sight));
        if (!rows.next()) return {};
        found = ledger::run_row(rows);
    }
    auto tallies = tallies_of(database, found->id);
    return RunWithTallies{std::move(*found), std::move(tallies)};
}

bool is_open_elsewhere(Database& database, const RefundRun& run) {
    auto rows = database.query(ledger::find_open_run, run.digest, run.id);
    return rows.next();
}

void insert_items(Database& database, const RefundRun& run, const std::vector<RefundItem>& items) {
    constexpr std::string_view insert =
        "INSERT INTO refund_items (run_id, transaction_id, processor, currency, amount_minor,"
        " refunded_minor, state, why, detail, tries, due_at, changed_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', '', '', 1, ?7, ?8)";
    for (const auto& item : items)
        database.change(
            insert, run.id, item.transaction_id, name(item.processor),
            item.amount.currency().code(), item.amount.minor(), item.refunded_minor,
            ledger::first_due(run), run.started_at
        );
}

void change_items(Database& database, std::int64_t run_id, ItemsChange change, Time now) {
    ledger::with_items_change(run_id, change, now, [&](std::string_view sql, const auto&... what) {
        database.change(sql, what...);
    });
}

void update_run(Database& database, const RefundRun& run) {
    ledger::with_run(run, [&](const auto&... statement) { return database.change(statement...); });
}

std::optional<RefundItem> find_item(Database& database, const RefundItem& item) {
    static const auto sql = ledger::find_item();
    auto rows = database.query(sql, item.run_id, item.transaction_id);
    if (!rows.next()) return {};
    return ledger::item_row(rows);
}

}  // namespace

Result<StartedRun> start_run(Database& database, const NewRun& order, const SightOfScopes& sight) {
    if (auto known = open_run(database, order.run.digest, sight))
        return StartedRun{std::move(known->run), false};
    const auto taken = payments_in_runs(database);
    for (const auto& item : order.items)
        if (std::ranges::binary_search(taken, item.transaction_id))
            return plan_changed_by(item.transaction_id);
    auto run = order.run;
    {
        auto rows = ledger::with_new_run(run, [&](const auto&... statement) {
            return database.query(statement...);
        });
        // One with this digest runs out of sight: its payments were found above.
        if (!rows.next()) return plan_changed_by(order.items.front().transaction_id);
        run.id = rows.integer(0);
        while (rows.next()) {
        }
    }
    insert_items(database, run, order.items);
    auto action = order.action;
    action.about = about_run(run.id);
    SqliteBooks books{database};
    ledger::apply_action(books, action).value();
    return StartedRun{std::move(run), true};
}

std::optional<RunWithTallies> open_run(
    Database& database, std::string_view digest, const SightOfScopes& sight
) {
    static const auto sql = ledger::select_runs(ledger::RunBy::digest);
    return run_in_sight(database, sql, digest, sight);
}

std::optional<RunWithTallies> run(Database& database, std::int64_t id, const SightOfScopes& sight) {
    static const auto sql = ledger::select_runs(ledger::RunBy::number);
    return run_in_sight(database, sql, id, sight);
}

RunsPage runs(Database& database, const RunsQuery& query) {
    static const auto sql = ledger::select_runs(ledger::RunBy::page);
    RunsPage page;
    {
        auto rows = database.query(
            sql, query.after.value_or(std::numeric_limits<std::int64_t>::max()),
            ledger::list_of(query.sight), static_cast<std::int64_t>(query.limit) + 1
        );
        while (rows.next()) page.list.push_back({ledger::run_row(rows), {}});
    }
    page.is_end = page.list.size() <= query.limit;
    if (!page.is_end) page.list.pop_back();
    for (auto& one : page.list) one.tallies = tallies_of(database, one.run.id);
    return page;
}

ItemsPage run_items(Database& database, const ItemsQuery& query) {
    static const auto sql = ledger::select_items();
    const auto state = query.state ? name(*query.state) : std::string_view{};
    auto rows = database.query(
        sql, query.run_id, state, query.after, static_cast<std::int64_t>(query.limit) + 1
    );
    ItemsPage page;
    while (rows.next()) page.list.push_back(ledger::listed_item(rows));
    page.is_end = page.list.size() <= query.limit;
    if (!page.is_end) page.list.pop_back();
    return page;
}

std::vector<std::int64_t> payments_in_runs(Database& database) {
    std::vector<std::int64_t> ids;
    static const auto sql = ledger::select_payments_in_runs();
    auto rows = database.query(sql);
    while (rows.next()) ids.push_back(rows.integer(0));
    return ids;
}

Result<Steered> steer_run(Database& database, const SteeringOrder& order) {
    const auto known = find_run(database, order.run_id);
    if (!known) return unknown_run(order.run_id);
    const RunWithTallies before{*known, tallies_of(database, known->id)};
    auto steered = steer(before.run, before.counts(), order.steering, order.by, order.now);
    if (!steered) return steered.error();
    if (!steered->is_new) return steered;
    if (before.run.is_over() && is_open_elsewhere(database, before.run))
        return same_plan_runs(order.run_id);
    change_items(database, order.run_id, steered->items, order.now);
    const RunWithTallies after{steered->run, tallies_of(database, order.run_id)};
    steered->run = ended_if_nothing_is_open(after.run, after.counts(), order.now);
    update_run(database, steered->run);
    SqliteBooks books{database};
    ledger::apply_action(books, action_of(steered->run, order)).value();
    return steered;
}

bool has_due_item(Database& database, const ItemClaim& claim) {
    auto rows = database.query(
        ledger::has_due_item, name(claim.processor), claim.now, Time{claim.now + claim.pace}
    );
    return rows.next();
}

std::optional<ClaimedItem> claim_item(Database& database, const ItemClaim& claim) {
    static const auto sql = ledger::find_due_item();
    if (!has_due_item(database, claim)) return {};
    std::optional<RefundItem> item;
    {
        auto rows = database.query(sql, name(claim.processor), claim.now);
        if (!rows.next()) return {};
        item = ledger::item_row(rows);
    }
    ledger::with_claimed(*item, claim, [&](const auto&... statement) {
        return database.change(statement...);
    });
    if (ledger::takes_its_pace(*item))
        database.change(ledger::set_pace, Time{claim.now + claim.pace}, name(claim.processor));
    return ClaimedItem{*item, find_run(database, item->run_id).value()};
}

std::optional<SettledItem> settle_item(
    Database& database, const RefundItem& item, const ItemOutcome& outcome, Time now
) {
    static const auto count_others = ledger::has_others_open();
    const auto run = find_run(database, item.run_id).value();
    const auto before = find_item(database, item).value();
    if (!ledger::is_unsettled(before, item)) return {};
    bool others_open = false;
    {
        auto rows = database.query(count_others, item.run_id, item.transaction_id);
        others_open = rows.next() && rows.integer(0) > 0;
    }
    auto settled = settle(run, before, outcome, others_open, now);
    ledger::with_settled(item, settled, outcome, now, [&](const auto&... statement) {
        return database.change(statement...);
    });
    update_run(database, settled.run);
    if (settled.run.state == RunState::paused && run.state == RunState::running)
        change_items(database, item.run_id, ItemsChange::hold, now);
    return settled;
}

}  // namespace payments::sqlite
