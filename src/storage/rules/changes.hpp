#pragma once

#include "storage/rules/books.hpp"

// The changes that Store promises (flow/ports.hpp), as both stores make them.
namespace payments::ledger {

Opened open(Books& books, const NewAttempt& attempt);
Recorded record(Books& books, const Heard& heard);
Result<ReservedRefund> reserve_refund(Books& books, const NewRefund& refund);

}  // namespace payments::ledger
