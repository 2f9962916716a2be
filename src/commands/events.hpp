#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "config/settings.hpp"

namespace payments {

// Gives a command its flags, and has it run with the settings once they are known to be right.
using Prepare = std::function<void(CLI::App& command, std::function<int(const Settings&)> run)>;

// ozora-payments events list, replay, skip: what others are told.
void add_events_commands(CLI::App& app, const Prepare& prepare);

}  // namespace payments
