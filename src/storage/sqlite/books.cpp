#include "storage/sqlite/books.hpp"

#include "storage/rules/actions.hpp"
#include "storage/rules/erasures.hpp"
#include "storage/sqlite/office.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::sqlite {

namespace {

std::optional<std::int64_t> id_or_nothing(Rows rows) {
    if (!rows.next()) return {};
    return rows.integer(0);
}

}  // namespace

std::optional<ledger::AttemptRow> SqliteBooks::attempt_row(std::int64_t id) {
    static const auto sql = "SELECT " + std::string{from_row::transaction_columns} +
                            ", live, holds_fee, watched FROM transactions WHERE id = ?1";
    constexpr int flags = from_row::transaction_column_count;
    auto rows = database_.query(sql, id);
    if (!rows.next()) return {};
    auto found = from_row::attempt_row(rows);
    on_record_.insert_or_assign(
        id, Indexed::of(found, rows.flag(flags), rows.flag(flags + 1), rows.flag(flags + 2))
    );
    found.transaction.entries = entries_of(database_, id);
    return found;
}

std::optional<std::int64_t> SqliteBooks::id_of_provider_id(
    Processor processor, std::string_view id
) {
    return id_or_nothing(database_.query(
        "SELECT id FROM transactions WHERE processor = ?1 AND provider_id = ?2"
        // The second condition lets SQLite use the index, which leaves out attempts without an id.
        " AND provider_id <> ''",
        name(processor), id
    ));
}

std::vector<ledger::FeeAttempt> SqliteBooks::attempts_of_fee(
    std::int64_t ticket_id, std::string_view fee_type, std::int64_t except
) {
    auto rows = database_.query(
        "SELECT id, live, holds_fee FROM transactions WHERE ticket_id = ?1 AND fee_type = ?2"
        " AND id <> ?3 ORDER BY id",
        ticket_id, fee_type, except
    );
    std::vector<ledger::FeeAttempt> found;
    while (rows.next()) found.push_back({rows.integer(0), rows.flag(1), rows.flag(2)});
    return found;
}

std::vector<std::int64_t> SqliteBooks::attempts_of_ticket(std::int64_t ticket_id) {
    auto rows =
        database_.query("SELECT id FROM transactions WHERE ticket_id = ?1 ORDER BY id", ticket_id);
    std::vector<std::int64_t> ids;
    while (rows.next()) ids.push_back(rows.integer(0));
    return ids;
}

std::optional<ledger::UnmatchedRow> SqliteBooks::unmatched_row(std::int64_t number) {
    static const auto sql =
        "SELECT hash, (SELECT max(id) FROM notifications) FROM notifications AS n WHERE id = ?1 "
        "AND" +
        std::string{from_row::is_unmatched};
    auto rows = database_.query(sql, number);
    if (!rows.next()) return {};
    return ledger::UnmatchedRow{rows.text(0), rows.integer(1)};
}

// The number that SQLite would give, also where somebody has set its count back: the row is written
// once, with the beginning of its chain.
std::int64_t SqliteBooks::next_number() {
    auto rows = database_.query(
        "SELECT max(seq, coalesce((SELECT max(id) FROM transactions), 0)) FROM sqlite_sequence"
        " WHERE name = 'transactions'"
    );
    return rows.next() ? rows.integer(0) + 1 : 1;
}

ledger::AttemptRow SqliteBooks::insert(const NewAttempt& attempt) {
    const auto number = attempt.number ? *attempt.number : next_number();
    auto opened = ledger::new_attempt_row(attempt, number);
    const auto flags = ledger::flags_of(opened.transaction, {}, false);
    database_.change(
        "INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor,"
        " account, email, metas, created_at, expires_at, status, live, holds_fee, watched,"
        " concerns, updated_at, check_at, scope_id, counted, facts_hash)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
        " ?19, ?20, ?21)",
        opened.transaction.id, attempt.ticket_id, attempt.code.fee_type,
        attempt.amount.currency().code(), name(attempt.code.processor), attempt.amount.minor(),
        attempt.account, attempt.email, attempt.metas, attempt.now, attempt.expires_at,
        name(opened.transaction.status), flags.live, flags.holds_fee, flags.watched, flags.concerns,
        opened.transaction.updated_at, opened.check_at, attempt.scope_id, opened.is_counted,
        opened.facts_hash
    );
    if (attempt.number) database_.change(ledger::look_again_from_number, number);
    return opened;
}

SqliteBooks::Indexed SqliteBooks::Indexed::of(
    const ledger::AttemptRow& row, bool live, bool holds_fee, bool watched
) {
    const auto& transaction = row.transaction;
    return {
        transaction.status,
        transaction.provider_id,
        transaction.paid_at,
        row.check_at,
        live,
        holds_fee,
        watched};
}

namespace {

// Columns that an UPDATE names beside those that no index knows.
struct Named {
    static constexpr unsigned status = 1, live = 2, holds_fee = 4, provider_id = 8, paid_at = 16,
                              check_at = 32, watched = 64, all = 127;
};

std::string written_update(unsigned named) {
    constexpr std::pair<unsigned, std::string_view> columns[] = {
        {Named::status, ", status = ?2"},       {Named::live, ", live = ?3"},
        {Named::holds_fee, ", holds_fee = ?4"}, {Named::provider_id, ", provider_id = ?5"},
        {Named::paid_at, ", paid_at = ?8"},     {Named::check_at, ", check_at = ?9"},
        {Named::watched, ", watched = ?13"},
    };
    auto sql = std::string{
        "UPDATE transactions SET refunded_minor = ?6, updated_at = ?7, checks = ?10,"
        " facts_hash = ?11, messages_hash = ?12, wanted_at = ?14, concerns = ?15"};
    for (const auto& [column, text] : columns)
        if ((named & column) != 0) sql += text;
    return sql + " WHERE id = ?1";
}

const std::string& update_statement(unsigned named) {
    static const auto all = [] {
        std::array<std::string, Named::all + 1> statements;
        for (unsigned i = 0; i < statements.size(); ++i) statements[i] = written_update(i);
        return statements;
    }();
    return all[named];
}

}  // namespace

// SQLite writes each index anew whose columns an UPDATE names, whether or not their values differ.
void SqliteBooks::update(const ledger::AttemptRow& after, ledger::Flags flags) {
    const auto& transaction = after.transaction;
    const auto now = Indexed::of(after, flags.live, flags.holds_fee, flags.watched);
    unsigned named = Named::all;
    const auto [known, is_new] = on_record_.emplace(transaction.id, now);
    if (!is_new) {
        const auto& before = known->second;
        named = (before.status != now.status ? Named::status : 0U) |
                (before.live != now.live ? Named::live : 0U) |
                (before.holds_fee != now.holds_fee ? Named::holds_fee : 0U) |
                (before.provider_id != now.provider_id ? Named::provider_id : 0U) |
                (before.paid_at != now.paid_at ? Named::paid_at : 0U) |
                (before.check_at != now.check_at ? Named::check_at : 0U) |
                (before.watched != now.watched ? Named::watched : 0U);
        known->second = now;
    }
    database_.change(
        update_statement(named), transaction.id, name(transaction.status), flags.live,
        flags.holds_fee, transaction.provider_id, transaction.refunded_minor,
        transaction.updated_at, transaction.paid_at, after.check_at, after.checks, after.facts_hash,
        after.messages_hash, flags.watched, after.wanted_at, flags.concerns
    );
}

void SqliteBooks::insert_facts(const ledger::Change& change) {
    static const auto sql =
        "INSERT INTO facts (" + std::string{from_row::fact_columns} +
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    from_row::each_new_fact(change, [&](const auto&... values) {
        database_.change(sql, values...);
    });
}

void SqliteBooks::insert_outgoing_event(const ledger::NewOutgoingEvent& event) {
    database_.change(
        "INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,"
        " refunded_after, at, provider_id, review_reason)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        event.transaction_id, event.type, name(event.before.status), name(event.after.status),
        event.before.refunded_minor, event.after.refunded_minor, event.at, event.provider_id,
        event.review_reason
    );
}

std::optional<std::int64_t> SqliteBooks::keep_message(
    const Heard& heard, std::optional<std::int64_t> transaction_id,
    std::string_view unmatched_reason, std::string_view hash
) {
    // Providers send messages again, which is no mistake: the index decides, and the bytes that
    // came first stay.
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

void SqliteBooks::schedule_retry(const Heard& heard, std::int64_t number, Time next_try_at) {
    database_.change(
        "INSERT INTO unmatched (notification_id, processor, provider_id, next_try_at)"
        " VALUES (?1, ?2, ?3, ?4)",
        number, name(heard.message->processor), heard.subject.provider_id, next_try_at
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
    std::int64_t number, std::int64_t transaction_id, Time at,
    const ledger::UnmatchedRow& unmatched, std::string_view hash
) {
    database_.change(
        "INSERT INTO matches (notification_id, transaction_id, at, newest_message, hash)"
        " VALUES (?1, ?2, ?3, ?4, ?5)",
        number, transaction_id, at, unmatched.newest_message, hash
    );
    // A queue, and no part of the books: its rows may go.
    database_.change("DELETE FROM unmatched WHERE notification_id = ?1", number);
}

void SqliteBooks::add_totals(const ledger::Totals& totals) {
    if (group_totals_ != nullptr)
        group_totals_->add(totals);
    else
        insert_totals(database_, totals);
}

void SqliteBooks::move(std::int64_t id, std::int64_t scope_id) {
    database_.change("UPDATE transactions SET scope_id = ?2 WHERE id = ?1", id, scope_id);
}

void SqliteBooks::mark_counted(std::int64_t id) {
    database_.change("UPDATE transactions SET counted = 1 WHERE id = ?1", id);
}

ledger::ActionsEnd SqliteBooks::end_of_actions(std::int64_t chain) {
    auto rows =
        database_.query("SELECT length, hash FROM action_chains WHERE transaction_id = ?1", chain);
    if (!rows.next()) return {};
    return {rows.integer(0), rows.text(1)};
}

std::optional<Action> SqliteBooks::action_with_key(
    std::int64_t chain, std::string_view kind, std::string_view key
) {
    static const auto sql = "SELECT " + std::string{ledger::action_columns} +
                            " FROM actions WHERE coalesce(transaction_id, 0) = ?1 AND kind = ?2"
                            " AND idempotency_key = ?3 AND idempotency_key <> ''";
    auto rows = database_.query(sql, chain, kind, key);
    if (!rows.next()) return {};
    return ledger::action_row(rows);
}

std::optional<Action> SqliteBooks::newest_review(std::string_view about) {
    return sqlite::newest_review(database_, about);
}

std::int64_t SqliteBooks::insert_action(
    const Action& action, std::string_view details, std::string_view hash
) {
    database_.change(
        "INSERT INTO actions (transaction_id, seq, at, by_sub, by_name, kind, scope_id, about,"
        " idempotency_key, details, hash)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        action.transaction_id, action.seq, action.at, action.by.sub, action.by.name, action.kind,
        action.scope_id, action.about, action.key, details, hash
    );
    const auto number = database_.last_id();
    database_.change(
        "INSERT INTO action_chains (transaction_id, length, hash) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (transaction_id) DO UPDATE SET length = ?2, hash = ?3",
        action.transaction_id.value_or(0), action.seq, hash
    );
    return number;
}

}  // namespace payments::sqlite
