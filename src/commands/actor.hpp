#pragma once

#include <string>

#include "payment/action.hpp"

namespace payments {

// Who is on record as having used the command line: `by`, or else the user of the machine.
Actor actor_of(const std::string& by);

}  // namespace payments
