#pragma once

#include "flow/world.hpp"

namespace payments {

// The one door for facts: every word heard of an attempt passes here. Keeps it, and tells those
// who watch what it changed.
Task<Recorded> record(World& world, Heard heard);

}  // namespace payments
