#pragma once

#include "storage/rules/books.hpp"

// The changes that Store promises (flow/ports.hpp), as both stores make them.
namespace payments::ledger {

Opened apply_new_attempt(Books& books, const NewAttempt& attempt);
Recorded apply_heard(Books& books, const Heard& heard);
Result<ReservedRefund> apply_refund(Books& books, const NewRefund& refund);

}  // namespace payments::ledger
