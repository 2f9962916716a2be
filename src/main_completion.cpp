#include "main_completion.hpp"

namespace payments {
namespace {

// In single quotes, for bash and zsh.
std::string quoted(const std::string& text) {
    std::string safe = "'";
    for (const char c : text) safe += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return safe + "'";
}

std::string quoted_for_fish(const std::string& text) {
    std::string safe = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') safe += '\\';
        safe += c;
    }
    return safe + "'";
}

std::string last_word(const std::string& path) { return path.substr(path.rfind(' ') + 1); }

template <class Words>
std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

// Calls `tell` for the program and each command below it.
template <class Tell>
void for_each(const CommandShape& command, const Tell& tell) {
    tell(command);
    for (const auto& inner : command.commands) for_each(inner, tell);
}

// The cases by which bash and zsh learn which command the words so far are: 'settlement:import'.
std::string cases_of_paths(const CommandShape& program) {
    std::string text;
    for_each(program, [&](const CommandShape& command) {
        for (const auto& inner : command.commands)
            text += "            " + quoted(command.path + ":" + last_word(inner.path)) +
                    ") at=" + quoted(inner.path) + " ;;\n";
    });
    return text;
}

std::vector<std::string> commands_of(const CommandShape& command) {
    std::vector<std::string> words;
    for (const auto& inner : command.commands) words.push_back(last_word(inner.path));
    return words;
}

std::vector<std::string> options_of(const CommandShape& command) {
    std::vector<std::string> words;
    for (const auto& option : command.options)
        if (!option.is_placed) words.push_back(option.name);
    return words;
}

// The cases by which they learn that the word before is an option with a choice of values.
std::string cases_of_choices(const CommandShape& program, const std::string& answer) {
    std::string text;
    for_each(program, [&](const CommandShape& command) {
        for (const auto& option : command.options)
            if (!option.choices.empty())
                text += "        " + quoted(command.path + ":" + option.name) + ") " + answer +
                        quoted(joined(option.choices)) + " ;;\n";
    });
    return text;
}

// What both ask of the words so far, from within the loop over them: which command they name, and
// then whether the last one, `before`, is an option with a choice of values.
std::string cases_so_far(
    const CommandShape& program, const std::string& before, const std::string& answer
) {
    return cases_of_paths(program) + "        esac\n    done\n    case \"$at:${" + before +
           "}\" in\n" + cases_of_choices(program, answer) + "    esac\n";
}

}  // namespace

std::string bash_completion(const CommandShape& program) {
    std::string text = R"(# Completion for bash, made by `ozora-payments completion bash`.
_ozora_payments() {
    local current=${COMP_WORDS[COMP_CWORD]} at='' words='' i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case "$at:${COMP_WORDS[i]}" in
)";
    text += cases_so_far(program, "COMP_WORDS[COMP_CWORD - 1]", "words=");
    text += R"(    if [[ -z $words ]]; then
        case "$at:${current:0:1}" in
)";
    for_each(program, [&](const CommandShape& command) {
        const auto at = "            " + quoted(command.path + ":");
        text += at + "-) words=" + quoted(joined(options_of(command))) + " ;;\n";
        text += at + "*) words=" + quoted(joined(commands_of(command))) + " ;;\n";
    });
    text += R"(        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _ozora_payments ozora-payments
)";
    return text;
}

std::string zsh_completion(const CommandShape& program) {
    std::string text = R"(#compdef ozora-payments
# Completion for zsh, made by `ozora-payments completion zsh`.
_ozora_payments() {
    local at='' choices='' i
    local -a below flags
    for ((i = 2; i < CURRENT; ++i)); do
        case "$at:${words[i]}" in
)";
    text += cases_so_far(program, "words[CURRENT - 1]", "choices=");
    text += R"(    if [[ -n $choices ]]; then
        compadd -- ${=choices}
        return
    fi
    case $at in
)";
    const auto described = [](const std::string& name, const std::string& sentence) {
        return " " + quoted(name + ":" + sentence);
    };
    for_each(program, [&](const CommandShape& command) {
        text += "        " + quoted(command.path) + ")\n            below=(";
        for (const auto& inner : command.commands)
            text += described(last_word(inner.path), inner.sentence);
        text += ")\n            flags=(";
        for (const auto& option : command.options)
            if (!option.is_placed) text += described(option.name, option.sentence);
        text += ")\n            ;;\n";
    });
    text += R"(    esac
    if [[ ${words[CURRENT]} == -* ]]; then
        _describe option flags
    elif ((${#below})); then
        _describe command below
    else
        _files
    fi
}
_ozora_payments "$@"
)";
    return text;
}

std::string fish_completion(const CommandShape& program) {
    std::string text = R"(# Completion for fish, made by `ozora-payments completion fish`.
# Whether the words so far, without options, are this command, or begin with it.
function __ozora_payments_words
    set -l words (commandline -opc)
    string match -v -- '-*' $words[2..]
end
function __ozora_payments_is
    set -l words (__ozora_payments_words)
    test "$words" = "$argv"
end
function __ozora_payments_in
    set -l words (__ozora_payments_words)
    test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
end
)";
    // A command completes its options whatever follows it, its commands only right after it.
    const auto when = [](const std::string& test, const CommandShape& command) {
        return " -n " + quoted_for_fish("__ozora_payments_" + test + " " + command.path);
    };
    for_each(program, [&](const CommandShape& command) {
        for (const auto& inner : command.commands)
            text += "complete -c ozora-payments" + when("is", command) + " -f -a " +
                    last_word(inner.path) + " -d " + quoted_for_fish(inner.sentence) + "\n";
        for (const auto& option : command.options) {
            if (option.is_placed) continue;
            // Of the program itself there is --help alone, which every command has.
            const auto at = when(command.path.empty() ? "is" : "in", command);
            text += "complete -c ozora-payments" + at + " -l " + option.name.substr(2);
            if (option.takes_value) text += option.choices.empty() ? " -r" : " -x";
            if (!option.choices.empty()) text += " -a " + quoted_for_fish(joined(option.choices));
            text += " -d " + quoted_for_fish(option.sentence) + "\n";
        }
    });
    return text;
}

}  // namespace payments
