#pragma once

#include "support/scripted_world.hpp"

// Two operations, one in the middle of the other: the second runs from its beginning to its end
// while the first stands at one of its steps. A step is each moment before and after a call to the
// database or to a provider, so that trying them all tries every order that can matter.
namespace payments::testing_support {

class Steps {
public:
    // At its step number `at`, counted from 1, whoever passes lets `other` go first.
    void interrupt(std::size_t at, std::function<Task<void>()> other) {
        at_ = at;
        passed_ = 0;
        other_ = std::move(other);
    }
    Task<void> pass() {
        if (++passed_ != at_) co_return;
        co_await other_();
    }
    std::size_t passed() const { return passed_; }

private:
    std::size_t at_ = 0, passed_ = 0;
    std::function<Task<void>()> other_;
};

// What operations write and read on their way.
class SteppingStore final : public LosableStore {
public:
    SteppingStore(Store& store, Steps& steps) : LosableStore(store), steps_(steps) {}

    Task<std::vector<Transaction>> transactions_of(std::int64_t ticket_id) override;
    Task<std::optional<Transaction>> transaction(std::int64_t id) override;
    Task<Opened> open(NewAttempt attempt) override;
    Task<Recorded> record(Heard heard) override;
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override;
    Task<std::vector<Transaction>> claim_due(Time now, int limit) override;

private:
    Steps& steps_;
};

class SteppingGateway final : public Gateway {
public:
    SteppingGateway(ScriptedGateway& gateway, Steps& steps) : gateway_(gateway), steps_(steps) {}

    std::string account(Currency currency) const override { return gateway_.account(currency); }
    Task<Started> start(Transaction attempt, Payer payer) override;
    Task<std::vector<Said>> ask(std::vector<Transaction> attempts) override;
    Task<Said> cancel(Transaction attempt) override;
    Task<Refunded> refund(Transaction attempt, RefundOrder order) override;
    bool knows_refund_names() const override { return gateway_.knows_refund_names(); }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override {
        return gateway_.read(signature, body, now);
    }
    Result<Notification> read_kept_without_verifying(const KeptMessage& kept, Time now)
        const override {
        return gateway_.read_kept_without_verifying(kept, now);
    }

private:
    ScriptedGateway& gateway_;
    Steps& steps_;
};

}  // namespace payments::testing_support
