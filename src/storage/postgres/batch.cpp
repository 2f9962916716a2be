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

// In one order, as messages below: batches that meet at a unique key then wait for one another, and
// never in a circle.
constexpr std::string_view insert_attempts =
    "INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor, account,"
    " email, metas, created_at, expires_at, status, live, holds_fee, provider_id, refunded_minor,"
    " updated_at, paid_at, check_at, checks, facts_hash, messages_hash, watched, wanted_at,"
    " concerns, scope_id) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], "
    "$5::text[],"
    " $6::bigint[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[],"
    " $13::boolean[], $14::boolean[], $15::text[], $16::bigint[], $17::bigint[], $18::bigint[],"
    " $19::bigint[], $20::bigint[], $21::text[], $22::text[], $23::boolean[], $24::bigint[],"
    " $25::text[], $26::bigint[]) AS u(id, ticket_id, fee_type) ORDER BY ticket_id, fee_type";
constexpr std::string_view update_attempts =
    "UPDATE transactions AS t SET status = u.status, live = u.live, holds_fee = u.holds_fee,"
    " provider_id = u.provider_id, refunded_minor = u.refunded_minor, updated_at = u.updated_at,"
    " paid_at = u.paid_at, check_at = u.check_at, checks = u.checks, facts_hash = u.facts_hash,"
    " messages_hash = u.messages_hash, watched = u.watched, wanted_at = u.wanted_at,"
    " concerns = u.concerns FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::boolean[], "
    "$5::text[], $6::bigint[],"
    " $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[],"
    " $13::boolean[], $14::bigint[], $15::text[]) AS u(id, status, live, holds_fee, provider_id,"
    " refunded_minor, updated_at, paid_at, check_at, checks, facts_hash, messages_hash, watched,"
    " wanted_at, concerns)"
    " WHERE t.id = u.id";
constexpr std::string_view insert_notifications =
    "INSERT INTO notifications (id, processor, identity, received_at, signature, body,"
    " transaction_id, unmatched_reason, hash)"
    " SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bytea[],"
    " $6::bytea[], $7::bigint[], $8::text[], $9::text[]) AS u(id, processor, identity)"
    " ORDER BY identity, processor";
const auto insert_facts_sql =
    "INSERT INTO facts (" + std::string{from_row::fact_columns} +
    ") SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],"
    " $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],"
    " $13::text[], $14::text[], $15::bigint[])";
constexpr std::string_view insert_outbox =
    "INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,"
    " refunded_after, at, provider_id, review_reason)"
    " SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[],"
    " $6::bigint[], $7::bigint[], $8::text[], $9::text[])";
constexpr std::string_view insert_unmatched =
    "INSERT INTO unmatched (notification_id, processor, provider_id, next_try_at)"
    " SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])";
constexpr std::string_view wake =
    "UPDATE unmatched AS m SET next_try_at = u.now"
    " FROM unnest($1::text[], $2::text[], $3::bigint[]) AS u(processor, provider_id, now)"
    " WHERE m.processor = u.processor AND m.provider_id = u.provider_id AND m.provider_id <> ''";
constexpr std::string_view insert_matches =
    "INSERT INTO matches (notification_id, transaction_id, at, newest_message, hash)"
    " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])";
constexpr std::string_view forget_matched =
    "DELETE FROM unmatched WHERE notification_id IN (SELECT notification_id FROM"
    " unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])"
    " AS u(notification_id))";

constexpr std::string_view insert_actions =
    "INSERT INTO actions (id, transaction_id, seq, at, by_sub, by_name, kind, scope_id, about,"
    " idempotency_key, details, hash) SELECT * FROM unnest($1::bigint[], $2::bigint[],"
    " $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[],"
    " $10::text[], $11::text[], $12::text[])";
constexpr std::string_view move_action_ends =
    "UPDATE action_chains AS c SET length = u.length, hash = u.hash"
    " FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS u(transaction_id, length, hash)"
    " WHERE c.transaction_id = u.transaction_id";

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

std::vector<Statement> Batch::write_attempts() const {
    Table changed{
        {Of::numbers, Of::texts, Of::flags, Of::flags, Of::texts, Of::numbers, Of::numbers,
         Of::numbers, Of::numbers, Of::numbers, Of::texts, Of::texts, Of::flags, Of::numbers,
         Of::texts}};
    Table opened{{Of::numbers, Of::numbers, Of::texts, Of::texts,   Of::texts,   Of::numbers,
                  Of::texts,   Of::texts,   Of::texts, Of::numbers, Of::numbers, Of::texts,
                  Of::flags,   Of::flags,   Of::texts, Of::numbers, Of::numbers, Of::numbers,
                  Of::numbers, Of::numbers, Of::texts, Of::texts,   Of::flags,   Of::numbers,
                  Of::texts,   Of::numbers}};
    for (const auto& [id, attempt] : attempts_) {
        const auto& [row, flags, is_new, is_changed] = attempt;
        const auto& of = row.transaction;
        if (is_new)
            opened.add(
                id, of.ticket_id, of.code.fee_type, of.amount.currency().code(),
                name(of.code.processor), of.amount.minor(), of.account, of.email, of.metas,
                of.created_at, of.expires_at, name(of.status), flags.live, flags.holds_fee,
                of.provider_id, of.refunded_minor, of.updated_at, of.paid_at, row.check_at,
                row.checks, row.facts_hash, row.messages_hash, flags.watched, row.wanted_at,
                flags.concerns, of.scope_id
            );
        else if (is_changed)
            changed.add(
                id, name(of.status), flags.live, flags.holds_fee, of.provider_id, of.refunded_minor,
                of.updated_at, of.paid_at, row.check_at, row.checks, row.facts_hash,
                row.messages_hash, flags.watched, row.wanted_at, flags.concerns
            );
    }
    // Updates first: an attempt that is over must stop being live before the unique index sees the
    // one that was opened behind it.
    std::vector<Statement> writes;
    if (!changed.empty()) writes.emplace_back(update_attempts, changed.values());
    if (!opened.empty()) writes.emplace_back(insert_attempts, opened.values());
    return writes;
}

std::vector<Statement> Batch::writes() {
    // Attempts before what refers to them, messages before the tables that name them.
    auto writes = write_attempts();
    const auto add = [&](std::string_view sql, const Table& table) {
        if (!table.empty()) writes.emplace_back(sql, table.values());
    };
    add(insert_notifications, notifications_);
    add(insert_facts_sql, facts_);
    add(insert_outbox, outbox_);
    add(insert_unmatched, new_unmatched_);
    add(wake, woken_);
    add(insert_matches, matches_);
    add(forget_matched, matches_);
    if (actions_.empty()) return writes;
    add(insert_actions, actions_);
    Table ends{{Of::numbers, Of::numbers, Of::texts}};
    for (const auto& [chain, end] : action_ends_) ends.add(chain, end.length, end.hash);
    add(move_action_ends, ends);
    return writes;
}

}  // namespace payments::postgres
