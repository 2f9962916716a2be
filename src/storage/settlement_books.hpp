#pragma once

#include <memory>

#include "flow/settlement/settlements.hpp"
#include "storage/settlement_ledger.hpp"

// What is on record at a moment, made ready to hear our transactions (docs/settlements.md, 7, 9 and
// 11). They throw as SettlementLedger and Spill.
namespace payments {

std::shared_ptr<OpenMatching> open_matching(
    SettlementLedger& ledger, const settlement::Delays& delays, const Moment& moment
);
// `zone` outlives it, here and below.
std::shared_ptr<OpenJournal> open_journal(
    SettlementLedger& ledger, const settlement::journal::Period& period, const TimeZone& zone,
    const Moment& moment
);
std::shared_ptr<OpenClose> open_close(
    SettlementLedger& ledger, const settlement::Delays& delays, settlement::journal::Month month,
    const TimeZone& zone, const Moment& moment
);

}  // namespace payments
