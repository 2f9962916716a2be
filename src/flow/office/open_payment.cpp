#include "flow/office/open_payment.hpp"

#include <algorithm>

#include "flow/ticket_scope.hpp"

namespace payments {
namespace {

Error unknown_message(std::int64_t number) {
    return {Errc::unknown_message, "there is no message " + std::to_string(number)};
}

}  // namespace

Task<Result<PaymentStory>> open_payment(
    FlowContext& context, Privileges caller, std::int64_t id, std::string traceparent
) {
    const auto found =
        co_await find_transaction(context, std::move(caller), id, std::move(traceparent));
    if (!found) co_return found.error();
    // Read once more with all of its ticket: it may have moved just now.
    auto all = co_await context.store.transactions_of(found->ticket_id);
    const auto self = std::ranges::find(all, id, &Transaction::id);
    if (self == all.end()) co_return unknown_transaction(id);
    auto transaction = std::move(*self);
    all.erase(self);

    PaymentStory story{std::move(transaction), std::move(all)};
    story.messages = co_await context.store.messages_of(id);
    story.told = co_await context.store.events_of(id);
    story.notes = co_await context.store.actions_of(id, ActionKind::note);
    auto ids = scopes_of(story.others);
    ids.push_back(story.transaction.scope_id);
    ScopesById none;
    story.scopes = co_await scopes_of_all(context, std::move(none), std::move(ids));
    co_return story;
}

Task<Result<KeptMessage>> read_kept_message(
    FlowContext& context, Privileges caller, std::int64_t number, std::string traceparent
) {
    auto message = co_await context.store.message(number);
    if (!message) co_return unknown_message(number);
    if (!message->transaction_id) {
        if (!has(caller, "payments_operate")) co_return unknown_message(number);
        co_return std::move(*message);
    }
    if (!may_search(caller)) co_return unknown_message(number);
    const auto about = co_await find_transaction(
        context, std::move(caller), *message->transaction_id, std::move(traceparent)
    );
    if (about) co_return std::move(*message);
    if (about.error().code == Errc::unknown_transaction) co_return unknown_message(number);
    co_return about.error();
}

Task<Result<Transaction>> ask_provider(FlowContext& context, Transaction transaction, Actor by) {
    NewAction asking{ActionKind::ask, std::move(by), context.clock.now(), transaction.id, {}};
    const auto recorded = co_await context.store.record_action(std::move(asking));
    if (!recorded) co_return recorded.error();
    const bool is_free = transaction.amount.is_zero();
    auto checked = co_await check_attempt(context, std::move(transaction));
    if (!checked.result.answered && !is_free)
        co_return Error{
            Errc::provider_timeout, "the provider does not answer how the payment stands"}
            .retry_after(static_cast<int>(asked_once_in.count()))
            .about(checked.transaction.id);
    co_return std::move(checked.transaction);
}

}  // namespace payments
