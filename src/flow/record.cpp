#include "flow/record.hpp"

#include "support/log.hpp"

namespace payments {
namespace {

std::string why_review(const Transaction& transaction) {
    Facts facts;
    for (const auto& event : transaction.events)
        facts = learn(std::move(facts), event.fact, transaction.terms());
    return review_reason(facts);
}

void tell(const Transaction& transaction, Status before, Source source) {
    log::info(
        "a transaction entered a status", "transaction_id", transaction.id, "before", name(before),
        "status", name(transaction.status), "source", name(source)
    );
    if (transaction.status == Status::review)
        log::error(
            "a person must look at a transaction", "transaction_id", transaction.id, "reason",
            why_review(transaction)
        );
}

}  // namespace

Task<Recorded> record(World& world, Heard heard) {
    const auto source = heard.source;
    auto recorded = co_await world.store.record(std::move(heard));
    if (recorded.transaction && recorded.transaction->status != recorded.before) {
        world.entered(recorded.transaction->status);
        tell(*recorded.transaction, recorded.before, source);
    }
    co_return recorded;
}

}  // namespace payments
