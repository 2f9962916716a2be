#include "flow/ticket_scope.hpp"

#include <limits>
#include <optional>
#include <set>

#include "flow/when_all.hpp"

namespace payments {
namespace {

constexpr std::size_t asked_together_max = 16;

Task<Result<bool>> is_inside(
    FlowContext& context, Privileges caller, std::int64_t ticket_id, std::string traceparent
) {
    const auto ticket = co_await context.tickets.get(ticket_id, caller, std::move(traceparent));
    if (ticket) co_return may_see_ticket(caller, ticket->scope()).has_value();
    const auto why = ticket.error().code;
    if (why == Errc::unknown_ticket || why == Errc::ticket_out_of_scope) co_return false;
    co_return ticket.error();
}

// Which of many tickets are inside the scope, or why that cannot be told.
struct Judgement {
    std::set<std::int64_t> inside;
    std::optional<Error> failure;

    bool has_inside(std::int64_t ticket_id) const { return inside.contains(ticket_id); }
};

Task<void> judge_one(
    FlowContext& context, Privileges caller, std::int64_t ticket_id, std::string traceparent,
    Judgement* judgement
) {
    const auto inside =
        co_await is_inside(context, std::move(caller), ticket_id, std::move(traceparent));
    if (!inside)
        judgement->failure = inside.error();
    else if (*inside)
        judgement->inside.insert(ticket_id);
}

Task<Judgement> judge(
    FlowContext& context, Privileges caller, std::vector<std::int64_t> ticket_ids,
    std::string traceparent
) {
    Judgement judgement;
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < ticket_ids.size() && !judgement.failure; ++i) {
        tasks.push_back(judge_one(context, caller, ticket_ids[i], traceparent, &judgement));
        if (tasks.size() < asked_together_max && i + 1 < ticket_ids.size()) continue;
        co_await when_all(std::move(tasks));
        tasks.clear();
    }
    co_return judgement;
}

std::vector<std::int64_t> tickets_of(const Reviews& reviews) {
    std::set<std::int64_t> ids;
    for (const auto& review : reviews.list)
        if (review.transaction) ids.insert(review.transaction->ticket_id);
    return {ids.begin(), ids.end()};
}

}  // namespace

Task<Result<std::vector<Transaction>>> list_transactions(
    FlowContext& context, Privileges user, std::int64_t ticket_id, std::string traceparent
) {
    const auto ticket = co_await context.tickets.get(ticket_id, user, std::move(traceparent));
    if (!ticket) co_return ticket.error();
    const auto visible = may_see_ticket(user, ticket->scope());
    if (!visible) co_return visible.error();

    co_return co_await context.store.transactions_of(ticket_id);
}

Task<Result<Transaction>> find_transaction(
    FlowContext& context, Privileges caller, std::int64_t id, std::string traceparent
) {
    auto found = co_await context.store.transaction(id);
    // Who has no whole scope sees no ticket, so nobody needs to be asked.
    if (!found || !has_scope(caller)) co_return unknown_transaction(id);
    const auto inside =
        co_await is_inside(context, std::move(caller), found->ticket_id, std::move(traceparent));
    if (!inside) co_return inside.error();
    if (!*inside) co_return unknown_transaction(id);
    co_return std::move(*found);
}

Task<Result<Reviews>> reviews_in_scope(
    FlowContext& context, Privileges caller, ReviewQuery query, std::string traceparent
) {
    if (may_see_every_ticket(caller)) co_return co_await context.store.reviews(query);
    const ReviewQuery everything{query.now, std::numeric_limits<std::size_t>::max(), {}};
    auto all = co_await context.store.reviews(everything);
    // Who has no whole scope sees no ticket, so nobody needs to be asked.
    auto tickets = has_scope(caller) ? tickets_of(all) : std::vector<std::int64_t>{};
    const auto judgement =
        co_await judge(context, std::move(caller), std::move(tickets), std::move(traceparent));
    if (judgement.failure) co_return *judgement.failure;

    Reviews seen;
    for (auto& review : all.list) {
        // A message that fits no transaction is about no ticket, so no scope hides it.
        const bool is_about_a_ticket = review.transaction.has_value();
        if (is_about_a_ticket && !judgement.has_inside(review.transaction->ticket_id)) continue;
        ++seen.counts[static_cast<std::size_t>(review.place.kind)];
        if (query.after && review.place <= *query.after) continue;
        if (seen.list.size() < query.limit)
            seen.list.push_back(std::move(review));
        else
            seen.is_end = false;
    }
    co_return seen;
}

}  // namespace payments
