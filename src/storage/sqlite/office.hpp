#pragma once

#include <optional>
#include <string_view>

#include "flow/office/records.hpp"
#include "storage/sqlite/database.hpp"

// What the back office reads and writes beside payments; as OfficeRecords promises of its functions
// of the same names. Inside a database transaction that the caller holds. They throw StoreDown.
namespace payments::sqlite {

// Of an entry of the worklist, by its name.
std::optional<Action> newest_review(Database& database, std::string_view about);
std::optional<Review> review(Database& database, ReviewName entry, Time now);
// What a person must look at (storage/rules/review_list).
Reviews reviews(Database& database, const ReviewQuery& query);
ReviewCounts review_counts(Database& database, Time now);

ActionsPage actions(Database& database, const ActionsQuery& query);
std::int64_t change_events(Database& database, const EventsChange& change);
MessagesPage find_messages(Database& database, const MessagesQuery& query);
std::optional<RetriableMessage> retriable_message(Database& database, std::int64_t number);

}  // namespace payments::sqlite
