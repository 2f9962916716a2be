#pragma once

#include <string>
#include <string_view>

#include "payment/handling.hpp"
#include "storage/rules/books.hpp"

// What people did and saw, as both stores keep it (docs/finding.md, 5): decided once, inside a
// database transaction that the caller commits. They throw what Books throws and keep nothing then.
namespace payments::ledger {

// The chain of actions about a payment is named by its number, that of all others by 0.
std::int64_t chain_of(const NewAction& action);

// Puts it on record at the end of its chain, unless its key has been used there: then what is on
// record comes back. Errc::unknown_transaction; key_reused when that is something else.
Result<Action> apply_action(Books& books, const NewAction& action);

// What a person does with an entry of the worklist: an action, unless it is so already. Gives what
// was done last with it. Errc::review_held, and those of apply_action.
Result<std::optional<Handled>> apply_handling(Books& books, const NewHandling& handling);

// The link of an action: SHA-256 in hex over the hash before and a text that holds every column,
// `details` being the hash of its details (body_hash). They may be gone.
std::string action_hash(std::string_view previous, const Action& action, std::string_view details);

// A JSON object of texts, sorted by name, and back; nothing for what no version of ours has
// written.
std::string write_details(const ActionDetails& details);
std::optional<ActionDetails> read_details(std::string_view text);

// Statements in what both databases take; parameters in the order of their first use. What
// action_row() reads from column 0 on.
inline constexpr std::string_view action_columns =
    "id, transaction_id, seq, at, by_sub, by_name, kind, scope_id, about, idempotency_key, details";
inline constexpr int action_column_count = 11;
// The newest of a kind, or with "" of all kinds, newest first.
inline constexpr std::string_view actions_of_chain =
    " FROM actions WHERE coalesce(transaction_id, 0) = $1 AND ($2 = '' OR kind = $2)"
    " ORDER BY seq DESC LIMIT $3";

// Of a worklist's entry the newest; $1 is its name.
inline constexpr std::string_view newest_review_action =
    " FROM actions WHERE kind = 'review' AND about = $1 ORDER BY seq DESC LIMIT 1";

template <class Row>
Action action_row(const Row& row) {
    Action action;
    action.id = row.integer(0);
    if (!row.is_null(1)) action.transaction_id = row.integer(1);
    action.seq = row.integer(2);
    action.at = row.time(3);
    action.by = {row.text(4), row.text(5)};
    action.kind = row.text(6);
    if (!row.is_null(7)) action.scope_id = row.integer(7);
    action.about = row.text(8);
    action.key = row.text(9);
    // A row that is damaged must not hide the others; verify-ledger names it.
    if (!row.is_null(10)) action.details = read_details(row.text(10)).value_or(ActionDetails{});
    return action;
}

}  // namespace payments::ledger
