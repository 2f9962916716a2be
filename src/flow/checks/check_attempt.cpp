#include "flow/checks/check_attempt.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "flow/issue_refund.hpp"
#include "flow/record_facts.hpp"
#include "flow/when_all.hpp"
#include "payment/confirm.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// Providers' clocks and ours differ; a payment begun in the last second may still be under way.
constexpr auto deadline_margin = 1min;
// After the call that was to start it has ended: by then SimplePay lists what it has begun.
constexpr auto absence_believed_after = 15s;

Fact fact_of(FactKind kind, std::string detail) {
    Fact fact;
    fact.kind = kind;
    fact.detail = std::move(detail);
    return fact;
}

// What a claim that the provider has not confirmed amounts to by itself, now that it is silent
// again. Nobody was silent while nobody asked: before this process ran, or while the payment's
// account is not set up. Whoever replaces an account whose secret has leaked must not thereby have
// believed what was signed with it.
std::optional<Fact> unconfirmed_capture(const FlowContext& context, const Transaction& attempt) {
    if (!is_live(attempt.status)) return {};
    if (!context.gateway(attempt.code.processor).has_account(attempt.account)) return {};
    const auto claim = std::ranges::find(
        attempt.entries, FactKind::claimed, [](const LedgerEntry& entry) { return entry.fact.kind; }
    );
    if (claim == attempt.entries.end()) return {};
    const auto unconfirmed_for = context.clock.now() - std::max(claim->at, context.began_at);
    return capture_without_confirmation(context.rules.confirm, claim->fact, unconfirmed_for);
}

bool is_overdue(const FlowContext& context, const Transaction& attempt) {
    return is_live(attempt.status) && context.clock.now() > attempt.expires_at + deadline_margin;
}

// The page to pay on is in SimplePay's answer to the start and nowhere else, and no visitor is sent
// there before the id that is in it, too, is on record. Without one nobody can pay the attempt,
// even should SimplePay begin it yet.
bool was_nobody_sent(const FlowContext& context, const Transaction& attempt) {
    const auto processor = attempt.code.processor;
    const auto call_ended_at = attempt.created_at + context.call_deadline(processor);
    return is_live(attempt.status) && processor == Processor::simplepay &&
           attempt.provider_id.empty() &&
           context.clock.now() > call_ended_at + absence_believed_after;
}

// Its call may be under way all the same, for clocks differ and processes are held up: so that
// nobody was sent there is looked at again behind the lock.
Task<Transaction> end_absent(
    FlowContext& context, Transaction attempt, std::optional<Time> asked_at
) {
    auto failed =
        fact_of(FactKind::failed, "SimplePay does not know it, and nobody was sent there");
    failed.subject = "absent";
    std::vector<Fact> facts{std::move(failed)};
    auto heard = Heard::answer(attempt.id, context.clock.now(), std::move(facts), asked_at)
                     .if_nobody_was_sent();
    const auto recorded = co_await record_facts(context, std::move(heard));
    co_return recorded.transaction.value_or(attempt);
}

Task<Transaction> heed_silence(FlowContext& context, Transaction attempt) {
    if (attempt.status == Status::created) {
        std::vector<Fact> unanswered{
            fact_of(FactKind::unanswered, "whether it was asked for is unknown")};
        co_return co_await record_facts_about(
            context, attempt, Source::service, std::move(unanswered)
        );
    }
    auto captured = unconfirmed_capture(context, attempt);
    if (!captured) co_return attempt;
    log::warning("a signed notification counts unconfirmed", "transaction_id", attempt.id);
    std::vector<Fact> facts{std::move(*captured)};
    // The notification has no amount, and refunds may have been made since: SimplePay is asked
    // further.
    auto heard =
        Heard::about(attempt.id, Source::ipn, context.clock.now(), std::move(facts)).and_check();
    const auto recorded = co_await record_facts(context, std::move(heard));
    co_return recorded.transaction.value_or(attempt);
}

// How it ended at the provider, or what it has taken: nothing that is over here can be paid after
// that.
bool tells_an_end(const QueryResult& result) {
    using enum FactKind;
    constexpr std::array ends{captured, cancelled, expired, failed, foreign_payment};
    return result.is_unknown || std::ranges::any_of(result.facts, [&](const Fact& fact) {
               return std::ranges::find(ends, fact.kind) != ends.end();
           });
}

bool is_open_there(const QueryResult& result) { return result.answered && !tells_an_end(result); }

// Each is the newest word, whatever the clocks of replicas say: an answer is given once.
Fact still_payable(const Facts& facts, Time at) {
    auto fact = fact_of(FactKind::still_payable, "it has ended here, and not at the provider");
    fact.occurred_at = std::max(at, facts.unpayable_at.value_or(at) + 1ms);
    return fact;
}

Fact no_longer_payable(const Facts& facts, Time at) {
    auto fact = fact_of(FactKind::no_longer_payable, "it is over at the provider too");
    fact.occurred_at = std::max(at, facts.payable_at.value_or(at));
    return fact;
}

// Whether the provider would still take money for what has ended here, when that is news: the
// database is an older copy that has not heard of its opening, somebody has signed a lie, or the
// provider has refused to close it. Storage goes on asking about it (Heard::is_open_there), for
// somebody may be paying it.
std::optional<Fact> payable_after_its_end(
    const Transaction& attempt, const QueryResult& result, Time now
) {
    const auto facts = facts_of(attempt);
    const bool was_payable = is_payable_after_its_end(facts);
    const auto at = result.asked_at.value_or(now);
    if (!was_payable && has_ended_unpaid(attempt.status) && is_open_there(result))
        return still_payable(facts, at);
    if (was_payable && tells_an_end(result)) return no_longer_payable(facts, at);
    return {};
}

// Closes an attempt at the provider. `why` is recorded only when it was closed: an attempt that was
// paid meanwhile is not expired.
Task<Transaction> cancel_and_learn(
    FlowContext& context, Transaction attempt, std::vector<Fact> why
) {
    auto result = co_await context.gateway(attempt.code.processor).cancel(attempt);
    if (!result.answered) co_return attempt;
    if (std::ranges::find(result.facts, FactKind::cancelled, &Fact::kind) != result.facts.end())
        std::ranges::move(why, std::back_inserter(result.facts));
    // What could not be closed may have been begun meanwhile, and its notice may be lost.
    const bool is_open = is_open_there(result);
    co_return co_await record_answer(context, attempt, std::move(result.facts), {}, {}, is_open);
}

// Another attempt has paid this fee meanwhile, for instance one that had been given up as expired.
Task<bool> is_paid_elsewhere(FlowContext& context, Transaction attempt) {
    const auto attempts = co_await context.store.transactions_of(attempt.ticket_id);
    co_return std::ranges::any_of(attempts, [&](const Transaction& other) {
        return other.id != attempt.id && other.code.fee_type == attempt.code.fee_type &&
               holds_fee(other);
    });
}

// Until when refunds may be asked for once more, behind the answer; nothing when there are none.
std::optional<Time> end_of_refunds(FlowContext& context, const Transaction& attempt) {
    const auto processor = attempt.code.processor;
    const bool goes_on = context.gateway(processor).has_idempotent_refunds();
    if (!goes_on || pending_refunds(attempt).empty()) return {};
    return context.clock.now() + context.call_deadline(processor);
}

// Settles refunds of what was just heard of, and closes an attempt that could still be paid but
// must not be. `result` outlives the task.
Task<Transaction> act_on_answer(
    FlowContext& context, const QueryResult& result, Transaction attempt
) {
    auto now = co_await reconcile_refunds(context, std::move(attempt));
    if (result.is_unknown && was_nobody_sent(context, now))
        co_return co_await end_absent(context, std::move(now), result.asked_at);
    if (!result.is_payable && !result.is_cancellable) co_return now;

    std::vector<Fact> why;
    // Also when a person ended it while the provider was asked: at Stripe the question may have
    // made the payment (docs/providers/stripe.md, 3.4). Nobody has been given its client secret.
    if (has_ended_unpaid(now.status)) {
        const auto known = facts_of(now);
        if (is_payable_after_its_end(known))
            why.push_back(no_longer_payable(known, context.clock.now()));
        co_return co_await cancel_and_learn(context, now, std::move(why));
    }
    if (!is_live(now.status)) co_return now;
    if (is_overdue(context, now)) {
        why.push_back(fact_of(FactKind::expired, "not paid by its deadline"));
        co_return co_await cancel_and_learn(context, now, std::move(why));
    }
    if (co_await is_paid_elsewhere(context, now))
        co_return co_await cancel_and_learn(context, now, std::move(why));
    co_return now;
}

// Records what was said of one attempt, and acts on it. `asked` outlives the task: a hundred may be
// heard at once, and whatever is copied or kept in a frame here waits until all that is durable.
Task<Transaction> learn_answer(FlowContext& context, const CheckedAttempt& asked) {
    const auto& [attempt, result] = asked;
    if (!result.answered) co_return co_await heed_silence(context, attempt);

    auto facts = result.facts;
    if (result.is_unknown && is_overdue(context, attempt))
        facts.push_back(
            fact_of(FactKind::expired, "the provider does not know it after its deadline")
        );
    if (auto learned = payable_after_its_end(attempt, result, context.clock.now()))
        facts.push_back(std::move(*learned));
    const auto goes_on_until = end_of_refunds(context, attempt);
    auto now = co_await record_answer(
        context, attempt, std::move(facts), result.asked_at, goes_on_until, is_open_there(result)
    );
    co_return co_await act_on_answer(context, result, std::move(now));
}

// `asked` outlives the task.
Task<void> take_up(FlowContext& context, CheckedAttempt* asked) {
    asked->transaction = co_await learn_answer(context, *asked);
}

// A zero-amount attempt is still open only when its process died between opening and capturing it.
Task<void> settle(FlowContext& context, CheckedAttempt* asked) {
    asked->transaction = co_await capture_free(context, asked->transaction);
}

// Asks one provider about those of one account. `asked` outlives the task.
Task<void> query(FlowContext& context, Processor processor, std::vector<CheckedAttempt*> asked) {
    std::vector<Transaction> attempts;
    for (const auto* one : asked) attempts.push_back(one->transaction);
    const auto asked_at = context.clock.now();
    auto results = co_await context.gateway(processor).query(std::move(attempts));

    // Concurrently, so that the store commits all that was learned with one flush to disk.
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        asked[i]->result = std::move(results.at(i));
        asked[i]->result.asked_at = asked_at;
        tasks.push_back(take_up(context, asked[i]));
    }
    co_await when_all(std::move(tasks));
}

}  // namespace

int seconds_until_started(const FlowContext& context, const Transaction& attempt) {
    if (attempt.status != Status::created) return 0;
    const auto call_ends = attempt.created_at + context.call_deadline(attempt.code.processor);
    const auto left = std::chrono::ceil<std::chrono::seconds>(call_ends - context.clock.now());
    return std::max(0, static_cast<int>(left.count()));
}

ProviderAccount account_of(const Transaction& attempt) {
    return {attempt.code.processor, attempt.account};
}

Task<std::vector<CheckedAttempt>> check_attempts(
    FlowContext& context, std::vector<Transaction> attempts
) {
    std::vector<CheckedAttempt> all;
    for (auto& attempt : attempts) all.emplace_back(std::move(attempt), QueryResult{});
    std::map<ProviderAccount, std::vector<CheckedAttempt*>> by_account;
    // Concurrently: an account that is not answered for, or a failure, must not delay the answers
    // of the others.
    std::vector<Task<void>> tasks;
    for (auto& one : all) {
        if (one.transaction.amount.is_zero())
            tasks.push_back(settle(context, &one));
        else
            by_account[account_of(one.transaction)].push_back(&one);
    }
    for (auto& [account, asked] : by_account)
        tasks.push_back(query(context, account.processor, std::move(asked)));
    co_await when_all(std::move(tasks));
    co_return all;
}

Task<CheckedAttempt> check_attempt(FlowContext& context, Transaction attempt) {
    std::vector<Transaction> one{attempt};
    auto heard = co_await check_attempts(context, std::move(one));
    co_return std::move(heard.front());
}

Task<Transaction> capture_free(FlowContext& context, Transaction attempt) {
    auto fact = fact_of(FactKind::captured, "nothing to pay");
    fact.amount = attempt.amount;
    std::vector<Fact> facts{std::move(fact)};
    co_return co_await record_facts_about(
        context, std::move(attempt), Source::service, std::move(facts)
    );
}

Task<Transaction> cancel_attempt(FlowContext& context, Transaction attempt) {
    std::vector<Fact> why;
    co_return co_await cancel_and_learn(context, std::move(attempt), std::move(why));
}

}  // namespace payments
