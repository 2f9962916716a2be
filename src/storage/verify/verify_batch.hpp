#pragma once

#include <exception>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "storage/rules/erasures.hpp"
#include "storage/verify/count_totals.hpp"

// Verifying some transactions with all that belongs to them (docs/design.md, 3.14).
namespace payments {

// What reading a part of the ledger has found.
struct FoundPart {
    LedgerReport report{};
    // Transactions and messages of theirs whose bodies their own actions do not name as erased:
    // they may have been erased before they were matched.
    std::vector<std::pair<std::int64_t, std::int64_t>> erased_otherwise{};
    std::exception_ptr failure{};  // what ended it before its end
};

// Where the last batch ends.
inline constexpr auto last_transaction = std::numeric_limits<std::int64_t>::max();

// Verifies the transactions behind `after` up to `to`; `passed` is called after each. What they
// count for is added to `added` as long as nothing differs, for it is of no use then. Adds to
// `found`; throws as LedgerRows, and what was found before is there then.
void verify_batch(
    LedgerReader& source, std::int64_t after, std::int64_t to, const std::function<void()>& passed,
    TotalsOf& added, FoundPart& found
);

// One message of a chain, its columns those of message_columns from 1 on; returns its stored hash.
// A body that is gone is one of `erased`.
std::string verify_message(
    const LedgerRows& row, std::string_view previous, std::int64_t id,
    const ledger::ErasedRows& erased, LedgerReport& report
);
inline constexpr std::string_view message_columns =
    "transaction_id, processor, identity, received_at, signature, body, hash, id, body_sha256";

// A body is gone only when somebody is on record as having erased it.
void check_erased(
    std::int64_t id, std::int64_t message, const ledger::ErasedRows& erased, LedgerReport& report
);

// What an action says that it erased; one whose own details are gone says nothing.
ledger::ErasedRows erased_by(const LedgerRows& row, int column);

}  // namespace payments
