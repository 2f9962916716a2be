#include "simulate/provider.hpp"

#include <algorithm>

namespace payments::simulate {

using namespace std::chrono_literals;

std::int64_t Payment::refunded_minor() const {
    std::int64_t sum = 0;
    for (const auto& refund : refunds)
        if (!refund.failed) sum += refund.amount.minor();
    return sum;
}

std::int64_t ProviderMovement::signed_minor() const {
    const bool is_out =
        kind == settlement::LineKind::refund || kind == settlement::LineKind::dispute;
    return is_out ? -amount.minor() : amount.minor();
}

std::string_view name(Payment::State state) {
    constexpr std::string_view names[] = {"open",   "begun",     "captured",
                                          "failed", "cancelled", "expired"};
    return names[static_cast<std::size_t>(state)];
}

Payment* Provider::find(std::string_view provider_id) {
    for (auto& payment : books_)
        if (payment.provider_id == provider_id) return &payment;
    return nullptr;
}

Payment* Provider::behind(const std::string& redirect_url, const std::string& client_secret) {
    for (auto& payment : books_) {
        if (!redirect_url.empty() && redirect_url == "https://pay.example/" + payment.provider_id)
            return &payment;
        if (!client_secret.empty() && client_secret == payment.provider_id + "_secret")
            return &payment;
    }
    return nullptr;
}

Payment* Provider::of_attempt(std::int64_t transaction_id, const std::string& account) {
    for (auto& payment : books_)
        if (payment.transaction_id == transaction_id && payment.account == account) return &payment;
    return nullptr;
}

Payment& Provider::enter(const Transaction& attempt, Time asked_at) {
    ++stage_.tally.payments;
    books_.push_back(Payment{
        .processor = processor_,
        .transaction_id = attempt.id,
        .ticket_id = attempt.ticket_id,
        .fee_type = attempt.code.fee_type,
        .agreed = attempt.amount,
        .account = attempt.account,
        .provider_id = new_id(),
        .key = {},
        .opened_at = attempt.created_at,
        .asked_at = asked_at,
        .made_at = std::chrono::floor<std::chrono::seconds>(stage_.schedule.now()),
        .listed_at = {},
        .deadline = attempt.expires_at,
        .captured = {},
        .last_error = {},
        .refunds = {},
        .disputes = {},
        .fraud_warned = false,
        .was_handed_out = false,
        .end_is_forged = false,
    });
    auto& payment = books_.back();
    stage_.tell(name(processor_), " opens ", payment.provider_id, " for ", payment.reference());
    on_opened(payment);
    return payment;
}

// ------------------------------------------------------------------------ what happens there

// SimplePay closes by itself what nobody began in time; Stripe does not.
bool Provider::expire_if_late(Payment& payment) {
    if (processor_ != Processor::simplepay || payment.state != Payment::State::open) return false;
    if (stage_.schedule.now() < payment.deadline) return false;
    payment.state = Payment::State::expired;
    stage_.tell("SimplePay closes ", payment.provider_id, ": nobody began in time");
    announce(payment, News::closed);
    return true;
}

// As with a key that may not cancel.
bool Provider::refuses_to_close(const Transaction& attempt, const Payment& payment) {
    if (!stage_.plan.closing_is_refused || !stage_.faults_are_on) return false;
    stage_.tell(name(processor_), " refuses to close ", payment.provider_id);
    on_not_closed(attempt);
    return true;
}

bool Provider::begin(Payment& payment) {
    expire_if_late(payment);
    if (payment.state != Payment::State::open) return false;
    payment.state = Payment::State::begun;
    stage_.tell("a visitor begins to pay ", payment.provider_id);
    return true;
}

// Now and then a terminal takes another amount than agreed.
std::optional<Money> Provider::amount_taken(const Payment& payment) {
    if (!stage_.strikes(stage_.plan.wrong_captures)) return payment.agreed;
    const auto other = payment.agreed.minor() / 200 * 100;
    if (stage_.random.percent(30) && processor_ == Processor::stripe) {
        const auto usd = Currency::of("USD");
        return Money::of(payment.agreed.minor(), *usd).value();
    }
    return Money::of(std::max<std::int64_t>(other, 100), payment.agreed.currency()).value();
}

void Provider::finish(Payment& payment, bool with_money) {
    if (payment.state != Payment::State::begun) return;
    if (with_money) {
        payment.state = Payment::State::captured;
        payment.captured = amount_taken(payment);
        payment.captured_at = stage_.schedule.now();
        ++stage_.tally.captures;
        move(settlement::LineKind::charge, payment, payment.provider_id, *payment.captured);
        stage_.tell(
            name(processor_), " takes ", payment.captured->decimal(), " with ", payment.provider_id
        );
        return announce(payment, News::captured);
    }
    stage_.tell(name(processor_), " declines ", payment.provider_id);
    payment.last_error = "card_declined";
    // A declined card ends a SimplePay payment; at Stripe another card may be tried.
    payment.state =
        processor_ == Processor::simplepay ? Payment::State::failed : Payment::State::open;
    announce(payment, News::declined);
}

void Provider::give_up(Payment& payment) {
    if (expire_if_late(payment) || payment.state != Payment::State::open) return;
    payment.state = Payment::State::cancelled;
    stage_.tell("the visitor cancels ", payment.provider_id);
    announce(payment, News::closed);
}

void Provider::move(
    settlement::LineKind kind, const Payment& payment, std::string source_id, Money amount
) {
    movements_.push_back({kind, &payment, std::move(source_id), amount, stage_.schedule.now()});
}

void Provider::refund_at_desk(Payment& payment) {
    if (!payment.captured) return;
    const auto left = payment.captured->minor() - payment.refunded_minor();
    if (left < 200) return;
    // Equal halves are two refunds, not one heard twice.
    auto minor = stage_.random.percent(40) ? left : payment.captured->minor() / 400 * 100;
    // On Stripe's pages forints have hundredths.
    if (processor_ == Processor::stripe && minor < left && stage_.random.percent(50)) minor += 50;
    const auto amount = Money::of(std::min(left, minor), payment.captured->currency());
    if (!amount || amount->is_zero()) return;
    ++stage_.tally.refunds;
    payment.refunds.push_back({"re_" + new_id(), "", *amount});
    move(settlement::LineKind::refund, payment, payment.refunds.back().id, *amount);
    stage_.tell("the desk gives back ", amount->decimal(), " of ", payment.provider_id);
    announce(payment, News::refunded);
}

void Provider::issue_refund(Payment& payment, const Refund& refund) {
    ++stage_.tally.refunds;
    payment.refunds.push_back({"re_" + new_id(), refund.reference, refund.amount});
    move(settlement::LineKind::refund, payment, payment.refunds.back().id, refund.amount);
    stage_.tell(
        name(processor_), " gives back ", refund.amount.decimal(), " of ", payment.provider_id,
        " as ", refund.reference
    );
    announce(payment, News::refunded);
}

void Provider::fail_refund(Payment& payment, std::size_t index) {
    auto& refund = payment.refunds[index];
    if (refund.failed) return;
    refund.failed = true;
    move(settlement::LineKind::refund_failure, payment, refund.id, refund.amount);
    stage_.tell("refund ", refund.id, " of ", payment.provider_id, " comes back");
    announce(payment, News::refund_failed);
}

// Its bank opens one dispute about a payment, which may go back and forth.
void Provider::dispute(Payment& payment) {
    if (!payment.captured || processor_ != Processor::stripe || !payment.disputes.empty()) return;
    auto& random = stage_.random;
    // Exchange rates make it another amount, to the hundredth, also of a forint; or it is a part.
    const auto& taken = *payment.captured;
    const auto amount =
        random.percent(20)
            ? Money::of(12'345, *Currency::of("USD"))
            : Money::of(taken.minor() / 2 + random.between(0, taken.minor()), taken.currency());
    payment.disputes.push_back({.id = "dp_" + new_id(), .since = {}, .amount = amount.value()});
    constexpr FactKind first[] = {
        FactKind::disputed, FactKind::disputed, FactKind::disputed, FactKind::inquiry,
        FactKind::dispute_prevented};
    const auto opened = first[random.below(5)];
    move_dispute(payment, opened);
    // A bank may ask and never come back to it.
    const bool rests = opened == FactKind::inquiry && random.percent(50);
    if (opened != FactKind::dispute_prevented && !rests) quarrel_on(payment, random.between(1, 4));
}

// What both sides and a new version of the API may make of it, at least a second later: the
// provider tells moments in whole seconds.
void Provider::quarrel_on(Payment& payment, int turns) {
    if (turns == 0) return;
    stage_.schedule.in(
        stage_.random.about(1min, 5h), Schedule::Owner::world,
        [this, &payment, turns] {
            constexpr FactKind turn[] = {FactKind::dispute_won, FactKind::dispute_lost,
                                         FactKind::dispute_won, FactKind::dispute_lost,
                                         FactKind::disputed,    FactKind::dispute_unclear};
            const bool is_inquiry = payment.disputes.back().state == FactKind::inquiry;
            const bool is_closed = is_inquiry && stage_.random.percent(50);
            move_dispute(
                payment, is_closed ? FactKind::inquiry_closed : turn[stage_.random.below(6)]
            );
            if (!is_closed) quarrel_on(payment, turns - 1);
        }
    );
}

void Provider::move_dispute(Payment& payment, FactKind state) {
    auto& quarrel = payment.disputes.back();
    const bool was_withdrawn = quarrel.withdrawn;
    const bool had_money = quarrel.since != Time{} && quarrel.has_money();
    quarrel.state = state;
    quarrel.since = std::chrono::floor<std::chrono::seconds>(stage_.schedule.now());
    if (state == FactKind::disputed || state == FactKind::dispute_lost) quarrel.withdrawn = true;
    if (state == FactKind::dispute_won) quarrel.withdrawn = false;
    if (state == FactKind::dispute_prevented) quarrel.withdrawn = stage_.random.percent(50);
    quarrel.moved = quarrel.withdrawn != was_withdrawn;
    using settlement::LineKind;
    if (quarrel.has_money() != had_money)
        move(
            had_money ? LineKind::dispute_reversal : LineKind::dispute, payment, quarrel.id,
            quarrel.amount
        );
    stage_.tell("dispute ", quarrel.id, " of ", payment.provider_id, ": ", name(state));
    announce(payment, News::disputed);
}

bool ProviderDispute::has_money() const {
    const auto is = dispute_state_of(state);
    return is == DisputeState::open || is == DisputeState::unclear || is == DisputeState::lost ||
           (is == DisputeState::prevented && withdrawn);
}

void Provider::warn_of_fraud(Payment& payment) {
    if (!payment.captured || processor_ != Processor::stripe || payment.fraud_warned) return;
    payment.fraud_warned = true;
    stage_.tell("the card's issuer reports fraud of ", payment.provider_id);
    announce(payment, News::warned);
}

// --------------------------------------------------------------------------------- no answers

StartResult Provider::unusable(Outcome kind) {
    StartResult started;
    started.outcome = kind;
    Fact fact;
    fact.kind = kind == Outcome::unreachable ? FactKind::failed : FactKind::unanswered;
    if (kind == Outcome::unreachable) fact.subject = "unreachable";
    started.facts.push_back(std::move(fact));
    started.reason = "no usable answer";
    return started;
}

RefundResult Provider::unusable_refund(const Refund& refund, Outcome kind, FactKind fact_kind) {
    RefundResult refunded;
    refunded.outcome = kind;
    refunded.reason = "no usable answer";
    Fact fact;
    fact.kind = fact_kind;
    fact.refund = refund.reference;
    refunded.facts.push_back(std::move(fact));
    return refunded;
}

// ------------------------------------------------------------------------------------ notices

Fact Provider::fact(FactKind kind, const Payment& payment) const {
    Fact fact;
    fact.kind = kind;
    fact.provider_id = payment.provider_id;
    fact.account = payment.account;
    return fact;
}

Heard Provider::notice(MatchCriteria subject, std::vector<Fact> facts, const std::string& body)
    const {
    const auto source = processor_ == Processor::stripe ? Source::webhook : Source::ipn;
    SignedMessage message{processor_, body, "good", body};
    return Heard::notification(
        std::move(subject), source, {}, std::move(facts), std::move(message)
    );
}

void Provider::send(Heard heard, const Payment& payment, bool must_arrive) {
    auto& random = stage_.random;
    const auto body = heard.message->body;
    meanings_.emplace(body, std::move(heard));
    notices_.push_back({body, "good", payment.provider_id, must_arrive});
    const auto number = notices_.size() - 1;
    ++stage_.tally.notices;
    if (!must_arrive && stage_.strikes(stage_.plan.dropped_notices)) {
        stage_.tell("notice '", body, "' is never sent");
        return;
    }
    auto delay = random.about(1ms, 10s);
    if (stage_.strikes(stage_.plan.delayed_notices)) delay = random.about(1min, 30h);
    plan_delivery(number, delay);
    if (stage_.strikes(stage_.plan.doubled_notices))
        plan_delivery(number, delay + random.about(1ms, 1h));
    if (stage_.strikes(stage_.plan.forged_notices)) {
        notices_.push_back({body, "forged", payment.provider_id, false});
        plan_delivery(notices_.size() - 1, random.about(1ms, 1h));
    }
}

void Provider::plan_delivery(std::size_t number, std::chrono::milliseconds delay) {
    stage_.schedule.in(delay, Schedule::Owner::world, [this, number] { try_to_deliver(number); });
}

// Again later until it is acknowledged, ever more seldom, as both providers do for three days.
void Provider::try_to_deliver(std::size_t number) {
    auto& notice = notices_[number];
    if (++notice.tries > 40) return;
    const std::chrono::milliseconds least = 5s * (1 << std::min(notice.tries - 1, 10));
    const auto next = stage_.random.about(least, 3h);
    stage_.tell("notice '", notice.body, "' arrives, signature ", notice.signature);
    // Whether the answer comes back or not: who hears nothing tries again.
    deliver(processor_, notice, [this, number, next](bool acknowledged) {
        auto& delivered = notices_[number];
        if (acknowledged && !stage_.strikes(stage_.plan.lost_calls)) delivered.acknowledged = true;
        if (delivered.signature != "good" || delivered.acknowledged) return;
        plan_delivery(number, next);
    });
}

Result<Notification> Provider::read(std::string_view signature, std::string_view body, Time now)
    const {
    const auto known = meanings_.find(body);
    if (signature != "good" || known == meanings_.end())
        return Error{Errc::invalid_signature, "the notice is not signed"};
    auto heard = known->second;
    heard.at = now;
    return Notification{std::move(heard), {std::string{body}, ""}};
}

Result<Notification> Provider::read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
    const {
    return read("good", kept.message.body, now);
}

}  // namespace payments::simulate
