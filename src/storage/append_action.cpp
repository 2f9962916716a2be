#include "storage/append_action.hpp"

#include "storage/rules/actions.hpp"
#include "storage/rules/rows.hpp"

namespace payments::ledger {

void append_action(
    BlockingDatabase& database, const NewAction& action, std::optional<std::int64_t> scope_id
) {
    const auto chain = chain_of(action);
    // Held until the end of the transaction.
    database.change(
        "INSERT INTO action_chains (transaction_id, length, hash) VALUES ($1, 0, '')"
        " ON CONFLICT (transaction_id) DO UPDATE SET hash = action_chains.hash",
        {chain}
    );
    Action made;
    made.at = action.at;
    made.by = action.by;
    made.kind = name(action.kind);
    made.transaction_id = action.transaction_id;
    made.scope_id = scope_id;
    made.about = action.about;
    made.details = action.details;
    std::string previous;
    {
        const auto end = database.query(
            "SELECT length, hash FROM action_chains WHERE transaction_id = $1", {chain}
        );
        if (!end->next()) throw from_row::Damaged{"a chain of actions has lost its end"};
        made.seq = end->integer(0) + 1;
        previous = end->text(1);
    }
    const auto details = write_details(made.details);
    const auto hash = action_hash(previous, made, body_hash(details));
    database.change(
        "INSERT INTO actions (transaction_id, seq, at, by_sub, by_name, kind, scope_id, about,"
        " idempotency_key, details, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10)",
        {made.transaction_id ? Cell{*made.transaction_id} : Cell{}, made.seq,
         std::int64_t{made.at.time_since_epoch().count()}, made.by.sub, made.by.name, made.kind,
         scope_id ? Cell{*scope_id} : Cell{}, made.about, details, hash}
    );
    database.change(
        "UPDATE action_chains SET length = $1, hash = $2 WHERE transaction_id = $3",
        {made.seq, hash, chain}
    );
}

}  // namespace payments::ledger
