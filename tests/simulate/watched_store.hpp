#pragma once

#include "simulate/checks.hpp"
#include "simulate/forwarding.hpp"
#include "simulate/twin/twin.hpp"

namespace payments::simulate {

// The real store; whatever it says of an attempt is held against the rules on its way out, and
// decided once more by the twin, if there is one.
class WatchedStore final : public ForwardingStore {
public:
    WatchedStore(Store& store, Checks& checks, Twin* twin)
        : ForwardingStore(store), checks_(checks), twin_(twin) {}

    Task<Opened> open(NewAttempt attempt) override {
        auto opened = co_await store_.open(attempt);
        checks_.stands(opened.transaction);
        if (twin_) twin_->opened(std::move(attempt), opened);
        co_return opened;
    }
    Task<std::int64_t> move_ticket(std::int64_t ticket_id, std::int64_t scope_id) override {
        const auto moved = co_await store_.move_ticket(ticket_id, scope_id);
        if (twin_) twin_->moved(ticket_id, scope_id);
        co_return moved;
    }
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(heard);
        if (recorded.transaction) checks_.stands(*recorded.transaction, recorded.others);
        if (twin_) twin_->recorded(std::move(heard), recorded);
        co_return recorded;
    }
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override {
        const bool by_itself = refund.source == Source::service;
        auto reserved = co_await store_.reserve_refund(refund);
        if (reserved) checks_.stands(reserved->transaction);
        if (reserved && reserved->is_new && by_itself)
            checks_.reserved_by_itself(reserved->transaction);
        if (twin_) twin_->reserved(std::move(refund), reserved);
        co_return reserved;
    }
    Task<Result<Action>> record_action(NewAction action) override {
        auto recorded = co_await store_.record_action(action);
        if (recorded && twin_) twin_->acted(std::move(action));
        co_return recorded;
    }
    Task<std::vector<Transaction>> claim_due(DueClaim claim) override {
        auto claimed = co_await store_.claim_due(claim);
        if (twin_) twin_->claimed(claim, claimed);
        co_return claimed;
    }
    Task<std::vector<UnmatchedMessage>> claim_unmatched(Time now, int limit) override {
        auto claimed = co_await store_.claim_unmatched(now, limit);
        if (twin_) twin_->claimed(now, claimed);
        co_return claimed;
    }

private:
    Checks& checks_;
    Twin* const twin_;
};

}  // namespace payments::simulate
