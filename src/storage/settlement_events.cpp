#include <algorithm>
#include <map>

#include "storage/append_action.hpp"
#include "storage/rules/claims.hpp"
#include "storage/settlement_ledger.hpp"
#include "storage/undone.hpp"

// What others are told of settlements (docs/settlements.md, 12).
namespace payments {
namespace {

using namespace settlement;
using ledger::Cell;
using ledger::Cells;

constexpr ledger::SettlementTable settlement_events{"settlement_events", "id# about type data at#"};

// The one of each payout and finding that is told first: those behind it wait.
const std::string due_events =
    " FROM settlement_events AS e WHERE delivered_at IS NULL AND dead_at IS NULL"
    " AND next_at <= $1 AND NOT EXISTS (SELECT 1 FROM settlement_events AS b"
    " WHERE b.about = e.about AND b.id < e.id AND b.delivered_at IS NULL AND b.dead_at IS NULL)"
    " ORDER BY id LIMIT $2";

const std::string select_events =
    "SELECT id, type, data, at, tries, next_at, delivered_at, dead_at, skipped, last_error";

SettlementEvent event_in(const LedgerRows& row) {
    SettlementEvent event;
    event.number = row.integer(0);
    event.type = row.text(1);
    event.data = row.text(2);
    event.at = row.time(3);
    event.tries = static_cast<int>(row.integer(4));
    event.next_at = row.time(5);
    event.delivered_at = row.time_or_null(6);
    event.dead_at = row.time_or_null(7);
    event.skipped = row.flag(8);
    event.last_error = row.text(9);
    return event;
}

std::string_view condition(EventState state) {
    switch (state) {
        case EventState::waiting:
            return "delivered_at IS NULL AND dead_at IS NULL";
        case EventState::delivered:
            return "delivered_at IS NOT NULL";
        case EventState::dead:
            return "delivered_at IS NULL AND dead_at IS NOT NULL AND NOT skipped";
        case EventState::skipped:
            return "delivered_at IS NULL AND dead_at IS NOT NULL AND skipped";
    }
    return "false";
}

// `sql` gets a condition for each of what is set, whose values join `parameters`.
void add_conditions(const SettlementEventsQuery& query, std::string& sql, Cells& parameters) {
    const auto add = [&](std::string_view column, const Cell& value) {
        parameters.push_back(value);
        sql += " AND " + std::string{column} + " $" + std::to_string(parameters.size());
    };
    if (query.state) sql += " AND " + std::string{condition(*query.state)};
    if (query.id) {
        add("id =", query.id->number);
        add("at =", ledger::cell_of(query.id->at));
    }
    if (query.since) add("at >=", ledger::cell_of(*query.since));
    if (query.before) add("at <", ledger::cell_of(*query.before));
    if (query.after) add(query.is_newest_first ? "id <" : "id >", *query.after);
}

constexpr std::string_view replayed =
    "UPDATE settlement_events SET delivered_at = NULL, dead_at = NULL, skipped = false, tries = 0,"
    " next_at = $1, last_error = '' WHERE id = $2";
constexpr std::string_view skipped =
    "UPDATE settlement_events SET dead_at = $1, skipped = true WHERE id = $2";

std::int64_t cell(Time at) { return std::int64_t{at.time_since_epoch().count()}; }

std::string_view type_of(std::string_view text) {
    return text == "settlement.payout" ? "settlement.payout" : "settlement.finding";
}

}  // namespace

// Of what was told last of each payout and finding that which is no longer so. Within a
// transaction.
std::vector<Standing> SettlementLedger::untold(const std::vector<Standing>& told) {
    std::map<std::string, Standing> last;
    const auto rows = database_->query(
        "SELECT e.about, e.type, e.data FROM settlement_events AS e JOIN (SELECT max(id) AS id"
        " FROM settlement_events GROUP BY about) AS n ON n.id = e.id"
    );
    while (rows->next()) {
        const auto data = rows->text(2);
        last.emplace(rows->text(0), Standing{rows->text(0), data, type_of(rows->text(1)), data});
    }
    std::vector<Standing> news;
    for (const auto& one : told) {
        const auto found = last.find(one.about);
        if (found == last.end() || found->second.data != one.data) news.push_back(one);
        if (found != last.end()) last.erase(found);
    }
    for (const auto& [about, before] : last)
        if (auto closed = told_closed(before)) news.push_back(std::move(*closed));
    return news;
}

std::size_t SettlementLedger::note_told(const std::vector<Standing>& told, Time at) {
    {
        // Nobody waits for a look after which nothing is written.
        Undone look{*database_};
        database_->begin_read();
        const bool is_all_told = untold(told).empty();
        look.commit();
        if (is_all_told) return 0;
    }
    Undone change{*database_};
    database_->begin_change();
    std::int64_t newest = 0;
    {
        const auto rows = database_->query("SELECT coalesce(max(id), 0) FROM settlement_events");
        if (rows->next()) newest = rows->integer(0);
    }
    const auto news = untold(told);
    std::vector<Cells> made;
    for (const auto& one : news)
        made.push_back({++newest, one.about, std::string{one.type}, one.data, cell(at)});
    if (!made.empty()) database_->insert(settlement_events, made);
    change.commit();
    return news.size();
}

std::vector<SettlementEvent> SettlementLedger::claim_events(Time now, int limit) {
    {
        Undone look{*database_};
        database_->begin_read();
        const bool is_due =
            database_->query("SELECT id" + due_events, {cell(now), std::int64_t{1}})->next();
        look.commit();
        if (!is_due) return {};
    }
    Undone change{*database_};
    database_->begin_change();
    std::vector<SettlementEvent> claimed;
    {
        const auto rows =
            database_->query(select_events + due_events, {cell(now), std::int64_t{limit}});
        while (rows->next()) claimed.push_back(event_in(*rows));
    }
    for (const auto& event : claimed)
        database_->change(
            "UPDATE settlement_events SET next_at = $1 WHERE id = $2",
            {cell(ledger::event_lease_end(now)), event.number}
        );
    change.commit();
    return claimed;
}

void SettlementLedger::record_delivery(
    const SettlementEvent& event, const DeliveryOutcome& outcome
) {
    using enum DeliveryOutcome::Kind;
    Undone change{*database_};
    database_->begin_change();
    if (outcome.kind == delivered)
        database_->change(
            "UPDATE settlement_events SET delivered_at = $1, dead_at = NULL, skipped = false"
            " WHERE id = $2",
            {cell(outcome.at), event.number}
        );
    else
        database_->change(
            std::string{"UPDATE settlement_events SET tries = tries + 1, "} +
                (outcome.kind == dead ? "dead_at" : "next_at") +
                " = $1, last_error = $2 WHERE id = $3 AND tries = $4 AND delivered_at IS NULL"
                " AND dead_at IS NULL",
            {cell(outcome.kind == dead ? outcome.at : outcome.next_at), outcome.reason,
             event.number, std::int64_t{event.tries}}
        );
    change.commit();
}

std::vector<SettlementEvent> SettlementLedger::find_events(const SettlementEventsQuery& query) {
    auto sql = select_events + " FROM settlement_events WHERE true";
    Cells parameters;
    add_conditions(query, sql, parameters);
    parameters.emplace_back(std::int64_t{query.limit});
    sql += std::string{" ORDER BY id"} + (query.is_newest_first ? " DESC" : "") + " LIMIT $" +
           std::to_string(parameters.size());
    Undone look{*database_};
    database_->begin_read();
    std::vector<SettlementEvent> found;
    {
        const auto rows = database_->query(sql, parameters);
        while (rows->next()) found.push_back(event_in(*rows));
    }
    look.commit();
    return found;
}

std::int64_t SettlementLedger::change_events(const SettlementEventsChange& change) {
    Undone commit{*database_};
    database_->begin_change();
    const std::string is_changed = change.skips
                                       ? "delivered_at IS NULL AND NOT skipped"
                                       : "(delivered_at IS NOT NULL OR dead_at IS NOT NULL)";
    std::int64_t changed = 0;
    for (std::size_t i = 0; i < change.numbers.size(); ++i) {
        const auto number = change.numbers[i];
        const auto sql = "SELECT id FROM settlement_events WHERE id = $1 AND " + is_changed;
        database_->lock(sql, {number});
        if (!database_->query(sql, {number})->next()) continue;
        database_->change(
            std::string{change.skips ? skipped : replayed}, {cell(change.now), number}
        );
        if (!change.actions.empty()) ledger::append_action(*database_, change.actions[i]);
        ++changed;
    }
    commit.commit();
    return changed;
}

Backlog SettlementLedger::backlog() {
    const auto count_of = [](EventState state) {
        return "(SELECT count(*) FROM settlement_events WHERE " + std::string{condition(state)} +
               ")";
    };
    Undone look{*database_};
    database_->begin_read();
    Backlog backlog;
    {
        const auto rows = database_->query(
            "SELECT " + count_of(EventState::waiting) + ", " + count_of(EventState::dead)
        );
        if (rows->next()) backlog = {rows->integer(0), rows->integer(1), {}};
    }
    look.commit();
    return backlog;
}

}  // namespace payments
