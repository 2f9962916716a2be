#pragma once

#include <string>

#include "support/time_zone.hpp"

namespace payments {

// Throws std::runtime_error, naming it, for a zone that this machine lacks.
TimeZone load_zone(const std::string& name);

}  // namespace payments
