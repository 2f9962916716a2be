#include "flow/start_payment.hpp"

#include <algorithm>
#include <optional>

#include "flow/checks/check_attempt.hpp"
#include "flow/offer_options.hpp"
#include "flow/provider_error.hpp"
#include "flow/record_facts.hpp"
#include "flow/ticket_scope.hpp"
#include "payment/email.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

void set_if_empty(std::string& member, const std::string& otherwise) {
    if (member.empty()) member = otherwise;
}

Payer complete(Payer payer, const Ticket& ticket) {
    set_if_empty(payer.email, ticket.email);
    set_if_empty(payer.name, ticket.name);
    set_if_empty(payer.language, ticket.language);
    return payer;
}

// Without a good one no provider takes a payment: the visitor hears which member to mend.
Error wrong_email(const Payer& payer) {
    const bool has_one = !payer.email.empty();
    Error error{
        Errc::invalid_request, has_one ? "the ticket's e-mail address is none that can be used"
                                       : "the payer's e-mail address is needed"};
    error.wrong.push_back(
        {"/metas/email", has_one ? "is needed: the ticket's own cannot be used"
                                 : "is needed: the ticket has none either"}
    );
    return error;
}

Error already_paid(const Transaction& by) {
    return Error{Errc::already_paid, "this fee has been paid with transaction " + by.reference()}
        .about(by.id);
}

Error in_progress(const Transaction& by, int retry_after_s) {
    return Error{
        Errc::payment_in_progress,
        "a payment for this fee is in progress with transaction " + by.reference()}
        .retry_after(retry_after_s)
        .about(by.id);
}

// The offer that `code` names, as it stands now: the amount never comes from the caller.
Result<Offer> find_offer(
    const FlowContext& context, const Ticket& ticket, const std::vector<Transaction>& attempts,
    const std::string& text
) {
    const auto code = Code::parse(text);
    if (!code) return code.error();
    for (const auto& attempt : attempts)
        if (attempt.code.fee_type == code->fee_type && holds_fee(attempt))
            return already_paid(attempt);

    const auto on_offer = offers_for(context, ticket, attempts).offers;
    const auto chosen = std::ranges::find(on_offer, *code, &Offer::code);
    if (chosen == on_offer.end())
        return Error{Errc::code_not_offered, "'" + text + "' is not on offer for this ticket now"};
    return *chosen;
}

// Nothing when the attempt, closed at the provider, no longer blocks; else why it still does.
Task<Result<std::optional<StartReply>>> cancel_blocking(
    FlowContext& context, Transaction blocking
) {
    const auto closed = co_await cancel_attempt(context, std::move(blocking));
    if (holds_fee(closed)) co_return already_paid(closed);
    if (is_live(closed.status)) co_return in_progress(closed, 5);
    co_return std::optional<StartReply>{};
}

// What becomes of the attempt that stands in the way of `offer`: an error, a reply that hands it
// out again, or nothing when it no longer blocks. The provider has the last word, for what we know
// of it may be old: two attempts that can both be paid would charge the visitor twice.
Task<Result<std::optional<StartReply>>> resolve_blocking(
    FlowContext& context, Transaction blocking, Offer offer
) {
    if (holds_fee(blocking)) co_return already_paid(blocking);

    if (seconds_until_started(context, blocking) > 0) co_return in_progress(blocking, 2);

    const auto checked = co_await check_attempt(context, std::move(blocking));
    const auto& now = checked.transaction;
    const auto& result = checked.result;
    if (holds_fee(now)) co_return already_paid(now);
    if (!is_live(now.status)) co_return std::optional<StartReply>{};
    if (!result.answered || result.is_unknown) co_return in_progress(now, 5);

    const bool is_same = now.code == offer.code && now.amount == offer.amount;
    if (is_same && result.is_payable && !result.client_secret.empty()) {
        StartReply again;
        again.transaction_id = now.id;
        again.client_secret = result.client_secret;
        co_return std::optional{std::move(again)};
    }
    if (result.is_payable || result.is_cancellable)
        co_return co_await cancel_blocking(context, now);
    co_return in_progress(now, 15);  // the visitor is paying at this moment
}

// What was heard does not fit, such as an id that another payment has: nobody is sent there to pay.
bool is_in_doubt(const Recorded& recorded) {
    return recorded.transaction && (recorded.transaction->status == Status::review ||
                                    facts_of(*recorded.transaction).is_number_spent);
}

// What a start was answered. That it was never sent ends the attempt only as long as nobody else
// can have begun it, as checks may once the call should have ended: a process can be held up.
Heard heard_of_start(
    const FlowContext& context, const Transaction& attempt, const StartResult& started
) {
    const auto now = context.clock.now();
    auto heard = Heard::about(attempt.id, Source::service, now, started.facts)
                     .and_check(started.is_number_spent);
    if (started.outcome != Outcome::unreachable) return heard;
    if (now > attempt.created_at + context.call_deadline(attempt.code.processor))
        for (auto& fact : heard.facts) fact.kind = FactKind::unanswered;
    return std::move(heard).if_nobody_was_sent();
}

// The attempt was given up while its provider was being asked: the visitor may have another one by
// now. What was begun is closed by whoever asks next.
Task<void> give_up_late_start(FlowContext& context, Transaction attempt) {
    log::warning(
        "a start was answered too late, and is made again", "transaction_id", attempt.id, "status",
        name(attempt.status)
    );
    auto heard = Heard::about(attempt.id, Source::service, context.clock.now(), {}).and_check();
    co_await record_facts(context, std::move(heard));
}

// The payer's own data were refused: that is for the payer to mend.
Error refused_data(StartResult started, std::int64_t transaction_id) {
    auto error = Error{Errc::invalid_request, std::move(started.reason)}.about(transaction_id);
    error.wrong = std::move(started.wrong);
    return error;
}

// The attempt is on record and no database transaction is open: now the provider may hear of it.
// Nothing when its number was spent, or the answer came too late: then another one is to be tried.
Task<Result<std::optional<StartReply>>> start_at_provider(
    FlowContext& context, Transaction attempt, Payer payer
) {
    StartReply reply;
    reply.transaction_id = attempt.id;
    if (attempt.amount.is_zero()) {
        co_await capture_free(context, std::move(attempt));
        reply.required_additional_action = false;
        co_return std::optional{std::move(reply)};
    }

    auto started =
        co_await context.gateway(attempt.code.processor).start(attempt, std::move(payer));
    auto heard = heard_of_start(context, attempt, started);
    const auto recorded = co_await record_facts(context, std::move(heard));
    if (started.is_number_spent) co_return std::optional<StartReply>{};
    if (started.outcome == Outcome::refused && !started.wrong.empty())
        co_return refused_data(std::move(started), attempt.id);
    if (started.outcome != Outcome::accepted)
        co_return provider_error(started.outcome, std::move(started.reason), attempt.id);
    if (is_in_doubt(recorded))
        co_return Error{
            Errc::provider_garbled, "a person must look at this payment before it can go on"}
            .about(attempt.id);
    if (recorded.transaction && has_ended_unpaid(recorded.transaction->status)) {
        co_await give_up_late_start(context, *recorded.transaction);
        co_return std::optional<StartReply>{};
    }
    reply.redirect_url = std::move(started.redirect_url);
    reply.client_secret = std::move(started.client_secret);
    co_return std::optional{std::move(reply)};
}

constexpr int tries_max = 3;

Task<Result<StartReply>> open_and_start(
    FlowContext& context, StartRequest request, Offer offer, Payer payer,
    std::optional<std::int64_t> scope_id
) {
    for (int tries = 1; tries <= tries_max; ++tries) {
        const auto now = context.clock.now();
        const auto check_at = now + context.call_deadline(offer.code.processor);
        NewAttempt attempt{
            request.ticket_id,
            offer.code,
            offer.amount,
            context.gateway(offer.code.processor).account(offer.amount.currency()),
            payer.email,
            request.metas,
            now,
            now + context.rules.payment_time,
            check_at,
            scope_id};
        auto opened = co_await context.store.open(std::move(attempt));
        if (opened.is_new) {
            auto started =
                co_await start_at_provider(context, std::move(opened.transaction), payer);
            if (!started) co_return started.error();
            if (*started) co_return std::move(**started);
            continue;
        }
        // On the last try the blocking attempt is not cancelled: we would not come back to open
        // another in its place, and its visitor may still be able to pay it.
        if (tries == tries_max) break;

        auto resolved = co_await resolve_blocking(context, std::move(opened.transaction), offer);
        if (!resolved) co_return resolved.error();
        if (*resolved) co_return std::move(**resolved);
    }
    co_return Error{Errc::payment_in_progress, "other payments for this fee keep being started"}
        .retry_after(5);
}

}  // namespace

Task<Result<StartReply>> start_payment(FlowContext& context, StartRequest request) {
    const auto ticket = co_await context.tickets.get(request.ticket_id, {}, request.traceparent);
    if (!ticket) co_return ticket.error();
    const auto attempts = co_await context.store.transactions_of(request.ticket_id);
    const auto offer = find_offer(context, *ticket, attempts, request.code);
    if (!offer) co_return offer.error();

    auto payer = complete(request.payer, *ticket);
    if (!is_email(payer.email)) co_return wrong_email(payer);
    auto scope = ticket->scope();
    auto known = scopes_of(attempts);
    const auto scope_id =
        co_await note_scope(context, request.ticket_id, std::move(scope), std::move(known));
    co_return co_await open_and_start(
        context, std::move(request), *offer, std::move(payer), scope_id
    );
}

}  // namespace payments
