#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

// The part of the command line that tells of itself: manual pages, and what shells complete.
namespace payments {

struct ManualOptions {
    std::string directory;
    std::string shell;
};

// The command that was chosen puts what is to be done into `action`. `options` lives until it has
// run; the commands that are added to `app` later are told of, too.
void add_manual_commands(CLI::App& app, ManualOptions& options, std::function<int()>& action);

}  // namespace payments
