#include "storage/postgres/batch.hpp"
#include "storage/rules/erasures.hpp"
#include "storage/rules/rows.hpp"

// What the changes of a batch came to, as one statement for each table.
namespace payments::postgres {
namespace {

// In one order, as messages below: batches that meet at a unique key then wait for one another, and
// never in a circle.
constexpr std::string_view insert_attempts =
    "INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor, account,"
    " email, metas, created_at, expires_at, status, live, holds_fee, provider_id, refunded_minor,"
    " updated_at, paid_at, check_at, checks, facts_hash, messages_hash, watched, wanted_at,"
    " concerns, scope_id, counted) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], "
    "$4::text[], "
    "$5::text[],"
    " $6::bigint[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[],"
    " $13::boolean[], $14::boolean[], $15::text[], $16::bigint[], $17::bigint[], $18::bigint[],"
    " $19::bigint[], $20::bigint[], $21::text[], $22::text[], $23::boolean[], $24::bigint[],"
    " $25::text[], $26::bigint[], $27::boolean[]) AS u(id, ticket_id, fee_type) ORDER BY "
    "ticket_id, fee_type";
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

constexpr std::string_view move_attempts =
    "UPDATE transactions AS t SET scope_id = u.scope_id"
    " FROM unnest($1::bigint[], $2::bigint[]) AS u(id, scope_id) WHERE t.id = u.id";
constexpr std::string_view mark_attempts_counted =
    "UPDATE transactions SET counted = true WHERE id = ANY($1::bigint[])";
const auto insert_totals = "INSERT INTO totals_pending (" + std::string{ledger::totals_columns} +
                           ") SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[],"
                           " $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],"
                           " $9::bigint[])";

}  // namespace

std::vector<Statement> Batch::write_attempts() const {
    Table changed{
        {Of::numbers, Of::texts, Of::flags, Of::flags, Of::texts, Of::numbers, Of::numbers,
         Of::numbers, Of::numbers, Of::numbers, Of::texts, Of::texts, Of::flags, Of::numbers,
         Of::texts}};
    Table opened{{Of::numbers, Of::numbers, Of::texts, Of::texts,   Of::texts,   Of::numbers,
                  Of::texts,   Of::texts,   Of::texts, Of::numbers, Of::numbers, Of::texts,
                  Of::flags,   Of::flags,   Of::texts, Of::numbers, Of::numbers, Of::numbers,
                  Of::numbers, Of::numbers, Of::texts, Of::texts,   Of::flags,   Of::numbers,
                  Of::texts,   Of::numbers, Of::flags}};
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
                flags.concerns, of.scope_id, row.is_counted
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

void Batch::write_sums(std::vector<Statement>& writes) const {
    Table moves{{Of::numbers, Of::numbers}};
    for (const auto& [id, scope_id] : moved_) moves.add(id, scope_id);
    if (!moves.empty()) writes.emplace_back(move_attempts, moves.values());
    if (!counted_.empty())
        writes.emplace_back(mark_attempts_counted, std::vector{numbers(counted_)});
    Table added{
        {Of::numbers, Of::numbers, Of::texts, Of::texts, Of::texts, Of::texts, Of::texts,
         Of::numbers, Of::numbers}};
    ledger::each_total(totals_, [&](const auto&... values) { added.add(values...); });
    if (!added.empty()) writes.emplace_back(insert_totals, added.values());
}

void Batch::write_given_again(std::vector<Statement>& writes) const {
    if (given_again_.empty()) return;
    writes.push_back(Statement::of(pass_attempt_numbers, *given_again_.rbegin()));
    writes.push_back(Statement::of(ledger::look_again_from_number, *given_again_.begin()));
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
    write_sums(writes);
    if (!actions_.empty()) {
        add(insert_actions, actions_);
        Table ends{{Of::numbers, Of::numbers, Of::texts}};
        for (const auto& [chain, end] : action_ends_) ends.add(chain, end.length, end.hash);
        add(move_action_ends, ends);
    }
    write_given_again(writes);
    return writes;
}

}  // namespace payments::postgres
