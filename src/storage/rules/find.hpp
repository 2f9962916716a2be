#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/find.hpp"

// How both stores find payments (docs/finding.md, 2): a page is merged, newest first, out of
// *cursors*, each of which descends one index. Which cursors, what is asked of each row and when
// the page is full is said here; a store reads rows. Pure but for the state of a Search; one
// thread.
namespace payments::ledger {

// Rows that one index gives by descending id.
struct FindCursor {
    enum class Kind : std::uint8_t {
        all,                // the table itself
        scoped,             // of scope `number` with `status`
        unscoped,           // of no known scope, with `status`
        transaction,        // the one with id `number`
        ticket,             // of ticket `number`
        provider_id,        // with id `text` at `processor`
        email,              // of payer `text`
        refund_or_dispute,  // with a refund or a dispute that the provider calls `text`
    } kind;
    std::int64_t number = 0;
    Status status = Status::created;
    Processor processor = Processor::simplepay;
    std::string text{};
};

struct CursorRow {
    std::int64_t id;
    bool fits;  // all other conditions hold
};

// Which ids can be meant, by the times that are asked for: `from` counts, `to` does not.
struct IdRange {
    std::int64_t from = 0;
    std::optional<std::int64_t> to{};
};

class Search {
public:
    Search(const FindQuery& query, IdRange range);

    // What must be read before the merge can go on: up to `count` rows of a cursor with ids below
    // `before`. Empty when the page is done.
    struct Ask {
        std::size_t cursor;
        std::int64_t before;
        int count;
    };
    std::vector<Ask> asks() const;
    const FindCursor& cursor(const Ask& ask) const { return streams_[ask.cursor].cursor; }
    // The answer, by descending id; fewer than were asked for: that is the end of it.
    void take(const Ask& ask, std::vector<CursorRow> rows);

    // Of the page, newest first; and where the next one begins.
    const std::vector<std::int64_t>& ids() const { return ids_; }
    std::optional<std::int64_t> next() const { return next_; }

private:
    struct Stream {
        FindCursor cursor;
        std::int64_t before;
        int count;  // to ask for next: more each time, since most are asked once
        std::vector<CursorRow> rows{};
        std::size_t used = 0;
        bool is_at_end = false;

        bool is_dry() const { return used == rows.size(); }
        std::int64_t head() const { return rows[used].id; }
    };
    void merge();
    bool is_waiting() const;
    // The row with the largest id of all that were read.
    std::optional<CursorRow> pop();

    std::vector<Stream> streams_;
    std::size_t limit_;
    std::int64_t from_;
    int looked_at_ = 0;
    bool is_done_ = false;
    std::vector<std::int64_t> ids_;
    std::optional<std::int64_t> next_;
};

// The conditions that a cursor does not see to, of table transactions: parameters $1 to $13, as
// with_conditions() gives them.
inline constexpr int find_condition_count = 13;
inline constexpr std::string_view find_conditions =
    "(($1 = '' OR replace($1, ' ' || status || ' ', '') <> $1)"
    " AND ($2 = '' OR replace($2, ' ' || processor || ' ', '') <> $2)"
    " AND ($3 = '' OR replace($3, ' ' || fee_type || ' ', '') <> $3)"
    " AND ($4 = '' OR currency = $4) AND amount_minor >= $5 AND amount_minor <= $6"
    " AND created_at >= $7 AND created_at < $8"
    " AND ($9 OR (paid_at >= $10 AND paid_at < $11)) AND ($12 = 0 OR ticket_id = $12)"
    " AND ($13 = '' OR replace($13, ' ' || scope_id || ' ', '') <> $13))";
// Whether there are any beside those of the cursors; else rows need not be read to be counted in.
bool has_conditions(const FindQuery& query);

// Lists as texts that are searched as a whole, because both databases can do that and only one of
// them knows lists: " paid  pending "; "" for any.
struct FindConditions {
    std::string statuses, processors, fee_types, currency;
    std::int64_t amount_from, amount_to;
    Time created_from, created_to;
    bool is_paid_any;
    Time paid_from, paid_to;
    std::int64_t ticket_id;  // 0 for any
    std::string scopes;
};
FindConditions conditions_of(const FindQuery& query);

template <class Run>
auto with_conditions(const FindConditions& of, Run run) {
    return run(
        of.statuses, of.processors, of.fee_types, of.currency, of.amount_from, of.amount_to,
        of.created_from, of.created_to, of.is_paid_any, of.paid_from, of.paid_to, of.ticket_id,
        of.scopes
    );
}

// Facts by which a refund or a dispute is found; there is an index for just that.
inline constexpr std::string_view facts_with_ids =
    "kind IN ('refunded', 'refund_pending', 'disputed', 'dispute_won', 'dispute_lost',"
    " 'dispute_prevented', 'dispute_unclear', 'inquiry')";

// ---------------------------------------------------------------- times, as ids

// Ids ascend nearly as times do, so a time is looked for by halving: the largest id before which
// everything was opened before $1. 24 look-ups among ten million.
inline constexpr std::string_view bisect =
    "WITH RECURSIVE b(lo, hi) AS ("
    "SELECT CAST(0 AS bigint), coalesce((SELECT max(id) FROM transactions), 0) + 1"
    " UNION ALL SELECT"
    " CASE WHEN (SELECT created_at FROM transactions WHERE id >= (lo + hi) / 2 ORDER BY id LIMIT 1)"
    " < $1 THEN (lo + hi) / 2 ELSE lo END,"
    " CASE WHEN (SELECT created_at FROM transactions WHERE id >= (lo + hi) / 2 ORDER BY id LIMIT 1)"
    " < $1 THEN hi ELSE (lo + hi) / 2 END"
    " FROM b WHERE hi - lo > 1) SELECT max(lo) FROM b";
// How many were paid from $1 until before $2, and the smallest id of them; of looked_at_max ($3)
// the answer may not be all.
inline constexpr std::string_view paid_between =
    "SELECT count(*), min(id) FROM (SELECT id FROM transactions WHERE paid_at >= $1"
    " AND paid_at < $2 LIMIT $3) AS p";

// The moments to look for; nothing when the query has no such bound. Clocks differ and starts
// overtake each other, so they are an hour wider than what was asked for.
std::optional<Time> moment_to_begin(const FindQuery& query);
std::optional<Time> moment_to_end(const FindQuery& query);

// What the answers make of it: those of `bisect` for the two moments, and of paid_between().
struct PaidBetween {
    std::int64_t count;
    std::int64_t least_id;
};
IdRange range_of(
    std::optional<std::int64_t> begin, std::optional<std::int64_t> end,
    std::optional<PaidBetween> paid
);

}  // namespace payments::ledger
