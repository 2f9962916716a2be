#pragma once

#include <functional>

#include "commands/events.hpp"

namespace CLI {
class App;
}

// The part of the command line that is about outgoing events.
namespace payments {

struct EventsOptions {
    Texts flags;  // settings
    EventsChoice which;
};

// As add_export_command().
void add_events_commands(CLI::App& app, EventsOptions& options, std::function<int()>& action);

}  // namespace payments
