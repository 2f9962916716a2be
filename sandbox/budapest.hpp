#pragma once

#include <string>

#include "payment/transaction.hpp"

namespace payments::sandbox {

// SimplePay's local time (docs/providers/simplepay.md, 3.4): 2026-03-02T10:30:00+01:00. Summer time
// runs from the last Sunday of March to the last of October, changing at 01:00 UTC. Without `colon`
// the offset is written +0100.
std::string budapest_time(Time time, bool colon = true);

}  // namespace payments::sandbox
