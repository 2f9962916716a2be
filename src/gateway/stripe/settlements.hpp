#pragma once

#include <memory>
#include <vector>

#include "flow/settlement/fetch_settlements.hpp"
#include "gateway/stripe/client.hpp"

namespace payments::gateway {

// What Stripe has paid out under one key (docs/providers/stripe.md, 14.3 and 14.4). Of its objects
// only what settlements need is kept: no name, no address. To be used on the loop of `client`.
class StripeSettlements final : public SettlementSource {
public:
    // Throws std::invalid_argument when the URL is not https (or http on loopback).
    StripeSettlements(HttpsClient& client, Clock& clock, const StripeSettings& settings);

    Task<Result<PayoutList>> payouts(Time since) override;
    Task<Result<SettlementDocument>> lines_of(std::string payout) override;

private:
    struct List;
    // Every page of a list. A page that is refused for being asked too often is asked for again.
    Task<Result<void>> read_list(List& list);
    Task<Result<json::object>> read_page(const List& list);

    Clock& clock_;
    std::string account_;  // "live" or "test"
    StripeApi api_;
};

// One for each account: by StripeSettings::secret_key and retired_keys, or by settlement_keys where
// there are any.
std::vector<std::unique_ptr<StripeSettlements>> stripe_settlements(
    HttpsClient& client, Clock& clock, StripeSettings settings
);

}  // namespace payments::gateway
