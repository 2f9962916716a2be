#pragma once

#include <string>

#include "main_tree.hpp"

// Scripts by which a shell completes commands, options and those values that are a choice.
namespace payments {

std::string bash_completion(const CommandShape& program);
std::string zsh_completion(const CommandShape& program);
std::string fish_completion(const CommandShape& program);

}  // namespace payments
