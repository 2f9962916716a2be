#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "flow/ports.hpp"
#include "payment/movements.hpp"
#include "storage/rules/claims.hpp"
#include "storage/rules/idempotency_keys.hpp"
#include "storage/rules/ledger.hpp"
#include "storage/rules/review_list.hpp"

// Rows of either database as the core's values. A Row is what both drivers give: is_null(column),
// integer(column), text(column), time(column), time_or_null(column), flag(column).
namespace payments::from_row {

// A row holds what no version of ours can have written. All functions here throw it.
struct Damaged : StoreDown {
    using StoreDown::StoreDown;
};

template <class T>
T sound(Result<T> value) {
    if (!value) throw Damaged{"a row is damaged: " + value.error().detail};
    return std::move(*value);
}

inline Money money(std::int64_t minor, std::string_view currency) {
    return sound(Money::of(minor, sound(Currency::of(currency))));
}

// "t.id, t.ticket_id" of "id, ticket_id".
inline std::string prefixed(std::string_view prefix, std::string_view columns) {
    std::string text;
    while (!columns.empty()) {
        const auto end = std::min(columns.find(", "), columns.size());
        text += (text.empty() ? "" : ", ") + std::string{prefix} + "." +
                std::string{columns.substr(0, end)};
        columns.remove_prefix(std::min(end + 2, columns.size()));
    }
    return text;
}

// The columns, with empty texts in the places of those called `names`.
inline std::string emptied(std::string_view columns, std::span<const std::string_view> names) {
    std::string text;
    while (!columns.empty()) {
        const auto end = std::min(columns.find(", "), columns.size());
        const auto column = columns.substr(0, end);
        const auto name = column.substr(column.find('.') + 1);
        const bool is_emptied = std::ranges::find(names, name) != names.end();
        text += (text.empty() ? "" : ", ") + std::string{is_emptied ? "''" : column};
        columns.remove_prefix(std::min(end + 2, columns.size()));
    }
    return text;
}

// What attempt_row() reads from column 0 on, of table transactions.
inline constexpr std::string_view transaction_columns =
    "id, ticket_id, fee_type, currency, processor, amount_minor, account, email, metas,"
    " created_at, expires_at, status, provider_id, refunded_minor, updated_at, paid_at, check_at,"
    " checks, facts_hash, messages_hash, wanted_at, scope_id, counted";
inline constexpr int transaction_column_count = 23;
// What is not read of a page: ends of chains.
inline constexpr std::array<std::string_view, 2> not_of_pages{"facts_hash", "messages_hash"};

// An attempt without its events.
template <class Row>
ledger::AttemptRow attempt_row(const Row& row) {
    const auto amount = money(row.integer(5), row.text(3));
    Transaction transaction{
        .id = row.integer(0),
        .ticket_id = row.integer(1),
        .code =
            {.fee_type = row.text(2),
             .currency = amount.currency(),
             .processor = sound(processor_of(row.text(4)))},
        .amount = amount,
        .account = row.text(6),
        .email = row.text(7),
        .metas = row.text(8),
        .created_at = row.time(9),
        .expires_at = row.time(10),
        .status = sound(status_of(row.text(11))),
        .provider_id = row.text(12),
        .refunded_minor = row.integer(13),
        .updated_at = row.time(14),
        .paid_at = row.time_or_null(15),
        .entries = {},
    };
    if (!row.is_null(21)) transaction.scope_id = row.integer(21);
    return {
        std::move(transaction), row.time_or_null(16), static_cast<int>(row.integer(17)),
        row.text(18),           row.text(19),         row.time_or_null(20),
        row.flag(22),
    };
}

// Which attempts a page holds, of table transactions: $1 to $4 are after_id, opened_since (or the
// earliest time there is), only_open and limit.
inline constexpr std::string_view page_condition =
    " WHERE id > $1 AND created_at >= $2 AND (NOT $3 OR check_at IS NOT NULL"
    " OR status IN ('created', 'pending', 'unknown', 'authorized')) ORDER BY id LIMIT $4";

// A page of attempts that money may have moved of, of table transactions: the last of the $2 behind
// $1, if there are as many.
inline constexpr std::string_view end_of_moved =
    "SELECT id FROM transactions WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2 - 1";
// Behind $1 up to $2, begun before $3 and since $4, changed since $5.
inline constexpr std::string_view moved_condition =
    " WHERE id > $1 AND id <= $2 AND created_at < $3 AND created_at >= $4 AND updated_at >= $5";

// Attempts that nobody may have to look at but for their age, of table transactions: $1 is when
// their deadline was at the latest, $2 how many. There is an index for just that.
inline constexpr std::string_view overdue_condition =
    " WHERE status IN ('created', 'pending') AND expires_at <= $1 AND NOT watched"
    " ORDER BY expires_at LIMIT $2";

// What event() reads from column `first` on, of table facts.
inline constexpr std::string_view entry_columns =
    "at, source, kind, subject, amount_minor, currency, provider_id, account, detail, refund,"
    " occurred_at";
inline constexpr int entry_column_count = 11;

template <class Row>
LedgerEntry event(const Row& row, int first = 0) {
    LedgerEntry made{row.time(first), sound(source_of(row.text(first + 1))), {}};
    made.fact.kind = sound(fact_kind_of(row.text(first + 2)));
    made.fact.subject = row.text(first + 3);
    if (!row.is_null(first + 4))
        made.fact.amount = money(row.integer(first + 4), row.text(first + 5));
    made.fact.provider_id = row.text(first + 6);
    made.fact.account = row.text(first + 7);
    made.fact.detail = row.text(first + 8);
    made.fact.refund = row.text(first + 9);
    made.fact.occurred_at = row.time_or_null(first + 10);
    return made;
}

// What money_row() reads from column 0 on, of table transactions: of a page that is of money all
// other members are left empty, as most entries are; the status does not follow from those that
// are there. Each column of a million rows takes a tenth of a second.
inline constexpr std::string_view money_columns =
    "id, ticket_id, fee_type, currency, processor, amount_minor, account, status, provider_id,"
    " paid_at";
inline constexpr int money_column_count = 10;

// An attempt without its entries.
template <class Row>
Transaction money_row(const Row& row) {
    const auto amount = money(row.integer(5), row.text(3));
    Transaction transaction{
        .id = row.integer(0),
        .ticket_id = row.integer(1),
        .code =
            {.fee_type = row.text(2),
             .currency = amount.currency(),
             .processor = sound(processor_of(row.text(4)))},
        .amount = amount,
        .account = row.text(6),
        .email = {},
        .metas = {},
        .created_at = {},
        .expires_at = {},
        .status = sound(status_of(row.text(7))),
        .provider_id = row.text(8)};
    transaction.paid_at = row.time_or_null(9);
    return transaction;
}

// Behind them what moved_row() reads besides, of a file for accountants (MovedPage). There those in
// review come with all of their entries, which say why they are.
inline constexpr std::string_view moved_columns = "created_at, email";
inline constexpr int moved_column_count = money_column_count + 2;

template <class Row>
Transaction moved_row(const Row& row) {
    auto transaction = money_row(row);
    transaction.created_at = row.time(money_column_count);
    transaction.email = row.text(money_column_count + 1);
    return transaction;
}

// What money_entry() reads from column `first` on, of table facts. Behind the number of an attempt
// each is of the same type as the one of money_columns that stands there: rows of both may be one
// answer.
inline constexpr std::string_view money_entry_columns =
    "at, kind, currency, subject, amount_minor, account, refund, provider_id, occurred_at";

template <class Row>
LedgerEntry money_entry(const Row& row, int first = 0) {
    LedgerEntry made{row.time(first), {}, {}};
    made.fact.kind = sound(fact_kind_of(row.text(first + 1)));
    if (!row.is_null(first + 4))
        made.fact.amount = money(row.integer(first + 4), row.text(first + 2));
    made.fact.subject = row.text(first + 3);
    made.fact.account = row.text(first + 5);
    made.fact.refund = row.text(first + 6);
    made.fact.provider_id = row.text(first + 7);
    made.fact.occurred_at = row.time_or_null(first + 8);
    return made;
}

// Of table facts AS f: all but those of which is known that they are neither of money nor tell
// which of two payments counts. What nobody knows is read, and so found to be damaged.
inline std::string are_of_money() {
    std::string others;
    for (int i = 0; i <= static_cast<int>(FactKind::mismatched); ++i) {
        const auto kind = static_cast<FactKind>(i);
        if (!is_of_money(kind) && kind != FactKind::duplicate && kind != FactKind::duplicate_ended)
            others.append(others.empty() ? "'" : ", '").append(name(kind)) += "'";
    }
    return "f.kind NOT IN (" + others + ")";
}

// Gives each new fact of `change` to `insert` as a row of table facts.
inline constexpr std::string_view fact_columns =
    "transaction_id, seq, at, source, kind, subject, amount_minor, currency, provider_id, account,"
    " detail, identity, hash, refund, occurred_at";

template <class Insert>
void each_new_fact(const ledger::Change& change, Insert insert) {
    const auto& transaction = change.after.transaction;
    for (auto i = change.first_new; i < transaction.entries.size(); ++i) {
        const auto& event = transaction.entries[i];
        const auto& fact = event.fact;
        std::optional<std::int64_t> minor;
        std::optional<std::string_view> currency;
        if (fact.amount) {
            minor = fact.amount->minor();
            currency = fact.amount->currency().code();
        }
        insert(
            transaction.id, static_cast<std::int64_t>(i + 1), event.at, name(event.source),
            name(fact.kind), fact.subject, minor, currency, fact.provider_id, fact.account,
            fact.detail, fact.identity(), change.hashes[i - change.first_new], fact.refund,
            fact.occurred_at
        );
    }
}

// What outgoing() reads from column 0 on, of outbox AS o and transactions AS t.
inline constexpr std::string_view outgoing_columns =
    "o.id, o.type, o.at, o.transaction_id, t.ticket_id, t.fee_type, t.currency,"
    " t.processor, t.amount_minor, t.created_at, o.status_before, o.refunded_before,"
    " o.status_after, o.refunded_after, coalesce(o.provider_id, t.provider_id), o.review_reason,"
    " o.tries, o.next_at, o.delivered_at, o.dead_at, o.last_error, o.skipped";
inline constexpr int review_reason_column = 15;
inline constexpr int outgoing_column_count = 22;

// An outgoing event; its review_reason is empty where the row has none.
template <class Row>
OutgoingEvent outgoing(const Row& row) {
    const auto amount = money(row.integer(8), row.text(6));
    return {
        .number = row.integer(0),
        .type = row.text(1),
        .at = row.time(2),
        .transaction_id = row.integer(3),
        .ticket_id = row.integer(4),
        .code =
            {.fee_type = row.text(5),
             .currency = amount.currency(),
             .processor = sound(processor_of(row.text(7)))},
        .amount = amount,
        .opened_at = row.time(9),
        .before = {sound(status_of(row.text(10))), row.integer(11)},
        .after = {sound(status_of(row.text(12))), row.integer(13)},
        .provider_id = row.text(14),
        .review_reason = row.text(review_reason_column),
        .tries = static_cast<int>(row.integer(16)),
        .next_at = row.time(17),
        .delivered_at = row.time_or_null(18),
        .dead_at = row.time_or_null(19),
        .skipped = row.flag(21),
        .last_error = row.text(20),
    };
}

// Of table notifications AS n: it was about nothing we knew when it came, nor was matched since.
inline constexpr std::string_view is_unmatched =
    " n.transaction_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM matches WHERE notification_id = n.id)";

// What claimed_message() reads from column 0 on, of tables notifications AS n and unmatched.
inline constexpr std::string_view claimed_message_columns =
    "n.id, n.processor, identity, signature, body, received_at, tries";

template <class Row>
ledger::ClaimedMessage claimed_message(const Row& row, Time now) {
    const auto processor = sound(processor_of(row.text(1)));
    const auto tries = static_cast<int>(row.integer(6)) + 1;
    return {
        {row.integer(0), {processor, row.text(2), row.text(3), row.text(4)}, row.time(5)},
        tries,
        ledger::next_try(tries, now)};
}

// What key() reads are the columns of ledger::select_key.
template <class Row>
ledger::KeyRow key(const Row& row) {
    ledger::KeyRow found{row.text(0), row.time(1), {}};
    if (!row.is_null(2))
        found.response = StoredResponse{static_cast<int>(row.integer(2)), row.text(3)};
    return found;
}

// What listed_message() reads from column 0 on, of table notifications.
inline constexpr std::string_view listed_message_columns =
    "id, processor, identity, received_at, unmatched_reason";

template <class Row>
ListedMessage listed_message(const Row& row) {
    return {
        row.integer(0), {sound(processor_of(row.text(1))), row.text(2), row.time(3)}, row.text(4)};
}

// What kept_message() reads from column 0 on, of tables notifications AS n and matches AS m.
inline constexpr std::string_view kept_message_columns =
    "n.id, n.processor, n.identity, n.received_at, coalesce(n.transaction_id, m.transaction_id),"
    " coalesce(m.at, n.received_at)";
inline constexpr int body_of_kept_message = 6;  // behind them, where it is asked for
// The newest of a transaction, newest first.
inline constexpr std::string_view messages_of_transaction =
    " FROM notifications AS n LEFT JOIN matches AS m ON m.notification_id = n.id WHERE n.id IN"
    " (SELECT id FROM notifications WHERE transaction_id = $1"
    " UNION ALL SELECT notification_id FROM matches WHERE transaction_id = $1)"
    " ORDER BY n.id DESC LIMIT $2";
inline constexpr std::string_view message_with_number =
    ", n.body FROM notifications AS n LEFT JOIN matches AS m ON m.notification_id = n.id"
    " WHERE n.id = $1";

template <class Row>
KeptMessage kept_message(const Row& row) {
    KeptMessage kept{
        row.integer(0), sound(processor_of(row.text(1))), row.text(2), row.time(3), {}, {}};
    if (!row.is_null(4)) kept.transaction_id = row.integer(4);
    kept.taught_at = row.time(5);
    return kept;
}

// Its newest events, newest first, of outbox AS o and transactions AS t.
inline constexpr std::string_view events_of_transaction =
    " FROM outbox AS o JOIN transactions AS t ON t.id = o.transaction_id"
    " WHERE o.transaction_id = $1 ORDER BY o.id DESC LIMIT $2";

// What dead_letter() reads from column 0 on, of outbox AS o and transactions AS t.
inline std::string dead_letter_columns() {
    return prefixed("t", transaction_columns) +
           ", o.id, o.dead_at, o.type, o.tries, o.last_error,"
           " (SELECT count(*) FROM facts WHERE facts.transaction_id = t.id)";
}

template <class Row>
DeadLetter dead_letter(const Row& row) {
    constexpr int event = transaction_column_count;
    return {
        row.integer(event),     row.time(event + 1), row.text(event + 2),
        row.integer(event + 3), row.text(event + 4), attempt_row(row).transaction,
        row.integer(event + 5),
    };
}

}  // namespace payments::from_row
