#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "settlement/records.hpp"

namespace payments::settlement {

// Adds what a line costs to the fees of its account, by kind: "processing", "dispute", "tax", of
// SimplePay "interchange", or "commission" where the parts are not told (docs/settlements.md, 9).
// Minor units of the line's currency; less than 0 when given back. Throws std::overflow_error.
void count_fees(const SettlementLine& line, std::map<std::string, std::int64_t>& fees);

}  // namespace payments::settlement
