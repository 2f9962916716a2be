#pragma once

#include <string>

namespace payments {

struct DemoOptions {
    std::string directory;
    bool is_check = false;
};

// Becomes the program with the stand-ins, which starts this one as the service. Gives an exit code
// only where that program is not there: production machines do not have it.
int start_demo(const DemoOptions& options);

}  // namespace payments
