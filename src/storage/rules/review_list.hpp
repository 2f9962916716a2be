#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/review.hpp"

// The list of what a person must look at, out of what either store has found
// (docs/design.md, 3.13). Pure; any thread. Its cost grows with what is on it, not with the
// database.
namespace payments {

// Of watched transactions, of messages and of dead letters at most so many are read, so that a list
// nobody tends cannot fill the memory.
inline constexpr int reviews_counted_max = 10'000;
// Providers repeat a notification for days; what is unmatched after a month will stay so.
inline constexpr std::chrono::days messages_listed_for{30};

struct ListedMessage {
    std::int64_t number;
    UnmatchedSummary message;
    std::string reason;
};

struct DeadLetter {
    std::int64_t number;
    Time dead_at;
    std::string type;
    std::int64_t tries;
    std::string last_error;
    Transaction transaction;  // without its facts
    std::int64_t facts;       // how many it has
};

struct ReviewMaterial {
    std::vector<Transaction> watched;  // with their facts
    std::vector<ListedMessage> messages;
    std::vector<DeadLetter> dead_letters;
    // The newest action about each entry with which somebody has done something, by its name.
    std::map<std::string, Action, std::less<>> handled{};
};

// The names of the entries that `material` may make, for what was done with them to be looked up.
std::vector<std::string> names_of(const ReviewMaterial& material, Time now);

// What entries rest on (Review::stands_on).
std::string stands_on(std::int64_t facts);
std::string stands_on(std::int64_t facts, Time dead_at);

// What an attempt's row notes of the list, so that the database can count it without the facts:
// each reason, when it begins to count and, if it ends by itself, until when:
// "unconfirmed@1767225600000 fraud_warning@1767225660000@1769817660000". Only a watched attempt has
// such a note; one that is not is listed for its age alone (from_row::overdue_condition).
std::string noted_concerns(const Transaction& transaction);
// The kinds that such a note says at `now`.
std::vector<ReviewKind> kinds_noted(std::string_view note, Time now);
// The kind with this name, which must be one.
ReviewKind review_kind_of(std::string_view name);

// The page that `query` names, oldest first, and how many there are of each kind.
Reviews list_reviews(ReviewMaterial material, const ReviewQuery& query);
// The entry of that name, whatever was done with it; nothing when `material` makes none.
std::optional<Review> find_review(ReviewMaterial material, ReviewName entry, Time now);

}  // namespace payments
