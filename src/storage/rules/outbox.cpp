#include "storage/rules/outbox.hpp"

namespace payments::ledger {

std::optional<NewOutgoingEvent> event_of(const Change& change, Time at) {
    const auto& transaction = change.after.transaction;
    const TransactionState after{transaction.status, transaction.refunded_minor};
    const auto type = event_type(change.before, after);
    if (type.empty()) return {};
    const bool is_in_review = after.status == Status::review;
    return NewOutgoingEvent{
        transaction.id,
        type,
        change.before,
        after,
        at,
        transaction.provider_id,
        is_in_review ? review_reason(facts_of(transaction)) : ""};
}

}  // namespace payments::ledger
