#pragma once

#include <memory>
#include <vector>

#include "gateway/stripe/client.hpp"

namespace payments::gateway {

// Stripe by several keys: that of the account which takes payments, and those of accounts that did
// so before (StripeSettings::retired_keys). A key does not name its account, so a payment that one
// of them does not know is looked for with the next of the same mode. Events of all of them are
// verified by StripeSettings::webhook_secrets. To be used on the loop of `client`.
class StripeAccounts final : public Gateway {
public:
    // Throws as Stripe does.
    StripeAccounts(HttpsClient& client, const Clock& clock, StripeSettings settings);

    std::string account(Currency currency) const override { return current().account(currency); }
    std::string objection_to(Money amount) const override { return current().objection_to(amount); }
    bool has_account(const std::string& account) const override;
    Task<StartResult> start(Transaction attempt, Payer payer) override;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override;
    Task<QueryResult> cancel(Transaction attempt) override;
    Task<RefundResult> refund(Transaction attempt, Refund refund) override;
    bool has_idempotent_refunds() const override { return true; }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override {
        return current().read(signature, body, now);
    }
    std::optional<Heard> read_unverifiable(
        std::string_view signature, std::string_view body, Time now
    ) const override {
        return current().read_unverifiable(signature, body, now);
    }
    Result<Notification> read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
        const override {
        return current().read_kept_without_verifying(kept, now);
    }
    // One for each key, also of retired accounts: a dispute comes months after its payment.
    std::vector<ProviderEventSource*> event_sources() const;

private:
    Stripe& current() const { return *keys_.front(); }
    Task<QueryResult> query_retired(Transaction attempt, QueryResult said);
    Task<Stripe*> holder_of(Transaction attempt);

    std::vector<std::unique_ptr<Stripe>> keys_;  // the retired ones behind the current one
};

}  // namespace payments::gateway
