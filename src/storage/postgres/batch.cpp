#include "storage/postgres/batch.hpp"

#include <algorithm>
#include <iterator>

#include "storage/rules/actions.hpp"
#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

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

constexpr std::string_view read_messages =
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

std::int64_t use(std::vector<std::int64_t>& numbers) {
    if (numbers.empty()) throw RetryAlone{};
    const auto number = numbers.back();
    numbers.pop_back();
    return number;
}

std::vector<std::int64_t> numbers_in(const ResultSet& rows) {
    std::vector<std::int64_t> numbers;
    // From the end: use() takes the last, which is to be the smallest.
    for (int i = rows.size() - 1; i >= 0; --i) numbers.push_back(rows[i].integer(0));
    return numbers;
}

}  // namespace

// --------------------------------------------------------------------------- looking things up

std::vector<Statement> Batch::questions() const {
    const auto ids = numbers(lookups.transactions);
    const auto provider_ids = texts(lookups.provider_ids);
    const auto tickets = numbers(lookups.tickets);
    auto locked = lookups.tickets;
    std::ranges::copy(lookups.moved_tickets, std::back_inserter(locked));
    const std::vector<Value> whom{ids, provider_ids, numbers(locked)};
    std::vector<Statement> questions{Statement{lock_attempts, whom}, Statement{read_facts, whom}};
    if (!lookups.messages.empty())
        questions.emplace_back(read_messages, std::vector{texts(lookups.messages)});
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
    return questions;
}

void Batch::take(const std::vector<ResultSet>& answers, std::size_t first) {
    auto answer = answers.begin() + static_cast<std::ptrdiff_t>(first);
    take_attempts(*answer++);
    take_facts(*answer++);
    if (!lookups.messages.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i) messages_.emplace(rows[i].text(0), rows[i].text(1));
    }
    if (!lookups.tickets.empty()) attempt_numbers_ = numbers_in(*answer++);
    if (lookups.new_messages > 0) message_numbers_ = numbers_in(*answer++);
    if (!lookups.unmatched.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i)
            unmatched_rows_.emplace(
                rows[i].integer(0), ledger::UnmatchedRow{rows[i].text(1), rows[i].integer(2)}
            );
    }
    if (lookups.new_actions > 0) {
        action_numbers_ = numbers_in(*answer++);
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i)
            action_ends_.emplace(
                rows[i].integer(0), ledger::ActionsEnd{rows[i].integer(1), rows[i].text(2)}
            );
    }
    if (!lookups.action_keys.keys.empty()) {
        const auto& rows = *answer++;
        for (int i = 0; i < rows.size(); ++i) keep_for_its_key(ledger::action_row(rows[i]));
    }
}

void Batch::take_attempts(const ResultSet& rows) {
    constexpr int flags = from_row::transaction_column_count;
    for (int i = 0; i < rows.size(); ++i) {
        const auto row = rows[i];
        attempts_.emplace(
            row.integer(0),
            Attempt{
                from_row::attempt_row(row),
                {row.flag(flags), row.flag(flags + 1), row.flag(flags + 2)}}
        );
    }
}

// An attempt that another replica has opened between the two statements was not locked and read,
// though its facts are found: they are passed over with it.
void Batch::take_facts(const ResultSet& rows) {
    constexpr int transaction = from_row::entry_column_count;
    for (int i = 0; i < rows.size(); ++i) {
        const auto found = attempts_.find(rows[i].integer(transaction));
        if (found == attempts_.end()) continue;
        found->second.row.transaction.entries.push_back(from_row::event(rows[i]));
    }
}

std::optional<ledger::AttemptRow> Batch::attempt_row(std::int64_t id) {
    const auto found = attempts_.find(id);
    if (found == attempts_.end()) return {};
    return found->second.row;
}

// Among what was locked: add_lookups() has asked for whoever has this id, and for all of its
// ticket.
std::optional<std::int64_t> Batch::id_of_provider_id(Processor processor, std::string_view id) {
    for (const auto& [number, attempt] : attempts_) {
        const auto& transaction = attempt.row.transaction;
        if (transaction.provider_id == id && transaction.code.processor == processor) return number;
    }
    return {};
}

std::optional<std::int64_t> Batch::holder_of_fee(
    std::int64_t ticket_id, std::string_view fee_type
) {
    for (const auto& [number, attempt] : attempts_) {
        const auto& transaction = attempt.row.transaction;
        if (transaction.ticket_id == ticket_id && transaction.code.fee_type == fee_type &&
            attempt.flags.holds_fee)
            return number;
    }
    return {};
}

std::vector<std::int64_t> Batch::attempts_of_fee(
    std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    std::vector<std::int64_t> ids;
    for (const auto& [number, attempt] : attempts_) {
        const auto& transaction = attempt.row.transaction;
        if (transaction.ticket_id == ticket_id && transaction.code.fee_type == fee_type &&
            number != except)
            ids.push_back(number);
    }
    return ids;
}

std::vector<std::int64_t> Batch::attempts_of_ticket(std::int64_t ticket_id) {
    std::vector<std::int64_t> ids;
    for (const auto& [number, attempt] : attempts_)
        if (attempt.row.transaction.ticket_id == ticket_id) ids.push_back(number);
    return ids;
}

std::optional<std::int64_t> Batch::live_attempt(
    std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    for (const auto& [number, attempt] : attempts_) {
        const auto& transaction = attempt.row.transaction;
        if (transaction.ticket_id == ticket_id && transaction.code.fee_type == fee_type &&
            attempt.flags.live && number != except)
            return number;
    }
    return {};
}

std::optional<ledger::UnmatchedRow> Batch::unmatched_row(std::int64_t number) {
    const auto found = unmatched_rows_.find(number);
    if (found == unmatched_rows_.end()) return {};
    return found->second;
}

// ----------------------------------------------------------------------------- what is written

ledger::AttemptRow Batch::insert(const NewAttempt& attempt) {
    auto opened = ledger::new_attempt_row(attempt, use(attempt_numbers_));
    const auto flags = ledger::flags_of(opened.transaction, {}, false);
    attempts_.emplace(opened.transaction.id, Attempt{opened, flags, true, false});
    return opened;
}

void Batch::update(const ledger::AttemptRow& after, ledger::Flags flags) {
    auto& attempt = attempts_.at(after.transaction.id);
    attempt.row = after;
    attempt.flags = flags;
    attempt.is_changed = true;
}

void Batch::insert_facts(const ledger::Change& change) {
    from_row::each_new_fact(change, [&](const auto&... values) { facts_.add(values...); });
}

void Batch::insert_outgoing_event(const ledger::NewOutgoingEvent& event) {
    outbox_.add(
        event.transaction_id, event.type, name(event.before.status), name(event.after.status),
        event.before.refunded_minor, event.after.refunded_minor, event.at, event.provider_id,
        event.review_reason
    );
}

std::optional<std::int64_t> Batch::keep_message(
    const Heard& heard, std::optional<std::int64_t> transaction_id,
    std::string_view unmatched_reason, std::string_view hash
) {
    const auto& message = *heard.message;
    // A neighbour in the batch may bring the same message, which the database has not seen yet.
    const bool is_new = messages_.emplace(name(message.processor), message.identity).second;
    if (!is_new) return {};
    const auto number = use(message_numbers_);
    notifications_.add(
        number, name(message.processor), message.identity, heard.at, Bytes{message.signature},
        Bytes{message.body}, transaction_id, unmatched_reason, hash
    );
    return number;
}

void Batch::schedule_retry(const Heard& heard, std::int64_t number, Time next_try_at) {
    new_unmatched_.add(
        number, name(heard.message->processor), heard.subject.provider_id, next_try_at
    );
}

void Batch::retry_unmatched_now(Processor processor, std::string_view provider_id, Time now) {
    woken_.add(name(processor), provider_id, now);
}

void Batch::insert_match(
    std::int64_t number, std::int64_t transaction_id, Time at,
    const ledger::UnmatchedRow& unmatched, std::string_view hash
) {
    matches_.add(number, transaction_id, at, unmatched.newest_message, hash);
    unmatched_rows_.erase(number);
}

void Batch::add_totals(const ledger::Totals& totals) {
    for (const auto& [key, sum] : totals) {
        auto& known = totals_[key];
        known.n += sum.n;
        known.minor += sum.minor;
    }
}

void Batch::move(std::int64_t id, std::int64_t scope_id) {
    attempts_.at(id).row.transaction.scope_id = scope_id;
    moved_[id] = scope_id;
}

void Batch::mark_counted(std::int64_t id) {
    attempts_.at(id).row.is_counted = true;
    counted_.push_back(id);
}

// Held by hold_action_chains, as every chain that add_lookups() has named.
ledger::ActionsEnd Batch::end_of_actions(std::int64_t chain) { return action_ends_.at(chain); }

std::optional<Action> Batch::action_with_key(
    std::int64_t chain, std::string_view kind, std::string_view key
) {
    const auto found = actions_with_keys_.find({chain, std::string{kind}, std::string{key}});
    if (found == actions_with_keys_.end()) return {};
    return found->second;
}

void Batch::keep_for_its_key(Action action) {
    ActionKey key{action.transaction_id.value_or(0), action.kind, action.key};
    actions_with_keys_.emplace(std::move(key), std::move(action));
}

std::int64_t Batch::insert_action(
    const Action& action, std::string_view details, std::string_view hash
) {
    const auto number = use(action_numbers_);
    actions_.add(
        number, action.transaction_id, action.seq, action.at, action.by.sub, action.by.name,
        action.kind, action.scope_id, action.about, action.key, details, hash
    );
    action_ends_.at(action.transaction_id.value_or(0)) = {action.seq, std::string{hash}};
    if (action.key.empty()) return number;
    // A neighbour in the batch may bring it again, which the database has not seen yet.
    auto made = action;
    made.id = number;
    keep_for_its_key(std::move(made));
    return number;
}

}  // namespace payments::postgres
