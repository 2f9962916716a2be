#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "config/settings.hpp"

namespace payments {

// Adds the flags of the settings to `command`, and has `run` called with the settings once they
// have been read without a mistake.
using Prepare = std::function<void(CLI::App& command, std::function<int(const Settings&)> run)>;

// `ozora-payments events list`, `replay` and `skip`, for the webhooks sent to PAYMENTS_EVENTS_URL
// (docs/design.md, 3.12). They change rows of the outbox only, in one commit; deliveries are made
// by `serve`, so all three may run beside it. Each returns exit_code::done and throws StoreDown.
void add_events_commands(CLI::App& app, const Prepare& prepare);

}  // namespace payments
