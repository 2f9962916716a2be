#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "payment/transaction.hpp"

namespace payments {

struct SettlementFetchOptions {
    std::optional<Time> since{};  // 30 days ago when not given
    std::string folder;           // where files are written; "": put on record
    std::string by;               // who fetches, kept on record; else the user of the machine
};

// `ozora-payments settlement fetch`: asks Stripe for payouts and for what is in each, and puts that
// on record, or writes it into a folder with the manifest that `settlement check` takes
// (docs/settlements.md, 8). Says on `out` what came of it. Returns exit_code::done; failed when
// Stripe, or who takes the files, stopped it half-way: what was taken stays, and another run goes
// on from there; wrong_usage without Stripe, or with a manifest that cannot be read. Throws
// StoreDown, and std::system_error when a file cannot be written.
int run_settlement_fetch(
    const Settings& settings, const SettlementFetchOptions& options, std::ostream& out,
    std::ostream& err
);

}  // namespace payments
