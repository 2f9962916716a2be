#include "main_tree.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "config/settings.hpp"

namespace payments {
namespace {

// "--listen" to what it sets: CLI11 is not told, for --help would name them all.
std::map<std::string, std::string> sentences_of_settings() {
    std::map<std::string, std::string> sentences;
    for (const auto& setting : list_settings())
        sentences.emplace(flag_of(setting), setting.sentence);
    return sentences;
}

// CLI11 keeps them in a description alone: {csv,json}.
std::vector<std::string> choices_in(const std::string& type) {
    const auto begin = type.find('{'), end = type.find('}', begin);
    if (end == std::string::npos) return {};
    return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

OptionShape shape_of(const CLI::Option& option) {
    static const auto settings = sentences_of_settings();
    OptionShape shape;
    shape.is_placed = option.get_lnames().empty();
    shape.name = shape.is_placed ? option.get_name(true) : "--" + option.get_lnames().front();
    shape.is_setting = option.get_group().empty();
    const auto setting = settings.find(shape.name);
    const bool is_known = shape.is_setting && setting != settings.end();
    shape.sentence = is_known ? setting->second : option.get_description();
    shape.fallback = option.get_default_str();
    shape.choices = choices_in(option.get_type_name());
    shape.takes_value = option.get_items_expected_max() > 0;
    shape.is_required = option.get_required();
    return shape;
}

// Commands and options beside each other: a group of options is a command without a name.
void add_parts(const CLI::App& app, CommandShape& to) {
    for (const auto* option : app.get_options()) to.options.push_back(shape_of(*option));
    for (const auto* part : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (part->get_name().empty()) {
            add_parts(*part, to);
            continue;
        }
        CommandShape shape;
        shape.path = (to.path.empty() ? "" : to.path + " ") + part->get_name();
        shape.sentence = part->get_description();
        add_parts(*part, shape);
        to.commands.push_back(std::move(shape));
    }
}

}  // namespace

CommandShape shape_of(const CLI::App& app) {
    CommandShape shape;
    shape.sentence = app.get_description();
    add_parts(app, shape);
    return shape;
}

}  // namespace payments
