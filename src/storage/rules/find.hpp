#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "payment/find.hpp"

// How both stores find payments (docs/finding.md, 2): a page is merged, newest first, out of
// *cursors*, each of which descends one index. Which cursors, what is asked of each row and when
// the page is full is said here; a store reads rows. Nothing here depends on a row that the caller
// may not see. Pure but for the state of a Search; one thread.
namespace payments::ledger {

// Rows that one index gives by descending id, all of which the caller may see.
struct FindCursor {
    enum class Kind : std::uint8_t {
        all,                // the table itself
        of_scope,           // of scope `number`
        rare,               // with the rare `status`
        rare_of_scope,      // of scope `number` with the rare `status`
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

// Statuses that few payments have, through which none goes on its way to being paid: two indexes
// hold these alone, so that a payment that goes well costs nothing for them.
inline constexpr std::array rare_statuses = {
    Status::unknown,  Status::authorized, Status::partially_refunded,
    Status::refunded, Status::disputed,   Status::review,
};
inline constexpr std::string_view is_rare =
    "status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review')";

struct CursorRow {
    std::int64_t id;
    bool fits;  // all other conditions hold
};

// Which ids can be meant, by the times that are asked for: `from` counts, `to` does not.
struct IdRange {
    std::int64_t from = 0;
    std::optional<std::int64_t> to{};
};

// Ids ascend nearly as times do among the rows of one *line*: a scope's, or all rows there are,
// whose number is 0. Lines that a query follows, by whose times it can be bounded; none when it
// names payments one by one, or may look nowhere.
std::vector<std::int64_t> lines_of(const FindQuery& query);
using IdRanges = std::map<std::int64_t, IdRange>;  // by line; any id where there is none

class Search {
public:
    explicit Search(const FindQuery& query, const IdRanges& ranges = {});

    // What must be read before the merge can go on: up to `count` rows of a cursor with ids below
    // `before`. Of every cursor that is half used up, so that the next exchange is far off. Empty
    // when the page is done.
    struct Ask {
        std::size_t cursor;
        std::int64_t before;
        int count;
    };
    std::vector<Ask> asks() const;
    const FindCursor& cursor(const Ask& ask) const { return streams_[ask.cursor].cursor; }
    // The answers to all of asks(), each by descending id; fewer than were asked for: that is the
    // end of it.
    void take(std::vector<std::vector<CursorRow>> answers);

    // Of the page, newest first; and where the next one begins.
    const std::vector<std::int64_t>& ids() const { return ids_; }
    std::optional<std::int64_t> next() const { return next_; }

private:
    struct Stream {
        FindCursor cursor;
        std::int64_t from, before;
        int count;  // to ask for next: more each time, since most are asked once
        std::vector<CursorRow> rows{};
        std::size_t used = 0;
        bool is_at_end = false;

        std::size_t left() const { return rows.size() - used; }
        bool is_waiting() const { return left() == 0 && !is_at_end; }
    };
    void take(std::size_t cursor, int asked_for, std::vector<CursorRow> rows);
    void merge();
    void look_at(const CursorRow& row);

    std::vector<Stream> streams_;
    // The next row of each stream that has one.
    std::priority_queue<std::pair<std::int64_t, std::size_t>> heads_;
    std::size_t waiting_ = 0;  // streams without a next row that are not at their end
    std::size_t limit_;
    int looked_at_ = 0, looked_at_max_;
    std::int64_t last_looked_at_ = 0;
    bool is_done_ = false;
    std::vector<std::int64_t> ids_;
    std::optional<std::int64_t> next_;
};

// The conditions that a cursor does not see to, of table transactions: parameters $1 to $12, as
// with_conditions() gives them.
inline constexpr std::string_view find_conditions =
    "(($1 = '' OR replace($1, ' ' || status || ' ', '') <> $1)"
    " AND ($2 = '' OR replace($2, ' ' || processor || ' ', '') <> $2)"
    " AND ($3 = '' OR replace($3, ' ' || fee_type || ' ', '') <> $3)"
    " AND ($4 = '' OR currency = $4) AND amount_minor >= $5 AND amount_minor <= $6"
    " AND created_at >= $7 AND created_at < $8"
    " AND ($9 OR (paid_at >= $10 AND paid_at < $11)) AND ($12 = 0 OR ticket_id = $12))";
// And where the caller may look, $13: a row for which this does not hold is none of the cursor's,
// and counts nowhere. Only cursors that name payments need it.
inline constexpr std::string_view is_seen =
    "($13 = '' OR replace($13, ' ' || scope_id || ' ', '') <> $13)";
inline constexpr int find_condition_count = 13;
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

// A time is looked for by halving: the largest id before which everything of a line was opened
// before $1. 24 look-ups among ten million. Of the line: a question for its largest id, and one for
// when its first row from id (lo + hi) / 2 on was opened.
std::string bisect(std::string_view newest, std::string_view opened_at);
inline constexpr std::string_view newest_of_all = "SELECT max(id) FROM transactions";
inline constexpr std::string_view opened_at_of_all =
    "SELECT created_at FROM transactions WHERE id >= (lo + hi) / 2 ORDER BY id LIMIT 1";
// How many were paid from $1 until before $2, and the smallest id of them; of $3 the answer may not
// be all. Of all rows, so only for who may see all.
inline constexpr std::string_view paid_between =
    "SELECT count(*), min(id) FROM (SELECT id FROM transactions WHERE paid_at >= $1"
    " AND paid_at < $2 LIMIT $3) AS p";
bool asks_paid_between(const FindQuery& query);

// The moments to look for; nothing when the query has no such bound. Clocks differ and starts
// overtake each other, so they are an hour wider than what was asked for.
std::optional<Time> moment_to_begin(const FindQuery& query);
std::optional<Time> moment_to_end(const FindQuery& query);

// What the answers make of a line: those of bisect() for the two moments, and of paid_between.
struct PaidBetween {
    std::int64_t count;
    std::int64_t least_id;
};
IdRange range_of(
    const FindQuery& query, std::optional<std::int64_t> begin, std::optional<std::int64_t> end,
    std::optional<PaidBetween> paid
);

}  // namespace payments::ledger
