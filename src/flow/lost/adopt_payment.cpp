#include "flow/lost/adopt_payment.hpp"

#include "flow/checks/check_attempt.hpp"
#include "flow/record_facts.hpp"
#include "flow/ticket_scope.hpp"

namespace payments {
namespace {

Result<void> check_code(const LostPayment& lost, const Code& code) {
    if (code.processor == lost.processor && code.currency == lost.amount.currency()) return {};
    return Error{
        Errc::invalid_request, code.text() + " is not what was taken: " + lost.amount.readable() +
                                   " by " + std::string{name(lost.processor)}};
}

// When it was opened, where its provider does not tell: not before the last one on record that has
// a smaller number.
Task<Time> opened_no_later(FlowContext& context, const LostPayment& lost) {
    if (lost.opened_at) co_return *lost.opened_at;
    const auto before = co_await last_on_record_before(context, lost.transaction_id);
    co_return before ? before->created_at : Time{};
}

// Nobody but a person says so: the provider names our number, and not the ticket.
Fact adopted(const LostPayment& lost) {
    Fact fact;
    fact.kind = FactKind::accepted;
    fact.provider_id = lost.provider_id;
    fact.account = lost.account;
    fact.detail = "put on record again: it had been opened after the backup";
    return fact;
}

}  // namespace

Task<Result<Transaction>> adopt_payment(
    FlowContext& context, LostPayment lost, PaymentOwner owner
) {
    if (const auto fits = check_code(lost, owner.code); !fits) co_return fits.error();
    const auto ticket = co_await context.tickets.get(owner.ticket_id, {}, "");
    if (!ticket) co_return ticket.error();
    const auto others = co_await context.store.transactions_of(owner.ticket_id);
    auto scope = ticket->scope();
    auto known = scopes_of(others);
    const auto scope_id =
        co_await note_scope(context, owner.ticket_id, std::move(scope), std::move(known));
    const auto opened_at = co_await opened_no_later(context, lost);
    NewAttempt attempt{
        owner.ticket_id,     owner.code, lost.amount, lost.account,
        ticket->email,       "{}",       opened_at,   opened_at + context.rules.payment_time,
        context.clock.now(), scope_id};
    attempt.number = lost.transaction_id;
    auto opened = co_await context.store.open(std::move(attempt));
    if (!opened.is_new)
        co_return Error{
            Errc::payment_in_progress,
            "a payment for this fee is in progress with " + opened.transaction.reference()};
    std::vector<Fact> facts{adopted(lost)};
    auto now = co_await record_facts_about(
        context, std::move(opened.transaction), Source::staff, std::move(facts)
    );
    const auto checked = co_await check_attempt(context, std::move(now));
    co_return checked.transaction;
}

}  // namespace payments
