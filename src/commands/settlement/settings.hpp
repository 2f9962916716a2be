#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "payment/transaction.hpp"
#include "settlement/match_lines.hpp"

// What commands about settlements take from the settings.
namespace payments {

settlement::Delays delays_of(const SettlementConfig& config);

// From when on captures are awaited in settlements; nothing: all are. Throws std::runtime_error for
// a time zone that this machine lacks.
std::optional<Time> beginning_of(const Settings& settings);

}  // namespace payments
