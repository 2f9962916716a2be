#include "simulate/crowd.hpp"

namespace payments::simulate {

using namespace std::chrono_literals;

namespace {

const Actor anna{"anna", "Anna K."}, bela{"bela", "Béla N."};

}  // namespace

Crowd::Crowd(Stage& stage, Service& service, SimSimplePay& simplepay, SimStripe& stripe)
    : stage_(stage), service_(service), simplepay_(simplepay), stripe_(stripe) {
    const auto& plan = stage.plan;
    for (int i = 0; i < plan.visitors; ++i)
        visitors_.push_back({i + 1, 1 + i % plan.tickets, plan.starts_max});
}

void Crowd::come() {
    for (std::size_t i = 0; i < visitors_.size(); ++i) begin(i, stage_.random.about(1ms, 2min));
}

// The same people try again, and others with tickets of their own: numbers of attempts that are no
// longer on record are given a second time.
void Crowd::come_again() {
    const auto& plan = stage_.plan;
    for (int i = 1; i <= plan.late_tickets; ++i)
        visitors_.push_back({plan.visitors + i, plan.tickets + i, plan.starts_max});
    come();
}

void Crowd::look_after() {
    if (stage_.plan.closings == 0) return;
    const auto look = [this] {
        for (std::int64_t id = 1; id <= stage_.tally.starts; ++id)
            if (stage_.random.percent(stage_.plan.closings))
                service_.close({id, {"nobody can pay it any more", "staff"}, anna});
        for (const auto& person : {anna, bela})
            service_.tend_worklist(person, static_cast<std::uint64_t>(stage_.random.below(1'000)));
    };
    for (int i = 0; i < 4; ++i) in(35min + stage_.random.about(1s, 30h), look);
}

void Crowd::give_back_together() {
    auto& random = stage_.random;
    for (int i = 0; i < stage_.plan.runs; ++i) {
        Give give;
        give.kind = static_cast<Give::Kind>(random.below(3));
        give.percent = random.between(1, 99);
        if (give.kind == Give::Kind::amount)
            give.amount = Money::of(5'000, Currency::of("EUR").value()).value();
        const auto when = random.about(1min, 3h);
        in(when, [this, give] { service_.start_run(anna, give); });
        // Twice at the same time, by two people.
        if (random.percent(30)) in(when + 5ms, [this, give] { service_.start_run(bela, give); });
        for (int look = 0; look < 6; ++look)
            in(when + random.about(1s, look < 4 ? 30min : 20h), [this, look] {
                const auto choice = static_cast<std::uint64_t>(stage_.random.below(1'000));
                service_.tend_runs(look % 3 == 0 ? anna : bela, choice);
            });
    }
}

void Crowd::begin(std::size_t visitor, std::chrono::milliseconds delay) {
    if (visitors_[visitor].starts_left-- <= 0) return;
    in(delay, [this, visitor] { start(visitor); });
    if (stage_.random.percent(10)) in(delay + 50ms, [this, visitor] { start(visitor); });
}

void Crowd::start(std::size_t visitor) {
    constexpr const char* codes[] = {
        "FULL-FEE-EUR-SIMPLE", "FULL-FEE-EUR-STRIPE-INTENTS", "FULL-FEE-HUF-SIMPLE",
        "FULL-FEE-HUF-STRIPE-INTENTS"};
    auto& random = stage_.random;
    StartRequest request;
    request.ticket_id = visitors_[visitor].ticket_id;
    request.code = codes[random.percent(80) ? random.below(2) : random.below(4)];
    request.metas = "{}";
    service_.start(std::move(request), [this, visitor](auto reply) {
        // The answer to the visitor may be lost as well.
        const bool is_lost = stage_.strikes(stage_.plan.lost_calls / 2);
        if (is_lost) reply.reset();
        in(std::chrono::milliseconds{stage_.random.between(1, 300)},
           [this, visitor, reply] { hear(visitor, reply); });
    });
}

void Crowd::hear(std::size_t visitor, const std::optional<Result<StartReply>>& reply) {
    auto& random = stage_.random;
    if (!reply || !*reply) return begin(visitor, random.about(500ms, 10min));
    const auto& yes = reply->value();
    if (!yes.required_additional_action) return;
    for (auto* provider : {static_cast<Provider*>(&simplepay_), static_cast<Provider*>(&stripe_)})
        if (auto* payment = provider->behind(yes.redirect_url, yes.client_secret))
            decide(visitor, *provider, *payment);
}

void Crowd::decide(std::size_t visitor, Provider& provider, Payment& payment) {
    auto& random = stage_.random;
    const auto soon = random.about(1s, 20min);
    // Shortly before the deadline, or after it.
    const auto late =
        payment.deadline - stage_.schedule.now() + std::chrono::seconds{random.between(-120, 180)};
    const auto choice = random.below(100);
    if (choice < 60)
        in(soon, [this, visitor, &provider, &payment] { pay(visitor, provider, payment); });
    else if (choice < 70)
        in(std::max(late, 1ms),
           [this, visitor, &provider, &payment] { pay(visitor, provider, payment); });
    else if (choice < 80 && payment.processor == Processor::simplepay)
        in(soon, [this, visitor, &provider, &payment] {
            provider.give_up(payment);
            return_to_shop(payment, "CANCEL");
            begin(visitor, 5s);
        });
    if (payment.processor == Processor::simplepay) {
        if (stage_.strikes(stage_.plan.leaked_secret))
            in(random.about(1s, 1h), [is_end = random.percent(30), &provider, &payment] {
                is_end ? provider.forge_ending(payment) : provider.forge_capture(payment);
            });
        if (stage_.strikes(stage_.plan.lying_returns))
            in(random.about(1s, 1h), [this, &payment] { return_to_shop(payment, "SUCCESS"); });
    }
    // In another tab, with another way to pay.
    if (choice >= 80 || random.percent(25)) begin(visitor, random.about(1s, 40min));
}

void Crowd::pay(std::size_t visitor, Provider& provider, Payment& payment) {
    if (!provider.begin(payment)) {
        if (payment.state == Payment::State::expired) return_to_shop(payment, "TIMEOUT");
        return begin(visitor, 2s);
    }
    in(stage_.random.about(200ms, 10min),
       [this, visitor, &provider, &payment] { end_paying(visitor, provider, payment); });
}

void Crowd::end_paying(std::size_t visitor, Provider& provider, Payment& payment) {
    auto& random = stage_.random;
    const bool with_money = random.percent(75);
    provider.finish(payment, with_money);
    if (payment.processor == Processor::simplepay && random.percent(85))
        return_to_shop(payment, with_money ? "SUCCESS" : "FAIL");
    if (with_money) return later_at_the_desk(visitor, provider, payment);
    if (payment.is_payable())
        in(random.about(1s, 5min),
           [this, visitor, &provider, &payment] { pay(visitor, provider, payment); });
    else
        begin(visitor, random.about(1s, 1min));
}

void Crowd::return_to_shop(const Payment& payment, std::string event) {
    auto& random = stage_.random;
    const auto r = payment.reference() + " " + payment.provider_id + " " + payment.account + " " +
                   std::move(event);
    const auto come_back = [this, r] {
        const bool is_forged = stage_.strikes(stage_.plan.forged_notices);
        service_.come_back(r, is_forged ? "forged" : "good", [](const auto&) {});
    };
    in(random.about(10ms, 10s), come_back);
    if (random.percent(20)) in(random.about(1s, 2h), come_back);  // reloads the page
}

// Staff without an answer press the button again: the same refund, under the same key.
void Crowd::refund_by_staff(RefundRequest request, int tries_left) {
    const auto press = [this, request, tries_left] {
        service_.refund(request, [this, request, tries_left](const auto& result) {
            const bool is_over = result && (*result || result->error().retry_after_s == 0);
            if (!is_over && tries_left > 0) refund_by_staff(request, tries_left - 1);
        });
    };
    in(stage_.random.about(1s, 1h), press);
    if (stage_.random.percent(15)) in(stage_.random.about(1s, 1h), press);
}

// Half of it, or all that is left.
void Crowd::wish_refund(const Payment& payment, bool is_half) {
    RefundRequest request;
    request.transaction_id = payment.transaction_id;
    if (is_half) request.amount = payment.agreed.minor() > 100'000 ? "52000" : "110";
    request.by = "staff";
    request.key = "wish-" + std::to_string(++wishes_);
    request.person = anna;
    refund_by_staff(std::move(request), 2);
}

void Crowd::later_at_the_desk(std::size_t visitor, Provider& provider, Payment& payment) {
    auto& random = stage_.random;
    for (int i = 0; i < 2; ++i)
        if (stage_.strikes(stage_.plan.staff_refunds)) wish_refund(payment, random.percent(60));
    for (int i = 0; i < 2; ++i)
        if (stage_.strikes(stage_.plan.dashboard_refunds))
            in(random.about(10s, 3h), [this, visitor, &provider, &payment] {
                provider.refund_at_desk(payment);
                // Whoever has all of it back may come again; should the money not arrive after all,
                // the fee has been paid twice.
                if (payment.refunded_minor() == payment.captured->minor())
                    begin(visitor, stage_.random.about(1s, 10min));
            });
    // Late, when refunds have come back and a fee may have been paid twice.
    if (stage_.strikes(stage_.plan.staff_refunds))
        in(random.about(1h, 6h), [this, &payment] { wish_refund(payment, false); });
    if (stage_.strikes(stage_.plan.dashboard_refunds))
        in(random.about(6h, 12h), [&provider, &payment] { provider.refund_at_desk(payment); });
    if (stage_.strikes(stage_.plan.failing_refunds) && payment.processor == Processor::stripe)
        in(random.about(1h, 6h), [&provider, &payment] {
            if (!payment.refunds.empty()) provider.fail_refund(payment, 0);
        });
    if (stage_.strikes(stage_.plan.disputes))
        in(random.about(1min, 5h), [&provider, &payment] { provider.dispute(payment); });
    if (stage_.strikes(stage_.plan.disputes))
        in(random.about(1min, 5h), [&provider, &payment] { provider.warn_of_fraud(payment); });
}

}  // namespace payments::simulate
