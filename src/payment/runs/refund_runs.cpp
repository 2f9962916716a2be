#include "payment/runs/refund_runs.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace payments {
namespace {

using namespace std::chrono_literals;

// What the provider was silent about is tried again, and what became of an unanswered refund is
// looked at again, after so long.
constexpr auto silence_lasts = 60s;
constexpr auto looked_at_again = 30s;

constexpr std::string_view run_states[] = {"needs_release", "running", "paused", "stopped", "done"};
constexpr std::string_view run_pauses[] = {"", "person", "refusals", "silence"};
constexpr std::string_view steerings[] = {"release", "pause", "go_on", "stop", "again"};
constexpr std::string_view item_state_names[] = {"waiting", "asked",   "unknown",
                                                 "done",    "refused", "left_out"};
static_assert(std::size(item_state_names) == item_states);

template <class Enum>
std::optional<Enum> value_of(std::span<const std::string_view> names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return {};
    return static_cast<Enum>(found - names.begin());
}

std::size_t index_of(ItemState state) { return static_cast<std::size_t>(state); }

}  // namespace

std::string_view name(RunState state) { return run_states[static_cast<std::size_t>(state)]; }
std::string_view name(RunPause pause) { return run_pauses[static_cast<std::size_t>(pause)]; }
std::string_view name(Steering what) { return steerings[static_cast<std::size_t>(what)]; }
std::string_view name(ItemState state) { return item_state_names[index_of(state)]; }

std::optional<RunState> run_state_of(std::string_view name) {
    return value_of<RunState>(run_states, name);
}
std::optional<RunPause> run_pause_of(std::string_view name) {
    return value_of<RunPause>(run_pauses, name);
}
std::optional<Steering> steering_of(std::string_view name) {
    return value_of<Steering>(steerings, name);
}
std::optional<ItemState> item_state_of(std::string_view name) {
    return value_of<ItemState>(item_state_names, name);
}

// -------------------------------------------------------------------------------- the run

std::int64_t count_open(const ItemCounts& counts) {
    std::int64_t open = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (is_open(static_cast<ItemState>(i))) open += counts[i];
    return open;
}

namespace {

Error not_steerable(const RefundRun& run, std::string why) {
    return {Errc::run_not_steerable, "run " + std::to_string(run.id) + " " + std::move(why)};
}

std::string standing(const RefundRun& run) {
    constexpr const char* phrases[] = {
        "must be released first", "is running", "is paused", "was stopped for good", "is done"};
    return phrases[static_cast<std::size_t>(run.state)];
}

// Whether what is asked for is so already.
bool is_so(const RefundRun& run, Steering steering) {
    switch (steering) {
        case Steering::release:
            return run.released_by.has_value();
        case Steering::pause:
            return run.state == RunState::paused;
        case Steering::go_on:
            return run.state == RunState::running;
        case Steering::stop:
            return run.state == RunState::stopped;
        case Steering::again:
            return false;
    }
    return false;
}

Result<void> may_release(const RefundRun& run, std::string_view sub) {
    if (run.state != RunState::needs_release) return not_steerable(run, standing(run));
    if (run.started_by.sub == sub)
        return Error{
            Errc::second_person_needed, "run " + std::to_string(run.id) +
                                            " must be released by somebody else than who "
                                            "started it"};
    return {};
}

Result<void> may_try_again(const RefundRun& run, const ItemCounts& counts) {
    if (run.state == RunState::needs_release || run.state == RunState::stopped)
        return not_steerable(run, standing(run));
    if (counts[index_of(ItemState::refused)] == 0)
        return not_steerable(run, "has nothing that was refused");
    return {};
}

}  // namespace

Result<void> may_steer(
    const RefundRun& run, const ItemCounts& counts, Steering steering, std::string_view sub
) {
    switch (steering) {
        case Steering::release:
            return may_release(run, sub);
        case Steering::pause:
            if (run.state != RunState::running) return not_steerable(run, standing(run));
            return {};
        case Steering::go_on:
            if (run.state != RunState::paused) return not_steerable(run, standing(run));
            return {};
        case Steering::stop:
            if (run.is_over()) return not_steerable(run, standing(run));
            return {};
        case Steering::again:
            return may_try_again(run, counts);
    }
    return {};
}

namespace {

void start_running(RefundRun& run) {
    run.state = RunState::running;
    run.paused_because = RunPause::none;
    run.ended_at.reset();
    run.failures = {};
}

ItemsChange change(RefundRun& run, Steering steering, const Actor& by, Time now) {
    switch (steering) {
        case Steering::release:
            run.released_by = by;
            run.released_at = now;
            [[fallthrough]];
        case Steering::go_on:
            start_running(run);
            return ItemsChange::wake;
        case Steering::pause:
            run.state = RunState::paused;
            run.paused_because = RunPause::person;
            return ItemsChange::hold;
        case Steering::stop:
            run.state = RunState::stopped;
            run.paused_because = RunPause::none;
            run.ended_at = now;
            return ItemsChange::leave_out;
        case Steering::again:
            start_running(run);
            return ItemsChange::try_again;
    }
    return ItemsChange::none;
}

}  // namespace

Result<Steered> steer(
    const RefundRun& run, const ItemCounts& counts, Steering steering, const Actor& by, Time now
) {
    if (is_so(run, steering)) return Steered{run};
    if (const auto may = may_steer(run, counts, steering, by.sub); !may) return may.error();
    Steered steered{run, ItemsChange::none, true};
    steered.items = change(steered.run, steering, by, now);
    return steered;
}

namespace {

void end(RefundRun& run, Time now) {
    run.state = RunState::done;
    run.paused_because = RunPause::none;
    run.ended_at = now;
}

}  // namespace

RefundRun ended_if_nothing_is_open(RefundRun run, const ItemCounts& counts, Time now) {
    if (!run.is_over() && count_open(counts) == 0) end(run, now);
    return run;
}

// ------------------------------------------------------------------------------- its items

std::string RefundItem::key() const {
    return "run-" + std::to_string(run_id) + "-TR" + std::to_string(transaction_id);
}

namespace {

bool skip_digits(std::string_view& text) {
    const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count > 0;
}

bool skip(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

std::vector<std::string> refunds_of(const Transaction& transaction, const RefundItem& item) {
    std::vector<std::string> names;
    for (const auto& [at, source, fact] : transaction.entries)
        if (fact.kind == FactKind::refund_requested && fact.subject == item.key())
            names.push_back(fact.refund);
    return names;
}

std::string words_of_refusal(const Transaction& transaction, const std::string& refund) {
    for (const auto& [at, source, fact] : transaction.entries)
        if (fact.kind == FactKind::refund_refused && fact.refund == refund) return fact.detail;
    return "";
}

ItemOutcome left_out(LeftOut why) { return {ItemState::left_out, why, {}}; }

}  // namespace

bool is_key_of_run(std::string_view key) {
    return skip(key, "run-") && skip_digits(key) && skip(key, "-TR") && skip_digits(key) &&
           key.empty();
}

std::string refund_of(const Transaction& transaction, const RefundItem& item) {
    const auto names = refunds_of(transaction, item);
    return names.empty() ? "" : names.back();
}

std::optional<ItemOutcome> known_outcome(const Transaction& transaction, const RefundItem& item) {
    const auto facts = facts_of(transaction);
    const auto names = refunds_of(transaction, item);
    bool is_pending = false;
    for (const auto& refund : names) {
        const auto& state = facts.refund_states.at(refund);
        if (state.made) return ItemOutcome{ItemState::done};
        is_pending = is_pending || state.is_pending();
    }
    if (is_pending) return ItemOutcome{ItemState::unknown};
    if (std::ssize(names) >= item.tries)
        return ItemOutcome{ItemState::refused, {}, words_of_refusal(transaction, names.back())};
    if (const auto why = why_left_out(transaction)) return left_out(*why);
    if (refunded_minor(facts) != item.refunded_minor) return left_out(LeftOut::changed);
    if (refundable_minor(facts) < item.amount.minor()) return left_out(LeftOut::less_left);
    return {};
}

namespace {

bool is_failure(const RefundItem& before, const ItemOutcome& outcome) {
    // To find it still unknown is no second failure.
    if (outcome.state == ItemState::unknown) return before.state != ItemState::unknown;
    return outcome.state == ItemState::refused || outcome.state == ItemState::waiting;
}

std::optional<Time> next_look(ItemState state, const RefundRun& run, Time now) {
    if (state == ItemState::unknown) return now + looked_at_again;
    const bool has_turns = state == ItemState::waiting && run.state == RunState::running;
    return has_turns ? std::optional{now + silence_lasts} : std::nullopt;
}

}  // namespace

SettledItem settle(
    const RefundRun& run, const RefundItem& before, const ItemOutcome& outcome, bool others_open,
    Time now
) {
    SettledItem settled{run, outcome.state, {}, outcome.why};
    if (run.state == RunState::stopped && outcome.state == ItemState::waiting) {
        settled.state = ItemState::left_out;
        settled.why = LeftOut::stopped;
    }
    auto& after = settled.run;
    auto& failures = after.failures[static_cast<std::size_t>(before.processor)];
    if (outcome.state == ItemState::done) failures = 0;
    if (is_failure(before, outcome)) ++failures;
    if (failures >= failures_max && after.state == RunState::running) {
        after.state = RunState::paused;
        after.paused_because =
            outcome.state == ItemState::refused ? RunPause::refusals : RunPause::silence;
    }
    const bool is_at_its_end = !others_open && !is_open(settled.state);
    if (is_at_its_end && !after.is_over()) end(after, now);
    settled.due_at = next_look(settled.state, after, now);
    return settled;
}

}  // namespace payments
