#pragma once

#include <functional>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "payment/fact.hpp"

namespace CLI {
class App;
}

// The part of the command line that is about settings.
namespace payments {

// Every setting that `purpose` needs becomes a flag of `command`, and is read into `flags`. They
// are not listed one by one: the footer has the table.
void add_flags(CLI::App& command, Texts& flags, Purpose purpose);

// From variables and flags. Nothing when a setting is wrong; everything that is wrong has been told
// then.
std::optional<Settings> settings_from(const Texts& flags, Purpose purpose);

// What an option does with its text: a time (RFC 3339), or it is a mistake of usage. `into`
// outlives it.
std::function<void(const std::string&)> keep_time(std::optional<Time>& into);

}  // namespace payments
