#include "main_manual.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "commands/exit_code.hpp"
#include "config/settings.hpp"
#include "main_completion.hpp"
#include "main_tree.hpp"
#include "support/assets.hpp"

namespace payments {
namespace {

// ------------------------------------------------------------------------ manual pages, in roff

constexpr std::string_view program_name = "ozora-payments";

std::string roff(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '\\')
            safe += "\\e";
        else if (c == '-')
            safe += "\\-";
        else
            safe += c;
    }
    // A point or an apostrophe would begin a request there.
    if (safe.starts_with('.') || safe.starts_with('\'')) safe.insert(0, "\\&");
    return safe;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string paragraph(std::string_view text) { return ".PP\n" + roff(text) + "\n"; }

std::string entry(const std::string& tag, std::string_view text) {
    return ".TP\n" + tag + "\n" + roff(text) + "\n";
}

// "settlement import" as the name of a page: ozora-payments-settlement-import.
std::string page_of(std::string_view path) {
    std::string name{program_name};
    if (!path.empty()) name += "-" + std::string{path};
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string head_of(const std::string& page, int section, std::string_view sentence) {
    const auto build = build_info();
    std::string what{sentence.substr(0, sentence.find_last_not_of('.') + 1)};
    return ".TH " + roff(page) + " " + std::to_string(section) + " " +
           roff(build.time.substr(0, 10)) + " \"" + roff(page_of("")) + " " + roff(build.version) +
           "\" \"O.Z.O.R.A. Payments\"\n.SH NAME\n" + roff(page) + " \\- " + roff(what) + "\n";
}

std::string value_of(const OptionShape& option) {
    std::string choices;
    for (const auto& choice : option.choices)
        choices += (choices.empty() ? "" : "|") + bold(choice);
    return choices.empty() ? italic("VALUE") : choices;
}

std::string tag_of(const OptionShape& option) {
    if (option.is_placed) return italic(option.name);
    return bold(option.name) + (option.takes_value ? " " + value_of(option) : "");
}

std::string described_options(const CommandShape& command) {
    std::string text;
    for (const auto& option : command.options) {
        if (option.is_setting) continue;
        auto sentence = option.sentence;
        if (option.is_required && !option.is_placed) sentence += " (required)";
        if (!option.fallback.empty()) sentence += " (default " + option.fallback + ")";
        text += entry(tag_of(option), sentence);
    }
    const auto is_setting = [](const auto& option) { return option.is_setting; };
    const auto count = std::count_if(command.options.begin(), command.options.end(), is_setting);
    if (count == 0) return text;
    const bool is_all = static_cast<std::size_t>(count) == list_settings().size();
    text +=
        ".PP\n" + std::string{is_all ? "All settings" : "Those of the database and a few others"} +
        " of " + bold(page_of("")) + "(5) count, as variables or flags" + (is_all ? ".\n" : ":\n");
    if (is_all) return text;
    std::string flags;
    for (const auto& option : command.options)
        if (option.is_setting) flags += (flags.empty() ? "" : ", ") + bold(option.name);
    return text + flags + ".\n";
}

std::string synopsis_of(const CommandShape& command) {
    std::string text =
        ".PP\n" + bold(program_name) + (command.path.empty() ? "" : " " + bold(command.path));
    for (const auto& option : command.options) {
        if (!option.is_required) continue;
        text += " " + tag_of(option) + (option.is_placed ? " ..." : "");
    }
    return text + " [" + italic("OPTION") + " ...]\n";
}

// Commands of a command are told of on its page, and have none of their own.
void add_commands(const CommandShape& command, std::string& synopsis, std::string& text) {
    if (command.commands.empty()) synopsis += synopsis_of(command);
    for (const auto& inner : command.commands) {
        std::string below;
        add_commands(inner, synopsis, below);
        text += ".SS " + roff(inner.path) + "\n" + roff(inner.sentence) + ".\n" +
                described_options(inner) + below;
    }
}

constexpr std::string_view exit_codes = R"(.SH EXIT STATUS
.TP
.B 0
It is done.
.TP
.B 1
It could not be done, or not all of it; standard error says what.
.TP
.B 2
Options or settings are wrong; nothing was done.
)";
constexpr std::string_view exit_code_unread = R"(.TP
.B 3
The books could not be read to their end, or there was no room for temporary files: nothing is said
about them.
)";

std::string see_also(const std::string& others) {
    return ".SH SEE ALSO\n" + others +
           "/usr/share/doc/ozora\\-payments/docs/operations.md, where the package is installed.\n";
}

std::string page_of_command(const CommandShape& command) {
    std::string synopsis, commands;
    add_commands(command, synopsis, commands);
    auto text = head_of(page_of(command.path), 1, command.sentence) + ".SH SYNOPSIS\n" + synopsis;
    if (const auto options = described_options(command); !options.empty())
        text += ".SH OPTIONS\n" + options;
    if (!commands.empty()) text += ".SH COMMANDS\n" + commands;
    text += exit_codes;
    if (command.path == "verify-ledger" || command.path == "settlement") text += exit_code_unread;
    return text + see_also(bold(program_name) + "(1), " + bold(program_name) + "(5),\n");
}

std::string page_of_program(const CommandShape& all) {
    auto text = head_of(page_of(""), 1, all.sentence) + ".SH SYNOPSIS\n" + bold(program_name) +
                " " + italic("COMMAND") + " [" + italic("OPTION") + " ...]\n.SH DESCRIPTION\n" +
                "Tells a ticket shop what a ticket may pay, takes the money through SimplePay and "
                "Stripe,\nand knows what became of every attempt.\nEach command has a page of its "
                "own.\n.SH COMMANDS\n";
    for (const auto& command : all.commands)
        text += entry(bold(page_of(command.path)) + "(1)", command.sentence);
    text += std::string{exit_codes} + ".SH FILES\n" +
            entry(
                italic("/etc/ozora-payments/env"),
                "Settings of the installed service, as systemd reads them; see "
                "ozora-payments(5)."
            ) +
            entry(italic("/var/lib/ozora-payments"), "Its database, when that is SQLite.");
    return text + see_also(bold(program_name) + "(5), " + bold("systemd.exec") + "(5),\n");
}

std::string entry_of(const SettingInfo& setting) {
    std::string tag = bold(setting.name);
    if (setting.is_secret) tag += " or " + bold(variable_of(setting));
    std::string text = entry(tag, setting.sentence) + ".br\n" + roff(setting.form);
    if (setting.is_required) text += "; required";
    if (!setting.fallback.empty()) text += "; default " + bold(setting.fallback);
    return text + "; flag " + bold(flag_of(setting)) + "\n";
}

std::string page_of_settings() {
    auto text = head_of(page_of(""), 5, "settings of the payment service") + ".SH SYNOPSIS\n" +
                italic("/etc/ozora-payments/env") + "\n.SH DESCRIPTION\n";
    text += roff(
                "Settings are environment variables, or flags of the same name, which win: "
                "PAYMENTS_LISTEN is --listen."
            ) +
            "\n";
    text += roff(
                "The installed service has its variables from the file, one NAME=VALUE a line, as "
                "EnvironmentFile in systemd.exec(5) says."
            ) +
            "\n";
    text += paragraph("An empty variable counts as not set, but an empty secret is a mistake.");
    text += paragraph(
        "A secret can come from a file, which the variable with _FILE at its end names. There is "
        "no flag for the secret itself: other users of a machine can read a command line."
    );
    text += paragraph("To see what is wrong with them: ozora-payments check-config.");
    text += ".SH SETTINGS\n";
    for (const auto& setting : list_settings()) text += entry_of(setting);
    return text + see_also(bold(program_name) + "(1), " + bold("systemd.exec") + "(5),\n");
}

// By file name.
std::map<std::string, std::string> pages_of(const CommandShape& all) {
    std::map<std::string, std::string> pages;
    pages[page_of("") + ".1"] = page_of_program(all);
    pages[page_of("") + ".5"] = page_of_settings();
    for (const auto& command : all.commands)
        pages[page_of(command.path) + ".1"] = page_of_command(command);
    return pages;
}

int write_pages(const CommandShape& all, const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    for (const auto& [name, text] : pages_of(all)) {
        std::ofstream file{directory / name};
        file << text;
        if (file.flush()) continue;
        std::cerr << "ozora-payments: cannot write " << (directory / name).string() << "\n";
        return exit_code::failed;
    }
    return exit_code::done;
}

int print_completion(const CommandShape& all, const std::string& shell) {
    if (shell == "bash") std::cout << bash_completion(all);
    if (shell == "zsh") std::cout << zsh_completion(all);
    if (shell == "fish") std::cout << fish_completion(all);
    return std::cout.flush() ? exit_code::done : exit_code::failed;
}

}  // namespace

void add_manual_commands(CLI::App& app, ManualOptions& options, std::function<int()>& action) {
    auto& manual = *app.add_subcommand("manual", "Write the manual pages of all commands");
    manual.add_option("directory", options.directory, "Where to")->required();
    // The parser is gone when the action runs, so what it is made of is read before.
    manual.callback([&app, &options, &action] {
        action = [all = shape_of(app), &options] { return write_pages(all, options.directory); };
    });
    auto& completion =
        *app.add_subcommand("completion", "Print what a shell needs to complete the command line");
    completion.add_option("shell", options.shell, "Which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion.callback([&app, &options, &action] {
        action = [all = shape_of(app), &options] { return print_completion(all, options.shell); };
    });
}

}  // namespace payments
