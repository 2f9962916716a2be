#include "storage/sqlite_changes.hpp"

#include <algorithm>

#include "storage/ledger.hpp"
#include "storage/sqlite_outbox.hpp"
#include "storage/sqlite_queries.hpp"
#include "storage/sqlite_unmatched.hpp"

namespace payments::sqlite {
namespace {

using namespace std::chrono_literals;
using ledger::Change;
using ledger::Kept;

// A request that claimed a key and has not answered for this long has died.
constexpr auto key_runs_max = 1min;

Transaction found(Database& database, std::int64_t id) {
    return std::move(kept(database, id).value().transaction);
}

std::int64_t insert(Database& database, const NewAttempt& attempt) {
    database.change(
        "INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor,"
        " account, email, metas, created_at, expires_at, status, live, holds_fee, updated_at,"
        " check_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, 0, ?9, ?12)",
        attempt.ticket_id, attempt.code.fee_type, attempt.amount.currency().code(),
        name(attempt.code.processor), attempt.amount.minor(), attempt.account, attempt.email,
        attempt.metas, attempt.now, attempt.expires_at, name(Status::created), attempt.check_at
    );
    return database.last_id();
}

bool is_about(const Subject& subject, const Transaction& transaction) {
    return (!subject.processor || *subject.processor == transaction.code.processor) &&
           (subject.account.empty() || subject.account == transaction.account) &&
           (!subject.opened_at || *subject.opened_at == transaction.created_at) &&
           (!subject.opened_by || *subject.opened_by >= transaction.created_at);
}

// The transaction that `heard` is about.
std::optional<Kept> subject_of(Database& database, const Heard& heard) {
    const auto& subject = heard.subject;
    if (subject.transaction_id) {
        auto known = kept(database, *subject.transaction_id);
        if (known && is_about(subject, known->transaction)) return known;
    }
    if (!subject.processor) return {};
    const auto id = id_of_provider_id(database, *subject.processor, subject.provider_id);
    auto known = id ? kept(database, *id) : std::nullopt;
    if (known && !is_about(subject, known->transaction)) return {};
    return known;
}

// Keeps the message unless it is known; `hash` is its link in the chain it belongs to.
bool keep_message(
    Database& database, const Heard& heard, std::optional<std::int64_t> transaction_id,
    std::string_view unmatched_reason, std::string_view hash
) {
    const auto& message = *heard.message;
    return database.change(
               "INSERT INTO notifications (processor, identity, received_at, signature, body,"
               " transaction_id, unmatched_reason, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
               " ON CONFLICT (processor, identity) DO NOTHING",
               name(message.processor), message.identity, heard.at, message.signature,
               Blob{message.body}, transaction_id, unmatched_reason, hash
           ) == 1;
}

Recorded record_unmatched(Database& database, const Heard& heard) {
    Recorded recorded;
    if (!heard.message) return recorded;
    const bool may_fit_later = heard.unmatched_reason.empty();
    const auto reason = may_fit_later ? no_such_transaction : heard.unmatched_reason;
    const auto hash = ledger::message_hash("", *heard.message, heard.at);
    recorded.news = keep_message(database, heard, {}, reason, hash);
    if (recorded.news && may_fit_later) try_again_later(database, heard, database.last_id());
    return recorded;
}

// What only the whole database shows: facts about other attempts, and whether the provider's id
// may become this attempt's.
void consider_others(Database& database, Change& change, std::vector<Event>& offered, Time at) {
    auto& transaction = change.after.transaction;
    std::vector<Fact> consequences;
    for (auto i = change.first_new; i < transaction.events.size(); ++i) {
        const auto& id = transaction.events[i].fact.provider_id;
        if (id.empty() || id == transaction.provider_id) continue;
        const auto owner = id_of_provider_id(database, transaction.code.processor, id);
        if (owner)
            consequences.push_back(ledger::taken_provider_id(id, *owner));
        else if (transaction.provider_id.empty())
            transaction.provider_id = id;
    }
    // Its money came in, or came back from a refund that failed after the fee was paid anew.
    const bool came_back =
        change.before.status == Status::refunded && holds_fee(transaction.status);
    if (change.first_capture || came_back) {
        const auto holder = holder_of_fee(
            database, transaction.ticket_id, transaction.code.fee_type, transaction.id
        );
        if (holder) consequences.push_back(ledger::duplicate_of(*holder));
    }
    for (auto& fact : consequences) offered.push_back({at, Source::service, std::move(fact)});
}

void insert_facts(Database& database, const Change& change) {
    const auto& transaction = change.after.transaction;
    for (auto i = change.first_new; i < transaction.events.size(); ++i) {
        const auto& event = transaction.events[i];
        const auto& fact = event.fact;
        const auto seq = static_cast<std::int64_t>(i + 1);
        std::optional<std::int64_t> minor;
        std::optional<std::string_view> currency;
        if (fact.amount) {
            minor = fact.amount->minor();
            currency = fact.amount->currency().code();
        }
        database.change(
            "INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor,"
            " currency, provider_id, account, detail, identity, hash, refund)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            transaction.id, seq, event.at, name(event.source), name(fact.kind), fact.subject, minor,
            currency, fact.provider_id, fact.account, fact.detail, fact.identity(),
            change.hashes[i - change.first_new], fact.refund
        );
    }
}

void update(Database& database, const Kept& after) {
    const auto& transaction = after.transaction;
    const bool live =
        is_live(transaction.status) &&
        !live_attempt(database, transaction.ticket_id, transaction.code.fee_type, transaction.id);
    database.change(
        "UPDATE transactions SET status = ?2, live = ?3, holds_fee = ?4, provider_id = ?5,"
        " refunded_minor = ?6, updated_at = ?7, paid_at = ?8, check_at = ?9, checks = ?10,"
        " facts_hash = ?11, messages_hash = ?12, watched = ?13, wanted_at = ?14 WHERE id = ?1",
        transaction.id, name(transaction.status), live, holds_fee(transaction.status),
        transaction.provider_id, transaction.refunded_minor, transaction.updated_at,
        transaction.paid_at, after.check_at, after.checks, after.facts_hash, after.messages_hash,
        may_concern(facts_of(transaction)), after.wanted_at
    );
}

}  // namespace

Opened open(Database& database, const NewAttempt& attempt) {
    const auto& fee_type = attempt.code.fee_type;
    auto blocking = holder_of_fee(database, attempt.ticket_id, fee_type);
    if (!blocking) blocking = live_attempt(database, attempt.ticket_id, fee_type);
    if (blocking) return {found(database, *blocking), false};

    auto transaction = found(database, insert(database, attempt));
    database.change(
        "UPDATE transactions SET facts_hash = ?2 WHERE id = ?1", transaction.id,
        ledger::opening_hash(transaction)
    );
    return {std::move(transaction), true};
}

Recorded record(Database& database, const Heard& heard) {
    auto known = heard.unmatched_reason.empty() ? subject_of(database, heard) : std::nullopt;
    if (!known) return record_unmatched(database, heard);

    bool new_message = false;
    if (heard.message) {
        auto hash = ledger::message_hash(known->messages_hash, *heard.message, heard.at);
        new_message = keep_message(database, heard, known->transaction.id, "", hash);
        if (new_message) known->messages_hash = std::move(hash);
    }
    if (heard.kept) {
        new_message = match(database, *known, heard);
        if (!new_message) return {};  // someone else was quicker
    }

    std::vector<Event> offered;
    for (const auto& fact : heard.facts) offered.push_back({heard.at, heard.source, fact});
    auto change = ledger::change_of(*known, offered);
    if (change.news()) {
        consider_others(database, change, offered, heard.at);
        const auto provider_id = change.after.transaction.provider_id;
        change = ledger::change_of(*known, offered);
        change.after.transaction.provider_id = provider_id;
    }
    ledger::plan_check(change, heard);

    if (change.news()) {
        insert_facts(database, change);
        insert_event(database, change.before, change.after.transaction, heard.at);
    }
    const bool news = change.news() || new_message;
    const auto& provider_id = change.after.transaction.provider_id;
    if (provider_id != known->transaction.provider_id)
        wake_unmatched(database, known->transaction.code.processor, provider_id, heard.at);
    if (news || change.after.check_at != known->check_at) update(database, change.after);
    return {std::move(change.after.transaction), change.before.status, news};
}

Result<ReservedRefund> reserve_refund(Database& database, const NewRefund& refund) {
    auto known = kept(database, refund.transaction_id);
    if (!known)
        return Error{
            Errc::unknown_transaction,
            "there is no transaction " + std::to_string(refund.transaction_id)};
    if (auto order = refund_under(known->transaction, refund.wish.key))
        return ReservedRefund{std::move(known->transaction), std::move(*order), false};
    const auto request = request_refund(known->transaction, refund.wish);
    if (!request) return request.error();

    auto change = ledger::change_of(
        std::move(*known),
        {
            {refund.now, refund.source, *request}
    }
    );
    change.after.check_at = refund.check_at;
    change.after.checks = 0;
    insert_facts(database, change);
    update(database, change.after);
    return ReservedRefund{
        std::move(change.after.transaction), {request->refund, *request->amount},
         true
    };
}

std::vector<Transaction> claim_due(Database& database, Time now, int limit) {
    std::vector<Transaction> claimed;
    for (const auto id : due(database, now, limit)) {
        auto attempt = kept(database, id).value();
        ledger::put_off(attempt, now);
        database.change(
            "UPDATE transactions SET check_at = ?2, checks = ?3 WHERE id = ?1", id,
            attempt.check_at, attempt.checks
        );
        claimed.push_back(std::move(attempt.transaction));
    }
    return claimed;
}

KeyClaim claim_key(
    Database& database, std::string_view scope, std::string_view key, std::string_view fingerprint,
    Time now
) {
    const bool fresh = database.change(
                           "INSERT INTO idempotency_keys (scope, key, fingerprint, claimed_at)"
                           " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (scope, key) DO NOTHING",
                           scope, key, fingerprint, now
                       ) == 1;
    if (fresh) return {KeyClaim::Kind::fresh, {}};

    auto row = database.query(
        "SELECT fingerprint, claimed_at, status, body FROM idempotency_keys"
        " WHERE scope = ?1 AND key = ?2",
        scope, key
    );
    row.next();
    if (row.text(0) != fingerprint) return {KeyClaim::Kind::reused, {}};
    if (!row.is_null(2))
        return {
            KeyClaim::Kind::answered, {static_cast<int>(row.integer(2)), row.text(3)}
        };
    if (now - row.time(1) <= key_runs_max) return {KeyClaim::Kind::running, {}};

    database.change(
        "UPDATE idempotency_keys SET claimed_at = ?3 WHERE scope = ?1 AND key = ?2", scope, key, now
    );
    return {KeyClaim::Kind::fresh, {}};
}

// The first answer stays: a request that was taken over may still come to its own end.
void keep_answer(
    Database& database, std::string_view scope, std::string_view key, const KeptAnswer& answer
) {
    database.change(
        "UPDATE idempotency_keys SET status = ?3, body = ?4"
        " WHERE scope = ?1 AND key = ?2 AND status IS NULL",
        scope, key, answer.status, answer.body
    );
}

void release_key(Database& database, std::string_view scope, std::string_view key) {
    database.change(
        "DELETE FROM idempotency_keys WHERE scope = ?1 AND key = ?2 AND status IS NULL", scope, key
    );
}

void forget_keys(Database& database, Time before) {
    database.change("DELETE FROM idempotency_keys WHERE claimed_at < ?1", before);
}

}  // namespace payments::sqlite
