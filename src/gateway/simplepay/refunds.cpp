#include "gateway/simplepay/refunds.hpp"

#include <algorithm>

#include "gateway/refund_outcomes.hpp"
#include "gateway/simplepay/fields.hpp"

namespace payments::simplepay {
namespace {

// clang-format off
// With these nothing was given back, for certain. Any other error leaves it open.
constexpr struct {
    std::int64_t code;
    std::string_view meaning;
    bool unsigned_too = false;  // SimplePay could not tell who we are, so it may not have signed
} refusals[] = {
    {5010, "it does not know the merchant account", true},
    {5011, "it does not know the payment"},
    {5012, "the payment belongs to another account"},
    {5019, "it does not know the payment"},
    {5022, "the payment is not in a state to be refunded"},
    {5023, "the currency is not the account's"},
    {5030, "the account may not do this"},
    {5106, "the amount is more than is left"},
    {5110, "the amount is more than is left"},
    {5111, "the payment was not named"},
    {5113, "the request was not complete"},
    {5201, "it does not know the merchant account", true},
    {5202, "access was denied"},
    {5223, "the currency is not valid"},
    {5228, "the account's limit for refunds is reached"},
    {5229, "it is too late to refund this payment"},
    {5230, "this payment may not be refunded"},
    {5302, "it did not accept our signature", true},
    {5303, "it did not accept our signature", true},
    {5307, "the currency is not the account's"},
    {5320, "the request was not complete"},
    {5321, "it could not read the request"},
    {5401, "the request was not complete"},
};
// clang-format on

const auto* refusal_of(std::int64_t code) {
    const auto* found =
        std::ranges::find_if(refusals, [&](const auto& r) { return r.code == code; });
    return found == std::end(refusals) ? nullptr : found;
}

// Every one of them must say so: one that is unclear leaves the refund open.
bool says_no(const std::vector<std::int64_t>& codes, bool trusted) {
    return !codes.empty() && std::ranges::all_of(codes, [&](auto code) {
        const auto* refusal = refusal_of(code);
        return refusal && (trusted || refusal->unsigned_too);
    });
}

// What in the answer is not as we asked; "" when all is.
// Such an answer books nothing: what became of the refund is read from SimplePay's list.
std::string refund_difference(
    const Transaction& attempt, const Refund& refund, const Account& account,
    const json::object& answer
) {
    const auto payment = id_at(answer, "transactionId");
    if (json::string_or(answer, "merchant", "") != account.merchant) return "another merchant";
    if (json::string_or(answer, "orderRef", "") != attempt.reference()) return "another orderRef";
    if (json::string_or(answer, "currency", "") != refund.amount.currency().code())
        return "another currency";
    if (payment.empty() || (!attempt.provider_id.empty() && payment != attempt.provider_id))
        return "another payment";
    if (money_at(answer, "refundTotal", refund.amount.currency()) != refund.amount)
        return "another amount";
    if (id_at(answer, "refundTransactionId").empty()) return "no refundTransactionId";
    return {};
}

RefundResult made(const Refund& refund, const Account& account, const json::object& answer) {
    Fact fact;
    fact.kind = FactKind::refunded;
    fact.subject = id_at(answer, "refundTransactionId");
    fact.amount = refund.amount;
    fact.provider_id = id_at(answer, "transactionId");
    fact.account = account.merchant;
    fact.refund = refund.reference;
    RefundResult refunded;
    refunded.outcome = Outcome::accepted;
    refunded.facts.push_back(std::move(fact));
    return refunded;
}

}  // namespace

std::string refund_body(
    const Transaction& attempt, const Refund& refund, const Envelope& envelope
) {
    auto body = envelope_of(attempt.account, envelope);
    body["orderRef"] = attempt.reference();
    if (!attempt.provider_id.empty()) body["transactionId"] = attempt.provider_id;
    body["currency"] = refund.amount.currency().code();
    body["refundTotal"] = refund.amount.decimal();
    return json::write(body);
}

RefundResult read_refund(
    const Transaction& attempt, const Refund& refund, const Account& account,
    const ProviderResponse& answer
) {
    const auto open = [&](Outcome outcome, std::string why) {
        return gateway::unconfirmed_refund(outcome, refund, "SimplePay", std::move(why));
    };
    // Before the body is read: such an answer need not be SimplePay's, whatever it says.
    if (answer.status >= 500)
        return open(Outcome::unanswered, "SimplePay answered " + std::to_string(answer.status));
    const bool trusted = is_signed(answer.body, answer.signature, account.secret);
    const auto body = object_of(answer.body);
    const auto codes = body ? error_codes(*body) : std::vector<std::int64_t>{};

    if (says_no(codes, trusted))
        return gateway::refused_refund(
            Outcome::refused, refund,
            "SimplePay refused the refund: " + std::string{refusal_of(codes.front())->meaning},
            "SimplePay refused it with code " + listed(codes)
        );
    if (!trusted)
        return open(Outcome::garbled, "the answer to the refund is not signed by SimplePay");
    if (!codes.empty())
        return open(Outcome::unanswered, "SimplePay's error " + listed(codes) + " leaves it open");
    if (!body || answer.status != 200)
        return open(Outcome::garbled, "the answer to the refund is malformed");
    if (const auto what = refund_difference(attempt, refund, account, *body); !what.empty())
        return open(Outcome::garbled, "the answer to the refund is about " + what);
    return made(refund, account, *body);
}

}  // namespace payments::simplepay
