#include "storage/rules/counting.hpp"

#include <algorithm>

namespace payments::ledger {
namespace {

// Nothing but its beginning counts: most changes end here.
bool is_only_begun(const Facts& facts) {
    return facts.captures_minor.empty() && facts.refunds_minor.empty() && facts.disputes.empty() &&
           facts.ending == Ending::none;
}

// All attempts of one fee but the one that is looked at.
struct Others {
    std::optional<AttemptRow> first;  // when one of them was begun before it
    bool is_first_paid = false;       // that one was
    bool is_any_paid = false;
};

Others others_of_fee(Books& books, const Transaction& transaction) {
    Others others;
    const auto& fee_type = transaction.code.fee_type;
    for (const auto& one :
         books.attempts_of_fee(transaction.ticket_id, fee_type, transaction.id)) {
        auto other = books.attempt_row(one.id).value();
        const bool is_paid = was_paid(other.transaction);
        others.is_any_paid = others.is_any_paid || is_paid;
        if (one.id > transaction.id || others.first) continue;
        others.is_first_paid = is_paid;
        others.first = std::move(other);
    }
    return others;
}

// It was never paid before: so may its fee be.
void count_paid_fee(Books& books, const AttemptRow& row, Totals& totals) {
    const auto others = others_of_fee(books, row.transaction);
    const bool is_first = !others.first;
    const auto& first = is_first ? row : *others.first;
    if (!first.is_counted) return;
    const auto before =
        contributions_of_fee(first.transaction, others.is_first_paid, others.is_any_paid);
    const auto after =
        contributions_of_fee(first.transaction, is_first || others.is_first_paid, true);
    add(totals, first.transaction, after, 1);
    add(totals, first.transaction, before, -1);
}

// All that stands with an attempt, as it is on record.
void add_all_of(Totals& totals, Books& books, const Transaction& transaction, int times) {
    add(totals, transaction, contributions(transaction), times);
    const auto others = others_of_fee(books, transaction);
    if (others.first) return;
    const bool is_paid = was_paid(transaction);
    add(totals, transaction,
        contributions_of_fee(transaction, is_paid, is_paid || others.is_any_paid), times);
}

void write(Books& books, const Totals& totals) {
    if (!totals.empty()) books.add_totals(totals);
}

}  // namespace

void count_new(Books& books, const Transaction& opened, bool begins_fee) {
    Totals totals;
    add(totals, opened, contributions(opened), 1);
    if (begins_fee) add(totals, opened, contributions_of_fee(opened, false, false), 1);
    write(books, totals);
}

void count_change(Books& books, const Change& change) {
    if (!change.news() || is_only_begun(change.facts)) return;
    const auto& transaction = change.after.transaction;
    Totals totals;
    if (change.after.is_counted) {
        add(totals, transaction, contributions(transaction), 1);
        add(totals, transaction, contributions(transaction, change.first_new), -1);
    }
    if (was_paid(transaction) && !was_paid(transaction, change.first_new))
        count_paid_fee(books, change.after, totals);
    write(books, totals);
}

std::int64_t apply_move(Books& books, const Move& move) {
    std::int64_t moved = 0;
    Totals totals;
    for (const auto id : books.attempts_of_ticket(move.ticket_id)) {
        auto row = books.attempt_row(id).value();
        auto& transaction = row.transaction;
        if (transaction.scope_id == move.scope_id) continue;
        if (row.is_counted) add_all_of(totals, books, transaction, -1);
        transaction.scope_id = move.scope_id;
        if (row.is_counted) add_all_of(totals, books, transaction, 1);
        books.move(id, move.scope_id);
        ++moved;
    }
    write(books, totals);
    return moved;
}

std::int64_t count_transactions(Books& books, const std::vector<std::int64_t>& ids) {
    std::int64_t count = 0;
    Totals totals;
    for (const auto id : ids) {
        const auto row = books.attempt_row(id);
        if (!row || row->is_counted) continue;
        add_all_of(totals, books, row->transaction, 1);
        books.mark_counted(id);
        ++count;
    }
    write(books, totals);
    return count;
}

}  // namespace payments::ledger
