#pragma once

#include "payment/review.hpp"
#include "storage/sqlite_database.hpp"

namespace payments::sqlite {

// The list of what a person must look at. Its cost grows with what is on it, not with the database;
// of each sort at most 10 000 are counted.
Reviews reviews(Database& database, const ReviewQuery& query);

}  // namespace payments::sqlite
