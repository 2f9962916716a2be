#include "storage/rules/find.hpp"

#include <algorithm>
#include <limits>

namespace payments::ledger {
namespace {

using Kind = FindCursor::Kind;

constexpr int count_max = 4'096;
constexpr auto clocks_differ_by = std::chrono::hours{1};

std::vector<Status> all_statuses() {
    std::vector<Status> all;
    for (int i = 0; i <= static_cast<int>(Status::review); ++i)
        all.push_back(static_cast<Status>(i));
    return all;
}

void add_named(std::vector<FindCursor>& cursors, const SearchText& text) {
    const auto add = [&](Kind kind, std::int64_t number, const std::string& words) {
        cursors.push_back({kind, number, {}, {}, words});
    };
    if (text.transaction_id) add(Kind::transaction, *text.transaction_id, "");
    if (text.ticket_id) add(Kind::ticket, *text.ticket_id, "");
    if (!text.provider_id.empty())
        for (const auto processor : {Processor::simplepay, Processor::stripe})
            cursors.push_back({Kind::provider_id, 0, {}, processor, text.provider_id});
    if (!text.email.empty()) add(Kind::email, 0, text.email);
    if (!text.refund_or_dispute.empty()) add(Kind::refund_or_dispute, 0, text.refund_or_dispute);
}

// By scope and status wherever the caller may not look everywhere, or wants some statuses alone:
// what the table itself would show lies between thousands of others then.
std::vector<FindCursor> cursors_of(const FindQuery& query) {
    std::vector<FindCursor> cursors;
    const bool sees_nothing = !query.is_everywhere && query.scope_ids.empty();
    if (sees_nothing) return cursors;
    if (query.text && query.text->names_payments()) {
        add_named(cursors, *query.text);
    } else if (query.ticket_id) {
        cursors.push_back({Kind::ticket, *query.ticket_id});
    } else if (query.is_everywhere && query.statuses.empty()) {
        cursors.push_back({Kind::all});
    } else {
        for (const auto status : query.statuses.empty() ? all_statuses() : query.statuses) {
            for (const auto id : query.scope_ids) cursors.push_back({Kind::scoped, id, status});
            if (query.is_everywhere) cursors.push_back({Kind::unscoped, 0, status});
        }
    }
    return cursors;
}

template <class List, class Name>
std::string words_of(const List& list, Name name_of) {
    std::string words;
    for (const auto& one : list) words += " " + std::string{name_of(one)} + " ";
    return words;
}

bool is_by_scope(const FindQuery& query) {
    const bool is_named = query.text && query.text->names_payments();
    return !is_named && !query.ticket_id;
}

}  // namespace

Search::Search(const FindQuery& query, IdRange range) : limit_(query.limit), from_(range.from) {
    auto cursors = cursors_of(query);
    auto before = query.after.value_or(std::numeric_limits<std::int64_t>::max());
    if (range.to) before = std::min(before, *range.to);
    // As many as fill the page if all are of one cursor, or else a fair share of it.
    const auto wanted = static_cast<int>(limit_) + 1;
    const auto share = 2 * wanted / std::max(1, static_cast<int>(cursors.size()));
    const int count = cursors.size() == 1 ? wanted : std::max(4, share);
    for (auto& cursor : cursors) {
        streams_.push_back({std::move(cursor), before, count});
        streams_.back().is_at_end = before <= from_;
    }
    merge();
}

std::vector<Search::Ask> Search::asks() const {
    std::vector<Ask> asks;
    if (is_done_) return asks;
    for (std::size_t i = 0; i < streams_.size(); ++i)
        if (streams_[i].is_dry() && !streams_[i].is_at_end)
            asks.push_back({i, streams_[i].before, streams_[i].count});
    return asks;
}

void Search::take(const Ask& ask, std::vector<CursorRow> rows) {
    auto& stream = streams_[ask.cursor];
    stream.is_at_end = rows.size() < static_cast<std::size_t>(ask.count);
    stream.rows = std::move(rows);
    stream.used = 0;
    stream.count = std::min(2 * stream.count, count_max);
    if (!stream.rows.empty()) {
        stream.before = stream.rows.back().id;
        if (stream.before <= from_) stream.is_at_end = true;
    }
    merge();
}

bool Search::is_waiting() const {
    return std::ranges::any_of(streams_, [](const Stream& stream) {
        return stream.is_dry() && !stream.is_at_end;
    });
}

std::optional<CursorRow> Search::pop() {
    const Stream* newest = nullptr;
    for (const auto& stream : streams_)
        if (!stream.is_dry() && (newest == nullptr || stream.head() > newest->head()))
            newest = &stream;
    if (newest == nullptr || newest->head() < from_) return {};
    const auto row = newest->rows[newest->used];
    // Two indexes may lead to one payment.
    for (auto& stream : streams_)
        if (!stream.is_dry() && stream.head() == row.id) ++stream.used;
    return row;
}

void Search::merge() {
    while (!is_done_ && !is_waiting()) {
        const auto row = pop();
        is_done_ = !row;
        if (!row) return;
        ++looked_at_;
        if (row->fits) ids_.push_back(row->id);
        if (ids_.size() > limit_) {
            ids_.pop_back();
            next_ = ids_.back();
            is_done_ = true;
        } else if (looked_at_ == looked_at_max) {
            next_ = row->id;
            is_done_ = true;
        }
    }
}

bool has_conditions(const FindQuery& query) {
    return !is_by_scope(query) || query.text || !query.processors.empty() ||
           !query.fee_types.empty() || query.currency || query.amount_from_minor ||
           query.amount_to_minor || query.created_from || query.created_to || query.paid_from ||
           query.paid_to;
}

FindConditions conditions_of(const FindQuery& query) {
    const auto name_of = [](const auto& one) { return name(one); };
    FindConditions made{
        words_of(query.statuses, name_of),
        words_of(query.processors, name_of),
        words_of(query.fee_types, [](const std::string& type) { return type; }),
        query.currency ? std::string{query.currency->code()} : "",
        query.amount_from_minor.value_or(0),
        query.amount_to_minor.value_or(Money::limit),
        query.created_from.value_or(Time::min()),
        query.created_to.value_or(Time::max()),
        !query.paid_from && !query.paid_to,
        query.paid_from.value_or(Time::min()),
        query.paid_to.value_or(Time::max()),
        query.ticket_id.value_or(0),
        "",
    };
    // The cursors see to both.
    if (is_by_scope(query)) made.statuses.clear();
    if (!is_by_scope(query) && !query.is_everywhere)
        made.scopes = words_of(query.scope_ids, [](std::int64_t id) { return std::to_string(id); });
    if (query.text && query.text->amount) {
        const auto amount = *query.text->amount;
        const bool is_other = query.currency && *query.currency != amount.currency();
        made.currency = amount.currency().code();
        made.amount_from = std::max(made.amount_from, amount.minor());
        made.amount_to = is_other ? -1 : std::min(made.amount_to, amount.minor());
    }
    return made;
}

std::optional<Time> moment_to_begin(const FindQuery& query) {
    if (!query.created_from) return {};
    return *query.created_from - clocks_differ_by;
}

// Nothing is paid before it is opened.
std::optional<Time> moment_to_end(const FindQuery& query) {
    if (!query.created_to && !query.paid_to) return {};
    const auto end =
        std::min(query.created_to.value_or(Time::max()), query.paid_to.value_or(Time::max()));
    return end + clocks_differ_by;
}

IdRange range_of(
    std::optional<std::int64_t> begin, std::optional<std::int64_t> end,
    std::optional<PaidBetween> paid
) {
    IdRange range;
    if (begin) range.from = *begin;
    if (end) range.to = *end + 1;
    if (paid && paid->count < looked_at_max) {
        range.from = std::max(range.from, paid->least_id);
        if (paid->count == 0) range.to = 0;
    }
    return range;
}

}  // namespace payments::ledger
