#include "storage/postgres/lookups.hpp"

#include <algorithm>
#include <iterator>

#include "storage/rules/actions.hpp"
#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

// Whoever opens an attempt for a ticket keeps others from it until the commit: a ticket without any
// attempt has no row to lock, and what is opened, paid and over while this batch is held up would
// not be seen. In one order, as all locks; a key that two tickets share only makes one wait.
constexpr std::string_view take_turns =
    "SELECT pg_advisory_xact_lock(turn) FROM (SELECT DISTINCT"
    " hashtextextended('attempts for ' || ticket_id, 0) AS turn"
    " FROM unnest($1::bigint[]) AS ticket_id ORDER BY turn) AS u";

// The tickets of transactions $1, of those with the provider's ids $2, and tickets $3.
#define TICKETS                                                                         \
    "ARRAY(SELECT ticket_id FROM transactions WHERE id = ANY($1::bigint[])"             \
    " UNION ALL SELECT ticket_id FROM transactions WHERE provider_id = ANY($2::text[])" \
    " AND provider_id <> '' UNION ALL SELECT unnest($3::bigint[]))"

const auto lock_attempts = "SELECT " + std::string{from_row::transaction_columns} +
                           ", live, holds_fee, watched FROM transactions"
                           " WHERE ticket_id = ANY(" TICKETS ") ORDER BY id FOR UPDATE";
// A statement of its own, behind the one that locks: at READ COMMITTED it sees all that was
// committed before the locks were had.
const auto read_facts = "SELECT " + std::string{from_row::entry_columns} +
                        ", transaction_id FROM facts WHERE transaction_id = ANY(ARRAY("
                        "SELECT id FROM transactions WHERE ticket_id = ANY(" TICKETS
                        ")))"
                        " ORDER BY transaction_id, seq";
#undef TICKETS

constexpr std::string_view read_identities =
    "SELECT processor, identity FROM notifications WHERE identity = ANY($1::text[])";
// Numbers are taken behind the locks: chains are read back in the order of numbers, so those of one
// ticket must ascend in the order in which they are committed. Where an attempt stands in the way
// nothing will be opened, and no number is used up.
constexpr std::string_view take_attempt_numbers =
    "SELECT nextval('transactions_number') FROM"
    " (SELECT DISTINCT ticket_id, fee_type FROM unnest($1::bigint[], $2::text[])"
    " AS u(ticket_id, fee_type)) AS u WHERE NOT EXISTS (SELECT 1 FROM transactions AS t"
    " WHERE t.ticket_id = u.ticket_id AND t.fee_type = u.fee_type AND (live OR holds_fee))";
constexpr std::string_view take_message_numbers =
    "SELECT nextval('notifications_number') FROM generate_series(1, $1::bigint)";
const auto read_unmatched =
    "SELECT id, hash, (SELECT max(id) FROM notifications) FROM notifications AS n"
    " WHERE id = ANY($1::bigint[]) AND" +
    std::string{from_row::is_unmatched};

constexpr std::string_view take_action_numbers =
    "SELECT nextval('actions_number') FROM generate_series(1, $1::bigint)";
// Begins the chains that have not begun, and holds all of them until the end of the transaction.
constexpr std::string_view hold_action_chains =
    "INSERT INTO action_chains AS c (transaction_id, length, hash) SELECT chain, 0, ''"
    " FROM (SELECT DISTINCT unnest($1::bigint[]) AS chain) AS u"
    " WHERE chain = 0 OR EXISTS (SELECT 1 FROM transactions WHERE id = chain) ORDER BY chain"
    " ON CONFLICT (transaction_id) DO UPDATE SET length = c.length"
    " RETURNING transaction_id, length, hash";

// Behind the lock of their chains: it sees all that was committed before that was had.
const auto read_actions_with_keys =
    "SELECT " + std::string{ledger::action_columns} +
    " FROM actions WHERE idempotency_key <> '' AND (coalesce(transaction_id, 0), kind,"
    " idempotency_key) IN (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]))";

// Of each entry of the worklist; behind the lock of its chain, as above.
const auto read_newest_reviews = "SELECT DISTINCT ON (about) " +
                                 std::string{ledger::action_columns} +
                                 " FROM actions WHERE kind = 'review' AND about = ANY($1::text[])"
                                 " ORDER BY about, seq DESC";

}  // namespace

void add_lookups(Lookups& lookups, const NewAttempt& attempt) {
    lookups.tickets.push_back(attempt.ticket_id);
    lookups.fee_types.push_back(attempt.code.fee_type);
}

void add_lookups(Lookups& lookups, const Heard& heard) {
    if (heard.message) {
        lookups.messages.push_back(heard.message->identity);
        ++lookups.new_messages;
    }
    if (heard.unmatched_number) lookups.unmatched.push_back(*heard.unmatched_number);
    if (!heard.unmatched_reason.empty()) return;
    if (heard.action) add_lookups(lookups, *heard.action);
    const auto& subject = heard.subject;
    if (subject.transaction_id) lookups.transactions.push_back(*subject.transaction_id);
    if (!subject.provider_id.empty()) lookups.provider_ids.push_back(subject.provider_id);
    // Each id may be another attempt's, which is a difference to be seen (docs/design.md, 3.6).
    for (const auto& fact : heard.facts)
        if (!fact.provider_id.empty()) lookups.provider_ids.push_back(fact.provider_id);
}

void add_lookups(Lookups& lookups, const NewRefund& refund) {
    lookups.transactions.push_back(refund.transaction_id);
    if (!refund.details.person) return;
    lookups.action_chains.push_back(refund.transaction_id);
    ++lookups.new_actions;
}

void add_lookups(Lookups& lookups, const NewAction& action) {
    if (action.transaction_id) lookups.transactions.push_back(*action.transaction_id);
    lookups.action_chains.push_back(ledger::chain_of(action));
    ++lookups.new_actions;
    if (action.key.empty()) return;
    lookups.action_keys.chains.push_back(ledger::chain_of(action));
    lookups.action_keys.kinds.emplace_back(name(action.kind));
    lookups.action_keys.keys.push_back(action.key);
}

void add_lookups(Lookups& lookups, const ledger::Move& move) {
    lookups.moved_tickets.push_back(move.ticket_id);
}

void add_lookups(Lookups& lookups, const NewHandling& handling) {
    lookups.reviews.push_back(handling.entry.text());
    add_lookups(lookups, action_of(handling));
}

std::vector<Statement> questions_of(const Lookups& lookups) {
    const auto ids = numbers(lookups.transactions);
    const auto provider_ids = texts(lookups.provider_ids);
    const auto tickets = numbers(lookups.tickets);
    auto locked = lookups.tickets;
    std::ranges::copy(lookups.moved_tickets, std::back_inserter(locked));
    const std::vector<Value> whom{ids, provider_ids, numbers(locked)};
    std::vector<Statement> questions;
    if (!lookups.tickets.empty()) questions.emplace_back(take_turns, std::vector{tickets});
    questions.emplace_back(lock_attempts, whom);
    questions.emplace_back(read_facts, whom);
    if (!lookups.messages.empty())
        questions.emplace_back(read_identities, std::vector{texts(lookups.messages)});
    if (!lookups.tickets.empty())
        questions.emplace_back(
            take_attempt_numbers, std::vector{tickets, texts(lookups.fee_types)}
        );
    if (lookups.new_messages > 0)
        questions.push_back(Statement::of(take_message_numbers, lookups.new_messages));
    if (!lookups.unmatched.empty())
        questions.emplace_back(read_unmatched, std::vector{numbers(lookups.unmatched)});
    if (lookups.new_actions > 0) {
        questions.push_back(Statement::of(take_action_numbers, lookups.new_actions));
        questions.emplace_back(hold_action_chains, std::vector{numbers(lookups.action_chains)});
    }
    if (const auto& [chains, kinds, keys] = lookups.action_keys; !keys.empty())
        questions.emplace_back(
            read_actions_with_keys, std::vector{numbers(chains), texts(kinds), texts(keys)}
        );
    if (!lookups.reviews.empty())
        questions.emplace_back(read_newest_reviews, std::vector{texts(lookups.reviews)});
    return questions;
}

}  // namespace payments::postgres
