#include "config/settings.hpp"

// The table of settings, printed.
namespace payments {
namespace {

// `mark` stands on both sides of a default: "`" in Markdown, "" in a terminal.
std::string default_of(const SettingInfo& setting, const std::string& mark) {
    if (setting.is_required) return "required";
    return setting.fallback.empty() ? "" : mark + std::string{setting.fallback} + mark;
}

}  // namespace

std::string settings_as_text(Purpose purpose) {
    std::string text =
        "Settings are environment variables or flags; a flag wins. PAYMENTS_LISTEN is --listen.\n"
        "An empty variable counts as not set; an empty secret is a mistake.\n";
    if (purpose == Purpose::serve)
        text +=
            "A secret can come from a file: PAYMENTS_STRIPE_SECRET_KEY_FILE, or the flag\n"
            "--stripe-secret-key-file, names it. There is no flag for the secret itself: other\n"
            "users of the machine can read a command line.\n";
    for (const auto& setting : list_settings()) {
        if (purpose == Purpose::migrate && !setting.is_for_all) continue;
        text += "\n" + std::string{setting.name};
        if (setting.is_secret) text += " (secret; or " + variable_of(setting) + ")";
        text += "\n    " + std::string{setting.sentence} + "\n    ";
        text += std::string{setting.form};
        const auto fallback = default_of(setting, "");
        if (setting.is_required)
            text += "; required";
        else if (!fallback.empty())
            text += "; default " + fallback;
        text += "\n";
    }
    return text;
}

// docs/operations.md holds this very text, and a test compares the two.
std::string settings_as_markdown() {
    std::string text = "| setting | what it does | form | default |\n|---|---|---|---|\n";
    for (const auto& setting : list_settings()) {
        text += "| `" + std::string{setting.name} + "`";
        if (setting.is_secret) text += " (secret)";
        text += " | " + std::string{setting.sentence} + " | " + std::string{setting.form} + " | " +
                default_of(setting, "`") + " |\n";
    }
    return text;
}

}  // namespace payments
