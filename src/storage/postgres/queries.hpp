#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/rules/review_list.hpp"

// Questions that change nothing, and their answers as the core's values: one statement for each
// question, because at READ COMMITTED only what one statement reads is of one moment. ask_* make a
// statement and throw nothing; read_* throw from_row::Damaged. As Store promises of its functions
// of the same names.
namespace payments::postgres {

// Whether the server only reads (flag 0); and beside that the newest migration it has (number 1).
Statement ask_reads_only();
Statement ask_readiness();

Statement ask_ticket_ids(std::int64_t after, int limit);
Statement ask_newest_attempt();
std::vector<std::int64_t> read_numbers(const ResultSet& rows);

Statement ask_transactions_of(std::int64_t ticket_id);
Statement ask_transaction(std::int64_t id);
Statement ask_page(const PageRequest& request);
// The end of a page of those that money may have moved of, and the page up to it.
Statement ask_end_of_moved(std::int64_t after, int limit);
Statement ask_moved(const MovedRequest& request, const std::optional<std::int64_t>& end);
// Attempts with their events, in the order of the answer.
std::vector<Transaction> read_transactions(const ResultSet& rows);
std::vector<Transaction> read_moved(const ResultSet& rows);
std::vector<Transaction> read_page(const PageRequest& request, const ResultSet& rows);

Statement ask_next_due();
Statement ask_has_due(const DueClaim& claim);
Statement ask_has_unmatched(Time now);

Statement ask_has_due_event(Time now);
Statement ask_events(const EventFilter& which, std::int64_t after, int limit);
std::vector<OutgoingEvent> read_events(const ResultSet& rows);
Statement ask_backlog();
Backlog read_backlog(const ResultSet& rows);

Statement ask_review_counts(Time now);
ReviewCounts read_review_counts(const ResultSet& rows);
std::vector<Statement> ask_reviews(Time now);
ReviewMaterial read_reviews(std::span<const ResultSet> answers);
Statement ask_review(ReviewName entry, Time now);
ReviewMaterial read_review(ReviewName entry, const ResultSet& rows);
// What was done last with the entries of these names.
Statement ask_handled(const std::vector<std::string>& names);
void read_handled(ReviewMaterial& material, const ResultSet& rows);

Statement ask_actions_of(std::int64_t transaction_id, std::optional<ActionKind> kind);
std::vector<Action> read_actions(const ResultSet& rows);

}  // namespace payments::postgres
