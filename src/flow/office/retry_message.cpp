#include "flow/office/retry_message.hpp"

#include "flow/retry_unmatched.hpp"

namespace payments {

Task<Result<RetriedMessage>> retry_message(
    FlowContext& context, Privileges caller, std::int64_t number, Actor by
) {
    auto found = co_await context.office->retriable_message(number);
    const bool sees_all = may_see_every_ticket(caller);
    const bool is_matched = found && found->listed.message.transaction_id;
    if (!found || (is_matched && !sees_all))
        co_return Error{Errc::unknown_message, "there is no message " + std::to_string(number)};
    RetriedMessage result;
    if (is_matched) {
        result.is_matched = true;
        result.transaction_id = found->listed.message.transaction_id;
        co_return result;
    }
    if (!found->again) {
        result.why_not = "it is not read again: " + found->listed.unmatched_reason;
        co_return result;
    }

    NewAction action{ActionKind::retry_message, std::move(by), context.clock.now(), {}, {}};
    action.about = std::to_string(number);
    const auto recorded = co_await context.store.record_action(std::move(action));
    if (!recorded) co_return recorded.error();
    const auto about = co_await try_again(context, std::move(*found->again));
    result.is_matched = about.has_value();
    if (!about) result.why_not = "there is still no transaction that it is about";
    if (sees_all) result.transaction_id = about;
    co_return result;
}

}  // namespace payments
