#pragma once

#include "simulate/provider.hpp"

namespace payments::simulate {

// SimplePay as the service meets it: a payment per orderRef, a page that closes at the deadline,
// notices without an amount, and `query`, which tells all.
class SimSimplePay final : public Provider {
public:
    explicit SimSimplePay(Stage& stage) : Provider(stage, Processor::simplepay) {}

    std::string account(Currency currency) const override;
    bool has_account(const std::string& account) const override;
    Task<StartResult> start(Transaction attempt, Payer payer) override;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override;
    Task<QueryResult> cancel(Transaction attempt) override;
    Task<RefundResult> refund(Transaction attempt, Refund refund) override;
    bool has_idempotent_refunds() const override { return false; }

    // A notice of an account that is not set up cannot be verified.
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override;
    std::optional<Heard> read_unverifiable(
        std::string_view signature, std::string_view body, Time now
    ) const override;

    void forge_capture(Payment& payment) override;
    void forge_ending(Payment& payment) override;

private:
    void announce(Payment& payment, News news) override;
    std::string new_id() override { return std::to_string(500'000 + ++last_number_); }
    StartResult begun(const Transaction& attempt, Time asked_at);
    QueryResult said_of(const Transaction& attempt);
    QueryResult said_of_foreign(const Transaction& attempt, const Payment& payment) const;
    MatchCriteria subject_of(const Payment& payment) const;
    QueryResult closed(const Transaction& attempt);
    RefundResult given_back(const Transaction& attempt, const Refund& refund);
};

}  // namespace payments::simulate
