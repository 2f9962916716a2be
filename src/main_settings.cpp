#include "main_settings.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "support/log.hpp"
#include "support/times.hpp"

namespace payments {

void add_flags(CLI::App& command, Texts& flags, Purpose purpose) {
    for (const auto& setting : list_settings()) {
        if (purpose == Purpose::migrate && !setting.is_for_all) continue;
        const auto keep = [&flags, variable = variable_of(setting)](const std::string& text) {
            flags[variable] = text;
        };
        // A secret has the flag of its file alone: a command line can be read by every user of the
        // machine.
        command.add_option_function<std::string>(flag_of(setting), keep)->group("");
    }
    command.footer(settings_as_text(purpose));
}

std::optional<Settings> settings_from(const Texts& flags, Purpose purpose) {
    auto loaded = load_settings(read_environment(), flags, purpose);
    // Names only: secrets are not registered for redaction yet (app/contexts).
    for (const auto& warning : loaded.warnings) log::warning(warning);
    if (loaded.settings) return std::move(loaded.settings);
    std::cerr << "ozora-payments: the settings are wrong\n";
    for (const auto& mistake : loaded.mistakes) std::cerr << "  " << mistake << "\n";
    return std::nullopt;
}

std::function<void(const std::string&)> keep_time(std::optional<Time>& into) {
    return [&into](const std::string& text) {
        into = parse_time(text);
        if (!into) throw CLI::ValidationError(text + " is no time such as 2026-03-02T12:00:00Z");
    };
}

}  // namespace payments
