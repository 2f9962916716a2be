#pragma once

#include <string>

namespace payments {

// Asks the service that listens there, "0.0.0.0:8080" for every address of this machine, whether it
// is ready; for the health checks of containers, which have no other program to ask with. Says why
// not, and gives 1 then, or 2 for what is no address.
int ask_ready(const std::string& listen);

}  // namespace payments
