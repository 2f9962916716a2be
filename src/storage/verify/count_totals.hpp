#pragma once

#include <functional>
#include <span>
#include <string>

#include "storage/rules/rows.hpp"
#include "storage/rules/totals.hpp"
#include "storage/verify/ledger_verifier.hpp"

// Sums of money, added up anew from what a database holds (docs/money.md, 3). Between begin() and
// end() of the source, so that all is of one moment. Throws as LedgerRows.
namespace payments {

// Sums of what happened since a moment, by whole grains of time.
struct TotalsOf {
    std::chrono::milliseconds grain;
    Time since = Time::min();
    ledger::Totals totals{};

    Time place_of(Time at) const { return at - at.time_since_epoch() % grain; }
    void add(ledger::TotalsKey key, ledger::Total more);
};

// What one transaction counts for, unless it is not counted; with its entries.
void add_transaction(const ledger::AttemptRow& row, std::span<TotalsOf> sums);

// What is counted of a fee, whichever of its transactions pays it: the rest of what is counted.
void add_fees(LedgerReader& source, TotalsOf& sums);

// Adds all of that to each of `sums`. Reads all transactions and facts. `progress` is told how many
// were read, after every 250 of them; it may be empty. Returns how many there are.
std::int64_t add_counted(
    LedgerReader& source, std::span<TotalsOf> sums,
    const std::function<void(std::int64_t)>& progress = {}
);

// Adds rows that are kept: `rows` is what stands behind FROM, with the columns of totals_pending.
void add_kept(LedgerReader& source, const std::string& rows, TotalsOf& sums);

}  // namespace payments
