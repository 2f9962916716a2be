#include "flow/ticket_scope.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "flow/when_all.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr std::size_t asked_together_max = 16;

// Whether the caller may see a ticket, and where it is when the tickets service has told.
struct Sight {
    bool is_inside = false;
    std::optional<TicketScope> scope{};
};

Task<Result<Sight>> look_at_ticket(
    FlowContext& context, Privileges caller, std::int64_t ticket_id, std::string traceparent
) {
    const auto ticket = co_await context.tickets.get(ticket_id, caller, std::move(traceparent));
    Sight sight;
    if (ticket) {
        sight.scope = ticket->scope();
        sight.is_inside = may_see_ticket(caller, *sight.scope).has_value();
        co_return sight;
    }
    const auto why = ticket.error().code;
    if (why == Errc::unknown_ticket || why == Errc::ticket_out_of_scope) co_return sight;
    co_return ticket.error();
}

// Which of many tickets are inside the scope, and which are not. Of those in neither it could not
// be told, for the reason of the first.
struct Judgement {
    std::set<std::int64_t> inside, outside;
    std::optional<Error> failure;
};

Task<void> judge_one(
    FlowContext& context, Privileges caller, std::int64_t ticket_id, std::string traceparent,
    Judgement* judgement
) {
    const auto sight =
        co_await look_at_ticket(context, std::move(caller), ticket_id, std::move(traceparent));
    if (!sight)
        judgement->failure = sight.error();
    else
        (sight->is_inside ? judgement->inside : judgement->outside).insert(ticket_id);
}

Task<Judgement> judge(
    FlowContext& context, Privileges caller, std::set<std::int64_t> tickets, std::string traceparent
) {
    Judgement judgement;
    std::vector<Task<void>> tasks;
    for (auto next = tickets.begin(); next != tickets.end() && !judgement.failure;) {
        tasks.push_back(judge_one(context, caller, *next, traceparent, &judgement));
        ++next;
        if (tasks.size() < asked_together_max && next != tickets.end()) continue;
        co_await when_all(std::move(tasks));
        tasks.clear();
    }
    co_return judgement;
}

std::set<std::int64_t> tickets_of(const Reviews& reviews) {
    std::set<std::int64_t> tickets;
    for (const auto& review : reviews.list)
        if (const auto& about = review.transaction) tickets.insert(about->ticket_id);
    return tickets;
}

}  // namespace

Task<std::optional<std::int64_t>> note_scope(
    FlowContext& context, std::int64_t ticket_id, TicketScope scope,
    std::vector<std::optional<std::int64_t>> known
) {
    std::optional<std::int64_t> id;
    if (!can_be_kept(scope)) {
        context.seen_tickets.forget_elsewhere(ticket_id, id);
        co_return id;
    }
    try {
        id = co_await context.store.scope_id(std::move(scope));
        context.seen_tickets.forget_elsewhere(ticket_id, id);
        if (std::ranges::any_of(known, [&](const auto& other) { return other != id; }))
            co_await context.store.move_ticket(ticket_id, *id);
    } catch (const StoreDown& down) {
        log::warning(
            "where a ticket is could not be recorded", "ticket_id", ticket_id, "reason", down.what()
        );
    }
    co_return id;
}

std::vector<std::optional<std::int64_t>> scopes_of(const std::vector<Transaction>& attempts) {
    std::vector<std::optional<std::int64_t>> scopes;
    for (const auto& attempt : attempts) scopes.push_back(attempt.scope_id);
    return scopes;
}

Task<ScopesById> scopes_of_all(
    FlowContext& context, ScopesById known, std::vector<std::optional<std::int64_t>> ids
) {
    const bool has_all =
        std::ranges::all_of(ids, [&](const auto& id) { return !id || known.contains(*id); });
    if (has_all) co_return known;
    for (auto& [id, scope] : co_await context.store.scopes())
        known.insert_or_assign(id, std::move(scope));
    co_return known;
}

Task<VisibleScopes> visible_scopes(FlowContext& context, Privileges caller) {
    VisibleScopes visible;
    visible.is_everywhere = may_see_every_ticket(caller);
    for (auto& [id, scope] : co_await context.store.scopes()) {
        if (may_see_ticket(caller, scope)) visible.scope_ids.push_back(id);
        visible.scopes.emplace(id, std::move(scope));
    }
    co_return visible;
}

bool may_see(const Privileges& caller, const Transaction& transaction, const ScopesById& scopes) {
    const auto found = transaction.scope_id ? scopes.find(*transaction.scope_id) : scopes.end();
    if (found == scopes.end()) return may_see_every_ticket(caller);
    return may_see_ticket(caller, found->second).has_value();
}

Task<Result<std::vector<Transaction>>> list_transactions(
    FlowContext& context, Privileges user, std::int64_t ticket_id, std::string traceparent
) {
    const auto ticket = co_await context.tickets.get(ticket_id, user, std::move(traceparent));
    if (!ticket) co_return ticket.error();
    const auto visible = may_see_ticket(user, ticket->scope());
    if (!visible) co_return visible.error();

    auto attempts = co_await context.store.transactions_of(ticket_id);
    auto scope = ticket->scope();
    auto known = scopes_of(attempts);
    co_await note_scope(context, ticket_id, std::move(scope), std::move(known));
    co_return attempts;
}

Task<Result<Transaction>> find_transaction(
    FlowContext& context, Privileges caller, std::int64_t id, std::string traceparent
) {
    auto found = co_await context.store.transaction(id);
    // Who has no whole scope sees no ticket, so nobody needs to be asked.
    if (!found || !has_scope(caller)) co_return unknown_transaction(id);
    const auto ticket_id = found->ticket_id;
    const auto asked_at = context.clock.steady();
    if (found->scope_id && context.seen_tickets.has(ticket_id, caller, *found->scope_id, asked_at))
        co_return std::move(*found);
    auto sight = co_await look_at_ticket(context, caller, ticket_id, std::move(traceparent));
    if (!sight) {
        ScopesById none;
        std::vector<std::optional<std::int64_t>> of_this{found->scope_id};
        const auto scopes = co_await scopes_of_all(context, std::move(none), std::move(of_this));
        if (!may_see(caller, *found, scopes)) co_return unknown_transaction(id);
        co_return sight.error();
    }
    if (sight->scope) {
        // All of the ticket's, for they move together, and another one may be elsewhere still.
        auto known = scopes_of(co_await context.store.transactions_of(ticket_id));
        const auto scope_id =
            co_await note_scope(context, ticket_id, std::move(*sight->scope), std::move(known));
        if (sight->is_inside && scope_id)
            context.seen_tickets.add(ticket_id, caller, *scope_id, asked_at);
    }
    if (!sight->is_inside) co_return unknown_transaction(id);
    co_return std::move(*found);
}

Task<Result<Reviews>> reviews_in_scope(
    FlowContext& context, Privileges caller, ReviewQuery query, std::string traceparent
) {
    const bool sees_all = may_see_every_ticket(caller);
    const bool sees_messages = has(caller, "payments_operate");
    if (sees_all && sees_messages) co_return co_await context.store.reviews(query);
    auto everything = query;
    everything.limit = std::numeric_limits<std::size_t>::max();
    everything.after.reset();
    auto all = co_await context.store.reviews(std::move(everything));
    // Who has no whole scope sees no ticket, so nobody needs to be asked.
    const bool asks = !sees_all && has_scope(caller);
    auto tickets = asks ? tickets_of(all) : std::set<std::int64_t>{};
    const auto judgement =
        co_await judge(context, caller, std::move(tickets), std::move(traceparent));
    ScopesById scopes;
    if (judgement.failure)
        for (auto& [id, scope] : co_await context.store.scopes())
            scopes.emplace(id, std::move(scope));

    Reviews seen;
    for (auto& review : all.list) {
        const auto& about = review.transaction;
        if (!about && !sees_messages) continue;
        if (about && !sees_all && !judgement.inside.contains(about->ticket_id)) {
            // What is outside on record must not show by a failure that something is there.
            const bool is_undecided =
                judgement.failure && !judgement.outside.contains(about->ticket_id);
            if (is_undecided && may_see(caller, *about, scopes)) co_return *judgement.failure;
            continue;
        }
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
