#include "storage/rules/review_list.hpp"

#include <algorithm>
#include <charconv>

#include "flow/ports.hpp"
#include "payment/handling.hpp"

namespace payments {
namespace {

// Points into the material: what a review is about is copied only when it is on the page.
struct Entry {
    ReviewCursor place;
    std::string reason;
    std::string stands_on;
    const Transaction* transaction = nullptr;
    const UnmatchedSummary* message = nullptr;
    std::optional<Handled> handled{};
    Shown shown = Shown::open;

    std::string name() const { return ReviewName{place.kind, place.number}.text(); }
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
                 stands_on(static_cast<std::int64_t>(transaction.entries.size())),
                 &transaction}
            );
    for (const auto& [number, message, reason] : material.messages)
        entries.push_back(
            {{message.received_at, ReviewKind::unmatched_message, number},
             reason,
             "",  // a message never changes
             nullptr,
             &message}
        );
    for (const auto& letter : material.dead_letters)
        entries.push_back(
            {{letter.dead_at, ReviewKind::dead_letter, letter.number},
             why(letter),
             stands_on(letter.facts, letter.dead_at),
             &letter.transaction}
        );
    return entries;
}

std::vector<Entry> handled_entries_of(const ReviewMaterial& material, Time now) {
    auto entries = entries_of(material, now);
    for (auto& entry : entries) {
        const auto found = material.handled.find(entry.name());
        if (found == material.handled.end()) continue;
        entry.handled = handled_of(found->second);
        entry.shown = shown_as(entry.handled, entry.stands_on, now);
    }
    return entries;
}

bool is_asked_for(const Entry& entry, const ReviewQuery& query) {
    if (entry.shown != query.shown) return false;
    const auto& kinds = query.kinds;
    if (!kinds.empty() && std::ranges::find(kinds, entry.place.kind) == kinds.end()) return false;
    if (query.owner.empty()) return true;
    const auto owner = owner_of(entry.handled);
    return owner && owner->sub == query.owner;
}

Review review_of(Entry entry) {
    Review review{entry.place, std::move(entry.reason)};
    review.shown = entry.shown;
    review.handled = std::move(entry.handled);
    review.stands_on = std::move(entry.stands_on);
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
    if (const auto kind = review_kind(text)) return *kind;
    throw StoreDown{"a row is damaged: there is no review of kind " + std::string{text}};
}

std::vector<ReviewKind> kinds_noted(std::string_view note, Time now) {
    const auto at = now.time_since_epoch().count();
    std::vector<ReviewKind> kinds;
    while (!note.empty()) {
        auto reason = take_until(' ', note);
        const auto kind = take_until('@', reason);
        const auto from = number_in(take_until('@', reason), 0);
        const auto until = number_in(reason, at);
        if (from <= at && at <= until) kinds.push_back(review_kind_of(kind));
    }
    return kinds;
}

std::string stands_on(std::int64_t facts) { return std::to_string(facts); }

std::string stands_on(std::int64_t facts, Time dead_at) {
    return std::to_string(facts) + "@" + std::to_string(dead_at.time_since_epoch().count());
}

std::vector<std::string> names_of(const ReviewMaterial& material, Time now) {
    std::vector<std::string> names;
    for (const auto& entry : entries_of(material, now)) names.push_back(entry.name());
    return names;
}

Reviews list_reviews(ReviewMaterial material, const ReviewQuery& query) {
    auto entries = handled_entries_of(material, query.now);
    std::erase_if(entries, [&](const Entry& entry) { return !is_asked_for(entry, query); });
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

std::optional<Review> find_review(ReviewMaterial material, ReviewName entry, Time now) {
    for (auto& found : handled_entries_of(material, now))
        if (found.place.kind == entry.kind && found.place.number == entry.number)
            return review_of(std::move(found));
    return {};
}

}  // namespace payments
