#include "config/values.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>

#include "payment/money.hpp"
#include "support/crypto.hpp"
#include "support/text.hpp"
#include "support/times.hpp"
#include "support/url.hpp"

namespace payments::config {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

Error wrong(std::string detail) { return {Errc::invalid_request, std::move(detail)}; }

bool is_visible(std::string_view text) {  // ASCII without white space
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string join(const std::string& host, int prefix_length) {
    return host + "/" + std::to_string(prefix_length);
}

Result<std::string> read_network(std::string_view text) {
    const Error unreadable = wrong("networks such as 10.0.0.0/8 or single addresses");
    const auto slash = text.find('/');
    error_code failed;
    const auto address = ip::make_address(std::string{text.substr(0, slash)}, failed);
    if (failed) return unreadable;
    const int bits = address.is_v4() ? 32 : 128;
    if (slash == std::string_view::npos) return join(address.to_string(), bits);

    const auto length = read_number(text.substr(slash + 1), 0, bits);
    if (!length) return unreadable;
    const int prefix = static_cast<int>(*length);
    const bool canonical =
        address.is_v4()
            ? ip::network_v4(address.to_v4(), static_cast<unsigned short>(prefix)).canonical() ==
                  ip::network_v4(address.to_v4(), static_cast<unsigned short>(prefix))
            : ip::network_v6(address.to_v6(), static_cast<unsigned short>(prefix)).canonical() ==
                  ip::network_v6(address.to_v6(), static_cast<unsigned short>(prefix));
    // 10.1.2.3/8 is more likely one address with a slip than 16 million trusted ones.
    if (!canonical) return wrong("networks: in one of them bits are set after the prefix");
    return join(address.to_string(), prefix);
}

Result<std::string> read_origin(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url)
        return wrong(
            "origins; " + std::string{text} + " is none: it must be " + url.error().detail
        );
    if (!url->target.empty())
        return wrong("origins, which end after host and port: https://shop.example");
    // Browsers leave the default port out of Origin, so an entry with it would never match.
    if (url->port == (url->tls ? "443" : "80"))
        return wrong("origins as browsers write them: without the port that goes without saying");
    return url->origin;
}

Result<std::string> read_currency(std::string_view text) {
    if (!Currency::of(text)) return wrong("ISO 4217 codes such as EUR,HUF");
    return std::string{text};
}

template <class ReadEntry>
Result<std::vector<std::string>> read_list(std::string_view text, ReadEntry read_entry) {
    std::vector<std::string> entries;
    for (;;) {
        const auto comma = text.find(',');
        const auto part = text::trim(text.substr(0, comma));
        if (part.empty()) return wrong("a comma list without empty entries");
        const Result<std::string> entry = read_entry(part);
        if (!entry) return entry.error();
        if (std::ranges::find(entries, *entry) != entries.end())
            return wrong("a comma list that names each entry once");
        entries.push_back(*entry);
        if (comma == std::string_view::npos) return entries;
        text.remove_prefix(comma + 1);
    }
}

}  // namespace

Result<std::string> read_text(std::string_view text) {
    const bool printable = std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (!printable || text::trim(text).size() != text.size())
        return wrong("one line without white space around it");
    return std::string{text};
}

Result<std::string> read_secret(std::string_view text) {
    if (text::trim(text).empty()) return wrong("a secret: it is blank");
    return read_text(text);
}

Result<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most) {
    const Error out_of_range =
        wrong("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    // from_chars alone would stop at the first letter ("10s") and take a minus sign.
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!is_digits(text) || error != std::errc{} || number < least || number > most)
        return out_of_range;
    return number;
}

Result<Address> read_address(std::string_view text) {
    const Error unreadable = wrong("an IP address and a port, such as 127.0.0.1:8080 or [::1]:80");
    const auto parts = split_authority(text);
    if (!parts) return unreadable;
    error_code failed;
    const auto address = ip::make_address(parts->host, failed);
    const auto port = read_number(parts->port, 0, 65535);
    // Without its brackets an IPv6 address cannot be told from its port.
    if (failed || !port || address.is_v6() != text.starts_with('[')) return unreadable;
    return Address{parts->host, static_cast<std::uint16_t>(*port)};
}

Result<DatabaseConfig> read_database(std::string_view text) {
    DatabaseConfig database;
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
        // Read by libpq itself, so that all its forms can stand here (docs/scaling.md).
        database.url = text;
        return database;
    }
    if (!text.starts_with("sqlite:") || text == "sqlite:")
        return wrong("sqlite:PATH or postgresql://...");
    if (text.starts_with("sqlite::memory:"))
        return wrong("sqlite:PATH with a file: payments must outlive the process");
    auto path = read_text(text.substr(7));
    if (!path) return path.error();
    database.path = std::move(*path);
    return database;
}

Result<bool> read_switch(std::string_view text) {
    if (text == "on") return true;
    if (text == "off") return false;
    return wrong("on or off");
}

Result<std::string> read_base_url(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url) return url.error();
    std::string_view path = url->target;
    // Paths are put behind it, and would become a part of its query.
    if (path.find_first_of("?#") != std::string_view::npos)
        return wrong("a URL without query and fragment");
    while (path.ends_with('/')) path.remove_suffix(1);
    return url->origin + std::string{path};
}

Result<std::string> read_return_url(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url) return url.error();
    // What is added to its query would come behind the fragment, where no server sees it.
    if (url->target.find('#') != std::string::npos) return wrong("a URL without fragment");
    return url->origin + url->target;
}

Result<std::string> read_key_source(std::string_view text) {
    if (text.find("://") == std::string_view::npos) return read_text(text);
    const auto url = read_return_url(text);
    if (!url) return wrong("a JWKS file, or " + url.error().detail);
    return url;
}

Result<std::string> read_route(std::string_view text) {
    if (!text.starts_with('/')) return wrong("a path that begins with /");
    // A path is compared byte by byte as it was sent, so nothing that clients may percent-encode.
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    if (text.find_first_not_of(allowed) != std::string_view::npos)
        return wrong("a path of letters, digits, - . _ ~ and /, without query");
    // Browsers and proxies take such segments out before they send, so it would never be reached.
    if ((std::string{text} + "/").find("/./") != std::string::npos ||
        (std::string{text} + "/").find("/../") != std::string::npos ||
        text.find("//") != std::string_view::npos)
        return wrong("a path without empty or dot segments");
    return std::string{text};
}

Result<log::Level> read_level(std::string_view text) {
    if (text == "debug") return log::Level::debug;
    if (text == "info") return log::Level::info;
    if (text == "warning") return log::Level::warning;
    if (text == "error") return log::Level::error;
    return wrong("debug, info, warning or error");
}

Result<SimplePayConfirm> read_confirm(std::string_view text) {
    if (text == "prefer") return SimplePayConfirm::prefer;
    if (text == "always") return SimplePayConfirm::always;
    if (text == "never") return SimplePayConfirm::never;
    return wrong("prefer, always or never");
}

Result<ConsoleConfig::SignIn> read_sign_in(std::string_view text) {
    if (text == "off") return ConsoleConfig::SignIn::off;
    if (text == "token") return ConsoleConfig::SignIn::token;
    if (text == "oidc") return ConsoleConfig::SignIn::oidc;
    if (text == "handoff") return ConsoleConfig::SignIn::handoff;
    return wrong("off, oidc, handoff or token");
}

Result<bool> read_release(std::string_view text) {
    if (text == "second-person") return true;
    if (text == "none") return false;
    return wrong("second-person or none");
}

Result<bool> read_token_choice(std::string_view text) {
    if (text == "access_token") return false;
    if (text == "id_token") return true;
    return wrong("access_token or id_token");
}

// A slash at its end belongs to its name: tokens and answers are compared with it.
Result<std::string> read_issuer(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url) return url.error();
    if (url->target.find_first_of("?#") != std::string::npos)
        return wrong("a URL without query and fragment");
    return std::string{text};
}

// With a query, if it likes, but nothing behind that: more is added to it.
Result<std::string> read_page(std::string_view text) {
    const auto url = Url::parse(text);
    if (!url) return url.error();
    if (url->target.find('#') != std::string::npos) return wrong("a URL without fragment");
    return std::string{text};
}

// As a path below zoneinfo, which is where whoever counts days will look.
Result<std::string> read_time_zone(std::string_view text) {
    const auto is_of_name = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
    };
    if (text.empty() || !std::ranges::all_of(text, is_of_name) || text.starts_with('/') ||
        text.ends_with('/') || text.find("//") != std::string_view::npos)
        return wrong("a time zone of the IANA, such as Europe/Budapest");
    return std::string{text};
}

Result<bool> read_flag(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return wrong("true or false");
}

// REQUESTS/PERIOD, and perhaps " burst N"; the burst is as many as the requests when it is not
// given.
Result<std::optional<RateLimit>> read_rate_limit(std::string_view text) {
    const Error unreadable =
        wrong("a rate such as \"10/s burst 30\" or \"30/min burst 30\", or off");
    if (text == "off") return std::optional<RateLimit>{};
    // In a second, that is one in a microsecond, the smallest step of the limiter's clock.
    constexpr std::int64_t most = 1'000'000;
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return unreadable;
    const auto requests = read_number(text::trim(text.substr(0, slash)), 1, most);
    const auto rest = text::trim(text.substr(slash + 1));
    const auto period = rest.substr(0, rest.find(' '));
    const auto seconds = period == "s" ? 1 : period == "min" ? 60 : period == "h" ? 3600 : 0;
    if (!requests || seconds == 0) return unreadable;

    const auto tail = text::trim(rest.substr(period.size()));
    if (!tail.empty() && !tail.starts_with("burst ")) return unreadable;
    const auto burst = tail.empty() ? requests : read_number(text::trim(tail.substr(6)), 1, most);
    if (!burst) return unreadable;
    RateLimit rate{.requests = 1, .period = std::chrono::seconds{seconds}, .burst = 1};
    rate.requests = static_cast<int>(*requests);
    rate.burst = static_cast<int>(*burst);
    return std::optional{rate};
}

// A publishable key (pk_...) in its place is the usual slip; Stripe would refuse every call.
Result<std::string> read_stripe_key(std::string_view text) {
    const auto secret = read_secret(text);
    if (!secret) return secret;
    for (const std::string_view start : {"sk_live_", "sk_test_", "rk_live_", "rk_test_"})
        if (text.starts_with(start) && text.size() > start.size() && is_visible(text))
            return secret;
    return wrong("a secret or restricted key of Stripe: sk_live_, sk_test_, rk_live_ or rk_test_");
}

Result<std::vector<std::string>> read_stripe_keys(std::string_view text) {
    if (text::trim(text).empty()) return wrong("a key: it is blank");
    return read_list(text, read_stripe_key);
}

Result<std::vector<SimplePayAccount>> read_retired(std::string_view text) {
    if (text::trim(text).empty()) return wrong("an account: it is blank");
    const auto entries = read_list(text, read_text);
    if (!entries) return entries.error();
    std::vector<SimplePayAccount> accounts;
    for (const auto& entry : *entries) {
        const auto colon = entry.find(':');
        if (colon == 0 || colon == std::string::npos || colon + 1 == entry.size())
            return wrong("merchant accounts and their secrets, MERCHANT:SECRET");
        accounts.push_back({entry.substr(0, colon), entry.substr(colon + 1)});
    }
    return accounts;
}

Result<std::vector<std::string>> read_names(std::string_view text) {
    return read_list(text, read_text);
}

Result<std::vector<std::string>> read_origins(std::string_view text) {
    return read_list(text, read_origin);
}

Result<std::vector<std::string>> read_networks(std::string_view text) {
    return read_list(text, read_network);
}

Result<std::optional<std::chrono::year_month_day>> read_day(std::string_view text) {
    const auto midnight = parse_time(std::string{text} + "T00:00:00Z");
    if (text.size() != 10 || !midnight) return wrong("a day such as 2026-06-01");
    return std::optional{
        std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*midnight)}};
}

Result<std::map<std::string, std::set<std::string>, std::less<>>> read_bank_accounts(
    std::string_view text
) {
    std::map<std::string, std::set<std::string>, std::less<>> accounts;
    const auto entries = read_list(text, read_text);
    if (!entries) return entries.error();
    for (const auto& entry : *entries) {
        const auto colon = std::min(entry.find(':'), entry.size());
        const auto account = entry.substr(std::min(colon + 1, entry.size()));
        if (!Currency::of(entry.substr(0, colon)) || account.empty())
            return wrong("bank accounts behind their currencies, HUF:IBAN");
        accounts[entry.substr(0, colon)].insert(account);
    }
    return accounts;
}

Result<std::vector<std::string>> read_currencies(std::string_view text) {
    return read_list(text, read_currency);
}

Result<std::vector<std::string>> read_webhook_secrets(std::string_view text) {
    if (text::trim(text).empty()) return wrong("a secret: it is blank");
    return read_list(text, [](std::string_view entry) -> Result<std::string> {
        if (!entry.starts_with("whsec_") || entry.size() == 6 || !is_visible(entry))
            return wrong("signing secrets of Stripe, which begin with whsec_");
        return std::string{entry};
    });
}

Result<std::vector<std::string>> read_console_keys(std::string_view text) {
    if (text::trim(text).empty()) return wrong("a key: it is blank");
    return read_list(text, [](std::string_view entry) -> Result<std::string> {
        const auto key = crypto::unbase64(entry);
        if (!key || key->size() != crypto::seal_key_bytes)
            return wrong("keys of 32 bytes each, in Base64 (openssl rand -base64 32 makes one)");
        return std::string{entry};
    });
}

Result<std::vector<std::string>> read_event_secrets(std::string_view text) {
    if (text::trim(text).empty()) return wrong("a secret: it is blank");
    return read_list(text, [](std::string_view entry) -> Result<std::string> {
        const auto key =
            entry.starts_with("whsec_") ? crypto::unbase64(entry.substr(6)) : std::nullopt;
        // The sizes that Standard Webhooks allows.
        if (!key || key->size() < 24 || key->size() > 64)
            return wrong("secrets of Standard Webhooks: whsec_ and the Base64 of 24 to 64 bytes");
        return std::string{entry};
    });
}

}  // namespace payments::config
