#include "simulate/stripe.hpp"

#include <algorithm>

#include "flow/when_all.hpp"

namespace payments::simulate {
namespace {

using namespace std::chrono_literals;

constexpr auto key_lifetime = 23h;

bool knows_refunds(const Transaction& attempt) {
    return std::ranges::any_of(attempt.entries, [](const LedgerEntry& event) {
        return event.fact.kind == FactKind::refunded ||
               event.fact.kind == FactKind::refund_requested;
    });
}

// Whether someone who did not live to hear the answer may have given this order before.
bool was_sent_before(const Transaction& attempt, const Refund& refund, Time now) {
    for (const auto& event : attempt.entries) {
        if (event.fact.refund != refund.reference) continue;
        if (event.fact.kind == FactKind::refund_unanswered) return true;
        if (event.fact.kind == FactKind::refund_requested && now - event.at > 10s) return true;
    }
    return false;
}

QueryResult silence_about(const Transaction& attempt) {
    QueryResult said;
    said.transaction_id = attempt.id;
    return said;
}

}  // namespace

// ------------------------------------------------------------------------------------ making

std::string SimStripe::key(const Transaction& attempt) const {
    if (key_of) return key_of(attempt);
    return attempt.reference() + "-" +
           std::to_string(attempt.created_at.time_since_epoch().count());
}

StartResult SimStripe::created(
    const Transaction& attempt, const std::string& with_key, Time asked_at
) {
    StartResult started;
    const Payment* payment = nullptr;
    for (const auto& known : books())
        if (known.key == with_key) payment = &known;
    // What was refused under a key is refused under it again.
    if (!payment && (refused_keys_.contains(with_key) || refuses())) {
        refused_keys_.insert(with_key);
        stage_.tell("Stripe refuses ", attempt.reference());
        started.outcome = Outcome::refused;
        Fact fact;
        fact.kind = FactKind::failed;
        fact.subject = "amount_too_small";
        started.facts.push_back(std::move(fact));
        started.reason = "refused";
        return started;
    }
    if (!payment) {
        auto& made = enter(attempt, asked_at);
        made.key = with_key;
        payment = &made;
    }
    started.outcome = Outcome::accepted;
    started.facts.push_back(fact(FactKind::accepted, *payment));
    started.client_secret = payment->provider_id + "_secret";
    return started;
}

Task<CallResult<StartResult>> SimStripe::create(Transaction attempt) {
    Request request{Processor::stripe, "create of " + attempt.reference(), true};
    std::function<StartResult()> work = [this, attempt, with = key(attempt),
                                         sent = stage_.schedule.now()] {
        return created(attempt, with, sent);
    };
    co_return co_await call<StartResult>(&stage_, std::move(request), std::move(work));
}

Task<StartResult> SimStripe::start(Transaction attempt, Payer) {
    co_await be_held_up(&stage_, "create of " + attempt.reference());
    auto heard = co_await create(std::move(attempt));
    if (heard.outcome != Outcome::accepted) co_return unusable(heard.outcome);
    co_return std::move(*heard.answer);
}

// ------------------------------------------------------------------------------------ asking

std::vector<Fact> SimStripe::facts_of(const Payment& payment) const {
    std::vector<Fact> facts;
    if (payment.is_payable()) facts.push_back(fact(FactKind::accepted, payment));
    if (payment.captured) {
        facts.push_back(fact(FactKind::captured, payment));
        facts.back().amount = payment.captured;
    }
    if (payment.state == Payment::State::cancelled) {
        facts.push_back(fact(FactKind::cancelled, payment));
        facts.back().subject = "abandoned";
    }
    if (!payment.last_error.empty()) {
        facts.push_back(fact(FactKind::attempt_failed, payment));
        facts.back().subject = payment.last_error;
    }
    return facts;
}

std::vector<Fact> SimStripe::facts_of(const Payment& payment, const ProviderRefund& refund) const {
    std::vector<Fact> facts{fact(FactKind::refunded, payment)};
    facts[0].subject = refund.id;
    facts[0].amount = refund.amount;
    facts[0].refund = refund.name;
    if (!refund.failed) return facts;
    facts.push_back(fact(FactKind::refund_failed, payment));
    facts[1].subject = refund.id;
    facts[1].refund = refund.name;
    return facts;
}

std::vector<Fact> SimStripe::refunds_of(const Payment& payment) const {
    std::vector<Fact> facts;
    for (const auto& refund : payment.refunds)
        for (auto& told : facts_of(payment, refund)) facts.push_back(std::move(told));
    return facts;
}

std::vector<Fact> SimStripe::dispute_of(const Payment& payment) const {
    const auto& dispute = payment.disputes.back();
    std::vector<Fact> facts{fact(dispute.state, payment)};
    facts[0].subject = dispute.id;
    facts[0].amount = dispute.amount;
    facts[0].occurred_at = dispute.since;
    if (!dispute.moved) return facts;
    facts.push_back(facts[0]);
    facts[1].kind = dispute.withdrawn ? FactKind::dispute_withdrawn : FactKind::dispute_reinstated;
    return facts;
}

QueryResult SimStripe::said_of(const Transaction& attempt, const Payment& payment) const {
    auto said = silence_about(attempt);
    said.answered = true;
    said.facts = facts_of(payment);
    said.is_payable = said.is_cancellable = payment.state == Payment::State::open;
    if (said.is_payable) said.client_secret = payment.provider_id + "_secret";
    return said;
}

Task<QueryResult> SimStripe::read(Transaction attempt, std::string id) {
    struct Intent {
        QueryResult said;
        bool has_refunds = false;
    };
    Request request{Processor::stripe, "read of " + id, true};
    std::function<Intent()> work = [this, attempt, id] {
        const auto* payment = find(id);
        if (!payment) return Intent{silence_about(attempt)};
        return Intent{said_of(attempt, *payment), payment->refunded_minor() > 0};
    };
    auto heard = co_await call<Intent>(&stage_, std::move(request), std::move(work));
    if (heard.outcome != Outcome::accepted) co_return silence_about(attempt);
    auto said = std::move(heard.answer->said);
    if (!said.answered || !(heard.answer->has_refunds || knows_refunds(attempt))) co_return said;

    Request list{Processor::stripe, "refunds of " + id, true};
    std::function<std::vector<Fact>()> listing = [this, id] { return refunds_of(*find(id)); };
    auto refunds = co_await call<std::vector<Fact>>(&stage_, std::move(list), std::move(listing));
    said.answered = refunds.outcome == Outcome::accepted;
    if (said.answered)
        for (auto& fact : *refunds.answer) said.facts.push_back(std::move(fact));
    co_return said;
}

// With the key of its creation, which makes it when the first try was lost; later by a search.
Task<QueryResult> SimStripe::find_for(Transaction attempt) {
    auto said = silence_about(attempt);
    if (is_live(attempt.status) && stage_.schedule.now() - attempt.created_at < key_lifetime) {
        auto heard = co_await create(attempt);
        if (heard.outcome != Outcome::accepted) co_return said;
        if (heard.answer->outcome == Outcome::refused) {
            said.answered = true;
            said.facts = std::move(heard.answer->facts);
            co_return said;
        }
        auto id = heard.answer->facts.front().provider_id;
        co_return co_await read(std::move(attempt), std::move(id));
    }
    Request request{Processor::stripe, "search for " + attempt.reference(), true};
    std::function<std::string()> work = [this, with = key(attempt)] {
        for (const auto& known : books())
            if (known.key == with) return known.provider_id;
        return std::string{};
    };
    auto heard = co_await call<std::string>(&stage_, std::move(request), std::move(work));
    if (heard.outcome != Outcome::accepted) co_return said;
    said.answered = said.is_unknown = heard.answer->empty();
    if (said.is_unknown) co_return said;
    co_return co_await read(std::move(attempt), std::move(*heard.answer));
}

Task<QueryResult> SimStripe::ask_one(Transaction attempt) {
    if (attempt.provider_id.empty()) co_return co_await find_for(std::move(attempt));
    auto id = attempt.provider_id;
    co_return co_await read(std::move(attempt), std::move(id));
}

Task<void> SimStripe::ask_into(Transaction attempt, QueryResult* said) {
    *said = co_await ask_one(std::move(attempt));
}

Task<std::vector<QueryResult>> SimStripe::query(std::vector<Transaction> attempts) {
    std::vector<QueryResult> said(attempts.size());
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < attempts.size(); ++i)
        tasks.push_back(ask_into(attempts[i], &said[i]));
    co_await when_all(std::move(tasks));
    co_return said;
}

QueryResult SimStripe::closed(const Transaction& attempt, const std::string& id) {
    auto* payment = find(id);
    if (!payment) return silence_about(attempt);
    if (payment->state == Payment::State::open) {
        if (refuses_to_close(attempt, *payment)) return silence_about(attempt);
        payment->state = Payment::State::cancelled;
        stage_.tell("Stripe cancels ", id, " as it was told");
        announce(*payment, News::closed);
    }
    return said_of(attempt, *payment);
}

Task<QueryResult> SimStripe::cancel(Transaction attempt) {
    auto id = attempt.provider_id;
    if (id.empty()) {
        auto found = co_await find_for(attempt);
        for (const auto& fact : found.facts)
            if (id.empty()) id = fact.provider_id;
        if (id.empty() || !found.is_cancellable) co_return found;
    }
    Request request{Processor::stripe, "cancel of " + id, true};
    std::function<QueryResult()> work = [this, attempt, id] { return closed(attempt, id); };
    auto heard = co_await call<QueryResult>(&stage_, std::move(request), std::move(work));
    if (heard.outcome != Outcome::accepted) co_return silence_about(attempt);
    co_return std::move(*heard.answer);
}

// ----------------------------------------------------------------------------------- refunds

// A name that is known already is the same refund again, and what was refused once stays refused
// under its key: an order that was long on its way is no exception (docs/providers/stripe.md, 4.1).
RefundResult SimStripe::given_back(const Transaction& attempt, const Refund& refund) {
    auto* payment = find(attempt.provider_id);
    const auto refused = [&] {
        stage_.tell("Stripe refuses refund ", refund.reference);
        refused_keys_.insert(refund.reference);
        return unusable_refund(refund, Outcome::refused, FactKind::refund_refused);
    };
    if (!payment || !payment->captured) return refused();
    auto known = std::ranges::find(payment->refunds, refund.reference, &ProviderRefund::name);
    if (known == payment->refunds.end()) {
        const auto left = payment->captured->minor() - payment->refunded_minor();
        const bool is_disputed =
            std::ranges::any_of(payment->disputes, &ProviderDispute::has_money);
        if (refund.amount.minor() > left || is_disputed) return refused();
        if (refused_keys_.contains(refund.reference) || refuses()) return refused();
        issue_refund(*payment, refund);
        known = std::prev(payment->refunds.end());
    }
    RefundResult refunded;
    refunded.outcome = known->failed ? Outcome::refused : Outcome::accepted;
    refunded.facts = facts_of(*payment, *known);
    return refunded;
}

Task<RefundResult> SimStripe::refund(Transaction attempt, Refund refund) {
    const bool before = was_sent_before(attempt, refund, stage_.schedule.now());
    Request request{Processor::stripe, "refund " + refund.reference, true};
    std::function<RefundResult()> work = [this, attempt, refund] {
        return given_back(attempt, refund);
    };
    auto heard = co_await call<RefundResult>(&stage_, std::move(request), std::move(work));
    if (heard.outcome == Outcome::accepted) co_return std::move(*heard.answer);
    if (heard.outcome == Outcome::unreachable && !before)
        co_return unusable_refund(refund, Outcome::unreachable, FactKind::refund_refused);
    co_return unusable_refund(refund, Outcome::unanswered, FactKind::refund_unanswered);
}

// ------------------------------------------------------------------------------------ events

void SimStripe::send_event(
    Payment& payment, std::string type, std::vector<Fact> facts, bool must_arrive
) {
    MatchCriteria subject;
    subject.transaction_id = payment.transaction_id;
    subject.provider_id = payment.provider_id;
    subject.processor = processor_;
    subject.opened_at = payment.opened_at;
    // These do not tell all: the refunds, how much was paid.
    const bool is_partial = type == "charge.refunded" || type == "charge.dispute";
    const auto body =
        "evt_" + std::to_string(notices().size() + 1) + " " + type + " " + payment.provider_id;
    auto heard = notice(std::move(subject), std::move(facts), body).and_check(is_partial);
    send(std::move(heard), payment, must_arrive);
}

void SimStripe::announce(Payment& payment, News news) {
    switch (news) {
        case News::captured:
            send_event(payment, "payment_intent.succeeded", facts_of(payment), false);
            if (stage_.random.percent(50))
                send_event(payment, "charge.succeeded", {facts_of(payment).front()}, false);
            break;
        case News::closed:
            return send_event(payment, "payment_intent.canceled", facts_of(payment), false);
        case News::declined:
            return send_event(payment, "payment_intent.payment_failed", facts_of(payment), false);
        case News::refunded:
            send_event(payment, "refund.created", facts_of(payment, payment.refunds.back()), false);
            // Nothing else tells of a refund that we did not ask for.
            return send_event(
                payment, "charge.refunded", {facts_of(payment).front()},
                payment.refunds.back().name.empty()
            );
        case News::refund_failed:
            for (const auto& refund : payment.refunds)
                if (refund.failed)
                    send_event(payment, "refund.failed", facts_of(payment, refund), true);
            return;
        case News::disputed:
            return send_event(payment, "charge.dispute", dispute_of(payment), true);
        case News::warned: {
            auto warning = fact(FactKind::fraud_warning, payment);
            warning.subject = "issfr_" + payment.provider_id;
            return send_event(payment, "radar.early_fraud_warning", {std::move(warning)}, true);
        }
    }
}

}  // namespace payments::simulate
