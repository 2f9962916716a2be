#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "payment/review.hpp"

// The list of what a person must look at, out of what either store has found. Pure. Its cost grows
// with what is on it, not with the database; of each sort at most so many are counted.
namespace payments {

inline constexpr int reviews_counted_max = 10'000;
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
    Transaction transaction;
};

struct ReviewMaterial {
    std::vector<Transaction> watched;  // with their events
    std::vector<ListedMessage> messages;
    std::vector<DeadLetter> dead_letters;
};

Reviews list_reviews(ReviewMaterial material, const ReviewQuery& query);

}  // namespace payments
