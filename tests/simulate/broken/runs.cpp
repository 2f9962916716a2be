#include "flow/poll.hpp"
#include "flow/refund_payment.hpp"
#include "simulate/broken/variants.hpp"

namespace payments::simulate {
namespace {

using namespace std::chrono_literals;

// All of a store of runs but what a broken one does otherwise.
class ForwardingRuns : public RefundRunStore {
public:
    explicit ForwardingRuns(RunsToBreak real) : runs_(real.runs), behind_(real.behind) {}

    Task<Result<StartedRun>> start_run(NewRun order, SightOfScopes sight) override {
        return runs_.start_run(std::move(order), std::move(sight));
    }
    Task<std::optional<RunWithTallies>> open_run(std::string digest, SightOfScopes sight) override {
        return runs_.open_run(std::move(digest), std::move(sight));
    }
    Task<std::optional<RunWithTallies>> run(std::int64_t id, SightOfScopes sight) override {
        return runs_.run(id, std::move(sight));
    }
    Task<RunsPage> runs(RunsQuery query) override { return runs_.runs(std::move(query)); }
    Task<ItemsPage> run_items(ItemsQuery query) override { return runs_.run_items(query); }
    Task<std::vector<std::int64_t>> payments_in_runs() override { return runs_.payments_in_runs(); }
    Task<Result<Steered>> steer_run(SteeringOrder order) override {
        return runs_.steer_run(std::move(order));
    }
    Task<std::optional<ClaimedItem>> claim_item(ItemClaim claim) override {
        return runs_.claim_item(claim);
    }
    Task<std::optional<SettledItem>> settle_item(RefundItem item, ItemOutcome outcome, Time now)
        override {
        return runs_.settle_item(std::move(item), std::move(outcome), now);
    }

protected:
    RefundRunStore& runs_;
    sqlite::Database& behind_;
};

template <class Broken>
Variant with_runs(std::string name, std::string what) {
    Variant variant;
    variant.name = std::move(name);
    variant.what = std::move(what);
    variant.runs = [](RunsToBreak real) { return std::make_unique<Broken>(real); };
    return variant;
}

struct NeverHolds : ForwardingRuns {
    using ForwardingRuns::ForwardingRuns;
    Task<std::optional<ClaimedItem>> claim_item(ItemClaim claim) override {
        behind_.change(
            "UPDATE refund_items SET due_at = 1 WHERE state = 'waiting' AND due_at IS NULL"
        );
        return runs_.claim_item(claim);
    }
};

struct ForgetsWhoIsAsked : ForwardingRuns {
    using ForwardingRuns::ForwardingRuns;
    Task<std::optional<SettledItem>> settle_item(RefundItem item, ItemOutcome outcome, Time now)
        override {
        if (outcome.state != ItemState::unknown)
            co_return co_await runs_.settle_item(std::move(item), std::move(outcome), now);
        outcome.state = ItemState::refused;
        co_return co_await runs_.settle_item(std::move(item), std::move(outcome), now);
    }
};

// Asks again under a fresh key whatever has no answer, and does not look what became of it.
Task<void> ask_blindly(FlowContext& world, Processor processor) {
    ItemClaim claim{processor, world.clock.now(), 30s, 1s};
    const auto claimed = co_await world.runs->claim_item(claim);
    if (!claimed) co_return;
    const auto& item = claimed->item;
    RefundRequest request;
    request.transaction_id = item.transaction_id;
    request.amount = item.amount.decimal();
    request.key = item.key() + "-" + std::to_string(claim.now.time_since_epoch().count());
    const auto reply = co_await refund_payment(world, std::move(request));
    const bool is_unanswered = !reply && reply.error().retry_after_s > 0;
    ItemOutcome outcome{ItemState::refused, {}, {}};
    if (reply) outcome.state = ItemState::done;
    if (is_unanswered) outcome.state = ItemState::waiting;
    co_await world.runs->settle_item(item, std::move(outcome), world.clock.now());
}

Task<void> keep_asking_blindly(FlowContext& world, Processor processor) {
    while (true) {
        try {
            co_await ask_blindly(world, processor);
        } catch (const StoreDown&) {
        }
        co_await world.clock.sleep_until(world.clock.now() + 1s);
    }
}

}  // namespace

std::vector<Variant> broken_runs() {
    Variant blind;
    blind.name = "a run asks blindly";
    blind.what = "a refund of a run that was not answered is asked for again under a fresh key";
    blind.flows.run = keep_asking_blindly;
    return {
        blind,
        with_runs<NeverHolds>(
            "a run is never held", "what waits has its turn whatever people said of its run"
        ),
        with_runs<ForgetsWhoIsAsked>(
            "a run takes silence for no", "an unanswered refund of a run counts as refused"
        ),
    };
}

}  // namespace payments::simulate
