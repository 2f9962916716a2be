#include "storage/sqlite/books.hpp"

#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {

std::optional<ledger::AttemptRow> SqliteBooks::kept(std::int64_t id) {
    return sqlite::kept(database_, id);
}

std::optional<std::int64_t> SqliteBooks::id_of_provider_id(
    Processor processor, std::string_view id
) {
    return sqlite::id_of_provider_id(database_, processor, id);
}

std::optional<std::int64_t> SqliteBooks::holder_of_fee(
    std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    return sqlite::holder_of_fee(database_, ticket_id, fee_type, except);
}

std::optional<std::int64_t> SqliteBooks::live_attempt(
    std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    return sqlite::live_attempt(database_, ticket_id, fee_type, except);
}

std::optional<ledger::UnmatchedRow> SqliteBooks::stray(std::int64_t number) {
    auto rows = database_.query(
        "SELECT hash, (SELECT max(id) FROM notifications) FROM notifications AS n"
        " WHERE id = ?1 AND transaction_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)",
        number
    );
    if (!rows.next()) return {};
    return ledger::UnmatchedRow{rows.text(0), rows.integer(1)};
}

ledger::AttemptRow SqliteBooks::insert(const NewAttempt& attempt) {
    database_.change(
        "INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor,"
        " account, email, metas, created_at, expires_at, status, live, holds_fee, updated_at,"
        " check_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, 0, ?9, ?12)",
        attempt.ticket_id, attempt.code.fee_type, attempt.amount.currency().code(),
        name(attempt.code.processor), attempt.amount.minor(), attempt.account, attempt.email,
        attempt.metas, attempt.now, attempt.expires_at, name(Status::created), attempt.check_at
    );
    auto opened = ledger::opened(attempt, database_.last_id());
    database_.change(
        "UPDATE transactions SET facts_hash = ?2 WHERE id = ?1", opened.transaction.id,
        opened.facts_hash
    );
    return opened;
}

void SqliteBooks::update(const ledger::AttemptRow& after, ledger::Flags flags) {
    const auto& transaction = after.transaction;
    database_.change(
        "UPDATE transactions SET status = ?2, live = ?3, holds_fee = ?4, provider_id = ?5,"
        " refunded_minor = ?6, updated_at = ?7, paid_at = ?8, check_at = ?9, checks = ?10,"
        " facts_hash = ?11, messages_hash = ?12, watched = ?13, wanted_at = ?14 WHERE id = ?1",
        transaction.id, name(transaction.status), flags.live, flags.holds_fee,
        transaction.provider_id, transaction.refunded_minor, transaction.updated_at,
        transaction.paid_at, after.check_at, after.checks, after.facts_hash, after.messages_hash,
        flags.watched, after.wanted_at
    );
}

void SqliteBooks::insert_facts(const ledger::Change& change) {
    const auto& transaction = change.after.transaction;
    for (auto i = change.first_new; i < transaction.entries.size(); ++i) {
        const auto& event = transaction.entries[i];
        const auto& fact = event.fact;
        const auto seq = static_cast<std::int64_t>(i + 1);
        std::optional<std::int64_t> minor;
        std::optional<std::string_view> currency;
        if (fact.amount) {
            minor = fact.amount->minor();
            currency = fact.amount->currency().code();
        }
        database_.change(
            "INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor,"
            " currency, provider_id, account, detail, identity, hash, refund)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            transaction.id, seq, event.at, name(event.source), name(fact.kind), fact.subject, minor,
            currency, fact.provider_id, fact.account, fact.detail, fact.identity(),
            change.hashes[i - change.first_new], fact.refund
        );
    }
}

void SqliteBooks::insert_outgoing_event(
    TransactionState before, const Transaction& transaction, Time at
) {
    const TransactionState after{transaction.status, transaction.refunded_minor};
    const auto type = event_type(before, after);
    if (type.empty()) return;
    database_.change(
        "INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,"
        " refunded_after, at, provider_id, review_reason)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        transaction.id, type, name(before.status), name(after.status), before.refunded_minor,
        after.refunded_minor, at, transaction.provider_id,
        after.status == Status::review ? review_reason(facts_of(transaction)) : ""
    );
}

std::optional<std::int64_t> SqliteBooks::keep_message(
    const Heard& heard, std::optional<std::int64_t> transaction_id,
    std::string_view unmatched_reason, std::string_view hash
) {
    const auto& message = *heard.message;
    const bool is_new =
        database_.change(
            "INSERT INTO notifications (processor, identity, received_at, signature, body,"
            " transaction_id, unmatched_reason, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            " ON CONFLICT (processor, identity) DO NOTHING",
            name(message.processor), message.identity, heard.at, message.signature,
            Blob{message.body}, transaction_id, unmatched_reason, hash
        ) == 1;
    if (!is_new) return {};
    return database_.last_id();
}

void SqliteBooks::schedule_retry(const Heard& heard, std::int64_t number) {
    database_.change(
        "INSERT INTO unmatched (notification_id, processor, provider_id, next_try_at)"
        " VALUES (?1, ?2, ?3, ?4)",
        number, name(heard.message->processor), heard.subject.provider_id,
        ledger::next_try(0, heard.at)
    );
}

void SqliteBooks::retry_unmatched_now(Processor processor, std::string_view provider_id, Time now) {
    database_.change(
        "UPDATE unmatched SET next_try_at = ?3"
        " WHERE processor = ?1 AND provider_id = ?2 AND provider_id <> ''",
        name(processor), provider_id, now
    );
}

void SqliteBooks::insert_match(
    std::int64_t number, std::int64_t transaction_id, Time at, const ledger::UnmatchedRow& stray,
    std::string_view hash
) {
    database_.change(
        "INSERT INTO matches (notification_id, transaction_id, at, newest_message, hash)"
        " VALUES (?1, ?2, ?3, ?4, ?5)",
        number, transaction_id, at, stray.newest_message, hash
    );
    database_.change("DELETE FROM unmatched WHERE notification_id = ?1", number);
}

}  // namespace payments::sqlite
