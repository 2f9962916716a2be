#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "flow/settlement/settlements.hpp"
#include "storage/databases.hpp"

namespace payments {

// What an installation has decided about settlements (settings).
struct SettlementRules {
    settlement::Delays delays{};
    std::optional<Time> begins{};  // captures of before are awaited in none
    // Of each currency the bank accounts that are ours; empty: any.
    std::map<std::string, std::set<std::string>, std::less<>> bank_accounts{};
    std::string mapping{};  // by which tables are read that are none of those known; "" for none
};

// What is put on record of a file that somebody has sent, but for its rows and its place.
KeptFile file_of(const SentFile& sent, settlement::Format format);

// The port over either database. Every call works on a thread of its own, which begins with the
// first, by a connection that is opened for it and closed again. Made, used and destroyed on the
// thread of one event loop, before the loop is; destroying it waits for the call that runs. Throws
// nothing when it is made.
std::unique_ptr<Settlements> settlements_of(DatabaseTarget database, SettlementRules rules);

}  // namespace payments
