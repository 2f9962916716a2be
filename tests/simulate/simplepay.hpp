#pragma once

#include "simulate/provider.hpp"

namespace payments::simulate {

// SimplePay as the service meets it: a payment per orderRef, a page that closes at the deadline,
// notices without an amount, and `query`, which tells all.
class SimSimplePay final : public Provider {
public:
    explicit SimSimplePay(Stage& stage) : Provider(stage, Processor::simplepay) {}

    std::string account(Currency currency) const override;
    Task<Started> start(Transaction attempt, Payer payer) override;
    Task<std::vector<Said>> ask(std::vector<Transaction> attempts) override;
    Task<Said> cancel(Transaction attempt) override;
    Task<Refunded> refund(Transaction attempt, RefundOrder order) override;
    bool knows_refund_names() const override { return false; }

    void forge_capture(Payment& payment) override;

private:
    void announce(Payment& payment, News news) override;
    std::string new_id() override { return std::to_string(500'000 + ++last_number_); }
    Started begun(const Transaction& attempt);
    Said said_of(const Transaction& attempt);
    Said closed(const Transaction& attempt);
    Refunded given_back(const Transaction& attempt, const RefundOrder& order);
};

}  // namespace payments::simulate
