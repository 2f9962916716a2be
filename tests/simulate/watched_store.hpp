#pragma once

#include "simulate/checks.hpp"
#include "simulate/forwarding.hpp"

namespace payments::simulate {

// The real store; whatever it says of an attempt is held against the rules on its way out.
class WatchedStore final : public ForwardingStore {
public:
    WatchedStore(Store& store, Checks& checks) : ForwardingStore(store), checks_(checks) {}

    Task<Opened> open(NewAttempt attempt) override {
        auto opened = co_await store_.open(std::move(attempt));
        checks_.stands(opened.transaction);
        co_return opened;
    }
    Task<Recorded> record(Heard heard) override {
        auto recorded = co_await store_.record(std::move(heard));
        for (const auto& other : recorded.others) checks_.stands(other.transaction);
        if (recorded.transaction) checks_.stands(*recorded.transaction);
        co_return recorded;
    }
    Task<Result<ReservedRefund>> reserve_refund(NewRefund refund) override {
        const bool by_itself = refund.source == Source::service;
        auto reserved = co_await store_.reserve_refund(std::move(refund));
        if (reserved) checks_.stands(reserved->transaction);
        if (reserved && reserved->is_new && by_itself)
            checks_.reserved_by_itself(reserved->transaction);
        co_return reserved;
    }

private:
    Checks& checks_;
};

}  // namespace payments::simulate
