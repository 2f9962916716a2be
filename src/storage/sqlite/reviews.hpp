#pragma once

#include "payment/review.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::sqlite {

// The list of what a person must look at (storage/review_list).
Reviews reviews(Database& database, const ReviewQuery& query);

}  // namespace payments::sqlite
