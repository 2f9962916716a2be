#include "flow/office/move_tickets.hpp"

#include <set>

#include "flow/ticket_scope.hpp"
#include "flow/when_all.hpp"

namespace payments {
namespace {

// As many as a group commit takes at once, and as are asked of the tickets service at once.
constexpr std::size_t moved_together = 64, asked_together = 12;
constexpr int page_size = 500;

Task<void> move(FlowContext& context, TicketPlace place, std::int64_t* moved) {
    const auto scope_id = co_await context.store.scope_id(std::move(place.scope));
    context.seen_tickets.forget_elsewhere(place.ticket_id, scope_id);
    *moved += co_await context.store.move_ticket(place.ticket_id, scope_id);
}

Task<void> ask(FlowContext& context, std::int64_t ticket_id, Refreshed* so_far) {
    ++so_far->asked;
    std::optional<Privileges> for_ourselves;
    std::string no_trace;
    const auto ticket =
        co_await context.tickets.get(ticket_id, std::move(for_ourselves), std::move(no_trace));
    if (ticket && can_be_kept(ticket->scope())) {
        TicketPlace place{ticket_id, ticket->scope()};
        co_await move(context, std::move(place), &so_far->placed);
        co_return;
    }
    const bool is_told = ticket || ticket.error().code == Errc::unknown_ticket ||
                         ticket.error().code == Errc::ticket_out_of_scope;
    ++(is_told ? so_far->unknown : so_far->silent);
}

// Asks for some of them at a time, at the pace that is wanted. False when the tickets service is
// down.
Task<bool> ask_for(
    FlowContext& context, std::set<std::int64_t> tickets, int per_second, Refreshed* so_far,
    const std::function<void(const Refreshed&)>* progress
) {
    for (auto next = tickets.begin(); next != tickets.end();) {
        const auto begun = context.clock.steady();
        const auto silent_before = so_far->silent;
        std::vector<Task<void>> tasks;
        for (; next != tickets.end() && tasks.size() < asked_together; ++next)
            tasks.push_back(ask(context, *next, so_far));
        const auto count = static_cast<std::int64_t>(tasks.size());
        co_await when_all(std::move(tasks));
        (*progress)(*so_far);
        if (so_far->silent - silent_before == asked_together) co_return false;
        // By the steady clock: one that is set back meanwhile must not make it wait for that long.
        const auto due = begun + std::chrono::milliseconds{1000 * count / per_second};
        const auto left = due - context.clock.steady();
        if (left > std::chrono::milliseconds{0})
            co_await context.clock.sleep_until(context.clock.now() + left);
    }
    co_return true;
}

}  // namespace

Task<std::int64_t> move_tickets(FlowContext& context, std::vector<TicketPlace> places) {
    std::int64_t moved = 0;
    std::vector<Task<void>> tasks;
    for (auto& place : places) {
        tasks.push_back(move(context, std::move(place), &moved));
        if (tasks.size() < moved_together) continue;
        co_await when_all(std::move(tasks));
        tasks.clear();
    }
    co_await when_all(std::move(tasks));
    co_return moved;
}

Task<Refreshed> refresh_scopes(
    FlowContext& context, int per_second, std::function<void(const Refreshed&)> progress
) {
    Refreshed so_far;
    std::int64_t after = 0;
    while (true) {
        const auto page = co_await context.store.attempts_without_scope(after, page_size);
        if (page.empty()) break;
        after = page.back().id;
        std::set<std::int64_t> tickets;
        for (const auto& attempt : page) tickets.insert(attempt.ticket_id);
        const bool is_heard =
            co_await ask_for(context, std::move(tickets), per_second, &so_far, &progress);
        if (!is_heard) co_return so_far;
    }
    so_far.is_end = true;
    co_return so_far;
}

}  // namespace payments
