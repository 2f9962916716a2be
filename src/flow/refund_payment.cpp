#include "flow/refund_payment.hpp"

#include "flow/check_attempt.hpp"
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

Task<Result<RefundReply>> refund_payment(FlowContext& world, RefundRequest request) {
    const auto known = co_await world.store.transaction(request.transaction_id);
    if (!known)
        co_return Error{
            Errc::unknown_transaction,
            "there is no transaction " + std::to_string(request.transaction_id)};
    const auto amount = amount_of(request, known->amount.currency());
    if (!amount) co_return amount.error();

    RefundDetails wish{*amount, request.reason, request.by, request.key};
    // What cannot be given back anyhow needs no answer of the provider.
    const bool is_known = refund_with_key(*known, wish.key).has_value();
    if (const auto possible = request_refund(*known, wish); !is_known && !possible)
        co_return possible.error();
    const auto asked = co_await check_attempt(world, *known);
    if (!asked.said.answered)
        co_return Error{
            Errc::provider_timeout,
            "the provider does not answer how the payment stands; nothing was asked for"}
            .retry_after(5)
            .about(known->id);

    auto given = co_await issue_refund(world, known->id, std::move(wish), Source::staff);
    if (given && given->said.kind != Outcome::accepted) {
        auto detail = given->order.name + ": " + given->said.reason;
        co_return provider_error(given->said.kind, std::move(detail), given->transaction.id);
    }
    co_return given;
}

}  // namespace payments
