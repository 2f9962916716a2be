#include "gateway/simplepay/client.hpp"

#include <algorithm>
#include <stdexcept>

#include "gateway/refund_outcomes.hpp"
#include "gateway/simplepay/answers.hpp"
#include "gateway/simplepay/notifications.hpp"
#include "gateway/simplepay/query.hpp"
#include "gateway/simplepay/refunds.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/log.hpp"

namespace payments::gateway {
namespace {

// One more is refused, with 5327 (docs/providers/simplepay.md, 8.1).
constexpr std::size_t refs_per_query = 50;

simplepay::ProviderResponse answer_of(const HttpsResponse& answer) {
    return {answer.status, std::string{answer.header("signature")}, answer.body};
}

// Only where nothing was sent can no payment exist; every other silence leaves it open.
StartResult without_answer(const HttpsResponse& answer) {
    const bool nothing_sent = answer.kind == HttpsResponse::Kind::unreachable;
    StartResult started;
    started.outcome = nothing_sent ? Outcome::unreachable : Outcome::unanswered;
    started.reason = nothing_sent ? "SimplePay could not be reached"
                                  : "SimplePay did not answer; the payment is being checked";
    Fact fact;
    fact.kind = nothing_sent ? FactKind::failed : FactKind::unanswered;
    if (nothing_sent) fact.subject = "unreachable";
    fact.detail = answer.why;
    started.facts.push_back(std::move(fact));
    return started;
}

// As static text: metrics keep the view.
std::string_view operation_name(std::string_view operation) {
    for (const std::string_view known : {"start", "query", "refund"})
        if (operation == known) return known;
    return "cancel";
}

}  // namespace

SimplePay::SimplePay(HttpsClient& client, SimplePaySettings settings)
    : client_(client),
      settings_(std::move(settings)),
      known_(settings_.accounts),
      origin_(Origin::of(settings_.url, "SimplePay URL")) {
    for (const auto& account : settings_.retired) known_["retired " + account.merchant] = account;
}

std::string SimplePay::account(Currency currency) const {
    const auto found = settings_.accounts.find(currency.code());
    return found == settings_.accounts.end() ? std::string{} : found->second.merchant;
}

bool SimplePay::has_account(const std::string& account) const {
    return simplepay::account_of_merchant(known_, account) != nullptr;
}

simplepay::Envelope SimplePay::envelope() const {
    // 32 hex digits, the shortest salt that is taken (docs/providers/simplepay.md, 3.1).
    return {crypto::random_hex(16), settings_.sdk_version};
}

Task<HttpsResponse> SimplePay::call(std::string operation, std::string body, std::string secret) {
    Headers headers{
        {"Content-Type", "application/json"},
        {"Signature", simplepay::sign(body, secret)},
    };
    HttpsRequest request{"POST", "/" + operation, std::move(headers), std::move(body)};
    // A second start is refused although the first may have worked, a second refund pays twice
    // (docs/providers/simplepay.md, 4.5 and 9.3).
    request.repeatable = operation == "query";
    request.provider = "simplepay";
    request.operation = operation_name(operation);
    co_return co_await client_.send(origin_, std::move(request), settings_.timeout);
}

Task<StartResult> SimplePay::start(Transaction attempt, Payer payer) {
    const auto* account = simplepay::account_of_merchant(settings_.accounts, attempt.account);
    // Only codes whose account is set up are on offer (docs/design.md, 5.2).
    if (!account) throw std::logic_error{"no SimplePay account " + attempt.account};

    // SimplePay is given our own deadline, so that after it nobody can begin to pay what we are
    // closing.
    const simplepay::StartPage page{
        iso8601_seconds(attempt.expires_at), settings_.return_url, settings_.language};
    auto body = simplepay::start_body(attempt, payer, page, envelope());
    const auto answer = co_await call("start", std::move(body), account->secret);
    if (answer.kind != HttpsResponse::Kind::answered) co_return without_answer(answer);
    co_return simplepay::read_start(attempt, *account, answer_of(answer), !origin_.tls);
}

Task<std::vector<QueryResult>> SimplePay::query_page(std::vector<Transaction> attempts) {
    const auto* account = simplepay::account_of_merchant(known_, attempts.front().account);
    // Of an account that is no longer set up nothing can be asked or verified: `answer` stays
    // without a signature, which read_query takes for silence.
    simplepay::ProviderResponse answer;
    if (account) {
        std::vector<std::string> refs;
        for (const auto& attempt : attempts) refs.push_back(attempt.reference());
        auto body = simplepay::query_body(account->merchant, refs, envelope());
        const auto heard = co_await call("query", std::move(body), account->secret);
        if (heard.kind == HttpsResponse::Kind::answered) answer = answer_of(heard);
    }
    co_return simplepay::read_query(attempts, account ? *account : simplepay::Account{}, answer);
}

Task<std::vector<QueryResult>> SimplePay::query(std::vector<Transaction> attempts) {
    std::map<std::int64_t, QueryResult> said;
    // An answer is about one account and signed with its secret.
    std::map<std::string, std::vector<Transaction>> by_merchant;
    for (const auto& attempt : attempts) by_merchant[attempt.account].push_back(attempt);

    for (const auto& [merchant, group] : by_merchant) {
        for (std::size_t from = 0; from < group.size(); from += refs_per_query) {
            const auto to = std::min(group.size(), from + refs_per_query);
            std::vector<Transaction> some(group.begin() + from, group.begin() + to);
            for (auto& one : co_await query_page(std::move(some))) said[one.transaction_id] = one;
        }
    }
    std::vector<QueryResult> in_order;
    for (const auto& attempt : attempts) in_order.push_back(said[attempt.id]);
    co_return in_order;
}

Task<QueryResult> SimplePay::cancel(Transaction attempt) {
    QueryResult silence;
    silence.transaction_id = attempt.id;
    const auto* account = simplepay::account_of_merchant(known_, attempt.account);
    if (!account) co_return silence;

    auto body = simplepay::cancel_body(attempt, envelope());
    const auto answer = co_await call("transactioncancel", std::move(body), account->secret);
    if (answer.kind != HttpsResponse::Kind::answered) co_return silence;
    co_return simplepay::read_cancel(attempt, *account, answer_of(answer));
}

Task<RefundResult> SimplePay::refund(Transaction attempt, Refund refund) {
    const auto* account = simplepay::account_of_merchant(known_, attempt.account);
    if (!account)
        co_return refused_refund(
            Outcome::refused, refund, "the merchant account that took the payment is not set up",
            "no account " + attempt.account + " is set up: SimplePay was not asked"
        );
    auto body = simplepay::refund_body(attempt, refund, envelope());
    const auto answer = co_await call("refund", std::move(body), account->secret);
    if (answer.kind == HttpsResponse::Kind::unreachable)
        co_return refused_refund(
            Outcome::unreachable, refund, "SimplePay could not be reached",
            "SimplePay was not asked: " + answer.why
        );
    if (answer.kind == HttpsResponse::Kind::unanswered)
        co_return unconfirmed_refund(Outcome::unanswered, refund, "SimplePay", answer.why);
    auto refunded = simplepay::read_refund(attempt, refund, *account, answer_of(answer));
    if (refunded.outcome != Outcome::accepted)
        log::warning(
            "SimplePay did not make a refund", "refund", refund.reference, "why",
            refunded.facts.front().detail
        );
    co_return refunded;
}

Result<Notification> SimplePay::read(std::string_view signature, std::string_view body, Time now)
    const {
    return simplepay::read_ipn(known_, signature, body, now);
}

std::optional<Heard> SimplePay::read_unverifiable(
    std::string_view signature, std::string_view body, Time now
) const {
    return simplepay::read_unverifiable_ipn(known_, signature, body, now);
}

Result<Notification> SimplePay::read_kept_without_verifying(const UnmatchedMessage& kept, Time now)
    const {
    return simplepay::read_kept_ipn(kept, now);
}

Result<Return> SimplePay::read_return(std::string_view r, std::string_view s) const {
    return simplepay::read_return(known_, r, s);
}

}  // namespace payments::gateway
