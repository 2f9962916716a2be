#include "simulate/checks.hpp"

#include <algorithm>

#include "payment/review.hpp"
#include "simulate/place.hpp"
#include "storage/sqlite/office.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/verify_ledger.hpp"

namespace payments::simulate {
namespace {

using namespace std::chrono_literals;

// The attempt is paid, and on no list for a person to look at.
bool counts_as_paid(const Transaction& attempt) {
    const bool is_disputed = attempt.status == Status::disputed;
    return attempt.status == Status::paid || attempt.status == Status::partially_refunded ||
           (is_disputed && holds_money(facts_of(attempt)));
}

bool is_about_money(Status status) {
    return status == Status::paid || status == Status::partially_refunded ||
           status == Status::disputed || status == Status::refunded || status == Status::review;
}

// The signed IPN alone counted, because the query was not answered for 15 minutes.
bool is_unconfirmed(const Transaction& attempt) {
    for (const auto& event : attempt.entries)
        if (event.fact.kind == FactKind::captured && event.source == Source::ipn &&
            !event.fact.amount)
            return true;
    return false;
}

// Whether any of the payment is still ours, beside its refunds. What is disputed in another
// currency may be all of it.
bool leaves_money(const ProviderDispute& dispute, const Payment& payment) {
    const auto left = payment.captured->minor() - payment.refunded_minor();
    const bool is_over =
        dispute.state == FactKind::dispute_lost || dispute.state == FactKind::dispute_prevented;
    if (!is_over || !dispute.has_money()) return left > 0;
    const bool is_known = dispute.amount.currency() == payment.captured->currency();
    return is_known && left > dispute.amount.minor();
}

}  // namespace

Checks::Checks(Stage& stage, SimSimplePay& simplepay, SimStripe& stripe, SimSubscriber& subscriber)
    : stage_(stage),
      providers_{&simplepay, &stripe},
      reader_(Place::the().reader()),
      subscriber_(subscriber) {}

void Checks::violate(const Transaction& attempt, const std::string& what) {
    stage_.violate(attempt.reference() + " (" + std::string{name(attempt.status)} + "): " + what);
}

const Payment* Checks::captured_by(const Transaction& attempt) const {
    for (const auto* provider : providers_)
        for (const auto& payment : provider->books())
            if (payment.transaction_id == attempt.id && payment.account == attempt.account &&
                payment.opened_at == attempt.created_at && payment.captured)
                return &payment;
    return nullptr;
}

// ----------------------------------------------------------------------------- at every step

void Checks::stands(const Transaction& attempt, const std::vector<Affected>& others) {
    note(attempt);
    for (const auto& other : others) note(other.transaction);
    payments_beside_duplicates();
}

// Whoever is told to give a second payment back must have a first: what makes that one lose its
// money makes another one the payment, in the same commit.
void Checks::payments_beside_duplicates() {
    for (const auto& [id, attempt] : known_)
        if (attempt.status == Status::review && is_unrefunded_duplicate(facts_of(attempt)))
            has_a_payment_beside_it(attempt);
}

void Checks::note(const Transaction& attempt) {
    const auto facts = facts_of(attempt);
    if (status(facts) != attempt.status)
        violate(attempt, "its facts say " + std::string{name(status(facts))});
    if (refunded_minor(facts) != attempt.refunded_minor)
        violate(attempt, "its refunds are not what its facts say");
    const auto known = known_.find(attempt.id);
    if (known != known_.end() && known->second.entries.size() > attempt.entries.size() &&
        known->second.updated_at <= attempt.updated_at)
        return;  // an older answer that was read later
    if (stage_.is_told && (known == known_.end() || known->second.status != attempt.status))
        stage_.tell(attempt.reference(), " is ", name(attempt.status));
    known_.insert_or_assign(attempt.id, attempt);
    if (is_live(attempt.status))
        over_since_.erase(attempt.id);
    else
        over_since_.emplace(attempt.id, stage_.schedule.now());
    money_is_right(attempt, facts);
    nobody_pays_twice(attempt);
}

void Checks::money_is_right(const Transaction& attempt, const Facts& facts) {
    if (!counts_as_paid(attempt) || attempt.amount.is_zero()) return;
    const auto* payment = captured_by(attempt);
    if (!payment) return violate(attempt, "the provider has taken no money");
    const bool is_known = !facts.captures_minor.empty() && !is_unconfirmed(attempt);
    if (is_known && *payment->captured != attempt.amount)
        violate(
            attempt, "the provider has taken " + payment->captured->decimal() + " instead of " +
                         attempt.amount.decimal()
        );
    if (refunded_minor(facts) > payment->captured->minor())
        violate(attempt, "more was given back than taken");
}

void Checks::nobody_pays_twice(const Transaction& attempt) {
    if (!counts_as_paid(attempt)) return;
    for (const auto& [id, other] : known_)
        if (id != attempt.id && other.ticket_id == attempt.ticket_id &&
            other.code.fee_type == attempt.code.fee_type && counts_as_paid(other))
            violate(attempt, "so is " + other.reference() + " for the same fee");
}

void Checks::reserved_by_itself(const Transaction& attempt) {
    for (const auto& [id, other] : known_)
        if (id != attempt.id && other.ticket_id == attempt.ticket_id &&
            other.code.fee_type == attempt.code.fee_type && counts_as_paid(other) &&
            other.status != Status::disputed && refundable_minor(facts_of(other)) > 0)
            return;
    violate(attempt, "it is given back by itself, and nothing else has paid the fee");
}

void Checks::has_a_payment_beside_it(const Transaction& duplicate) {
    for (const auto& [id, other] : known_) {
        const auto facts = facts_of(other);
        if (id != duplicate.id && other.ticket_id == duplicate.ticket_id &&
            other.code.fee_type == duplicate.code.fee_type && holds_money(facts) &&
            !is_duplicate(facts))
            return;
    }
    violate(duplicate, "it counts as the second payment of its fee, and there is no first");
}

void Checks::entered(Status status) {
    if (status == Status::review) ++stage_.tally.reviews;
}

void Checks::opened(const Payment& payment) {
    const auto known = known_.find(payment.transaction_id);
    const auto over = over_since_.find(payment.transaction_id);
    if (known == known_.end() || known->second.created_at != payment.opened_at ||
        over == over_since_.end())
        return;
    ++stage_.tally.late_starts;
    if (payment.asked_at > over->second)
        violate(known->second, "it was over, and the provider was asked to make a payment for it");
}

// Whatever is over here and stays open there is a person's to close, if it goes on.
void Checks::not_closed(const Transaction& attempt) {
    const auto facts = facts_of(attempt);
    // A person who has ended it knows; it is asked about all the same.
    if (is_live(attempt.status) || !facts.captures_minor.empty() || facts.is_closed) return;
    const auto coming = concerns_of(attempt);
    const bool is_told =
        std::ranges::find(coming, ReviewKind::still_payable, &ReviewReason::kind) != coming.end();
    // It may have ended while the provider was being asked: then the next answer tells.
    if (!is_told && !untold_.insert(attempt.id).second)
        violate(attempt, "it can still be paid, and nobody will be told");
}

void Checks::answered_start(const StartRequest& request, const Result<StartReply>& reply) {
    if (!reply) return;
    const auto known = sqlite::transaction(reader_, reply->transaction_id);
    const auto reference = "TR" + std::to_string(reply->transaction_id);
    if (!known) return stage_.violate(reference + " was promised and is not on record");
    if (known->ticket_id != request.ticket_id)
        return stage_.violate(reference + " belongs to another ticket");

    // Whoever is sent to pay must be the only one who can.
    const auto& fee_type = known->code.fee_type;
    Payment* handed_out = nullptr;
    for (auto* provider : providers_)
        if (auto* payment = provider->behind(reply->redirect_url, reply->client_secret))
            handed_out = payment;
    if (!handed_out) {
        if (!known->amount.is_zero())
            stage_.violate(reference + ": nothing can be paid where the visitor is sent");
        return;
    }
    handed_out->was_handed_out = true;
    for (const auto* provider : providers_)
        for (const auto& payment : provider->books())
            if (&payment != handed_out && payment.can_be_reached() && !is_lost(payment) &&
                !payment.end_is_forged && !was_ended_by_hand(payment) &&
                payment.ticket_id == request.ticket_id && payment.fee_type == fee_type &&
                payment.is_payable() &&
                !(payment.processor == Processor::simplepay &&
                  payment.state == Payment::State::open &&
                  payment.deadline <= stage_.schedule.now()))
                stage_.violate(
                    reference + " is handed out while " + payment.provider_id + " of " +
                    payment.reference() + " can be paid"
                );
}

// A person's word frees the fee also while nobody knows how the payment stands at its provider.
bool Checks::was_ended_by_hand(const Payment& payment) const {
    const auto known = sqlite::transaction(reader_, payment.transaction_id);
    return known && known->created_at == payment.opened_at && facts_of(*known).is_closed;
}

// As long as the provider answers, it was closed there too.
void Checks::answered_close(const Transaction& attempt) {
    if (stage_.faults_are_on || is_live(attempt.status) || is_about_money(attempt.status)) return;
    for (const auto* provider : providers_)
        for (const auto& payment : provider->books())
            if (payment.processor == attempt.code.processor &&
                payment.transaction_id == attempt.id && payment.opened_at == attempt.created_at &&
                payment.state == Payment::State::open &&
                (payment.processor == Processor::stripe || payment.deadline > stage_.schedule.now()
                ) &&
                provider->has_account(payment.account) && !stage_.is_asleep(payment.processor))
                violate(attempt, "a person has ended it, and it can still be paid");
}

void Checks::what_hangs_is_seen() {
    const auto now = stage_.schedule.now();
    ReviewQuery query;
    query.now = now;
    auto reviews = sqlite::reviews(reader_, query);
    query.shown = Shown::snoozed;
    for (auto& review : sqlite::reviews(reader_, query).list)
        reviews.list.push_back(std::move(review));
    for (const auto& known : known_) {
        const auto& attempt = known.second;
        if (!is_live(attempt.status) || now < attempt.expires_at + overdue_after) continue;
        const bool is_listed = std::ranges::any_of(reviews.list, [&](const Review& review) {
            return review.transaction && review.transaction->id == attempt.id;
        });
        if (!is_listed) violate(attempt, "it hangs, and nobody is told");
    }
}

void Checks::is_kept(Processor from, const std::string& identity) {
    auto row = reader_.query(
        "SELECT 1 FROM notifications WHERE processor = ?1 AND identity = ?2", payments::name(from),
        identity
    );
    if (!row.next()) stage_.violate("notice '" + identity + "' was acknowledged and is not kept");
}

void Checks::acknowledged(Processor from, const std::string& identity) {
    acknowledged_.emplace(std::pair{from, identity}, stage_.schedule.now());
    is_kept(from, identity);
}

void Checks::set_back(Time then) {
    ++stage_.tally.restores;
    // One that was about to be committed had its moment before.
    lost_ = {then - std::chrono::minutes{1}, stage_.schedule.now()};
    std::erase_if(acknowledged_, [&](const auto& one) { return one.second >= then; });
    untold_.clear();
    known_.clear();
    over_since_.clear();
}

bool Checks::is_on_record(const Payment& payment) const {
    const auto known = sqlite::transaction(reader_, payment.transaction_id);
    return known && known->created_at == payment.opened_at;
}

// Its attempt was opened by the database that was given up.
bool Checks::is_lost(const Payment& payment) const {
    return lost_ && payment.opened_at >= lost_->first && payment.opened_at <= lost_->second &&
           !is_on_record(payment);
}

void Checks::after_commit() {
    next_due_ = sqlite::next_due(reader_);
    if (!stage_.plan.others_are_told) return;
    auto row = reader_.query(
        "SELECT min(o.next_at) FROM outbox o WHERE o.delivered_at IS NULL AND o.dead_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.transaction_id = o.transaction_id"
        " AND e.id < o.id AND e.delivered_at IS NULL AND e.dead_at IS NULL)"
    );
    row.next();
    next_event_due_ = row.time_or_null(0);
}

// ------------------------------------------------------------------------- the whole database

void Checks::everything() {
    known_.clear();
    std::vector<std::int64_t> ids;
    {
        auto rows = reader_.query("SELECT id FROM transactions ORDER BY id");
        while (rows.next()) ids.push_back(rows.integer(0));
    }
    for (const auto id : ids) {
        const auto attempt = sqlite::transaction(reader_, id).value();
        note(attempt);
        fee_is_held_by_money(attempt);
        outbox_tells_all(attempt);
    }
    payments_beside_duplicates();
    for (const auto& [message, at] : acknowledged_) is_kept(message.first, message.second);
    reviews_are_counted();
    after_commit();
}

void Checks::fee_is_held_by_money(const Transaction& attempt) {
    auto row = reader_.query("SELECT holds_fee FROM transactions WHERE id = ?1", attempt.id);
    row.next();
    if ((row.integer(0) != 0) != holds_fee(facts_of(attempt)))
        violate(attempt, "its fee is not held as its facts say");
}

// Learning the facts one after the other leads through a row of states; each event must be a step
// between two of them, and a step without an event must be one that means none.
void Checks::outbox_tells_all(const Transaction& attempt) {
    std::vector<TransactionState> standings{{}};
    Facts facts;
    for (const auto& event : attempt.entries) {
        facts = learn(std::move(facts), event.fact, attempt.terms());
        standings.push_back({status(facts), refunded_minor(facts)});
    }
    const auto same = [](const TransactionState& a, const TransactionState& b) {
        return a.status == b.status && a.refunded_minor == b.refunded_minor;
    };
    auto rows = reader_.query(
        "SELECT status_before, refunded_before, status_after, refunded_after, type FROM outbox"
        " WHERE transaction_id = ?1 ORDER BY id",
        attempt.id
    );
    std::size_t at = 0;
    while (rows.next()) {
        const TransactionState before{status_of(rows.text(0)).value(), rows.integer(1)};
        const TransactionState after{status_of(rows.text(2)).value(), rows.integer(3)};
        auto from = at;
        while (from < standings.size() && !same(standings[from], before)) ++from;
        auto to = from + 1;
        while (to < standings.size() && !same(standings[to], after)) ++to;
        if (to >= standings.size()) return violate(attempt, "the outbox tells of no change of it");
        if (!event_type(standings[at], before).empty())
            return violate(attempt, "the outbox leaves a change out");
        if (rows.text(4) != event_type(before, after))
            return violate(attempt, "the outbox names a change wrongly");
        at = to;
    }
    if (!event_type(standings[at], standings.back()).empty())
        violate(attempt, "the outbox does not tell its last change");
}

// ------------------------------------------------------------------------------------ at rest

void Checks::is_settled(const Transaction& attempt) {
    if (is_live(attempt.status)) return violate(attempt, "it never comes to an end");
    if (attempt.amount.is_zero()) return;
    const auto* payment = captured_by(attempt);
    if (payment && !is_about_money(attempt.status))
        return violate(attempt, "the provider has taken " + payment->captured->decimal());
    if (payment && counts_as_paid(attempt) && *payment->captured != attempt.amount)
        violate(attempt, "nobody has compared what was taken");
    if (!payment) return;
    refunds_are_settled(attempt, *payment);
    // What was acknowledged before the database was set back is not sent again.
    if (!stage_.plan.is_set_back) disputes_are_heard(attempt, *payment);
}

// Each stands as the provider's newest word says, and what waits for a person is listed.
void Checks::disputes_are_heard(const Transaction& attempt, const Payment& payment) {
    const auto facts = facts_of(attempt);
    for (const auto& dispute : payment.disputes) {
        const auto heard = facts.disputes.find(dispute.id);
        const auto truth = dispute_state_of(dispute.state);
        if (heard == facts.disputes.end() || heard->second.state != truth)
            violate(attempt, "the bank's last word on " + dispute.id + " is not what it says");
        if (truth == DisputeState::inquiry) somebody_is_told(attempt, ReviewKind::inquiry);
        if (truth == DisputeState::open || truth == DisputeState::unclear)
            somebody_is_told(attempt, ReviewKind::dispute);
        if (is_disputed(facts) != dispute.has_money())
            violate(attempt, "who has the money of " + dispute.id + " is not what it says");
        const bool same_currency = payment.captured->currency() == attempt.amount.currency();
        if (same_currency && holds_money(facts) != leaves_money(dispute, payment))
            violate(attempt, "whether " + dispute.id + " leaves money is not what it says");
    }
    const bool is_returned = attempt.refunded_minor >= payment.captured->minor();
    if (payment.fraud_warned && payment.disputes.empty() && !is_returned)
        somebody_is_told(attempt, ReviewKind::fraud_warning);
}

void Checks::somebody_is_told(const Transaction& attempt, ReviewKind of) {
    const auto listed = concerns_of(attempt, attempt.updated_at);
    if (std::ranges::find(listed, of, &ReviewReason::kind) == listed.end())
        violate(attempt, "nobody is told of the " + std::string{name(of)});
    if (!may_concern(facts_of(attempt))) violate(attempt, "it is not watched");
}

void Checks::refunds_are_settled(const Transaction& attempt, const Payment& payment) {
    const bool same_currency = payment.captured->currency() == attempt.amount.currency();
    if (same_currency && attempt.refunded_minor != payment.refunded_minor())
        violate(
            attempt, "the provider has given back " + std::to_string(payment.refunded_minor()) +
                         ", not " + std::to_string(attempt.refunded_minor)
        );
    if (reserved_minor(facts_of(attempt)) > 0) violate(attempt, "a refund is never settled");
    std::set<std::string> made;
    for (const auto& refund : payment.refunds)
        if (!refund.name.empty() && !made.insert(refund.name).second)
            violate(attempt, refund.name + " was made twice");
    const auto facts = facts_of(attempt);
    std::set<std::string> wishes;
    for (const auto& [at, source, fact] : attempt.entries)
        if (fact.kind == FactKind::refund_requested && source == Source::staff &&
            facts.refund_states.at(fact.refund).made && !wishes.insert(fact.subject).second)
            violate(attempt, "one wish for a refund became two");
}

void Checks::payment_is_settled(const Payment& payment) {
    const auto known = known_.find(payment.transaction_id);
    const bool is_ours = known != known_.end() && known->second.created_at == payment.opened_at;
    if (!is_ours && is_lost(payment)) return;
    if (payment.captured && !is_ours)
        stage_.violate(payment.provider_id + " was paid, and no attempt of ours knows of it");
    if (payment.is_payable())
        stage_.violate(payment.provider_id + " of " + payment.reference() + " can still be paid");
}

// Every event that is marked as delivered has reached the subscriber; at the end all have.
void Checks::others_were_told() {
    if (!stage_.plan.others_are_told) return;
    auto rows = reader_.query("SELECT id, delivered_at FROM outbox");
    while (rows.next()) {
        const auto number = rows.integer(0);
        const auto event = "event " + std::to_string(number);
        if (rows.is_null(1)) stage_.violate(event + " was never delivered");
        if (!subscriber_.has_heard(number)) stage_.violate(event + ": nobody has heard of it");
    }
}

// The database counts, without reading facts, what the list of reviews holds; now and later.
void Checks::reviews_are_counted() {
    for (const auto later : {0h, 2h, 24h * 30}) {
        const ReviewQuery query{stage_.schedule.now() + later, 0, {}};
        if (sqlite::review_counts(reader_, query.now) != sqlite::reviews(reader_, query).counts)
            stage_.violate("what a person must look at is not counted right");
    }
}

void Checks::at_rest() {
    everything();
    others_were_told();
    for (const auto& [id, attempt] : known_) is_settled(attempt);
    for (const auto* provider : providers_)
        for (const auto& payment : provider->books())
            if (payment.processor == Processor::stripe || payment.captured)
                payment_is_settled(payment);
    if (stage_.random.below(16) != 0) return;
    const auto report = sqlite::verify_ledger(Place::the().path(), {.busy_timeout_ms = 0});
    for (const auto& difference : report.differences)
        stage_.violate(
            "verify-ledger: TR" + std::to_string(difference.transaction_id) + " " +
            difference.detail
        );
}

}  // namespace payments::simulate
