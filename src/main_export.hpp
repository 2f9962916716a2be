#pragma once

#include <functional>
#include <string>

#include "commands/export.hpp"
#include "commands/settlement/export_journal.hpp"
#include "config/settings.hpp"

namespace CLI {
class App;
}

// The part of the command line that writes files for accountants.
namespace payments {

struct ExportCommandOptions {
    Texts flags;  // settings
    ExportOptions payments;
    JournalExportOptions journal;
};

// The command that was chosen puts what is to be done into `action`. Callbacks hold references to
// it and to `options` until it has run.
void add_export_command(CLI::App& app, ExportCommandOptions& options, std::function<int()>& action);

}  // namespace payments
