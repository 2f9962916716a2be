// Two operations on one payment, one in the middle of the other, at every step and in both orders:
// the end is the same.
#include <algorithm>
#include <map>

#include "fixtures/interruptions.hpp"
#include "fixtures/scenario.hpp"
#include "flow/checks/reconcile.hpp"
#include "flow/receive_notification.hpp"
#include "flow/refund_payment.hpp"
#include "flow/return_from_simplepay.hpp"
#include "flow/start_payment.hpp"

namespace payments {

using namespace testing_support;

namespace {

// What the operations answered, by name.
struct Outcomes {
    std::vector<Result<StartReply>> starts;
    std::vector<Result<RefundReply>> refunds;
};

Task<void> start_of(
    FlowContext& world, std::int64_t ticket_id, std::string code, Outcomes* outcomes
) {
    StartRequest request;
    request.ticket_id = ticket_id;
    request.code = std::move(code);
    request.metas = "{}";
    outcomes->starts.push_back(co_await start_payment(world, std::move(request)));
}

Task<void> refund_of(FlowContext& world, std::int64_t id, std::string amount, Outcomes* outcomes) {
    RefundRequest request;
    request.transaction_id = id;
    request.amount = std::move(amount);
    outcomes->refunds.push_back(co_await refund_payment(world, std::move(request)));
}

Task<void> return_of(FlowContext& world, std::string r) {
    EXPECT_TRUE(co_await return_from_simplepay(world, std::move(r), "good"));
}

Task<void> message_of(FlowContext& world, Processor from, std::string body) {
    EXPECT_TRUE(co_await receive_notification(world, from, "good", std::move(body)));
}

Task<void> check_of(FlowContext& world) { co_await reconcile_due(world); }

}  // namespace

class Interleaving : public Scenario {
protected:
    using Operation = std::function<Task<void>(FlowContext&)>;

    Interleaving() {
        for (auto* gateway : {&simplepay, &stripe}) {
            gateway->on_start = [this, accept = gateway->on_start](const Transaction& attempt) {
                payable.insert(attempt.id);
                return accept(attempt);
            };
            gateway->on_ask = [this, open = gateway->on_ask](const Transaction& attempt) {
                return captured_minor.contains(attempt.id) ? paid_word(attempt) : open(attempt);
            };
            gateway->on_cancel = [this, close = gateway->on_cancel](const Transaction& attempt) {
                payable.erase(attempt.id);
                return close(attempt);
            };
            gateway->on_refund = [this, yes = gateway->on_refund](auto& attempt, auto& refund) {
                returned_minor[attempt.id] += refund.amount.minor();
                return yes(attempt, refund);
            };
        }
    }

    QueryResult paid_word(const Transaction& attempt) {
        auto fact = word_of(attempt, FactKind::captured);
        fact.amount = attempt.amount;
        return said({std::move(fact)});
    }

    // A ticket of its own for every try.
    std::int64_t new_ticket() {
        const auto id = 1000 + ++tickets_made_;
        tickets.tickets[id] = tickets.tickets[42];
        tickets.tickets[id].id = id;
        return id;
    }
    // An attempt that the visitor has paid at the provider, of which we have not heard.
    std::int64_t paid_unheard(const std::string& code) {
        const auto id = started(code, new_ticket());
        captured_minor[id] = 22000;
        return id;
    }
    std::int64_t paid(const std::string& code) {
        const auto id = paid_unheard(code);
        code == stripes ? webhook(id, {capture_of(id)}) : ipn(id, {capture_of(id)});
        EXPECT_EQ(status(id), "paid");
        return id;
    }

    Operation ipn_about(std::int64_t id) {
        return message(Processor::simplepay, id, {claim_of(id)}, Source::ipn, true);
    }
    Operation dispute_of(std::int64_t id) {
        return message(
            Processor::stripe, id, {word(id, FactKind::disputed, "dp_1")}, Source::webhook, false
        );
    }
    Operation visitor_back_from(std::int64_t id) {
        const auto r = "r" + std::to_string(id);
        returns.returns[r] = Scenario::return_of(id, "SUCCESS");
        return [r](FlowContext& in) { return payments::return_of(in, r); };
    }

    // Runs `one` with `other` at each of its steps in turn, each time on what `prepare` made.
    struct Pair {
        Operation one, other;
        std::function<void()> check;
    };
    void at_every_step(const std::function<Pair()>& prepare) {
        std::size_t at = 1;
        for (; at < 100; ++at) {
            SCOPED_TRACE("at step " + std::to_string(at));
            const auto pair = prepare();
            steps.interrupt(at, [&] { return pair.other(world); });
            await(pair.one(stepping_world));
            if (steps.passed() < at) break;
            wait(30s);
            pair.check();
        }
        EXPECT_GT(at, 2u);
    }

    std::set<std::int64_t> payable;  // at the providers
    std::map<std::int64_t, std::int64_t> captured_minor, returned_minor;
    Outcomes outcomes;

    Steps steps;
    SteppingStore stepping_store{*database, steps};
    SteppingGateway stepping_simplepay{simplepay, steps}, stepping_stripe{stripe, steps};
    FlowContext stepping_world{
        rules,           clock,   stepping_store, tickets, stepping_simplepay,
        stepping_stripe, returns, [](Status) {}};

private:
    Operation message(
        Processor from, std::int64_t id, std::vector<Fact> facts, Source source, bool check_now
    ) {
        const auto identity = "message-" + std::to_string(++messages_made_);
        SignedMessage message{from, identity, "good", identity};
        auto heard = Heard::notification(
                         {id, "", from}, source, clock.time, std::move(facts), std::move(message)
        )
                         .and_check(check_now);
        auto& gateway = from == Processor::stripe ? stripe : simplepay;
        gateway.messages.insert_or_assign(identity, std::move(heard));
        return [=](FlowContext& in) { return message_of(in, from, identity); };
    }

    int tickets_made_ = 0, messages_made_ = 0;
};

// ----------------------------------------------------------------------------- return and IPN

class ReturnAndIpn : public Interleaving {
protected:
    Pair made(bool return_first) {
        const auto id = paid_unheard(simple);
        auto back = visitor_back_from(id);
        auto notice = ipn_about(id);
        const auto paid_before = std::ranges::count(outbox(), "payment.paid");
        const auto check = [=, this] {
            EXPECT_EQ(status(id), "paid");
            const auto events = read(id).entries;
            for (const auto kind : {FactKind::returned, FactKind::claimed, FactKind::captured})
                EXPECT_EQ(std::ranges::count(events, kind, [](auto& e) { return e.fact.kind; }), 1);
            EXPECT_EQ(std::ranges::count(outbox(), "payment.paid"), paid_before + 1);
        };
        if (return_first) return {back, notice, check};
        return {notice, back, check};
    }
};

TEST_F(ReturnAndIpn, an_ipn_during_the_return_changes_nothing_about_the_end) {
    at_every_step([this] { return made(true); });
}
TEST_F(ReturnAndIpn, a_return_during_the_ipn_changes_nothing_about_the_end) {
    at_every_step([this] { return made(false); });
}

// ---------------------------------------------------------------------------- start and start

class StartAndStart : public Interleaving {
protected:
    Pair made(const std::string& one, const std::string& other) {
        const auto ticket = new_ticket();
        outcomes.starts.clear();
        payable.clear();
        const auto start = [this, ticket](std::string code) -> Operation {
            return [=, this](FlowContext& in) { return start_of(in, ticket, code, &outcomes); };
        };
        return {start(one), start(other), [this, ticket] { check(ticket); }};
    }
    void check(std::int64_t ticket) {
        EXPECT_LE(payable.size(), 1u);
        ASSERT_EQ(outcomes.starts.size(), 2u);
        EXPECT_TRUE(outcomes.starts[0] || outcomes.starts[1]);
        for (const auto& outcome : outcomes.starts)
            EXPECT_TRUE(outcome || outcome.error().code == Errc::payment_in_progress);
        const auto known = attempts(ticket);
        const auto live = std::ranges::count_if(known, [](const Transaction& attempt) {
            return is_live(attempt.status);
        });
        EXPECT_EQ(live, 1);
        for (const auto& attempt : known)
            EXPECT_EQ(is_live(attempt.status), payable.contains(attempt.id));
    }
};

TEST_F(StartAndStart, two_visitors_by_stripe_have_one_payable_attempt) {
    at_every_step([this] { return made(stripes, stripes); });
}
TEST_F(StartAndStart, two_visitors_by_simplepay_have_one_payable_attempt) {
    at_every_step([this] { return made(simple, simple); });
}
TEST_F(StartAndStart, one_by_simplepay_and_one_by_stripe_have_one_payable_attempt) {
    at_every_step([this] { return made(simple, stripes); });
    at_every_step([this] { return made(stripes, simple); });
}

// -------------------------------------------------------------------------- refund and refund

class RefundAndRefund : public Interleaving {
protected:
    Pair made(const std::string& code, const std::string& one, const std::string& other) {
        const auto id = paid(code);
        outcomes.refunds.clear();
        const auto refund = [this, id](std::string amount) -> Operation {
            return [=, this](FlowContext& in) { return refund_of(in, id, amount, &outcomes); };
        };
        const auto check = [=, this] {
            const auto made_count = std::ranges::count_if(outcomes.refunds, [](const auto& given) {
                return given.has_value();
            });
            const bool both_fit = one == "110" && other == "110";
            EXPECT_EQ(made_count, both_fit ? 2 : 1);
            EXPECT_EQ(returned_minor[id], both_fit ? 22000 : 15000);
            EXPECT_EQ(read(id).refunded_minor, returned_minor[id]);
            EXPECT_EQ(status(id), both_fit ? "refunded" : "partially_refunded");
        };
        return {refund(one), refund(other), check};
    }
};

TEST_F(RefundAndRefund, that_are_too_much_together_are_not_both_made) {
    at_every_step([this] { return made(stripes, "150", "150"); });
    at_every_step([this] { return made(simple, "150", "150"); });
}
TEST_F(RefundAndRefund, that_fit_together_are_both_made) {
    at_every_step([this] { return made(stripes, "110", "110"); });
    at_every_step([this] { return made(simple, "110", "110"); });
}

// ------------------------------------------------------------------------- refund and dispute

class RefundAndDispute : public Interleaving {
protected:
    Pair made(bool refund_first) {
        const auto id = paid(stripes);
        outcomes.refunds.clear();
        Operation refund = [this, id](FlowContext& in) {
            return refund_of(in, id, "50", &outcomes);
        };
        auto dispute = dispute_of(id);
        const auto check = [=, this] {
            EXPECT_EQ(status(id), "disputed");
            ASSERT_EQ(outcomes.refunds.size(), 1u);
            const auto& refunded = outcomes.refunds.front();
            EXPECT_TRUE(refunded || refunded.error().code == Errc::not_refundable);
            EXPECT_EQ(returned_minor[id], refunded ? 5000 : 0);
            EXPECT_EQ(read(id).refunded_minor, returned_minor[id]);
        };
        if (refund_first) return {refund, dispute, check};
        return {dispute, refund, check};
    }
};

TEST_F(RefundAndDispute, a_dispute_during_a_refund_is_seen_and_no_money_is_lost_sight_of) {
    at_every_step([this] { return made(true); });
}
TEST_F(RefundAndDispute, a_refund_during_a_dispute_is_seen_and_no_money_is_lost_sight_of) {
    at_every_step([this] { return made(false); });
}

// ------------------------------------------------------------------------- reconcile and IPN

class ReconcileAndIpn : public Interleaving {
protected:
    Pair made(bool reconcile_first) {
        const auto id = paid_unheard(simple);
        const auto paid_before = std::ranges::count(outbox(), "payment.paid");
        pass(1min);
        Operation look = [](FlowContext& in) { return check_of(in); };
        auto notice = ipn_about(id);
        const auto check = [=, this] {
            EXPECT_EQ(status(id), "paid");
            EXPECT_EQ(std::ranges::count(outbox(), "payment.paid"), paid_before + 1);
        };
        if (reconcile_first) return {look, notice, check};
        return {notice, look, check};
    }
};

TEST_F(ReconcileAndIpn, an_ipn_while_the_provider_is_asked_is_one_payment) {
    at_every_step([this] { return made(true); });
}
TEST_F(ReconcileAndIpn, asking_the_provider_during_an_ipn_is_one_payment) {
    at_every_step([this] { return made(false); });
}

}  // namespace payments
