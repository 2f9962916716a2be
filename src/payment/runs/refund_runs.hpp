#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/action.hpp"
#include "payment/refunds.hpp"

// Giving back many payments at once, for an event that was cancelled (docs/refund_runs.md): what a
// run gives back of each, what a person may do with it, and what becomes of its items. Pure; safe
// on any thread.
namespace payments {

// ------------------------------------------------------------------------------- the plan

// What is given back of each payment: all that is left, a part of what was paid, or an amount.
struct Give {
    enum class Kind : std::uint8_t { all, percent, amount } kind = Kind::all;
    int percent = 0;                // 1 to 99, of Kind::percent
    std::optional<Money> amount{};  // more than 0, of Kind::amount

    // "all", "80 %", "50 EUR": as it is kept with a run.
    std::string text() const;
    // Nothing for any other text.
    static std::optional<Give> parse(std::string_view text);
};

// Why a run gives nothing back of a payment.
enum class LeftOut : std::uint8_t {
    unknown,          // there is no such payment that the caller may see
    not_paid,         //
    disputed,         //
    refunded,         // as much is given back already
    in_review,        //
    unknown_outcome,  // nobody knows yet whether it is paid
    reserved,         // a refund of it is under way
    in_run,           // it waits in another run
    less_left,        // less is left than is to be given back
    too_little,       // rounded down nothing remains
    changed,          // what was given back of it has changed since it was planned
    other_currency,   // what is to be given back of each is in another
    no_account,       // the account that took the payment is not set up
    stopped,          // the run was stopped before its turn
};
std::string_view name(LeftOut why);
std::optional<LeftOut> left_out_of(std::string_view name);

// Why nothing should be given back of this payment, whatever the amount. Of one that is neither
// paid nor partially refunded it looks at the status alone, for others it needs the entries.
std::optional<LeftOut> why_left_out(const Transaction& transaction);

// What a run gives back of one payment, or else why nothing. Percents are of what was paid; what
// was given back before counts towards them; the rest is rounded down to whole steps of the
// currency (docs/refund_runs.md, 1). Needs the entries.
struct Share {
    std::optional<Money> amount{};
    LeftOut why = LeftOut::unknown;  // without an amount
};
Share share_of(const Transaction& transaction, const Give& give);

struct PlannedRefund {
    std::int64_t transaction_id;
    Processor processor;
    Money amount;
    std::int64_t refunded_minor;  // that was given back before
};

// What goes back by one processor in one currency.
struct RefundSum {
    Processor processor;
    Currency currency;
    std::int64_t count = 0;
    std::int64_t minor = 0;

    friend bool operator==(const RefundSum&, const RefundSum&) = default;
};

struct LeftOutGroup {
    LeftOut why;
    std::vector<std::int64_t> transaction_ids;  // ascending
};

struct RefundPlan {
    Give give;
    std::vector<PlannedRefund> items;    // by transaction, ascending
    std::vector<LeftOutGroup> left_out;  // only reasons that occur
};
// By processor, then currency.
std::vector<RefundSum> sums_of(const RefundPlan& plan);
// Every item with its amount and what was given back of it before: two plans whose texts are equal
// are the same plan, and a run that has begun makes another of it.
std::string text_of(const RefundPlan& plan);
// What a person has typed must be the plan's sums, row by row. Errc::sums_differ names the first
// that is not.
struct TypedSum {
    Processor processor;
    Money amount;
};
Result<void> check_sums(const std::vector<RefundSum>& sums, const std::vector<TypedSum>& typed);
// How long so many refunds take at this pace, both processors at once; 0 for none.
std::int64_t minutes_for(const std::vector<RefundSum>& sums, int refunds_per_minute);

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
inline constexpr std::size_t processor_count = 2;

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
std::int64_t count_open(const ItemCounts& counts);  // waiting, asked or unknown

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
