#pragma once

#include <map>
#include <string>

#include "flow/lost/adopt_payment.hpp"

namespace payments {

// Whose payments are that are not on record, by their numbers.
using PaymentOwners = std::map<std::int64_t, PaymentOwner>;

// Of a file with a line for each, as TR1042,4711,NORMAL-TOTAL-FEE-EUR-SIMPLE: transaction, ticket,
// payment code. Empty lines are passed over. Errc::invalid_request names file and line, also of a
// second line for one transaction.
Result<PaymentOwners> read_owners(const std::string& file);

}  // namespace payments
