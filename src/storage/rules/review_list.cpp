#include "storage/rules/review_list.hpp"

#include <algorithm>
#include <charconv>

#include "flow/ports.hpp"

namespace payments {
namespace {

// Points into the material: what a review is about is copied only when it is on the page.
struct Entry {
    ReviewCursor place;
    std::string reason;
    const Transaction* transaction = nullptr;
    const UnmatchedSummary* message = nullptr;
};

std::string why(const DeadLetter& letter) {
    auto reason = letter.type + " was given up after " + std::to_string(letter.tries) + " tries";
    if (!letter.last_error.empty()) reason += ": " + letter.last_error;
    return reason;
}

std::vector<Entry> entries_of(const ReviewMaterial& material, Time now) {
    std::vector<Entry> entries;
    for (const auto& transaction : material.watched)
        for (auto& concern : concerns_of(transaction, now))
            entries.push_back(
                {{concern.since, concern.kind, transaction.id},
                 std::move(concern.reason),
                 &transaction,
                 nullptr}
            );
    for (const auto& [number, message, reason] : material.messages)
        entries.push_back(
            {{message.received_at, ReviewKind::unmatched_message, number},
             reason,
             nullptr,
             &message}
        );
    for (const auto& letter : material.dead_letters)
        entries.push_back(
            {{letter.dead_at, ReviewKind::dead_letter, letter.number},
             why(letter),
             &letter.transaction,
             nullptr}
        );
    return entries;
}

Review review_of(Entry entry) {
    Review review{entry.place, std::move(entry.reason)};
    if (entry.message) review.message = *entry.message;
    if (entry.transaction) {
        review.transaction = *entry.transaction;
        review.transaction->entries.clear();
    }
    return review;
}

// What stands before `end`, which is taken off `rest` with it.
std::string_view take_until(char end, std::string_view& rest) {
    const auto length = std::min(rest.find(end), rest.size());
    const auto taken = rest.substr(0, length);
    rest.remove_prefix(std::min(length + 1, rest.size()));
    return taken;
}

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

}  // namespace

std::string noted_concerns(const Transaction& transaction) {
    std::string note;
    for (const auto& concern : concerns_of(transaction)) {
        note += (note.empty() ? "" : " ") + std::string{name(concern.kind)} + "@" +
                std::to_string(concern.listed_from.time_since_epoch().count());
        if (concern.listed_until < Time::max())
            note += "@" + std::to_string(concern.listed_until.time_since_epoch().count());
    }
    return note;
}

ReviewKind review_kind_of(std::string_view text) {
    for (std::size_t kind = 0; kind < review_kinds; ++kind)
        if (name(static_cast<ReviewKind>(kind)) == text) return static_cast<ReviewKind>(kind);
    throw StoreDown{"a row is damaged: there is no review of kind " + std::string{text}};
}

void count_noted(std::string_view note, Time now, ReviewCounts& counts) {
    const auto at = now.time_since_epoch().count();
    while (!note.empty()) {
        auto reason = take_until(' ', note);
        const auto kind = take_until('@', reason);
        const auto from = number_in(take_until('@', reason), 0);
        const auto until = number_in(reason, at);
        if (from <= at && at <= until) ++counts[static_cast<std::size_t>(review_kind_of(kind))];
    }
}

Reviews list_reviews(ReviewMaterial material, const ReviewQuery& query) {
    auto entries = entries_of(material, query.now);
    Reviews reviews;
    for (const auto& entry : entries) ++reviews.counts[static_cast<std::size_t>(entry.place.kind)];
    std::ranges::sort(entries, {}, &Entry::place);
    auto from = entries.begin();
    if (query.after) from = std::ranges::upper_bound(entries, *query.after, {}, &Entry::place);
    for (; from != entries.end() && reviews.list.size() < query.limit; ++from)
        reviews.list.push_back(review_of(std::move(*from)));
    reviews.is_end = from == entries.end();
    return reviews;
}

}  // namespace payments
