#include "storage/rules/find.hpp"

#include <algorithm>
#include <limits>

namespace payments::ledger {
namespace {

using Kind = FindCursor::Kind;

constexpr int count_max = 4'096;
constexpr auto clocks_differ_by = std::chrono::hours{1};

template <class List>
List without_repeats(List list) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
}

bool names_payments(const FindQuery& query) {
    return query.ticket_id || (query.text && query.text->names_payments());
}

bool are_rare(const std::vector<Status>& statuses) {
    return !statuses.empty() && std::ranges::all_of(statuses, [](Status status) {
        return std::ranges::find(rare_statuses, status) != rare_statuses.end();
    });
}

std::vector<FindCursor> named_cursors(const FindQuery& query) {
    std::vector<FindCursor> cursors;
    const auto add = [&](Kind kind, std::int64_t number, const std::string& words) {
        cursors.push_back({kind, number, {}, {}, words});
    };
    if (!query.text || !query.text->names_payments()) {
        add(Kind::ticket, *query.ticket_id, "");
        return cursors;
    }
    const auto& text = *query.text;
    if (text.transaction_id) add(Kind::transaction, *text.transaction_id, "");
    if (text.ticket_id) add(Kind::ticket, *text.ticket_id, "");
    if (!text.provider_id.empty())
        for (const auto processor : {Processor::simplepay, Processor::stripe})
            cursors.push_back({Kind::provider_id, 0, {}, processor, text.provider_id});
    if (!text.email.empty()) add(Kind::email, 0, text.email);
    if (!text.refund_or_dispute.empty()) add(Kind::refund_or_dispute, 0, text.refund_or_dispute);
    return cursors;
}

// One for each line; for rare statuses one for each line and status. So there are never more than
// six for each scope there is.
std::vector<FindCursor> cursors_of(const FindQuery& query) {
    const bool sees_nothing = !query.is_everywhere && query.scope_ids.empty();
    if (sees_nothing) return {};
    if (names_payments(query)) return named_cursors(query);
    std::vector<FindCursor> cursors;
    for (const auto line : lines_of(query)) {
        if (are_rare(query.statuses))
            for (const auto status : without_repeats(query.statuses))
                cursors.push_back({line ? Kind::rare_of_scope : Kind::rare, line, status});
        else
            cursors.push_back({line ? Kind::of_scope : Kind::all, line});
    }
    return cursors;
}

IdRange range_of(const FindCursor& cursor, const IdRanges& ranges) {
    const auto found = ranges.find(cursor.number);
    return found == ranges.end() ? IdRange{} : found->second;
}

template <class List, class Name>
std::string words_of(const List& list, Name name_of) {
    std::string words;
    for (const auto& one : without_repeats(list)) words += " " + std::string{name_of(one)} + " ";
    return words;
}

}  // namespace

std::vector<std::int64_t> lines_of(const FindQuery& query) {
    if (names_payments(query)) return {};
    if (query.is_everywhere) return {0};
    return without_repeats(query.scope_ids);
}

Search::Search(const FindQuery& query, const IdRanges& ranges)
    : limit_(query.limit), looked_at_max_(query.looked_at_max) {
    auto cursors = cursors_of(query);
    const auto after = query.after.value_or(std::numeric_limits<std::int64_t>::max());
    // As many as fill the page if all are of one cursor, or else a fair share of it.
    const auto wanted = static_cast<int>(limit_) + 1;
    const auto share = 2 * wanted / std::max(1, static_cast<int>(cursors.size()));
    const int count = cursors.size() == 1 ? wanted : std::max(4, share);
    for (auto& cursor : cursors) {
        const auto [from, to] = range_of(cursor, ranges);
        const auto before = to ? std::min(after, *to) : after;
        streams_.push_back({std::move(cursor), from, before, count});
        streams_.back().is_at_end = before <= from;
        if (streams_.back().is_waiting()) ++waiting_;
    }
    merge();
}

std::vector<Search::Ask> Search::asks() const {
    std::vector<Ask> asks;
    if (is_done_) return asks;
    const int most = looked_at_max_ - looked_at_;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        const auto& stream = streams_[i];
        const bool is_half_used = 2 * stream.left() <= stream.rows.size();
        if (is_half_used && !stream.is_at_end)
            asks.push_back({i, stream.before, std::min(stream.count, most)});
    }
    return asks;
}

void Search::take(std::vector<std::vector<CursorRow>> answers) {
    const auto asked = asks();
    for (std::size_t i = 0; i < asked.size(); ++i)
        take(asked[i].cursor, asked[i].count, std::move(answers[i]));
    merge();
}

void Search::take(std::size_t cursor, int asked_for, std::vector<CursorRow> rows) {
    auto& stream = streams_[cursor];
    const bool was_waiting = stream.is_waiting();
    stream.is_at_end = rows.size() < static_cast<std::size_t>(asked_for);
    if (!rows.empty()) stream.before = rows.back().id;
    if (stream.before <= stream.from) stream.is_at_end = true;
    stream.count = std::min(2 * stream.count, count_max);
    while (!rows.empty() && rows.back().id < stream.from) rows.pop_back();
    stream.rows.erase(stream.rows.begin(), stream.rows.begin() + static_cast<long>(stream.used));
    stream.rows.insert(stream.rows.end(), rows.begin(), rows.end());
    stream.used = 0;
    if (!was_waiting || stream.is_waiting()) return;
    --waiting_;
    if (stream.left() > 0) heads_.emplace(stream.rows.front().id, cursor);
}

void Search::merge() {
    while (!is_done_ && waiting_ == 0) {
        if (heads_.empty()) {
            is_done_ = true;
            return;
        }
        const auto cursor = heads_.top().second;
        heads_.pop();
        auto& stream = streams_[cursor];
        const auto row = stream.rows[stream.used++];
        if (stream.left() > 0)
            heads_.emplace(stream.rows[stream.used].id, cursor);
        else if (stream.is_waiting())
            ++waiting_;
        look_at(row);
    }
}

void Search::look_at(const CursorRow& row) {
    // Two indexes may lead to one payment.
    if (row.id == last_looked_at_) return;
    last_looked_at_ = row.id;
    ++looked_at_;
    if (row.fits) ids_.push_back(row.id);
    if (ids_.size() > limit_) {
        ids_.pop_back();
        next_ = ids_.back();
        is_done_ = true;
    } else if (looked_at_ == looked_at_max_) {
        next_ = row.id;
        is_done_ = true;
    }
}

bool has_conditions(const FindQuery& query) {
    const bool has_common_status = !query.statuses.empty() && !are_rare(query.statuses);
    return names_payments(query) || has_common_status || query.text || !query.processors.empty() ||
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
    // All other cursors see to that.
    if (names_payments(query) && !query.is_everywhere)
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

std::string bisect(std::string_view newest, std::string_view opened_at) {
    const auto is_before = "(" + std::string{opened_at} + ") < $1";
    return "WITH RECURSIVE b(lo, hi) AS (SELECT CAST(0 AS bigint), coalesce((" +
           std::string{newest} + "), 0) + 1 UNION ALL SELECT CASE WHEN " + is_before +
           " THEN (lo + hi) / 2 ELSE lo END, CASE WHEN " + is_before +
           " THEN hi ELSE (lo + hi) / 2 END FROM b WHERE hi - lo > 1) SELECT max(lo) FROM b";
}

bool asks_paid_between(const FindQuery& query) {
    return query.is_everywhere && !names_payments(query) && (query.paid_from || query.paid_to);
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
    const FindQuery& query, std::optional<std::int64_t> begin, std::optional<std::int64_t> end,
    std::optional<PaidBetween> paid
) {
    IdRange range;
    if (begin) range.from = *begin;
    if (end) range.to = *end + 1;
    if (paid && paid->count < query.looked_at_max) {
        range.from = std::max(range.from, paid->least_id);
        if (paid->count == 0) range.to = 0;
    }
    return range;
}

}  // namespace payments::ledger
