#pragma once

#include <set>

#include "simulate/provider.hpp"

namespace payments::simulate {

// Stripe as the service meets it: one PaymentIntent per Idempotency-Key, another card after one
// was declined, events in any refund, and a question that makes the PaymentIntent when it is not
// there yet.
class SimStripe final : public Provider {
public:
    explicit SimStripe(Stage& stage) : Provider(stage, Processor::stripe) {}

    std::string account(Currency) const override { return "test"; }
    Task<StartResult> start(Transaction attempt, Payer payer) override;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override;
    Task<QueryResult> cancel(Transaction attempt) override;
    Task<RefundResult> refund(Transaction attempt, Refund refund) override;
    bool has_idempotent_refunds() const override { return true; }

    // Which key makes an attempt's PaymentIntent.
    std::function<std::string(const Transaction&)> key_of;

private:
    void announce(Payment& payment, News news) override;
    std::string new_id() override { return "pi_" + std::to_string(++last_number_); }
    void send_event(Payment& payment, std::string type, std::vector<Fact> facts, bool must_arrive);

    std::string key(const Transaction& attempt) const;
    StartResult created(const Transaction& attempt, const std::string& with_key, Time asked_at);
    Task<CallResult<StartResult>> create(Transaction attempt);
    QueryResult said_of(const Transaction& attempt, const Payment& payment) const;
    std::vector<Fact> facts_of(const Payment& payment) const;
    std::vector<Fact> facts_of(const Payment& payment, const ProviderRefund& refund) const;
    std::vector<Fact> refunds_of(const Payment& payment) const;
    std::vector<Fact> dispute_of(const Payment& payment) const;
    RefundResult given_back(const Transaction& attempt, const Refund& refund);
    bool refuses() { return stage_.strikes(stage_.plan.refused_starts); }
    QueryResult closed(const Transaction& attempt, const std::string& id);
    Task<QueryResult> read(Transaction attempt, std::string id);
    Task<QueryResult> find_for(Transaction attempt);
    Task<QueryResult> ask_one(Transaction attempt);
    Task<void> ask_into(Transaction attempt, QueryResult* said);

    std::set<std::string> refused_keys_;
};

}  // namespace payments::simulate
