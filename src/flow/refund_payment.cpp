#include "flow/refund_payment.hpp"

#include "flow/checks/check_attempt.hpp"
#include "flow/provider_error.hpp"

namespace payments {
namespace {

Result<std::optional<Money>> amount_of(const RefundRequest& request, Currency currency) {
    if (!request.amount) return std::optional<Money>{};
    const auto amount = Money::parse(*request.amount, currency);
    if (amount) return std::optional{*amount};
    Error error{Errc::invalid_request, "the amount " + amount.error().detail};
    error.wrong.push_back({"/amount", amount.error().detail});
    return error;
}

}  // namespace

Task<Result<RefundReply>> refund_payment(FlowContext& context, RefundRequest request) {
    const auto known = co_await context.store.transaction(request.transaction_id);
    if (!known) co_return unknown_transaction(request.transaction_id);
    const auto amount = amount_of(request, known->amount.currency());
    if (!amount) co_return amount.error();

    RefundDetails details{*amount, request.reason, request.by, request.key};
    details.person = request.person;
    details.only_after_minor = request.only_after_minor;
    // What cannot be given back anyhow is refused without asking the provider. One that was asked
    // for under this key before goes on: its amount is reserved, so it would look as if too little
    // were left.
    const bool is_known = refund_with_key(*known, details.key).has_value();
    if (const auto possible = request_refund(*known, details); !is_known && !possible)
        co_return possible.error();
    if (!context.gateway(known->code.processor).has_account(known->account))
        co_return Error{
            Errc::not_refundable, known->reference() + " cannot be refunded: account " +
                                      known->account +
                                      ", which took the payment, is not set up; set it up as a "
                                      "retired account"}
            .about(known->id);
    const auto checked = co_await check_attempt(context, *known);
    if (!checked.result.answered)
        co_return Error{
            Errc::provider_timeout,
            "the provider does not answer how the payment stands; nothing was asked for"}
            .retry_after(5)
            .about(known->id);

    auto reply = co_await issue_refund(context, known->id, std::move(details), Source::staff);
    if (reply && reply->result.outcome != Outcome::accepted) {
        auto detail = reply->refund.reference + ": " + reply->result.reason;
        co_return provider_error(reply->result.outcome, std::move(detail), reply->transaction.id);
    }
    co_return reply;
}

}  // namespace payments
