#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "flow/office/records.hpp"
#include "payment/runs/refund_runs.hpp"

// Refund runs as the database keeps them (docs/refund_runs.md): a row for each run, and one for
// each payment in it. As of Store: calls return when a change is on disk, throw StoreDown, and
// belong to one event loop.
namespace payments {

// What is to be put on record: a run without its number and states, and its items, at least one.
struct NewRun {
    RefundRun run;
    std::vector<RefundItem> items;
    NewAction action;  // of the person who starts it, about nothing yet
};

struct StartedRun {
    RefundRun run;
    bool is_new;  // false when its plan had been started before
};

// How many items of one processor, currency and state there are, and what they come to.
struct RunTally {
    RefundSum sum;
    ItemState state;
};
struct RunWithTallies {
    RefundRun run;
    std::vector<RunTally> tallies;

    ItemCounts counts() const;
    // Of all items, or of those in one state.
    std::vector<RefundSum> sums(std::optional<ItemState> state = {}) const;
};

struct RunsQuery {
    SightOfScopes sight{};                // only runs whose every payment is there now
    std::optional<std::int64_t> after{};  // only numbers below
    std::size_t limit = 50;               // at least 1
};
struct RunsPage {
    std::vector<RunWithTallies> list;  // newest first
    bool is_end = true;
};

struct ItemsQuery {
    std::int64_t run_id = 0;
    std::optional<ItemState> state{};
    std::int64_t after = 0;  // only payments above
    std::size_t limit = 50;  // at least 1
};
struct ListedItem {
    RefundItem item;
    std::int64_t ticket_id;
    std::string refund;  // the name of the one that was asked for last, "" for none
};
struct ItemsPage {
    std::vector<ListedItem> list;  // by payment, ascending
    bool is_end = true;
};

// "run 7": what an action says that it is about.
std::string about_run(std::int64_t id);

struct SteeringOrder {
    std::int64_t run_id = 0;
    Steering steering = Steering::pause;
    Actor by{};
    Time now{};
};

// What is put on record of it.
NewAction action_of(const RefundRun& run, const SteeringOrder& order);
// Errors that both stores give.
Error unknown_run(std::int64_t id);
Error plan_changed_by(std::int64_t transaction_id);  // which waits in another run
Error same_plan_runs(std::int64_t id);               // of which another run is not over

// Which item a worker takes, and for how long it is its own.
struct ItemClaim {
    Processor processor = Processor::simplepay;
    Time now{};
    std::chrono::milliseconds lease{};
    std::chrono::milliseconds pace{};  // between two that are asked for, by whomever
};
struct ClaimedItem {
    RefundItem item;  // in the state in which it was found; what waited is `asked` from now on
    RefundRun run;
};

struct RefundRunStore {
    virtual ~RefundRunStore() = default;

    // Puts a run on record. When one with its digest is not over, that one comes back instead, if
    // all of it is in sight. Errc::plan_changed when a payment waits in another run.
    virtual Task<Result<StartedRun>> start_run(NewRun run, SightOfScopes sight) = 0;
    // The one with this digest that is not over; or the one with this number. Nothing when there is
    // none, or not all of it is in sight.
    virtual Task<std::optional<RunWithTallies>> open_run(
        std::string digest, SightOfScopes sight
    ) = 0;
    virtual Task<std::optional<RunWithTallies>> run(std::int64_t id, SightOfScopes sight) = 0;
    virtual Task<RunsPage> runs(RunsQuery query) = 0;
    virtual Task<ItemsPage> run_items(ItemsQuery query) = 0;
    // Payments that wait, are asked for or unknown in some run, ascending.
    virtual Task<std::vector<std::int64_t>> payments_in_runs() = 0;
    // As payments::steer() decides, with the action of the person, in one commit. Errc::unknown_run
    // besides.
    virtual Task<Result<Steered>> steer_run(SteeringOrder order) = 0;

    // The item of this processor that is due longest, or nothing when none is, or the processor's
    // pace leaves no room yet. Nobody else takes it before its lease is over.
    virtual Task<std::optional<ClaimedItem>> claim_item(ItemClaim claim) = 0;
    // Records what became of a claimed item, and of its run, as payments::settle() decides. Nothing
    // when somebody has settled it meanwhile.
    virtual Task<std::optional<SettledItem>> settle_item(
        RefundItem item, ItemOutcome outcome, Time now
    ) = 0;
};

}  // namespace payments
