#pragma once

#include "storage/rules/books.hpp"

// The three changes of Store that touch money (open, record, reserve_refund in flow/ports.hpp), as
// both stores make them: decided once, on whatever database `books` stands for, inside a database
// transaction that the caller commits. They throw what Books throws and keep nothing then.
// docs/design.md, 3.1, 3.4 to 3.6, 3.8, 3.9.
namespace payments::ledger {

Opened apply_new_attempt(Books& books, const NewAttempt& attempt);
Recorded apply_heard(Books& books, const Heard& heard);
// Errc::unknown_transaction, and what request_refund() says. The action of the person who asks is
// on record with it (rules/actions).
Result<ReservedRefund> apply_refund(Books& books, const NewRefund& refund);

}  // namespace payments::ledger
