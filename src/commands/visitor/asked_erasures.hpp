#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/personal_ledger.hpp"

// Lists of erasures outside of the database (docs/personal_data.md, 4). Pure functions.
namespace payments {

// A line for one of them: a JSON object with transaction_id, created_at and asked_at.
std::string line_of(const AskedErasure& asked);

// From any text in which they are told: such lines, lines of the service's log (others of it, and
// what stands before a line's JSON, are passed over), or reports of `visitor erase --json`. Of a
// report only what was asked to be erased counts, not what was merely shown. Who asks and why is
// left to the caller.
std::vector<AskedErasure> read_asked_erasures(std::string_view text);

}  // namespace payments
