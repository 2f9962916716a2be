#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace payments {

// `ozora-payments check-config`: reads the files that the settings name, as `serve` would, and
// prints every mistake on standard error. Key sets behind a URL are left to `serve`: checking must
// not need the network. Returns exit_code::done, or wrong_usage when a file is missing or wrong.
int check_config(const Settings& settings);

// What is wrong with those files: all of it, in sentences that name the setting.
std::vector<std::string> mistakes_in_files(const Settings& settings);

}  // namespace payments
