#include "gateway/stripe/accounts.hpp"

#include <algorithm>

namespace payments::gateway {
namespace {

// A PaymentIntent whose id we have is there, so an account that does not know it is another one.
bool is_elsewhere(const QueryResult& said) { return !said.answered && said.is_unknown; }

}  // namespace

StripeAccounts::StripeAccounts(HttpsClient& client, const Clock& clock, StripeSettings settings) {
    const auto retired = std::exchange(settings.retired_keys, {});
    keys_.push_back(std::make_unique<Stripe>(client, clock, settings));
    for (const auto& key : retired) {
        settings.secret_key = key;
        keys_.push_back(std::make_unique<Stripe>(client, clock, settings));
    }
}

bool StripeAccounts::has_account(const std::string& account) const {
    return std::ranges::any_of(keys_, [&](const auto& key) { return key->has_account(account); });
}

Task<StartResult> StripeAccounts::start(Transaction attempt, Payer payer) {
    return current().start(std::move(attempt), std::move(payer));
}

Task<QueryResult> StripeAccounts::query_retired(Transaction attempt, QueryResult said) {
    for (std::size_t i = 1; i < keys_.size(); ++i) {
        if (!keys_[i]->has_account(attempt.account)) continue;
        std::vector<Transaction> one{attempt};
        auto heard = co_await keys_[i]->query(std::move(one));
        said = std::move(heard.front());
        if (!is_elsewhere(said)) break;
    }
    co_return said;
}

Task<std::vector<QueryResult>> StripeAccounts::query(std::vector<Transaction> attempts) {
    auto asked = attempts;
    auto all = co_await current().query(std::move(asked));
    if (keys_.size() == 1) co_return all;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool is_current = current().has_account(attempts[i].account);
        if (is_current && !is_elsewhere(all[i])) continue;
        auto retired = query_retired(attempts[i], all[i]);
        all[i] = co_await std::move(retired);
    }
    co_return all;
}

// Who is told to close or give back: whoever knows the payment.
Task<Stripe*> StripeAccounts::holder_of(Transaction attempt) {
    for (const auto& key : keys_) {
        if (keys_.size() == 1 || !key->has_account(attempt.account)) continue;
        std::vector<Transaction> one{attempt};
        const auto heard = co_await key->query(std::move(one));
        if (!is_elsewhere(heard.front())) co_return key.get();
    }
    co_return &current();
}

Task<QueryResult> StripeAccounts::cancel(Transaction attempt) {
    auto* holder = co_await holder_of(attempt);
    co_return co_await holder->cancel(std::move(attempt));
}

Task<RefundResult> StripeAccounts::refund(Transaction attempt, Refund refund) {
    auto* holder = co_await holder_of(attempt);
    co_return co_await holder->refund(std::move(attempt), std::move(refund));
}

std::vector<ProviderEventSource*> StripeAccounts::event_sources() const {
    std::vector<ProviderEventSource*> sources;
    for (const auto& key : keys_) sources.push_back(key.get());
    return sources;
}

}  // namespace payments::gateway
