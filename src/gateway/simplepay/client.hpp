#pragma once

#include "flow/ports.hpp"
#include "gateway/https_client.hpp"
#include "gateway/simplepay/requests.hpp"
#include "gateway/simplepay/signature.hpp"

namespace payments::gateway {

struct SimplePaySettings {
    std::string url = "https://secure.simplepay.hu/payment/v2";  // the part before /start
    simplepay::Accounts accounts;             // by currency; secrets must not be blank
    std::vector<simplepay::Account> retired;  // start nothing any more
    std::string return_url;                   // where the visitor comes back to
    std::string language = "EN";  // of the payment page when the payer's is not on SimplePay's list
    std::string sdk_version = "ozora-payments";
    std::chrono::milliseconds timeout{10'000};
};

// SimplePay API v2 (docs/providers/simplepay.md, 4.5). A start is never sent twice: a second one
// with the same orderRef is refused although the first may have worked, so a lost answer is
// resolved by `query`. To be used on the loop of `client`.
class SimplePay : public Gateway, public ReturnReader {
public:
    // Throws std::invalid_argument when the URL is not https (or http on loopback).
    SimplePay(HttpsClient& client, SimplePaySettings settings);

    // The merchant, "" for a currency that none takes.
    std::string account(Currency currency) const override;
    // Nobody has told of a least amount (docs/providers/simplepay.md).
    std::string objection_to(Money) const override { return {}; }
    bool has_account(const std::string& account) const override;
    Task<StartResult> start(Transaction attempt, Payer payer) override;
    Task<std::vector<QueryResult>> query(std::vector<Transaction> attempts) override;
    // Works only while the visitor has not begun to pay; `answered` without facts is a refusal.
    Task<QueryResult> cancel(Transaction attempt) override;
    // Never sent twice either: SimplePay cannot tell the second from another refund.
    Task<RefundResult> refund(Transaction attempt, Refund refund) override;
    bool has_idempotent_refunds() const override { return false; }
    Result<Notification> read(std::string_view signature, std::string_view body, Time now)
        const override;
    std::optional<Heard> read_unverifiable(
        std::string_view signature, std::string_view body, Time now
    ) const override;
    Result<Notification> read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
        const override;
    Result<Return> read_return(std::string_view r, std::string_view s) const override;

private:
    Task<HttpsResponse> call(std::string operation, std::string body, std::string secret);
    Task<std::vector<QueryResult>> query_page(std::vector<Transaction> attempts);
    simplepay::Envelope envelope() const;

    HttpsClient& client_;
    SimplePaySettings settings_;
    simplepay::Accounts known_;  // the retired ones too, under names that are no currency
    Origin origin_;
};

}  // namespace payments::gateway
