#include "flow/record_facts.hpp"

#include <algorithm>
#include <iterator>

#include "flow/checks/prompt_checks.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

void tell_status(
    const FlowContext& context, const Transaction& transaction, Status before, Source source
) {
    if (transaction.status == before) return;
    context.on_status(transaction.status);
    log::info(
        "a transaction entered a status", "transaction_id", transaction.id, "before", name(before),
        "status", name(transaction.status), "source", name(source)
    );
    if (transaction.status == Status::review)
        log::error(
            "a person must look at a transaction", "transaction_id", transaction.id, "reason",
            review_reason(facts_of(transaction))
        );
}

// What changes no status and yet has a deadline, or a word that we do not know.
bool is_for_a_person(const Fact& fact) {
    return fact.kind == FactKind::dispute_unclear || fact.kind == FactKind::inquiry ||
           fact.kind == FactKind::fraud_warning;
}

void log_for_a_person(const Transaction& transaction, const std::vector<Fact>& facts) {
    for (const auto& fact : facts)
        if (is_for_a_person(fact))
            log::warning(
                "a person must look at what a provider reports", "transaction_id", transaction.id,
                "kind", name(fact.kind), "subject", fact.subject, "detail", fact.detail
            );
}

// The provider knows more numbers than this database: perhaps many, if it was restored from an
// older copy or begun anew at an account that had been in use. Doubling passes them in a few steps.
Task<void> pass_spent_numbers(FlowContext& context, std::int64_t spent) {
    constexpr std::int64_t least = 1'000, most = 100'000;
    const auto last = spent + std::clamp(spent, least, most);
    log::error(
        "the provider had this number before: numbers are passed over", "transaction_id", spent,
        "up_to", last
    );
    co_await context.store.reserve_numbers(last);
}

// What must be told of what was heard, once it is on record.
struct ToTell {
    Source source;
    std::vector<Fact> to_see;
    bool is_spent;  // our number, for the provider has another payment under it
    // Of the check that it wants, when this loop is to make it.
    std::optional<Shares::Share> place;
};

Task<Recorded> record_and_tell(FlowContext& context, Task<Recorded> recording, ToTell what) {
    auto recorded = co_await std::move(recording);
    auto& [source, to_see, is_spent, place] = what;
    if (recorded.transaction && recorded.news) log_for_a_person(*recorded.transaction, to_see);
    if (recorded.transaction) tell_status(context, *recorded.transaction, recorded.before, source);
    for (const auto& other : recorded.others)
        tell_status(context, other.transaction, other.before, Source::service);
    if (place && recorded.transaction)
        context.prompt->add(context, *recorded.transaction, std::move(*place));
    if (is_spent && recorded.news && recorded.transaction)
        co_await pass_spent_numbers(context, recorded.transaction->id);
    co_return recorded;
}

// No coroutine: its frame would keep a place for what was heard as long as it is being recorded,
// and a thousand may be at once.
Task<Recorded> record_with(FlowContext& context, Heard heard, std::optional<Shares::Share> place) {
    ToTell what{heard.source, {}, false, std::move(place)};
    std::ranges::copy_if(heard.facts, std::back_inserter(what.to_see), is_for_a_person);
    what.is_spent =
        std::ranges::find(heard.facts, FactKind::foreign_payment, &Fact::kind) != heard.facts.end();
    if (what.place) heard.claimed_for = context.prompt->leases(context);
    return record_and_tell(context, context.store.record(std::move(heard)), std::move(what));
}

Task<Recorded> wait_and_record(FlowContext& context, Heard heard) {
    auto account = heard.subject.account;
    auto place = co_await context.prompt->place(std::move(account));
    co_return co_await record_with(context, std::move(heard), std::move(place));
}

}  // namespace

Task<Recorded> record_facts(FlowContext& context, Heard heard) {
    auto* prompt = heard.check_now ? context.prompt : nullptr;
    if (prompt == nullptr) return record_with(context, std::move(heard), std::nullopt);
    const auto& account = heard.subject.account;
    auto place = prompt->try_place(account);
    // A visitor who is back waits for nobody.
    if (!place && heard.message && prompt->may_get_a_place(account))
        return wait_and_record(context, std::move(heard));
    return record_with(context, std::move(heard), std::move(place));
}

Task<Transaction> record_facts_about(
    FlowContext& context, Transaction attempt, Source source, std::vector<Fact> facts
) {
    auto heard = Heard::about(attempt.id, source, context.clock.now(), std::move(facts));
    const auto recorded = co_await record_facts(context, std::move(heard));
    co_return recorded.transaction.value_or(attempt);
}

Task<Transaction> record_answer(
    FlowContext& context, const Transaction& attempt, std::vector<Fact> facts,
    std::optional<Time> asked_at, std::optional<Time> not_before, bool is_open_there
) {
    auto heard = Heard::answer(attempt.id, context.clock.now(), std::move(facts), asked_at)
                     .and_open_there(is_open_there);
    heard.not_before = not_before;
    const auto recorded = co_await record_facts(context, std::move(heard));
    co_return recorded.transaction.value_or(attempt);
}

}  // namespace payments
