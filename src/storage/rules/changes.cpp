#include "storage/rules/changes.hpp"

#include <algorithm>

#include "storage/rules/actions.hpp"
#include "storage/rules/claims.hpp"
#include "storage/rules/counting.hpp"

namespace payments::ledger {
namespace {

bool is_about(const MatchCriteria& subject, const Transaction& transaction) {
    if (subject.evidence &&
        (subject.transaction_id != transaction.id || !is_made_for(transaction, *subject.evidence)))
        return false;
    return (!subject.processor || *subject.processor == transaction.code.processor) &&
           (subject.account.empty() || subject.account == transaction.account) &&
           (!subject.opened_at || *subject.opened_at == transaction.created_at) &&
           (!subject.opened_no_later_than || *subject.opened_no_later_than >= transaction.created_at
           );
}

// The transaction that `heard` is about. Our own number comes first: a provider's id may be one
// that no attempt has yet, as when a notification overtakes the answer that names it.
std::optional<AttemptRow> subject_of(Books& books, const Heard& heard) {
    const auto& subject = heard.subject;
    if (subject.transaction_id) {
        auto known = books.attempt_row(*subject.transaction_id);
        if (known && is_about(subject, known->transaction)) return known;
    }
    if (!subject.processor || subject.provider_id.empty()) return {};
    const auto id = books.id_of_provider_id(*subject.processor, subject.provider_id);
    auto known = id ? books.attempt_row(*id) : std::nullopt;
    if (known && !is_about(subject, known->transaction)) return {};
    return known;
}

// The link of the message of `heard` behind `previous`.
std::string link_of(std::string_view previous, const Heard& heard) {
    const auto& message = *heard.message;
    return message_hash(previous, message, body_hash(message.body), heard.at);
}

Recorded store_unmatched(Books& books, const Heard& heard) {
    Recorded recorded;
    if (!heard.message) return recorded;
    const bool may_fit_later = heard.unmatched_reason.empty();
    const auto reason = may_fit_later ? no_such_transaction : heard.unmatched_reason;
    const auto hash = link_of("", heard);
    const auto number = books.keep_message(heard, {}, reason, hash);
    recorded.news = number.has_value();
    const auto next_try_at = next_try(0, heard.at);
    if (number && may_fit_later && next_try_at) books.schedule_retry(heard, *number, *next_try_at);
    return recorded;
}

// Adds the message of `heard` to the chain of `known`; false when it is stored already, whichever
// transaction it was matched to then.
bool chain_message(Books& books, AttemptRow& known, const Heard& heard) {
    auto hash = link_of(known.messages_hash, heard);
    if (!books.keep_message(heard, known.transaction.id, "", hash)) return false;
    known.messages_hash = std::move(hash);
    return true;
}

// The answer that names the provider's id may have come while somebody gave the attempt up.
bool is_too_late(const Heard& heard, const Transaction& transaction) {
    return heard.only_if_nobody_was_sent &&
           (!is_live(transaction.status) || !transaction.provider_id.empty());
}

// Notes that the unmatched message `heard` was read from is about `known`, and adds it to its chain
// of messages; false when another worker has matched it meanwhile. The message itself stays as it
// was stored: messages are never changed.
bool match(Books& books, AttemptRow& known, const Heard& heard) {
    const auto unmatched = books.unmatched_row(*heard.unmatched_number);
    if (!unmatched) return false;
    const auto id = known.transaction.id;
    auto hash = match_hash(known.messages_hash, id, unmatched->hash, heard.at);
    books.insert_match(*heard.unmatched_number, id, heard.at, *unmatched, hash);
    known.messages_hash = std::move(hash);
    return true;
}

// The attempt that holds the fee of `transaction`, if any other does: the first that has money and
// is no duplicate itself.
std::optional<std::int64_t> payment_of_fee(Books& books, const Transaction& transaction) {
    const auto& fee_type = transaction.code.fee_type;
    for (const auto& other :
         books.attempts_of_fee(transaction.ticket_id, fee_type, transaction.id)) {
        const auto facts = facts_of(books.attempt_row(other.id).value().transaction);
        if (holds_money(facts) && !is_duplicate(facts)) return other.id;
    }
    return {};
}

// What only the whole database shows: facts about other attempts, and whether the provider's id
// may become this attempt's. True when it has added to `offered`.
bool consider_others(Books& books, Change& change, std::vector<LedgerEntry>& offered, Time at) {
    auto& transaction = change.after.transaction;
    std::vector<Fact> consequences;
    for (auto i = change.first_new; i < transaction.entries.size(); ++i) {
        const auto& id = transaction.entries[i].fact.provider_id;
        if (id.empty() || id == transaction.provider_id) continue;
        const auto owner = books.id_of_provider_id(transaction.code.processor, id);
        if (owner)
            consequences.push_back(taken_provider_id(id, *owner));
        else if (transaction.provider_id.empty())
            transaction.provider_id = id;
    }
    // Its money came in, or came back from a refund that failed or a dispute that was won.
    if (holds_money(change.facts) && !change.held_money) {
        const auto payment = payment_of_fee(books, transaction);
        if (payment && !is_duplicate(change.facts))
            consequences.push_back(duplicate_of(*payment, change.facts));
        if (!payment)
            for (auto& end : ends_of_duplicate(change.facts))
                consequences.push_back(std::move(end));
    }
    for (auto& fact : consequences) offered.push_back({at, Source::service, std::move(fact)});
    return !consequences.empty();
}

// What the facts of `heard` make of `known`, in view of the other attempts. Which facts follow from
// the others is known only after these have been learned. When something does, all are learned once
// more with it, so that they are one change with one event.
Change change_by(Books& books, const AttemptRow& known, const Heard& heard) {
    std::vector<LedgerEntry> offered;
    for (const auto& fact : heard.facts) offered.push_back({heard.at, heard.source, fact});
    auto change = change_of(known, offered);
    if (change.news() && consider_others(books, change, offered, heard.at)) {
        const auto provider_id = change.after.transaction.provider_id;
        change = change_of(known, offered);
        change.after.transaction.provider_id = provider_id;
    }
    plan_check(change, heard);
    return change;
}

// Once the payment of a fee has lost its money, the first of the duplicates that have some is the
// payment: what becomes of that one, if there is one.
std::optional<Change> promote_duplicate(Books& books, const Change& change, Time at) {
    if (!change.held_money || holds_money(change.facts)) return {};
    const auto& gone = change.after.transaction;
    if (payment_of_fee(books, gone)) return {};
    std::optional<AttemptRow> next;
    for (const auto& one : books.attempts_of_fee(gone.ticket_id, gone.code.fee_type, gone.id)) {
        auto other = books.attempt_row(one.id).value();
        if (!holds_money(facts_of(other.transaction))) continue;
        if (!next || other.transaction.paid_at < next->transaction.paid_at) next = std::move(other);
    }
    if (!next) return {};
    const auto heard = Heard::about(
        next->transaction.id, Source::service, at, ends_of_duplicate(facts_of(next->transaction))
    );
    std::vector<LedgerEntry> offered;
    for (const auto& fact : heard.facts) offered.push_back({heard.at, heard.source, fact});
    auto promoted = change_of(std::move(*next), offered);
    plan_check(promoted, heard);
    return promoted;
}

void write_news(Books& books, const Change& change, Time at) {
    books.insert_facts(change);
    count_change(books, change);
    if (const auto event = event_of(change, at)) books.insert_outgoing_event(*event);
}

void update(Books& books, const Change& change) {
    const auto& transaction = change.after.transaction;
    const auto& fee_type = transaction.code.fee_type;
    const bool has_other_live =
        is_live(transaction.status) &&
        std::ranges::any_of(
            books.attempts_of_fee(transaction.ticket_id, fee_type, transaction.id),
            &FeeAttempt::live
        );
    books.update(change.after, flags_of(transaction, change.facts, has_other_live));
}

// Its fee would stay paid without it. Decided behind the lock: the other payment may be given back
// by somebody at this very moment.
bool is_one_too_many(Books& books, const Transaction& transaction) {
    if (!can_refund_duplicate(transaction)) return false;
    const auto& fee_type = transaction.code.fee_type;
    const auto others = books.attempts_of_fee(transaction.ticket_id, fee_type, transaction.id);
    return std::ranges::any_of(others, [&](const FeeAttempt& other) {
        return secures_fee(books.attempt_row(other.id).value().transaction);
    });
}

// What the person who asks for a refund has done.
NewAction action_of(const NewRefund& refund, const Fact& request) {
    const auto& amount = *request.amount;
    ActionDetails details{
        {"refund", request.refund},
        {"amount", amount.decimal()},
        {"currency", std::string{amount.currency().code()}},
        {"reason", refund.details.reason}};
    return {
        ActionKind::refund, *refund.details.person, refund.now, refund.transaction_id,
        std::move(details)};
}

}  // namespace

AttemptRow new_attempt_row(const NewAttempt& attempt, std::int64_t id) {
    AttemptRow row{
        Transaction{
            .id = id,
            .ticket_id = attempt.ticket_id,
            .code = attempt.code,
            .amount = attempt.amount,
            .account = attempt.account,
            .email = attempt.email,
            .metas = attempt.metas,
            .created_at = attempt.now,
            .expires_at = attempt.expires_at,
            .updated_at = attempt.now,
            .scope_id = attempt.scope_id,
        },
        attempt.check_at, 0, "", ""};
    row.is_counted = true;
    row.facts_hash = opening_hash(row.transaction);
    return row;
}

// The attempt that holds the fee comes first: whoever starts must hear that it is paid, even when
// another attempt could still be paid too.
Opened apply_new_attempt(Books& books, const NewAttempt& attempt) {
    const auto others = books.attempts_of_fee(attempt.ticket_id, attempt.code.fee_type, 0);
    // One that was lost has been paid: if its fee was paid again meanwhile, it is a duplicate.
    auto blocking =
        attempt.number ? others.end() : std::ranges::find_if(others, &FeeAttempt::holds_fee);
    if (blocking == others.end()) blocking = std::ranges::find_if(others, &FeeAttempt::live);
    if (blocking != others.end())
        return {std::move(books.attempt_row(blocking->id).value().transaction), false};
    auto opened = books.insert(attempt).transaction;
    count_new(books, opened, others.empty());
    return {std::move(opened), true};
}

Recorded apply_heard(Books& books, const Heard& heard) {
    auto known = heard.unmatched_reason.empty() ? subject_of(books, heard) : std::nullopt;
    if (!known) return store_unmatched(books, heard);
    if (is_too_late(heard, known->transaction))
        return {known->transaction, known->transaction.status, false};

    bool new_message = false;
    if (heard.message) new_message = chain_message(books, *known, heard);
    if (heard.unmatched_number) {
        new_message = match(books, *known, heard);
        if (!new_message) return {};
    }

    // A known message may still bring new facts: a version that understands more of it reads it
    // anew.
    auto change = change_by(books, *known, heard);
    if (change.news()) {
        write_news(books, change, heard.at);
        // About a transaction that there is, and without a key: nothing can be against it.
        if (heard.action) apply_action(books, *heard.action).value();
    }
    const bool news = change.news() || new_message;
    const auto& provider_id = change.after.transaction.provider_id;
    if (provider_id != known->transaction.provider_id)
        books.retry_unmatched_now(known->transaction.code.processor, provider_id, heard.at);
    if (news || change.after.check_at != known->check_at) update(books, change);

    Recorded recorded{{}, change.before.status, news};
    if (auto other = promote_duplicate(books, change, heard.at)) {
        write_news(books, *other, heard.at);
        update(books, *other);
        recorded.others.push_back({std::move(other->after.transaction), other->before.status});
    }
    recorded.transaction = std::move(change.after.transaction);
    return recorded;
}

Result<ReservedRefund> apply_refund(Books& books, const NewRefund& refund) {
    auto known = books.attempt_row(refund.transaction_id);
    if (!known) return unknown_transaction(refund.transaction_id);
    // Before anything else: a call that is repeated must hear of its own refund, also when there is
    // nothing left to give back.
    if (auto order = refund_with_key(known->transaction, refund.details.key))
        return ReservedRefund{std::move(known->transaction), std::move(*order), false};
    if (refund.details.only_if_duplicate && !is_one_too_many(books, known->transaction))
        return Error{
            Errc::not_refundable, known->transaction.reference() +
                                      " is not given back by itself: no other payment holds its"
                                      " fee for certain"}
            .about(known->transaction.id);
    const auto request = request_refund(known->transaction, refund.details);
    if (!request) return request.error();

    const std::vector<LedgerEntry> asked{{refund.now, refund.source, *request}};
    auto change = change_of(std::move(*known), asked);
    change.after.check_at = refund.check_at;
    change.after.checks = 0;
    books.insert_facts(change);
    count_change(books, change);
    update(books, change);
    // About a transaction that there is, and without a key: nothing can be against it.
    if (refund.details.person) apply_action(books, action_of(refund, *request)).value();
    return ReservedRefund{
        std::move(change.after.transaction), {request->refund, *request->amount}, true};
}

}  // namespace payments::ledger
