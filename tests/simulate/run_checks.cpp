#include "simulate/run_checks.hpp"

#include "simulate/place.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/refund_runs.hpp"

namespace payments::simulate {

RunChecks::RunChecks(Stage& stage) : stage_(stage), reader_(Place::the().reader()) {}

void RunChecks::violate(const RefundItem& item, const std::string& what) {
    stage_.violate(item.key() + " is " + std::string{name(item.state)} + ": " + what);
}

void RunChecks::after_commit() {
    if (stage_.plan.runs == 0) return;
    for (const auto processor : {Processor::simplepay, Processor::stripe}) {
        auto row = reader_.query(
            "SELECT min(max(i.due_at, p.next_at)) FROM refund_items AS i JOIN refund_pace AS p"
            " ON p.processor = i.processor WHERE i.processor = ?1 AND i.due_at IS NOT NULL",
            payments::name(processor)
        );
        row.next();
        next_due_[static_cast<std::size_t>(processor)] = row.time_or_null(0);
    }
}

void RunChecks::at_rest() {
    RunsQuery query{{true, {}}};
    query.limit = 1'000;
    for (const auto& [run, tallies] : sqlite::runs(reader_, query).list) is_settled(run);
}

void RunChecks::is_settled(const RefundRun& run) {
    if (run.state == RunState::running) stage_.violate(about_run(run.id) + " never ends");
    const ItemsQuery all{run.id, {}, 0, 10'000};
    bool has_open = false;
    for (const auto& [item, ticket, refund] : sqlite::run_items(reader_, all).list) {
        is_true(run, item);
        has_open = has_open || item.state == ItemState::waiting;
    }
    if (!has_open && !run.is_over()) stage_.violate(about_run(run.id) + " waits for nothing");
}

void RunChecks::is_true(const RefundRun& run, const RefundItem& item) {
    if (item.state == ItemState::asked || item.state == ItemState::unknown)
        return violate(item, "nobody finds out what became of it");
    if (item.state == ItemState::waiting && run.is_over()) violate(item, "its run is over");
    const auto payment = sqlite::transaction(reader_, item.transaction_id).value();
    const auto facts = facts_of(payment);
    int made = 0;
    for (const auto& [at, source, fact] : payment.entries) {
        if (fact.kind != FactKind::refund_requested || !fact.subject.starts_with(item.key()) ||
            !facts.refund_states.at(fact.refund).made)
            continue;
        ++made;
        if (fact.amount != item.amount) violate(item, "it was made of another amount");
    }
    if (made > 1) violate(item, "it was given back " + std::to_string(made) + " times");
    if (made == 0 && item.state == ItemState::done) violate(item, "nothing was given back");
    if (made == 1 && item.state != ItemState::done) violate(item, "it was given back");
}

}  // namespace payments::simulate
