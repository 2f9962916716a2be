#pragma once

#include <functional>

#include "commands/visitor/visitor.hpp"
#include "config/settings.hpp"

namespace CLI {
class App;
}

// The part of the command line that is about a visitor's personal data.
namespace payments {

struct VisitorCommandOptions {
    Texts flags;  // settings
    VisitorOptions visitor;
};

// As add_export_command().
void add_visitor_commands(
    CLI::App& app, VisitorCommandOptions& options, std::function<int()>& action
);

}  // namespace payments
