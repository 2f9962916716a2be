#pragma once

#include <string>

namespace payments::sandbox {

struct DemoSettings {
    std::string service;    // the program ozora-payments
    std::string directory;  // where database, keys and log are kept; "" for one that is removed
    bool is_check = false;  // pays one ticket through each processor instead, and ends
};

// The payment service with everything around it, until Ctrl-C. Gives the exit code: 1 where
// something went wrong, which standard error tells. Throws what the parts throw when they cannot be
// started.
int run_demo(const DemoSettings& settings);

}  // namespace payments::sandbox
