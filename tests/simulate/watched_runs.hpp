#pragma once

#include "flow/runs/run_store.hpp"
#include "simulate/stage.hpp"
#include "simulate/twin/twin.hpp"

namespace payments::simulate {

// Refund runs; what is taken from them is held against the rules, and what people do with them is
// put on record once more by the twin, if there is one.
class WatchedRuns final : public RefundRunStore {
public:
    WatchedRuns(RefundRunStore& runs, Stage& stage, Twin* twin)
        : runs_(runs), stage_(stage), twin_(twin) {}

    Task<Result<StartedRun>> start_run(NewRun order, SightOfScopes sight) override {
        auto action = order.action;
        auto started = co_await runs_.start_run(std::move(order), std::move(sight));
        if (started) action.about = about_run(started->run.id);
        if (started && started->is_new && twin_) twin_->acted(std::move(action));
        co_return started;
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
        auto steered = co_await runs_.steer_run(order);
        if (steered && steered->is_new && twin_) twin_->acted(action_of(steered->run, order));
        co_return steered;
    }
    Task<std::optional<ClaimedItem>> claim_item(ItemClaim claim) override {
        auto claimed = co_await runs_.claim_item(claim);
        if (claimed && claimed->item.state == ItemState::waiting) {
            const auto& run = claimed->run;
            if (run.state != RunState::running)
                stage_.violate(
                    about_run(run.id) + " is " + std::string{name(run.state)} + ", and is worked at"
                );
            if (!run.released_by || run.released_by->sub == run.started_by.sub)
                stage_.violate(about_run(run.id) + " runs, and no second person has released it");
        }
        co_return claimed;
    }
    Task<std::optional<SettledItem>> settle_item(RefundItem item, ItemOutcome outcome, Time now)
        override {
        return runs_.settle_item(std::move(item), std::move(outcome), now);
    }

private:
    RefundRunStore& runs_;
    Stage& stage_;
    Twin* const twin_;
};

}  // namespace payments::simulate
