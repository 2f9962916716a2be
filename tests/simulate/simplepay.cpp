#include "simulate/simplepay.hpp"

#include <algorithm>

namespace payments::simulate {
namespace {

using namespace std::chrono_literals;

bool was_claimed(const Transaction& attempt) {
    return std::ranges::any_of(attempt.entries, [](const LedgerEntry& event) {
        return event.fact.kind == FactKind::claimed;
    });
}

void contradict(QueryResult& said, const Transaction& attempt, std::string what) {
    if (!was_claimed(attempt)) return;
    Fact fact;
    fact.kind = FactKind::contradicted;
    fact.subject = std::move(what);
    fact.account = attempt.account;
    said.facts.push_back(std::move(fact));
}

FactKind ending_of(Payment::State state) {
    if (state == Payment::State::failed) return FactKind::failed;
    return state == Payment::State::expired ? FactKind::expired : FactKind::cancelled;
}

}  // namespace

constexpr std::string_view new_account = "-NEW";

std::string SimSimplePay::account(Currency currency) const {
    const auto suffix = stage_.has_new_account ? new_account : "";
    return "MERCHANT-" + std::string{currency.code()} + std::string{suffix};
}

bool SimSimplePay::has_account(const std::string& account) const {
    return stage_.old_account_is_set_up || account.ends_with(new_account);
}

// A second start with an orderRef is refused: the number is spent.
StartResult SimSimplePay::begun(const Transaction& attempt, Time asked_at) {
    StartResult started;
    if (of_attempt(attempt.id, attempt.account)) {
        stage_.tell("SimplePay has had ", attempt.reference(), " before");
        started.outcome = Outcome::refused;
        started.is_number_spent = true;
        started.facts.emplace_back().kind = FactKind::foreign_payment;
        return started;
    }
    if (stage_.strikes(stage_.plan.refused_starts)) {
        stage_.tell("SimplePay refuses ", attempt.reference());
        started.outcome = Outcome::refused;
        Fact fact;
        fact.kind = FactKind::failed;
        fact.subject = "5321";
        started.facts.push_back(std::move(fact));
        started.reason = "refused";
        return started;
    }
    auto& payment = enter(attempt, asked_at);
    if (stage_.strikes(stage_.plan.late_lists))
        payment.listed_at = stage_.schedule.now() + stage_.random.about(1s, 2min);
    started.outcome = Outcome::accepted;
    started.facts.push_back(fact(FactKind::accepted, payment));
    started.redirect_url = "https://pay.example/" + payment.provider_id;
    return started;
}

Task<StartResult> SimSimplePay::start(Transaction attempt, Payer) {
    Request request{Processor::simplepay, "start of " + attempt.reference(), false};
    std::function<StartResult()> work = [this, attempt, sent = stage_.schedule.now()] {
        return begun(attempt, sent);
    };
    co_await be_held_up(&stage_, request.what);
    auto heard = co_await call<StartResult>(&stage_, std::move(request), std::move(work));
    if (heard.outcome != Outcome::accepted) co_return unusable(heard.outcome);
    co_return std::move(*heard.answer);
}

QueryResult SimSimplePay::said_of_foreign(const Transaction& attempt, const Payment& payment)
    const {
    QueryResult said;
    said.transaction_id = attempt.id;
    said.answered = true;
    said.is_unknown = !attempt.provider_id.empty();
    if (said.is_unknown) {
        contradict(said, attempt, "absent");
        return said;
    }
    auto& foreign = said.facts.emplace_back();
    foreign.kind = FactKind::foreign_payment;
    foreign.subject = payment.provider_id;
    foreign.amount = payment.captured;
    return said;
}

// The entry of `query` for one orderRef, in the service's words.
QueryResult SimSimplePay::said_of(const Transaction& attempt) {
    QueryResult said;
    said.transaction_id = attempt.id;
    said.answered = true;
    auto* payment = of_attempt(attempt.id, attempt.account);
    if (!payment || payment->listed_at > stage_.schedule.now()) {
        said.is_unknown = true;
        contradict(said, attempt, "absent");
        return said;
    }
    expire_if_late(*payment);
    if (!may_be_made_for(attempt, {payment->provider_id, payment->made_at, payment->agreed}))
        return said_of_foreign(attempt, *payment);
    using enum Payment::State;
    switch (payment->state) {
        case open:
        case begun:
            said.facts.push_back(fact(FactKind::accepted, *payment));
            said.is_cancellable = payment->state == open;
            contradict(said, attempt, payment->state == open ? "INIT" : "INPAYMENT");
            break;
        case captured: {
            auto taken = fact(FactKind::captured, *payment);
            taken.amount = payment->captured;
            said.facts.push_back(std::move(taken));
            for (const auto& refund : payment->refunds) {
                auto given = fact(FactKind::refunded, *payment);
                given.subject = refund.id;
                given.amount = refund.amount;
                said.facts.push_back(std::move(given));
            }
            break;
        }
        default: {
            auto over = fact(ending_of(payment->state), *payment);
            over.subject = name(payment->state);
            said.facts.push_back(std::move(over));
            contradict(said, attempt, std::string{name(payment->state)});
        }
    }
    return said;
}

Task<std::vector<QueryResult>> SimSimplePay::query(std::vector<Transaction> attempts) {
    std::map<std::string, std::vector<Transaction>> by_merchant;
    for (const auto& attempt : attempts) by_merchant[attempt.account].push_back(attempt);
    std::map<std::int64_t, QueryResult> said;
    for (const auto& [merchant, group] : by_merchant) {
        if (!has_account(merchant)) continue;  // which is silence
        Request request{Processor::simplepay, "query of " + group.front().reference(), true};
        std::function<std::vector<QueryResult>()> work = [this, group = group] {
            std::vector<QueryResult> all;
            for (const auto& attempt : group) all.push_back(said_of(attempt));
            return all;
        };
        auto heard =
            co_await call<std::vector<QueryResult>>(&stage_, std::move(request), std::move(work));
        if (heard.outcome != Outcome::accepted) continue;
        for (auto& one : *heard.answer) said[one.transaction_id] = std::move(one);
    }
    std::vector<QueryResult> in_order;
    for (const auto& attempt : attempts) {
        auto one = said[attempt.id];
        one.transaction_id = attempt.id;
        in_order.push_back(std::move(one));
    }
    co_return in_order;
}

QueryResult SimSimplePay::closed(const Transaction& attempt) {
    QueryResult said;
    said.transaction_id = attempt.id;
    said.answered = true;
    auto* payment = of_attempt(attempt.id, attempt.account);
    if (payment && !may_be_made_for(attempt, {payment->provider_id})) payment = nullptr;
    said.is_unknown = !payment;
    if (!payment || expire_if_late(*payment) || payment->state != Payment::State::open) return said;
    if (refuses_to_close(attempt, *payment)) return said;
    payment->state = Payment::State::cancelled;
    stage_.tell("SimplePay closes ", payment->provider_id, " as it was told");
    said.facts.push_back(fact(FactKind::cancelled, *payment));
    announce(*payment, News::closed);
    return said;
}

Task<QueryResult> SimSimplePay::cancel(Transaction attempt) {
    QueryResult silence;
    silence.transaction_id = attempt.id;
    if (!has_account(attempt.account)) co_return silence;
    Request request{Processor::simplepay, "cancel of " + attempt.reference(), false};
    std::function<QueryResult()> work = [this, attempt] { return closed(attempt); };
    auto heard = co_await call<QueryResult>(&stage_, std::move(request), std::move(work));
    if (heard.outcome == Outcome::accepted) co_return std::move(*heard.answer);
    co_return silence;
}

// It does not know our names: an order that came twice would be two refunds.
RefundResult SimSimplePay::given_back(const Transaction& attempt, const Refund& refund) {
    auto* payment = of_attempt(attempt.id, attempt.account);
    if (payment && !may_be_made_for(attempt, {payment->provider_id})) payment = nullptr;
    const auto left =
        payment && payment->captured ? payment->captured->minor() - payment->refunded_minor() : 0;
    RefundResult refunded;
    if (refund.amount.minor() > left || stage_.strikes(stage_.plan.refused_starts)) {
        stage_.tell("SimplePay refuses refund ", refund.reference);
        refunded = unusable_refund(refund, Outcome::refused, FactKind::refund_refused);
        return refunded;
    }
    issue_refund(*payment, refund);
    auto given = fact(FactKind::refunded, *payment);
    given.subject = payment->refunds.back().id;
    given.amount = refund.amount;
    given.refund = refund.reference;
    refunded.outcome = Outcome::accepted;
    refunded.facts.push_back(std::move(given));
    return refunded;
}

Task<RefundResult> SimSimplePay::refund(Transaction attempt, Refund refund) {
    if (!has_account(attempt.account))
        co_return unusable_refund(refund, Outcome::refused, FactKind::refund_refused);
    Request request{Processor::simplepay, "refund " + refund.reference, false};
    std::function<RefundResult()> work = [this, attempt, refund] {
        return given_back(attempt, refund);
    };
    auto heard = co_await call<RefundResult>(&stage_, std::move(request), std::move(work));
    if (heard.outcome == Outcome::accepted) co_return std::move(*heard.answer);
    if (heard.outcome == Outcome::unreachable)
        co_return unusable_refund(refund, Outcome::unreachable, FactKind::refund_refused);
    co_return unusable_refund(refund, Outcome::unanswered, FactKind::refund_unanswered);
}

Result<Notification> SimSimplePay::read(std::string_view signature, std::string_view body, Time now)
    const {
    auto notification = Provider::read(signature, body, now);
    if (notification && !has_account(notification->heard.subject.account))
        return Error{Errc::invalid_signature, "no such account is set up"};
    return notification;
}

// Whatever its signature: nobody can tell.
std::optional<Heard> SimSimplePay::read_unverifiable(
    std::string_view, std::string_view body, Time now
) const {
    auto notification = Provider::read("good", body, now);
    if (!notification || has_account(notification->heard.subject.account)) return {};
    auto heard = std::move(notification->heard);
    heard.message->identity = "unverified " + heard.message->identity;
    heard.facts.clear();
    return heard;
}

MatchCriteria SimSimplePay::subject_of(const Payment& payment) const {
    MatchCriteria subject;
    subject.transaction_id = payment.transaction_id;
    subject.provider_id = payment.provider_id;
    subject.processor = processor_;
    subject.account = payment.account;
    subject.evidence = PaymentEvidence{payment.provider_id, payment.made_at};
    return subject;
}

void SimSimplePay::announce(Payment& payment, News news) {
    const bool is_claim = news == News::captured || news == News::refunded;
    auto told = fact(is_claim ? FactKind::claimed : ending_of(payment.state), payment);
    if (news == News::refunded) told.subject = "refund REFUND";
    if (!is_claim) told.subject = name(payment.state);
    // Nothing but its notice tells of a refund made at the desk.
    const bool is_refund = news == News::refunded;
    const bool must_arrive = is_refund && payment.refunds.back().name.empty();
    auto body = payment.provider_id + " " + std::string{name(payment.state)};
    if (is_refund) body += " refund " + payment.refunds.back().id;
    send(notice(subject_of(payment), {told}, body).and_check(), payment, must_arrive);
}

void SimSimplePay::forge_capture(Payment& payment) {
    const auto body = payment.provider_id + " captured, a lie";
    auto heard = notice(subject_of(payment), {fact(FactKind::claimed, payment)}, body).and_check();
    stage_.tell("someone who knows the secret says that ", payment.provider_id, " was paid");
    send(std::move(heard), payment, false);
}

void SimSimplePay::forge_ending(Payment& payment) {
    payment.end_is_forged = true;
    const auto body = payment.provider_id + " cancelled, a lie";
    auto heard =
        notice(subject_of(payment), {fact(FactKind::cancelled, payment)}, body).and_check();
    stage_.tell("someone who knows the secret says that ", payment.provider_id, " is cancelled");
    send(std::move(heard), payment, false);
}

}  // namespace payments::simulate
