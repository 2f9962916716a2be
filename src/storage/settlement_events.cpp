#include <algorithm>
#include <map>

#include "storage/rules/claims.hpp"
#include "storage/settlement_ledger.hpp"
#include "storage/undone.hpp"

// What others are told of settlements (docs/settlements.md, 12).
namespace payments {
namespace {

using namespace settlement;
using ledger::Cells;

constexpr ledger::SettlementTable settlement_events{
    "settlement_events", "id# about type data at#"};

// The one of each payout and finding that is told first: those behind it wait.
const std::string due_events =
    " FROM settlement_events AS e WHERE delivered_at IS NULL AND dead_at IS NULL"
    " AND next_at <= $1 AND NOT EXISTS (SELECT 1 FROM settlement_events AS b"
    " WHERE b.about = e.about AND b.id < e.id AND b.delivered_at IS NULL AND b.dead_at IS NULL)"
    " ORDER BY id LIMIT $2";

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
        const auto rows = database_->query(
            "SELECT id, type, data, at, tries" + due_events, {cell(now), std::int64_t{limit}}
        );
        while (rows->next())
            claimed.push_back(
                {rows->integer(0), rows->text(1), rows->text(2), rows->time(3),
                 static_cast<int>(rows->integer(4))}
            );
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
            "UPDATE settlement_events SET delivered_at = $1, dead_at = NULL WHERE id = $2",
            {cell(outcome.at), event.number}
        );
    else
        database_->change(
            std::string{"UPDATE settlement_events SET tries = tries + 1, "} +
                (outcome.kind == dead ? "dead_at" : "next_at") +
                " = $1, last_error = $2 WHERE id = $3 AND tries = $4 AND delivered_at IS NULL",
            {cell(outcome.kind == dead ? outcome.at : outcome.next_at), outcome.reason,
             event.number, std::int64_t{event.tries}}
        );
    change.commit();
}

}  // namespace payments
