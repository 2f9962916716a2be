#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/rules/review_list.hpp"

// Questions that change nothing, and their answers as the core's values: a statement each, so that
// what is read belongs together.
namespace payments::postgres {

Statement ask_ticket_ids(std::int64_t after, int limit);
Statement ask_newest_attempt();
std::vector<std::int64_t> read_numbers(const ResultSet& rows);

Statement ask_transactions_of(std::int64_t ticket_id);
Statement ask_transaction(std::int64_t id);
Statement ask_page(const PageRequest& request);
// Attempts with their events, in the order of the answer.
std::vector<Transaction> read_transactions(const ResultSet& rows);

Statement ask_next_due();
Statement ask_has_due(Time now);
Statement ask_has_unmatched(Time now);

// Parameters $1 to $6 are the filter's.
template <class... More>
Statement filtered(std::string_view sql, const EventFilter& which, const More&... more) {
    std::optional<std::int64_t> state, number;
    std::optional<Time> opened_at;
    if (which.state) state = static_cast<std::int64_t>(*which.state);
    if (which.id) {
        number = which.id->number;
        opened_at = which.id->opened_at;
    }
    return Statement::of(
        sql, state, number, opened_at, which.transaction_id, which.since, which.before, more...
    );
}
inline constexpr std::string_view filter_condition =
    "($1::bigint IS NULL OR CASE WHEN o.delivered_at IS NOT NULL THEN 1"
    " WHEN o.dead_at IS NOT NULL THEN 2 + o.skipped::integer ELSE 0 END = $1)"
    " AND ($2::bigint IS NULL OR o.id = $2) AND ($3::bigint IS NULL OR t.created_at = $3)"
    " AND ($4::bigint IS NULL OR o.transaction_id = $4) AND ($5::bigint IS NULL OR o.at >= $5)"
    " AND ($6::bigint IS NULL OR o.at < $6)";

Statement ask_has_due_event(Time now);
Statement ask_events(const EventFilter& which, std::int64_t after, int limit);
std::vector<OutgoingEvent> read_events(const ResultSet& rows);
Statement ask_backlog();
Backlog read_backlog(const ResultSet& rows);

std::vector<Statement> ask_reviews(Time now);
ReviewMaterial read_reviews(std::span<const ResultSet> answers);

}  // namespace payments::postgres
