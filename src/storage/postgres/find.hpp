#pragma once

#include <span>
#include <vector>

#include "flow/ports.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/rules/find.hpp"

// Statements by which a person's payments are found, and their answers: those of many cursors in
// one statement, so that a page costs a few exchanges. ask_* throw nothing; read_* throw
// from_row::Damaged. On any thread.
namespace payments::postgres {

// The ids that can be meant; empty when any can.
std::vector<Statement> ask_ranges(const FindQuery& query);
ledger::IdRanges read_ranges(const FindQuery& query, std::span<const ResultSet> answers);

// What `search` wants to be read, which must be something.
std::vector<Statement> ask_cursors(const ledger::Search& search, const FindQuery& query);
// Gives the answers to `search`.
void read_cursors(ledger::Search& search, std::span<const ResultSet> answers);

// Without their entries, newest first, and without those that have left the scopes of the query
// since they were found.
Statement ask_found(const std::vector<std::int64_t>& ids);
std::vector<Transaction> read_found(const FindQuery& query, const ResultSet& rows);

Statement ask_messages_of(std::int64_t transaction_id);
std::vector<KeptMessage> read_messages(const ResultSet& rows);
Statement ask_message(std::int64_t number);
std::optional<KeptMessage> read_message(const ResultSet& rows);
Statement ask_events_of(std::int64_t transaction_id);

}  // namespace payments::postgres
