#pragma once

#include "flow/ports.hpp"
#include "gateway/stripe/api.hpp"

namespace payments::gateway {

struct StripeSettings {
    std::string url = "https://api.stripe.com";  // the part before /v1
    std::string secret_key;                      // its prefix tells live from test
    std::vector<std::string> retired_keys;       // for StripeAccounts: these start nothing any more
    std::vector<std::string> webhook_secrets;    // several while one is being rolled
    std::vector<std::string> settlement_keys;    // for stripe_settlements(), instead of the others
    std::chrono::milliseconds timeout{10'000};   // a whole call with its repetitions
};

// Stripe's PaymentIntents (docs/providers/stripe.md, 6). Every POST carries an idempotency key, so
// a lost answer is asked for again with the same key and the same bytes. To be used on the loop of
// `client`.
class Stripe : public Gateway, public ProviderEventSource {
public:
    // Throws std::invalid_argument when the URL is not https (or http on loopback).
    Stripe(HttpsClient& client, const Clock& clock, StripeSettings settings);

    std::string account(Currency currency) const override;  // "live" or "test"
    std::string objection_to(Money amount) const override;
    bool has_account(const std::string& account) const override { return account == account_; }
    Task<StartResult> start(Transaction attempt, Payer payer) override;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override;
    Task<QueryResult> cancel(Transaction attempt) override;
    // The same refund may be sent again: for as long as Stripe keeps its key it is one, and after
    // that it is only looked for on Stripe's list.
    Task<RefundResult> refund(Transaction attempt, Refund refund) override;
    bool has_idempotent_refunds() const override { return true; }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override;
    // Stripe's events name no account: a secret fits, or it does not.
    std::optional<Heard> read_unverifiable(std::string_view, std::string_view, Time)
        const override {
        return {};
    }
    Result<Notification> read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
        const override;
    // At most 30 days back.
    Task<ProviderEventPage> list(ProviderEventQuery query, std::string after) override;

private:
    struct QueryBatch;
    Task<HttpsResponse> create(Transaction attempt, std::string body);
    Task<QueryResult> ask_one(Transaction attempt);
    // Finds the PaymentIntent of an attempt whose creation was not answered: by repeating the
    // creation under its idempotency key for 23 hours, by a search afterwards.
    Task<QueryResult> find(Transaction attempt);
    Task<QueryResult> search(Transaction attempt);
    Task<QueryResult> read_by_id(Transaction attempt, std::string id);
    struct Refunds;
    Task<Refunds> refunds_of(Transaction attempt);
    Task<RefundResult> send_refund(Transaction attempt, Refund refund, bool sent_before);
    Task<RefundResult> find_refund(Transaction attempt, Refund refund, bool can_still_be_made);
    static Task<void> work(Stripe* self, std::shared_ptr<QueryBatch> batch);

    const Clock& clock_;
    StripeSettings settings_;
    std::string account_;
    StripeApi api_;
};

}  // namespace payments::gateway
