#include "flow/record_facts.hpp"

#include "support/log.hpp"

namespace payments {
namespace {

void log_status(const Transaction& transaction, Status before, Source source) {
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

}  // namespace

Task<Recorded> record_facts(FlowContext& context, Heard heard) {
    const auto source = heard.source;
    auto recorded = co_await context.store.record(std::move(heard));
    if (recorded.transaction && recorded.transaction->status != recorded.before) {
        context.on_status(recorded.transaction->status);
        log_status(*recorded.transaction, recorded.before, source);
    }
    co_return recorded;
}

Task<Transaction> record_facts_about(
    FlowContext& context, Transaction attempt, Source source, std::vector<Fact> facts
) {
    auto heard = Heard::about(attempt.id, source, context.clock.now(), std::move(facts));
    const auto recorded = co_await record_facts(context, std::move(heard));
    co_return recorded.transaction.value_or(attempt);
}

Task<Transaction> record_answer(
    FlowContext& context, Transaction attempt, std::vector<Fact> facts,
    std::optional<Time> asked_at, std::optional<Time> not_before
) {
    auto heard = Heard::answer(attempt.id, context.clock.now(), std::move(facts), asked_at);
    heard.not_before = not_before;
    const auto recorded = co_await record_facts(context, std::move(heard));
    co_return recorded.transaction.value_or(attempt);
}

}  // namespace payments
