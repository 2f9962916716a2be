#include "flow/start_payment.hpp"

#include <algorithm>
#include <variant>

#include "flow/check_attempt.hpp"
#include "flow/offer_options.hpp"
#include "flow/record.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

void fill(std::string& member, const std::string& otherwise) {
    if (member.empty()) member = otherwise;
}

Payer complete(Payer payer, const Ticket& ticket) {
    fill(payer.email, ticket.email);
    fill(payer.name, ticket.name);
    fill(payer.language, ticket.language);
    return payer;
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

// The offer that `code` names, as it stands now.
Result<Offer> choose(
    const FlowContext& world, const Ticket& ticket, const std::vector<Transaction>& attempts,
    const std::string& text
) {
    const auto code = Code::parse(text);
    if (!code) return code.error();
    for (const auto& attempt : attempts)
        if (attempt.code.fee_type == code->fee_type && holds_fee(attempt.status))
            return already_paid(attempt);

    const auto on_offer = offers_for(world, ticket, attempts).offers;
    const auto chosen = std::ranges::find(on_offer, *code, &Offer::code);
    if (chosen == on_offer.end())
        return Error{Errc::code_not_offered, "'" + text + "' is not on offer for this ticket now"};
    return *chosen;
}

struct Cleared {};  // nothing stands in the way any more
using Way = std::variant<Cleared, StartReply, Error>;

Task<Way> cancel_blocking(FlowContext& world, Transaction attempt) {
    const auto closed = co_await cancel_attempt(world, attempt);
    if (!is_live(closed.status) && !holds_fee(closed.status)) co_return Cleared{};
    if (holds_fee(closed.status)) co_return already_paid(closed);
    co_return in_progress(closed, 5);
}

// What to do about the attempt that stands in the way of `offer`: the provider has the last word.
Task<Way> make_way(FlowContext& world, Transaction attempt, Offer offer) {
    if (holds_fee(attempt.status)) co_return already_paid(attempt);

    const auto call_ends = attempt.created_at + world.call_over_after(attempt.code.processor);
    if (attempt.status == Status::created && world.clock.now() < call_ends)
        co_return in_progress(attempt, 2);

    const auto heard = co_await check_attempt(world, attempt);
    const auto& now = heard.transaction;
    if (holds_fee(now.status)) co_return already_paid(now);
    if (!is_live(now.status)) co_return Cleared{};
    if (!heard.said.answered || heard.said.absent) co_return in_progress(now, 5);

    const bool same = now.code == offer.code && now.amount == offer.amount;
    if (same && heard.said.usable && !heard.said.client_secret.empty()) {
        StartReply again;
        again.transaction_id = now.id;
        again.client_secret = heard.said.client_secret;
        co_return again;
    }
    if (heard.said.usable || heard.said.cancellable) co_return co_await cancel_blocking(world, now);
    co_return in_progress(now, 15);
}

// A new attempt on record, or how the start ends without one.
using OpenedOr = std::variant<Transaction, StartReply, Error>;

constexpr int tries_max = 3;

Task<OpenedOr> open(FlowContext& world, StartRequest request, Offer offer, std::string email) {
    for (int tries = 1; tries <= tries_max; ++tries) {
        const auto now = world.clock.now();
        const auto check_at = now + world.call_over_after(offer.code.processor);
        NewAttempt attempt{
            request.ticket_id,
            offer.code,
            offer.amount,
            world.gateway(offer.code.processor).account(offer.amount.currency()),
            email,
            request.metas,
            now,
            now + world.rules.payment_time,
            check_at};
        auto opened = co_await world.store.open(std::move(attempt));
        if (opened.is_new) co_return std::move(opened.transaction);
        // Nothing is closed for whoever would not come to open another.
        if (tries == tries_max) break;

        auto way = co_await make_way(world, opened.transaction, offer);
        if (auto* error = std::get_if<Error>(&way)) co_return std::move(*error);
        if (auto* reply = std::get_if<StartReply>(&way)) co_return std::move(*reply);
    }
    co_return Error{Errc::payment_in_progress, "other payments for this fee keep being started"}
        .retry_after(5);
}

Result<StartReply> reply_to(const StartResult& started, const Transaction& attempt) {
    using enum StartResult::Kind;
    const auto about = attempt.id;
    switch (started.kind) {
        case accepted: {
            StartReply reply;
            reply.transaction_id = about;
            reply.redirect_url = started.redirect_url;
            reply.client_secret = started.client_secret;
            return reply;
        }
        case refused:
            return Error{Errc::provider_refused, started.reason}.about(about);
        case garbled:
            return Error{Errc::provider_garbled, started.reason}.about(about);
        case unreachable:
            return Error{Errc::provider_unavailable, started.reason}.retry_after(5).about(about);
        case unanswered:
            break;
    }
    return Error{Errc::provider_timeout, started.reason}.retry_after(5).about(about);
}

// What was heard does not fit, such as an id that another payment has: nobody is sent there to pay.
bool is_in_review(const Recorded& recorded) {
    return recorded.transaction && recorded.transaction->status == Status::review;
}

}  // namespace

Task<Result<StartReply>> start_payment(FlowContext& world, StartRequest request) {
    const auto ticket = co_await world.tickets.get(request.ticket_id, {}, request.traceparent);
    if (!ticket) co_return ticket.error();
    const auto attempts = co_await world.store.transactions_of(request.ticket_id);
    const auto offer = choose(world, *ticket, attempts, request.code);
    if (!offer) co_return offer.error();

    const auto payer = complete(request.payer, *ticket);
    if (payer.email.empty()) {
        Error missing{Errc::invalid_request, "the payer's e-mail address is needed"};
        missing.wrong.push_back({"/metas/email", "is needed: the ticket has none either"});
        co_return missing;
    }

    auto opened = co_await open(world, request, *offer, payer.email);
    if (auto* error = std::get_if<Error>(&opened)) co_return std::move(*error);
    if (auto* reply = std::get_if<StartReply>(&opened)) co_return std::move(*reply);
    const auto attempt = std::get<Transaction>(std::move(opened));
    if (attempt.amount.is_zero()) {
        co_await capture_free(world, attempt);
        StartReply reply;
        reply.transaction_id = attempt.id;
        reply.required_additional_action = false;
        co_return reply;
    }

    // The intent is on record and no transaction is open: now the provider may hear of it.
    const auto started = co_await world.gateway(attempt.code.processor).start(attempt, payer);
    auto heard = Heard::about(attempt.id, Source::service, world.clock.now(), started.facts);
    const auto recorded = co_await record(world, std::move(heard));
    if (started.kind == StartResult::Kind::accepted && is_in_review(recorded))
        co_return Error{
            Errc::provider_garbled, "a person must look at this payment before it can go on"}
            .about(attempt.id);
    co_return reply_to(started, attempt);
}

}  // namespace payments
