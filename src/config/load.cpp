#include "config/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <fstream>
#include <numeric>
#include <thread>

#include "config/table.hpp"
#include "support/crypto.hpp"
#include "support/url.hpp"

namespace payments {
namespace {

using config::Need;
using config::Setting;
using config::Show;

// Far more than any secret: whoever names a wrong file (a disk, a log) hears of it at once.
constexpr std::size_t secret_bytes_max = 16 * 1024;

// PAYMENTS_LISTEN is --listen. One rule for all names, so that there is no list of flags that could
// fall behind the table.
std::string flag_of_variable(std::string_view variable) {
    std::string flag = "-";
    for (const char c : variable.substr(std::string_view{"PAYMENTS"}.size())) {
        const bool is_letter = c >= 'A' && c <= 'Z';
        flag += is_letter ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
    }
    return flag;
}

std::string file_variable(std::string_view name) { return std::string{name} + "_FILE"; }

// Levenshtein distance: how many letters must be inserted, deleted or changed.
// At the start alone, over a few dozen names: the plain algorithm will do.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, changed});
        }
    }
    return row.back();
}

std::vector<std::string> all_variables() {
    std::vector<std::string> names;
    for (const auto& setting : config::table()) {
        names.emplace_back(setting.name);
        if (setting.show == Show::secret) names.push_back(file_variable(setting.name));
    }
    return names;
}

// What a mistake may quote of a wrong text: nothing of a secret, nor of a URL with a password.
std::string quoted(const Setting& setting, const std::string& text) {
    if (setting.show == Show::secret || text.find('@') != std::string::npos) return "";
    return " is \"" + (text.size() > 100 ? text.substr(0, 100) + "..." : text) + "\" and";
}

class Loader {
public:
    Loader(const Texts& environment, const Texts& flags)
        : environment_(environment), flags_(flags) {}

    // Setting by setting first, then what must fit together. One that was given and is wrong counts
    // as given there, so that a slip is told once and not again as something missing.
    Loaded load(Purpose purpose) && {
        settings_.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        for (const auto& setting : config::table())
            if (purpose == Purpose::serve || is_for_all(setting)) take(setting);
        if (purpose == Purpose::serve) check_all_together();
        warn_of_unknown_names();
        settings_.fingerprint = crypto::hex(crypto::sha256(fingerprinted_)).substr(0, 16);
        if (loaded_.mistakes.empty()) loaded_.settings = std::move(settings_);
        return std::move(loaded_);
    }

    // By name, so that a new setting of the database is read for `migrate` without a second list.
    static bool is_for_all(const Setting& setting) {
        return setting.name.starts_with("PAYMENTS_DATABASE") ||
               setting.name.starts_with("PAYMENTS_SETTLEMENT") ||
               setting.name.starts_with("PAYMENTS_PERSONAL") ||
               setting.name == "PAYMENTS_LOG_LEVEL" || setting.name == "PAYMENTS_TIME_ZONE";
    }

private:
    struct Given {
        std::string named;  // what the operator wrote: PAYMENTS_LISTEN, --listen
        std::string text;
    };

    void mistake(std::string sentence) { loaded_.mistakes.push_back(std::move(sentence)); }
    bool is_given(std::string_view name) const { return given_.contains(name); }

    void take(const Setting& setting) {
        if (const auto given = find(setting)) {
            given_.insert(setting.name);
            const auto taken = setting.take(given->text, settings_);
            note(setting, given->text);
            if (!taken)
                mistake(
                    given->named + quoted(setting, given->text) + " must be " +
                    taken.error().detail + "."
                );
        } else if (setting.need == Need::required) {
            if (!is_given(setting.name))
                mistake(
                    std::string{setting.name} + " is missing. " + std::string{setting.sentence}
                );
        } else if (!setting.fallback.empty()) {
            note(setting, setting.fallback);
            if (setting.take(setting.fallback, settings_)) return;
            // A default goes the way of an operator's text: one that breaks its own rule stops
            // every start, and so every test.
            throw std::logic_error("the default of " + std::string{setting.name} + " is wrong");
        }
    }

    // For the fingerprint. What is secret is left out, for whoever sees a fingerprint could try
    // which secret it is of: also a password in the URL of the database, or among its options.
    void note(const Setting& setting, std::string_view text) {
        if (setting.show == Show::secret || is_of_one_replica(setting)) return;
        if (const auto scheme = text.find("://"); scheme != text.npos) {
            const auto user_ends = text.find('@', scheme);
            if (user_ends != text.npos) text.remove_prefix(user_ends);
            text = text.substr(0, text.find('?'));
        }
        fingerprinted_ += std::string{setting.name} + "=" + std::string{text} + "\n";
    }

    static bool is_of_one_replica(const Setting& setting) {
        return setting.name == "PAYMENTS_LISTEN" || setting.name == "PAYMENTS_THREADS" ||
               setting.name == "PAYMENTS_LOG_LEVEL";
    }

    // A flag wins over the environment. An empty text counts as not set, except for a secret: an
    // empty secret is what a deployment leaves behind when it could not read the real one, and the
    // service must not start with that provider silently switched off.
    std::optional<Given> find(const Setting& setting) {
        const bool is_secret = setting.show == Show::secret;
        for (const auto* texts : {&flags_, &environment_}) {
            const auto named = [&](const std::string& variable) {
                return texts == &flags_ ? flag_of_variable(variable) : variable;
            };
            const std::string variable{setting.name};
            const auto plain = texts->find(variable);
            const auto file = is_secret ? texts->find(file_variable(variable)) : texts->end();
            // Whichever we took, the other may be the one that was meant, perhaps a newer one.
            if (plain != texts->end() && file != texts->end()) {
                mistake(named(variable) + " and " + named(file->first) + " are both given.");
                given_.insert(setting.name);
                return std::nullopt;
            }
            if (file != texts->end()) return read_file(setting, named(file->first), file->second);
            if (plain != texts->end() && (is_secret || !plain->second.empty()))
                return Given{named(variable), plain->second};
        }
        return std::nullopt;
    }

    std::optional<Given> read_file(
        const Setting& setting, const std::string& named, const std::string& path
    ) {
        given_.insert(setting.name);
        std::ifstream file{path, std::ios::binary};
        // A byte more than is allowed: a file that is too long is noticed without reading it whole.
        std::string text(secret_bytes_max + 1, '\0');
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (!file.is_open() || file.bad() || (file.gcount() == 0 && !file.eof())) {
            mistake(named + " names " + path + ", which cannot be read.");
            return std::nullopt;
        }
        text.resize(static_cast<std::size_t>(file.gcount()));
        if (text.size() > secret_bytes_max) {
            mistake(named + " names " + path + ", which is too long for a secret.");
            return std::nullopt;
        }
        // Editors and `echo` end a file with a line break, which is not part of the secret.
        if (text.ends_with('\n')) text.pop_back();
        if (text.ends_with('\r')) text.pop_back();
        return Given{named, std::move(text)};
    }

    // ------------------------------------------------------------- what must fit together

    void check_all_together() {
        check_simplepay();
        check_stripe();
        check_retired();
        check_events();
        if (is_given("PAYMENTS_TRACES_TOKEN"))
            require("PAYMENTS_TRACES_URL", "PAYMENTS_TRACES_TOKEN");
        check_console();
        if (!used_simplepay_ && !used_stripe_)
            mistake(
                "No processor is set up: give PAYMENTS_SIMPLEPAY_HUF_MERCHANT and _SECRET (or "
                "those of EUR or USD), or PAYMENTS_STRIPE_SECRET_KEY and "
                "PAYMENTS_STRIPE_WEBHOOK_SECRETS."
            );
        check_routes();
    }

    // A mistake unless `name` is given: `other` cannot be used without it.
    void require(const std::string& name, const std::string& other) {
        if (!is_given(name)) mistake(name + " is missing: " + other + " needs it.");
    }

    // Half an account is none: without the merchant a notice finds no key (it names no currency),
    // without the secret nothing can be signed or verified.
    void check_simplepay() {
        for (const std::string currency : {"HUF", "EUR", "USD"}) {
            const auto merchant = "PAYMENTS_SIMPLEPAY_" + currency + "_MERCHANT";
            const auto secret = "PAYMENTS_SIMPLEPAY_" + currency + "_SECRET";
            if (!is_given(merchant) && !is_given(secret)) continue;
            require(merchant, secret);
            require(secret, merchant);
            used_simplepay_ = true;
            // Their secrets are published (docs/providers/simplepay.md, 2.3): anybody could sign a
            // notice of such an account.
            if (settings_.simplepay.accounts[currency].merchant.starts_with("PUBLICTEST") &&
                settings_.simplepay.url.starts_with("https://secure.simplepay.hu"))
                loaded_.warnings.push_back(
                    merchant +
                    " is one of SimplePay's public test accounts, but "
                    "PAYMENTS_SIMPLEPAY_URL is the live system."
                );
        }
        if (used_simplepay_) require("PAYMENTS_SIMPLEPAY_RETURN_URL", "SimplePay");
    }

    // Without the endpoint's secret no event could be verified; without the key nothing could be
    // asked.
    void check_stripe() {
        const std::string key = "PAYMENTS_STRIPE_SECRET_KEY";
        const std::string webhook = "PAYMENTS_STRIPE_WEBHOOK_SECRETS";
        used_stripe_ = is_given(key) || is_given(webhook);
        if (!used_stripe_) return;
        require(key, webhook);
        require(webhook, key);
    }

    // A merchant has one key.
    void check_retired() {
        const std::string retired = "PAYMENTS_SIMPLEPAY_RETIRED_ACCOUNTS";
        std::set<std::string> merchants;
        for (const auto& [currency, account] : settings_.simplepay.accounts)
            merchants.insert(account.merchant);
        for (const auto& account : settings_.simplepay.retired)
            if (!merchants.insert(account.merchant).second)
                mistake(retired + " names an account that is set up already.");
        if (is_given("PAYMENTS_STRIPE_RETIRED_SECRET_KEYS"))
            require("PAYMENTS_STRIPE_SECRET_KEY", "PAYMENTS_STRIPE_RETIRED_SECRET_KEYS");
        if (is_given("PAYMENTS_STRIPE_SETTLEMENT_KEYS"))
            require("PAYMENTS_STRIPE_SECRET_KEY", "PAYMENTS_STRIPE_SETTLEMENT_KEYS");
    }

    // A URL without a secret could send only what nobody can verify; a secret without a URL is half
    // a deployment, and events would wait unnoticed.
    void check_events() {
        const std::string url = "PAYMENTS_EVENTS_URL";
        const std::string secret = "PAYMENTS_EVENTS_SECRET";
        if (!is_given(url) && !is_given(secret)) return;
        require(url, secret);
        require(secret, url);
    }

    // Provider and service must not take one token for another. An access token's audience is not
    // the client, as that of its ID token and of logout tokens is.
    void check_provider() {
        for (const auto* needed :
             {"PAYMENTS_CONSOLE_ISSUER", "PAYMENTS_CONSOLE_CLIENT_ID", "PAYMENTS_PUBLIC_URL",
              "PAYMENTS_USER_ISSUER", "PAYMENTS_USER_AUDIENCE"})
            require(needed, "PAYMENTS_CONSOLE_SIGN_IN");
        const auto& audience = settings_.users.audience;
        const bool is_client = audience == settings_.console.client_id;
        if (audience.empty() || is_client == settings_.console.takes_id_token) return;
        mistake(
            std::string{"PAYMENTS_USER_AUDIENCE must "} + (is_client ? "not " : "") +
            "be PAYMENTS_CONSOLE_CLIENT_ID: PAYMENTS_CONSOLE_TOKEN is " +
            (is_client ? "access_token, and ID tokens would count as user tokens."
                       : "id_token, whose audience is the client.")
        );
    }

    // A token is pasted over plain HTTP, by whoever has one: not from another machine.
    void check_console() {
        const std::string sign_in = "PAYMENTS_CONSOLE_SIGN_IN";
        if (!settings_.console.is_used()) return;
        require("PAYMENTS_CONSOLE_KEY", sign_in);
        if (settings_.console.has_provider()) check_provider();
        if (settings_.console.has_platform())
            for (const auto* needed :
                 {"PAYMENTS_CONSOLE_HANDOFF_PAGE", "PAYMENTS_CONSOLE_HANDOFF_URL"})
                require(needed, sign_in);
        if (settings_.console.sign_in != ConsoleConfig::SignIn::token) return;
        const auto refuse = [&](std::string_view setting) {
            mistake(
                sign_in + " is \"token\", which is for development: " + std::string{setting} +
                " must be a loopback address."
            );
        };
        if (!boost::asio::ip::make_address(settings_.listen.host).is_loopback())
            refuse("PAYMENTS_LISTEN");
        // A proxy on this machine makes a loopback address public.
        const auto url = Url::parse(settings_.public_url);
        if (url && !url->is_loopback) refuse("PAYMENTS_PUBLIC_URL");
    }

    // Of two operations at one address one could never be called.
    void check_routes() {
        static constexpr std::string_view ours[] = {
            "/", "/healthz", "/readyz", "/metrics", "/openapi.json"};
        std::map<std::string_view, std::string_view> taken;
        for (const auto& [setting, operation] : config::routes()) {
            const auto path = settings_.routes.find(operation);
            if (path == settings_.routes.end()) continue;  // it was wrong: reported already
            const auto [other, is_new] = taken.emplace(path->second, setting);
            if (!is_new)
                mistake(
                    std::string{other->second} + " and " + std::string{setting} + " are both \"" +
                    path->second + "\"."
                );
            if (std::ranges::find(ours, path->second) != std::end(ours) ||
                is_of_console(path->second))
                mistake(
                    std::string{setting} + " is \"" + path->second +
                    "\", which the service uses for something else."
                );
        }
    }

    bool is_of_console(std::string_view path) const {
        return settings_.console.is_used() && (path == "/console" || path.starts_with("/console/"));
    }

    // A misspelt name would else be a setting that silently has its default. Only a warning, since
    // a variable of another version of the service may still be set.
    void warn_of_unknown_names() {
        const auto known = all_variables();
        for (const auto& variable : environment_) {
            const auto& name = variable.first;
            if (std::ranges::find(known, name) != known.end()) continue;
            const auto nearest = std::ranges::min_element(known, {}, [&](const auto& other) {
                return edit_distance(name, other);
            });
            loaded_.warnings.push_back(
                name + " is no setting and is ignored; the nearest name is " + *nearest + "."
            );
        }
    }

    const Texts& environment_;
    const Texts& flags_;
    Settings settings_;
    Loaded loaded_;
    std::set<std::string_view, std::less<>> given_;  // perhaps wrong, but not missing
    std::string fingerprinted_;
    bool used_simplepay_ = false;
    bool used_stripe_ = false;
};

}  // namespace

Texts read_environment() {
    Texts found;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        if (!text.starts_with("PAYMENTS_") || equals == std::string_view::npos) continue;
        found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return found;
}

Loaded load_settings(const Texts& environment, const Texts& flags, Purpose purpose) {
    return Loader{environment, flags}.load(purpose);
}

std::vector<std::string> secrets_of(const Settings& settings) {
    std::vector<std::string> secrets = settings.stripe.webhook_secrets;
    for (const auto& secret : settings.events.secrets) secrets.push_back(secret);
    if (settings.stripe.is_used()) secrets.push_back(settings.stripe.secret_key);
    for (const auto& key : settings.stripe.retired) secrets.push_back(key);
    for (const auto& key : settings.stripe.settlement_keys) secrets.push_back(key);
    for (const auto& account : settings.simplepay.retired) secrets.push_back(account.secret);
    for (const auto& [currency, account] : settings.simplepay.accounts)
        secrets.push_back(account.secret);
    for (const auto& key : settings.console.keys) secrets.push_back(key);
    if (!settings.console.client_secret.empty()) secrets.push_back(settings.console.client_secret);
    if (!settings.traces.token.empty()) secrets.push_back(settings.traces.token);
    if (!settings.database.password.empty()) secrets.push_back(settings.database.password);
    return secrets;
}

std::vector<SettingInfo> list_settings() {
    std::vector<SettingInfo> list;
    for (const auto& row : config::table())
        list.push_back(
            {row.name, row.form, row.fallback, row.sentence, row.need == Need::required,
             row.show == Show::secret, Loader::is_for_all(row)}
        );
    return list;
}

std::string variable_of(const SettingInfo& setting) {
    return setting.is_secret ? file_variable(setting.name) : std::string{setting.name};
}

std::string flag_of(const SettingInfo& setting) { return flag_of_variable(variable_of(setting)); }

}  // namespace payments
