#pragma once

#include <string>
#include <string_view>

#include "flow/runs/run_store.hpp"
#include "storage/rules/rows.hpp"

// Refund runs as both stores keep them (docs/refund_runs.md): the statements, in what both
// databases take (parameters in the order of their first use), and their rows. Where a database
// has row locks, it locks a run before its items. Free of state; any thread.
namespace payments::ledger {

// ------------------------------------------------------------------------------------- rows

inline constexpr std::string_view run_columns =
    "id, digest, name, reason, give, state, paused_because, started_by, started_name, started_at,"
    " released_by, released_name, released_at, ended_at, simplepay_failures, stripe_failures";

template <class T>
T sound_word(std::optional<T> value, std::string_view word) {
    if (!value) throw from_row::Damaged{"a row of a refund run is damaged: " + std::string{word}};
    return *value;
}

template <class Row>
RefundRun run_row(const Row& row) {
    RefundRun run;
    run.id = row.integer(0);
    run.digest = row.text(1);
    run.name = row.text(2);
    run.reason = row.text(3);
    run.give = sound_word(Give::parse(row.text(4)), row.text(4));
    run.state = sound_word(run_state_of(row.text(5)), row.text(5));
    run.paused_because = sound_word(run_pause_of(row.text(6)), row.text(6));
    run.started_by = {row.text(7), row.text(8)};
    run.started_at = row.time(9);
    run.released_at = row.time_or_null(12);
    if (run.released_at) run.released_by = Actor{row.text(10), row.text(11)};
    run.ended_at = row.time_or_null(13);
    run.failures = {static_cast<int>(row.integer(14)), static_cast<int>(row.integer(15))};
    return run;
}

inline constexpr std::string_view item_columns =
    "run_id, transaction_id, processor, currency, amount_minor, refunded_minor, state, why,"
    " detail, tries, changed_at";

template <class Row>
RefundItem item_row(const Row& row) {
    RefundItem item{PlannedRefund{
        row.integer(1), from_row::sound(processor_of(row.text(2))),
        from_row::money(row.integer(4), row.text(3)), row.integer(5)}};
    item.run_id = row.integer(0);
    item.state = sound_word(item_state_of(row.text(6)), row.text(6));
    item.why = left_out_of(row.text(7));
    item.detail = row.text(8);
    item.tries = static_cast<int>(row.integer(9));
    item.changed_at = row.time(10);
    return item;
}

// What select_items() selects.
template <class Row>
ListedItem listed_item(const Row& row) {
    return {item_row(row), row.integer(11), row.text(12)};
}

// What tallies_of_run selects.
template <class Row>
RunTally tally_row(const Row& row) {
    return {
        {from_row::sound(processor_of(row.text(0))), from_row::sound(Currency::of(row.text(1))),
         row.integer(3), row.integer(4)},
        sound_word(item_state_of(row.text(2)), row.text(2))};
}

// ------------------------------------------------------------------------------------ reads

// $1 is the run, or its digest, or the number that runs lie below; $2 list_of(sight); $3 how many.
enum class RunBy : std::uint8_t { number, digest, page };
std::string select_runs(RunBy by);
// $1 is the run.
inline constexpr std::string_view tallies_of_run =
    "SELECT processor, currency, state, count(*), CAST(sum(amount_minor) AS bigint)"
    " FROM refund_items WHERE run_id = $1 GROUP BY processor, currency, state"
    " ORDER BY processor, currency, state";
// $1 is the run, $2 the state or '', $3 the payment they lie above, $4 how many.
std::string select_items();
// "('waiting', 'asked', 'unknown')": is_open() as the statements say it, and the index by which a
// payment is open in one run at most.
std::string open_states();
std::string select_payments_in_runs();

// ---------------------------------------------------------------------------------- changes

// `locking` is what a database with row locks needs, here and below.
std::string find_run(std::string_view locking = "");  // $1 is its number
// One of the same digest that is not over: $1, besides run $2.
inline constexpr std::string_view find_open_run =
    "SELECT id FROM refund_runs WHERE digest = $1 AND id <> $2"
    " AND state NOT IN ('stopped', 'done')";
inline constexpr std::string_view insert_run =
    "INSERT INTO refund_runs (digest, name, reason, give, state, paused_because, started_by,"
    " started_name, started_at, released_by, released_name, released_at, ended_at,"
    " simplepay_failures, stripe_failures)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', NULL, NULL, 0, 0)"
    " ON CONFLICT DO NOTHING RETURNING id";
template <class Run>
auto with_new_run(const RefundRun& run, Run call) {
    return call(
        insert_run, run.digest, run.name, run.reason, run.give.text(), name(run.state),
        name(run.paused_because), run.started_by.sub, run.started_by.name, run.started_at
    );
}
inline constexpr std::string_view update_run =
    "UPDATE refund_runs SET state = $1, paused_because = $2, released_by = $3, released_name = $4,"
    " released_at = $5, ended_at = $6, simplepay_failures = $7, stripe_failures = $8"
    " WHERE id = $9";
template <class Run>
auto with_run(const RefundRun& run, Run call) {
    const auto released_by = run.released_by.value_or(Actor{});
    return call(
        update_run, name(run.state), name(run.paused_because), released_by.sub, released_by.name,
        run.released_at, run.ended_at, run.failures[0], run.failures[1], run.id
    );
}
// When an item of a new run has its turn: not before it is released.
std::optional<Time> first_due(const RefundRun& run);

// Calls `call(statement, parameters...)` for each of what is to be done with a run's items.
template <class Call>
void with_items_change(std::int64_t run_id, ItemsChange change, Time now, Call call) {
    constexpr std::string_view hold =
        "UPDATE refund_items SET due_at = NULL WHERE run_id = $1 AND state = 'waiting'";
    constexpr std::string_view leave_out =
        "UPDATE refund_items SET state = 'left_out', why = 'stopped', due_at = NULL,"
        " changed_at = $1 WHERE run_id = $2 AND state = 'waiting'";
    static const auto leave_to_other_run =
        "UPDATE refund_items SET state = 'left_out', why = 'in_run', detail = '', changed_at = $1"
        " WHERE run_id = $2 AND state = 'refused' AND EXISTS (SELECT 1 FROM refund_items AS o"
        " WHERE o.transaction_id = refund_items.transaction_id AND o.state IN " +
        open_states() + ")";
    constexpr std::string_view try_again =
        "UPDATE refund_items SET state = 'waiting', tries = tries + 1, detail = '',"
        " changed_at = $1 WHERE run_id = $2 AND state = 'refused'";
    constexpr std::string_view wake =
        "UPDATE refund_items SET due_at = $1 WHERE run_id = $2 AND state = 'waiting'";
    if (change == ItemsChange::hold) call(hold, run_id);
    if (change == ItemsChange::leave_out) call(leave_out, now, run_id);
    if (change == ItemsChange::try_again) {
        call(std::string_view{leave_to_other_run}, now, run_id);
        call(try_again, now, run_id);
    }
    if (change == ItemsChange::wake || change == ItemsChange::try_again) call(wake, now, run_id);
}

// ----------------------------------------------------------------------------------- claims

// Whether something is due for this processor ($1) now ($2) and its pace leaves room. A moment that
// lies further away than one step ($3) was written by a clock that was wrong.
inline constexpr std::string_view has_due_item =
    "SELECT 1 FROM refund_pace AS p WHERE p.processor = $1"
    " AND (p.next_at <= $2 OR p.next_at > $3) AND EXISTS (SELECT 1 FROM refund_items AS i"
    " WHERE i.processor = p.processor AND i.due_at <= $2)";
std::string find_pace(std::string_view locking = "");      // parameters as above
std::string find_due_item(std::string_view locking = "");  // $1 and $2 as above
std::string find_item(std::string_view locking = "");      // $1 is its run, $2 its payment
inline constexpr std::string_view set_pace =
    "UPDATE refund_pace SET next_at = $1 WHERE processor = $2";
inline constexpr std::string_view update_item =
    "UPDATE refund_items SET state = $1, why = $2, detail = $3, due_at = $4, changed_at = $5"
    " WHERE run_id = $6 AND transaction_id = $7";
// Whether something is open in a run ($1) besides one payment ($2).
std::string has_others_open();

// The item as its worker has it: what waited is asked for from now on.
template <class Call>
auto with_claimed(const RefundItem& item, const ItemClaim& claim, Call call) {
    const bool waited = item.state == ItemState::waiting;
    const auto state = waited ? ItemState::asked : item.state;
    return call(
        update_item, name(state), std::string_view{}, std::string_view{},
        Time{claim.now + claim.lease}, waited ? claim.now : item.changed_at, item.run_id,
        item.transaction_id
    );
}
// Only what is asked for counts; to look what became of it does not.
bool takes_its_pace(const RefundItem& item);

template <class Call>
auto with_settled(
    const RefundItem& item, const SettledItem& settled, const ItemOutcome& outcome, Time now,
    Call call
) {
    const auto why = settled.why ? name(*settled.why) : std::string_view{};
    return call(
        update_item, name(settled.state), why, std::string_view{outcome.detail}, settled.due_at,
        now, item.run_id, item.transaction_id
    );
}
// Whether the item is still what its worker has claimed.
bool is_unsettled(const RefundItem& now, const RefundItem& claimed);

}  // namespace payments::ledger
