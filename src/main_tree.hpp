#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

// The command line as values, for what is printed about it: manual pages and completions.
namespace payments {

struct OptionShape {
    std::string name;                  // --amount; files for what has a place and no name
    std::string sentence;              // what it does
    std::string fallback;              // what counts when it is not given, "" for nothing
    std::vector<std::string> choices;  // the values it may have, none for any
    bool takes_value = false;
    bool is_required = false;
    bool is_placed = false;   // has a place and no name
    bool is_setting = false;  // a flag for a setting, of which there are many

    friend bool operator==(const OptionShape&, const OptionShape&) = default;
};

struct CommandShape {
    std::string path;  // "settlement import"; "" for the program
    std::string sentence;
    std::vector<OptionShape> options;
    std::vector<CommandShape> commands;
};

CommandShape shape_of(const CLI::App& app);

}  // namespace payments
