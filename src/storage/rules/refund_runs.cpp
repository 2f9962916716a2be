#include "storage/rules/refund_runs.hpp"

namespace payments::ledger {
namespace {

// Every payment of run r is, where its ticket is now, in the sight that parameter $2 lists.
constexpr std::string_view is_in_sight =
    " AND ($2 = '*' OR NOT EXISTS (SELECT 1 FROM refund_items AS i JOIN transactions AS t"
    " ON t.id = i.transaction_id WHERE i.run_id = r.id AND (t.scope_id IS NULL"
    " OR replace($2, ' ' || t.scope_id || ' ', '') = $2)))";

std::string select_run() {
    return "SELECT " + from_row::prefixed("r", run_columns) + " FROM refund_runs AS r WHERE ";
}
std::string select_item() {
    return "SELECT " + from_row::prefixed("i", item_columns) + " FROM refund_items AS i WHERE ";
}

}  // namespace

std::string select_runs(RunBy by) {
    const std::string sight{is_in_sight};
    if (by == RunBy::number) return select_run() + "r.id = $1" + sight;
    if (by == RunBy::page)
        return select_run() + "r.id < $1" + sight + " ORDER BY r.id DESC LIMIT $3";
    return select_run() + "r.digest = $1" + sight + " AND r.state NOT IN ('stopped', 'done')";
}

std::string select_items() {
    return "SELECT " + from_row::prefixed("i", item_columns) +
           ", t.ticket_id, (SELECT f.refund FROM facts AS f"
           " WHERE f.transaction_id = i.transaction_id AND f.kind = 'refund_requested'"
           " AND f.subject = 'run-' || i.run_id || '-TR' || i.transaction_id"
           " ORDER BY f.seq DESC LIMIT 1)"
           " FROM refund_items AS i JOIN transactions AS t ON t.id = i.transaction_id"
           " WHERE i.run_id = $1 AND ($2 = '' OR i.state = $2) AND i.transaction_id > $3"
           " ORDER BY i.transaction_id LIMIT $4";
}

std::string open_states() {
    std::string list;
    for (std::size_t i = 0; i < item_states; ++i) {
        const auto state = static_cast<ItemState>(i);
        if (!is_open(state)) continue;
        list += (list.empty() ? "('" : ", '") + std::string{name(state)} + "'";
    }
    return list + ")";
}

std::string select_payments_in_runs() {
    return "SELECT transaction_id FROM refund_items WHERE state IN " + open_states() +
           " ORDER BY transaction_id";
}

std::string has_others_open() {
    return "SELECT count(*) FROM (SELECT 1 FROM refund_items WHERE run_id = $1"
           " AND transaction_id <> $2 AND state IN " +
           open_states() + " LIMIT 1) AS open";
}

std::string find_run(std::string_view locking) {
    return select_run() + "r.id = $1" + std::string{locking};
}

std::string find_pace(std::string_view locking) {
    return "SELECT p.next_at FROM refund_pace AS p WHERE p.processor = $1"
           " AND (p.next_at <= $2 OR p.next_at > $3)" +
           std::string{locking};
}

std::string find_due_item(std::string_view locking) {
    return select_item() +
           "i.processor = $1 AND i.due_at <= $2 ORDER BY i.due_at, i.transaction_id LIMIT 1" +
           std::string{locking};
}

std::string find_item(std::string_view locking) {
    return select_item() + "i.run_id = $1 AND i.transaction_id = $2" + std::string{locking};
}

std::optional<Time> first_due(const RefundRun& run) {
    if (run.state != RunState::running) return {};
    return run.started_at;
}

bool takes_its_pace(const RefundItem& item) { return item.state != ItemState::unknown; }

bool is_unsettled(const RefundItem& now, const RefundItem& claimed) {
    return is_open(now.state) && now.tries == claimed.tries;
}

}  // namespace payments::ledger
