#include "simulate/broken/variants.hpp"
#include "simulate/forwarding.hpp"

namespace payments::simulate {
namespace {

class BrokenGateway : public ForwardingGateway {
public:
    explicit BrokenGateway(GatewayToBreak real)
        : ForwardingGateway(real.gateway), stage_(real.stage), processor_(real.processor) {}

protected:
    Stage& stage_;
    const Processor processor_;
};

template <class Broken>
Variant with_gateway(std::string name, std::string what) {
    Variant variant;
    variant.name = std::move(name);
    variant.what = std::move(what);
    variant.gateway = [](GatewayToBreak real) { return std::make_unique<Broken>(real); };
    return variant;
}

Fact ending(FactKind kind) {
    Fact fact;
    fact.kind = kind;
    return fact;
}

// Changes every fact that the provider tells, in answers and in notices.
template <class Change>
struct MisreadsFacts : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        auto said = co_await gateway_.query(std::move(attempts));
        for (auto& one : said)
            for (auto& fact : one.facts) Change{}(fact);
        co_return said;
    }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override {
        auto notification = gateway_.read(signature, body, now);
        if (notification)
            for (auto& fact : notification->heard.facts) Change{}(fact);
        return notification;
    }
};

struct DropAmount {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::captured) fact.amount.reset();
    }
};
struct NameByAmount {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::refunded && fact.amount) fact.subject = fact.amount->decimal();
    }
};

// What turns a fact into a hint makes it mean nothing.
struct ForgetMoment {
    void operator()(Fact& fact) const { fact.occurred_at.reset(); }
};
struct DropFraction {
    void operator()(Fact& fact) const {
        if (!fact.amount || fact.amount->is_in_steps()) return;
        const auto currency = fact.amount->currency();
        const auto whole = fact.amount->minor() / currency.step() * currency.step();
        fact.amount = Money::of(whole, currency).value();
    }
};
struct IgnoreUnknownWord {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::dispute_unclear) fact.kind = FactKind::returned;
    }
};
struct TakeInquiryForDispute {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::inquiry) fact.kind = FactKind::disputed;
    }
};
struct IgnoreWithdrawal {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::dispute_withdrawn) fact.kind = FactKind::returned;
    }
};
struct IgnoreReturn {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::refund_failed) fact.kind = FactKind::returned;
    }
};
struct TakePartForAll {
    void operator()(Fact& fact) const {
        const auto word = dispute_state_of(fact.kind);
        if (word && *word != DisputeState::inquiry) fact.amount.reset();
    }
};
struct IgnoreWarning {
    void operator()(Fact& fact) const {
        if (fact.kind == FactKind::fraud_warning) fact.kind = FactKind::returned;
    }
};

// ------------------------------------------------------------------------- answers misread

struct TakesSilenceForNo : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<StartResult> start(Transaction attempt, Payer payer) override {
        auto started = co_await gateway_.start(std::move(attempt), std::move(payer));
        if (started.outcome == Outcome::unanswered || started.outcome == Outcome::garbled)
            started.facts = {ending(FactKind::failed)};
        co_return started;
    }
};

struct ExpiresUnasked : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        std::vector<QueryResult> said;
        for (const auto& attempt : attempts) {
            std::vector<Transaction> one{attempt};
            if (is_live(attempt.status) && stage_.schedule.now() > attempt.expires_at) {
                QueryResult over;
                over.transaction_id = attempt.id;
                over.answered = true;
                over.facts = {ending(FactKind::expired)};
                said.push_back(std::move(over));
            } else {
                auto answers = co_await gateway_.query(std::move(one));
                said.push_back(std::move(answers.front()));
            }
        }
        co_return said;
    }
};

// Whatever has our number is ours, and a number that is spent is one whose answer was lost.
struct TrustsNumbers : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<StartResult> start(Transaction attempt, Payer payer) override {
        auto started = co_await gateway_.start(std::move(attempt), std::move(payer));
        if (!started.is_number_spent) co_return started;
        StartResult lost;
        lost.facts = {ending(FactKind::unanswered)};
        co_return lost;
    }
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        if (processor_ == Processor::simplepay)
            for (auto& attempt : attempts) {
                attempt.created_at = {};
                attempt.provider_id.clear();
            }
        return gateway_.query(std::move(attempts));
    }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override {
        auto notification = gateway_.read(signature, body, now);
        if (notification) notification->heard.subject.evidence.reset();
        return notification;
    }
};

struct TakesAbsentForFailed : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        auto said = co_await gateway_.query(std::move(attempts));
        for (auto& one : said)
            if (one.is_unknown) one.facts.push_back(ending(FactKind::failed));
        co_return said;
    }
};

// Asks the account that is used now about payments that were made at the one before.
struct AsksTheNewAccount : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    bool has_account(const std::string&) const override { return true; }
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        for (auto& attempt : attempts)
            attempt.account = gateway_.account(attempt.amount.currency());
        return gateway_.query(std::move(attempts));
    }
};

// Repeats the creation also of what has ended here, to hear how it stands.
struct AsksByBeginning : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override {
        for (auto& attempt : attempts)
            if (attempt.provider_id.empty()) attempt.status = Status::created;
        return gateway_.query(std::move(attempts));
    }
};

// -------------------------------------------------------------------------- things not done

// Whoever asked leaves open what the answer has opened, if the attempt ended meanwhile.
struct LeavesOpenWhatIsOver : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<QueryResult> cancel(Transaction attempt) override {
        if (is_live(attempt.status)) co_return co_await gateway_.cancel(std::move(attempt));
        QueryResult said;
        said.transaction_id = attempt.id;
        co_return said;
    }
};

struct ClosesOnPaperOnly : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<QueryResult> cancel(Transaction attempt) override {
        QueryResult said;
        said.transaction_id = attempt.id;
        said.answered = true;
        said.facts = {ending(FactKind::cancelled)};
        co_return said;
    }
};

struct KeepsOneNoticeEach : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override {
        auto notification = gateway_.read(signature, body, now);
        if (notification && notification->heard.subject.transaction_id)
            notification->heard.message->identity =
                "TR" + std::to_string(*notification->heard.subject.transaction_id);
        return notification;
    }
};

// A provider that does not know our names is told a second time.
struct RepeatsRefunds : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    bool has_idempotent_refunds() const override { return true; }
};

// Repeats an order, hears nothing, and gives it up, for it was asked for 15 minutes ago.
struct GivesUpWhatItRepeats : BrokenGateway {
    using BrokenGateway::BrokenGateway;
    Task<RefundResult> refund(Transaction attempt, Refund refund) override {
        auto result = co_await gateway_.refund(attempt, refund);
        if (result.outcome != Outcome::unanswered) co_return result;
        for (const auto& pending : pending_refunds(attempt))
            if (pending.refund.reference == refund.reference &&
                stage_.schedule.now() - pending.asked_at >= std::chrono::minutes{15})
                for (auto& fact : result.facts) fact.kind = FactKind::refund_refused;
        co_return result;
    }
};

}  // namespace

std::vector<Variant> broken_gateways() {
    return {
        with_gateway<TakesSilenceForNo>("no answer is a no", "a start without an answer failed"),
        with_gateway<ExpiresUnasked>(
            "expires without asking", "what is past its deadline is over, whatever was paid"
        ),
        with_gateway<TakesAbsentForFailed>(
            "absent is failed", "what the provider does not know yet will never be"
        ),
        with_gateway<TrustsNumbers>(
            "a number is proof", "whatever has the number of an attempt was made for it"
        ),
        with_gateway<AsksTheNewAccount>(
            "asks the new account", "a payment is looked for where it was not made"
        ),
        with_gateway<AsksByBeginning>(
            "asks by beginning", "to hear of what has ended here it is begun there"
        ),
        with_gateway<LeavesOpenWhatIsOver>(
            "leaves open what is over", "what is opened after its end can be paid for ever"
        ),
        with_gateway<ClosesOnPaperOnly>(
            "closes on paper only", "the old attempt can still be paid when a new one begins"
        ),
        with_gateway<KeepsOneNoticeEach>(
            "one notice each", "a second notice of an attempt is taken for the first"
        ),
        with_gateway<MisreadsFacts<DropAmount>>(
            "amount not compared", "whatever was taken is what was agreed"
        ),
        with_gateway<MisreadsFacts<NameByAmount>>(
            "refunds by amount", "two equal refunds are one heard twice"
        ),
        with_gateway<RepeatsRefunds>(
            "refunds repeated", "SimplePay is told again when its answer was lost"
        ),
        with_gateway<GivesUpWhatItRepeats>(
            "gives up what it repeats", "an order that was just repeated is not on the list"
        ),
        with_gateway<MisreadsFacts<ForgetMoment>>(
            "the worst word of a dispute", "of all words on a dispute the worst counts"
        ),
        with_gateway<MisreadsFacts<DropFraction>>(
            "whole forints only", "a fraction of a forint that Stripe reports is dropped"
        ),
        with_gateway<MisreadsFacts<IgnoreUnknownWord>>(
            "unknown words ignored", "a dispute in a word we do not know stands as before"
        ),
        with_gateway<MisreadsFacts<TakeInquiryForDispute>>(
            "an inquiry is a dispute", "the bank's question is taken for a chargeback"
        ),
        with_gateway<MisreadsFacts<TakePartForAll>>(
            "a part is all", "a bank that takes a part of a payment has taken the fee"
        ),
        with_gateway<MisreadsFacts<IgnoreReturn>>(
            "money does not come back", "a refund that was made and then failed stays made"
        ),
        with_gateway<MisreadsFacts<IgnoreWithdrawal>>(
            "withdrawals ignored", "what the bank took of a prevented dispute is still ours"
        ),
        with_gateway<MisreadsFacts<IgnoreWarning>>(
            "warnings ignored", "nobody is told that a card's issuer reports fraud"
        ),
    };
}

}  // namespace payments::simulate
