#include "flow/office/handle_review.hpp"

#include "flow/ticket_scope.hpp"

namespace payments {
namespace {

Error unknown_review(ReviewName entry) {
    return {Errc::unknown_review, "there is no " + entry.text() + " on the list"};
}

Error wrong_until(std::string detail) {
    Error error{Errc::invalid_request, "/until " + detail};
    error.wrong.push_back({"/until", std::move(detail)});
    return error;
}

Result<void> check_order(const ReviewOrder& order, Time now) {
    if (order.as == Handling::closed && !is_closable(order.entry.kind))
        return Error{
            Errc::review_not_closable,
            std::string{name(order.entry.kind)} +
                " ends by what is heard alone: " + std::string{what_to_do(order.entry.kind)}};
    if (order.as != Handling::snoozed) return {};
    if (!order.until || *order.until <= now) return wrong_until("must be later than now");
    if (*order.until > now + snoozed_at_most) return wrong_until("must be within seven days");
    return {};
}

// The entry, when there is one that the caller may see.
Task<Result<Review>> find_entry(
    FlowContext& context, Privileges caller, ReviewName entry, std::string traceparent
) {
    auto found = co_await context.office->review(entry, context.clock.now());
    if (!found) co_return unknown_review(entry);
    if (!found->transaction) {
        if (!has(caller, "payments_operate")) co_return unknown_review(entry);
        co_return std::move(*found);
    }
    const auto about = co_await find_transaction(
        context, std::move(caller), found->transaction->id, std::move(traceparent)
    );
    if (about) co_return std::move(*found);
    if (about.error().code == Errc::unknown_transaction) co_return unknown_review(entry);
    co_return about.error();
}

}  // namespace

Task<Result<Review>> handle_review(
    FlowContext& context, Privileges caller, ReviewOrder order, std::string traceparent
) {
    const auto now = context.clock.now();
    if (const auto sound = check_order(order, now); !sound) co_return sound.error();
    auto entry =
        co_await find_entry(context, std::move(caller), order.entry, std::move(traceparent));
    if (!entry) co_return entry.error();
    NewHandling handling{order.entry, order.as, std::move(order.by), now};
    handling.until = order.until;
    handling.note = std::move(order.note);
    if (entry->transaction) handling.transaction_id = entry->transaction->id;
    handling.stands_on = entry->stands_on;
    auto handled = co_await context.office->handle_review(std::move(handling));
    if (!handled) co_return handled.error();
    entry->handled = std::move(*handled);
    entry->shown = shown_as(entry->handled, entry->stands_on, now);
    co_return std::move(*entry);
}

}  // namespace payments
