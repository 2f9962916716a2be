#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/action.hpp"
#include "payment/runs/refund_plan.hpp"

// Giving back many payments at once, for an event that was cancelled (docs/refund_runs.md): what a
// person may do with a run, and what becomes of its items. Pure; safe on any thread.
namespace payments {

// -------------------------------------------------------------------------------- the run

enum class RunState : std::uint8_t {
    needs_release,  // a second person must have a look
    running,        //
    paused,         // by a person, or by itself
    stopped,        // by a person, for good
    done,           // nothing waits any more; some may have been refused
};
enum class RunPause : std::uint8_t { none, person, refusals, silence };
enum class Steering : std::uint8_t { release, pause, go_on, stop, again };
enum class ItemState : std::uint8_t {
    waiting,   //
    asked,     // somebody is at it, or has died at it
    unknown,   // asked for, and only the provider's word says what became of it
    done,      //
    refused,   // by the provider: the amount is free again
    left_out,  // at its turn nothing should be given back any more
};
inline constexpr std::size_t item_states = 6;
// Nobody knows yet what becomes of it: it waits, is asked for or is unknown. A payment is open in
// one run at most.
constexpr bool is_open(ItemState state) {
    return state == ItemState::waiting || state == ItemState::asked || state == ItemState::unknown;
}

std::string_view name(RunState state);
std::string_view name(RunPause pause);
std::string_view name(Steering steering);
std::string_view name(ItemState state);
// Nothing for any other word.
std::optional<RunState> run_state_of(std::string_view name);
std::optional<RunPause> run_pause_of(std::string_view name);
std::optional<Steering> steering_of(std::string_view name);
std::optional<ItemState> item_state_of(std::string_view name);

struct RefundRun {
    std::int64_t id = 0;
    std::string digest;  // of the plan
    std::string name;    // for people
    std::string reason;  // kept with every refund
    Give give{};
    RunState state = RunState::running;
    RunPause paused_because = RunPause::none;  // while it is paused
    Actor started_by{};
    Time started_at{};
    std::optional<Actor> released_by{};
    std::optional<Time> released_at{};
    std::optional<Time> ended_at{};
    // Of each processor, how many in a row came to nothing: were refused, or not answered.
    std::array<int, processor_count> failures{};

    bool is_over() const { return state == RunState::stopped || state == RunState::done; }
};

// How many items are in each state, by ItemState.
using ItemCounts = std::array<std::int64_t, item_states>;
std::int64_t count_open(const ItemCounts& counts);

// Whether this person may do so now, and it would change something. Errc::run_not_steerable says
// why not; second_person_needed when who started it would release it.
Result<void> may_steer(
    const RefundRun& run, const ItemCounts& counts, Steering steering, std::string_view sub
);
// What is to be done with the items of a run that was steered.
enum class ItemsChange : std::uint8_t {
    none,
    wake,       // what waits has its turn from now on
    hold,       // nothing that waits has its turn
    leave_out,  // nothing that waits will be asked for
    try_again,  // what was refused waits again, with one try more; and as `wake`
};
struct Steered {
    RefundRun run;
    ItemsChange items = ItemsChange::none;
    bool is_new = false;  // false when it was so already
};
// Errors as may_steer(), but for what is so already: then nothing changes.
Result<Steered> steer(
    const RefundRun& run, const ItemCounts& counts, Steering steering, const Actor& by, Time now
);

// The run, which is over when nothing of it is open any more.
RefundRun ended_if_nothing_is_open(RefundRun run, const ItemCounts& counts, Time now);

// ------------------------------------------------------------------------------- its items

struct RefundItem {
    std::int64_t run_id = 0;
    std::int64_t transaction_id;
    Processor processor;
    Money amount;
    std::int64_t refunded_minor;  // that was given back before
    ItemState state = ItemState::waiting;
    std::optional<LeftOut> why{};  // of left_out
    std::string detail{};          // of refused: the provider's words
    int tries = 1;                 // how often it may have been asked for, with `again`
    Time changed_at{};

    explicit RefundItem(const PlannedRefund& planned)
        : transaction_id(planned.transaction_id),
          processor(planned.processor),
          amount(planned.amount),
          refunded_minor(planned.refunded_minor) {}
    // The idempotency key of its refund, "run-7-TR123", the same on every try: under the lock of
    // the payment one that was made, or may yet be, is found by it and not made again.
    std::string key() const;
};
// Keys of this form are for runs alone.
bool is_key_of_run(std::string_view key);

// What became of an item. `waiting`: nothing was asked for, for the provider is silent.
struct ItemOutcome {
    ItemState state;
    std::optional<LeftOut> why{};
    std::string detail{};
};
// What the payment's facts say of it, or nothing when it is yet to be asked for. A try that was
// refused says nothing of the next one.
std::optional<ItemOutcome> known_outcome(const Transaction& transaction, const RefundItem& item);
// The name of the refund that was asked for last for this item, "" for none.
std::string refund_of(const Transaction& transaction, const RefundItem& item);

// A provider that refuses, or is silent, so many times in a row stops a run until a person says
// that it may go on.
inline constexpr int failures_max = 5;

// The run after something became of one of its items, which was in state `before`. `others_open`:
// besides it something waits, is asked for or unknown.
struct SettledItem {
    RefundRun run;
    ItemState state;
    std::optional<Time> due_at{};  // when somebody is to look at it again
    std::optional<LeftOut> why{};
};
SettledItem settle(
    const RefundRun& run, const RefundItem& before, const ItemOutcome& outcome, bool others_open,
    Time now
);

}  // namespace payments
