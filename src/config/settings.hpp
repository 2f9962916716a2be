#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/log.hpp"

// Everything an operator can set: one table (config/table.cpp), read once at the start. A setting
// PAYMENTS_X is an environment variable or the flag --x, which wins; docs/design.md, 7.3, and the
// table in docs/operations.md. Settings are values: once loaded they never change, so that every
// thread may read them.
namespace payments {

using std::chrono::milliseconds;

// Loopback by default: TLS ends at the proxy in front, and until there is one nobody else should
// reach plain HTTP.
struct Address {
    std::string host = "127.0.0.1";  // an IP address, without the brackets of IPv6
    std::uint16_t port = 8080;       // 0: the system chooses one
};

// A token bucket: `requests` per `period` on average, at most `burst` at once.
struct RateLimit {
    int requests;
    std::chrono::seconds period;
    int burst;
};

// Bounds of one connection and of the process, docs/design.md, 2.7. Sizes in bytes.
struct RequestLimits {
    std::size_t request_line_bytes = 0;
    std::size_t headers_bytes = 0;
    std::size_t header_lines = 0;
    std::size_t body_bytes = 0;
    std::size_t webhook_body_bytes = 0;  // of the two notification routes
    milliseconds request_time{};         // a request, from its first byte to its last
    milliseconds answer_time{};          // taking an answer
    milliseconds idle_time{};            // between requests
    std::size_t connections = 0;
    milliseconds start_wait{};  // what work may wait for while starts are taken; 0: for any time
};

// Who signs the tokens of one kind.
// What the key set must be like is judged where it is read (http/auth/jwks; docs/design.md, 4.2 and
// 4.3); here only that it is a path or a URL.
struct TokenIssuer {
    std::string keys;      // a JWKS file, or an https URL (http on loopback)
    std::string issuer;    // "" when `iss` is not asked for
    std::string audience;  // "" when `aud` is not asked for
};

// What a signed SimplePay notice needs to make a payment paid.
// It has no amount, and with a leaked secret it could be forged: docs/design.md, 3.6.
enum class SimplePayConfirm : std::uint8_t {
    prefer,  // a query; the notice alone after 15 minutes of SimplePay's silence
    always,  // a query
    never,   // nothing
};

// One account takes one currency, and its secret is the same in the sandbox and live
// (docs/providers/simplepay.md, 2.1 and 2.2).
struct SimplePayAccount {
    std::string merchant;
    std::string secret;
};

struct SimplePayConfig {
    std::string url;                                                // without a slash at its end
    std::map<std::string, SimplePayAccount, std::less<>> accounts;  // by ISO 4217 code
    std::vector<SimplePayAccount> retired;                          // open nothing any more
    std::string return_url;
    milliseconds timeout{};
    SimplePayConfirm confirm = SimplePayConfirm::prefer;

    bool is_used() const { return !accounts.empty(); }
};

struct StripeConfig {
    std::string url;  // without a slash at its end
    std::string secret_key;
    std::vector<std::string> retired;          // open nothing any more
    std::vector<std::string> webhook_secrets;  // more than one while rolling
    std::vector<std::string> settlement_keys;  // read payouts instead of the others; or none
    // What the account can be paid in. The key does not tell, and only codes in these are on offer
    // (docs/design.md, 5.3).
    std::set<std::string, std::less<>> currencies;
    milliseconds timeout{};

    bool is_used() const { return !secret_key.empty(); }
    // Stripe's own word for what the key can do (sk_live_..., rk_live_...). Events of the other
    // mode are about no payment of ours.
    bool is_live() const { return secret_key.find("_live_") != std::string::npos; }
};

// Where outgoing events are delivered.
// A delivery is signed with every secret, so that a receiver may change its own at leisure.
struct EventsConfig {
    std::string url;                   // "" when nowhere: then they wait in the outbox
    std::vector<std::string> secrets;  // more than one while rolling
    milliseconds timeout{};

    bool is_used() const { return !url.empty(); }
};

// Traces for an OpenTelemetry collector (docs/operations.md, "Traces").
struct TracesConfig {
    std::string url;  // "" when none are recorded
    int percent = 1;  // of requests and rounds of background work
    std::string token;

    bool is_used() const { return !url.empty(); }
};

// The back office at /console (docs/console.md).
struct ConsoleConfig {
    enum class SignIn : std::uint8_t {
        off,      // there is no console
        token,    // whoever has a user token pastes it; on loopback listeners only
        oidc,     // at an identity provider, with OpenID Connect
        handoff,  // the platform signs them in, and hands them over with a code
    } sign_in = SignIn::off;
    std::vector<std::string> keys;  // each the Base64 of 32 bytes; the first seals, all open
    std::chrono::minutes idle{};    // without use; polling is none
    std::chrono::minutes total{};   // at most, however much it is used
    std::string issuer;             // the provider, as it writes itself
    std::string client_id;          // what we are there
    std::string client_secret;      // "" for a public client
    std::string resource;           // what access tokens are for (RFC 8707), "" for no word of it
    bool takes_id_token = false;    // as the user token; else the access token is
    std::string handoff_page;       // where the platform signs staff in
    std::string handoff_url;        // where it gives a user token for a code
    // How old the sign-in may be of who moves money; 0 for as old as the session.
    std::chrono::minutes refund_auth_age{};

    bool is_used() const { return sign_in != SignIn::off; }
    bool has_provider() const { return sign_in == SignIn::oidc; }
    bool has_platform() const { return sign_in == SignIn::handoff; }
};

// Settlements of providers (docs/settlements.md, 7).
struct SettlementConfig {
    std::optional<std::chrono::year_month_day> from{};  // captures of days before are not awaited
    // Of each currency the accounts that are ours; empty: any.
    std::map<std::string, std::set<std::string>, std::less<>> bank_accounts{};
    // After so many days what has not come is missing.
    int simplepay_days = 10, stripe_days = 7, bank_days = 10;
    std::string mapping;  // path of the file, or ""
};

// How long personal data are kept (docs/personal_data.md, 5).
struct PersonalConfig {
    std::optional<int> days{};                      // nothing: until somebody asks
    int accounting_years = 8;                       // after the year
    std::vector<std::string> accounting_members{};  // of the billing data
    std::optional<int> backup_days{};               // nothing: nobody has said
};

// Where payments are kept: in a file of SQLite's, or on a server of PostgreSQL's.
// What stands below `url` counts for PostgreSQL alone (docs/scaling.md).
struct DatabaseConfig {
    std::string path;      // of the SQLite file, or ""
    std::string url;       // of the PostgreSQL server as libpq takes it, or ""
    std::string password;  // of the server, when it is not in the URL
    int connections = 3;   // to the server, of each event loop
    bool prepared = true;  // statements are prepared once for each connection
    milliseconds timeout{};

    bool is_postgres() const { return !url.empty(); }
};

// All settings, checked, with their defaults. After Purpose::migrate only the database, the log
// level and the time zone have been read.
struct Settings {
    Address listen;
    int threads = 1;
    std::string public_url;                    // "" when not set; no slash at its end
    std::vector<std::string> allowed_origins;  // as browsers write them: https://shop.example
    std::vector<std::string> trusted_proxies;  // always with a prefix length: 10.0.0.0/8
    RequestLimits limits;
    std::optional<RateLimit> rate_limit_address;  // nothing when it is off
    std::optional<RateLimit> rate_limit_ticket;
    std::map<std::string, std::string, std::less<>> routes;  // all, by operation id
    milliseconds drain_time{};
    log::Level log_level = log::Level::info;

    DatabaseConfig database;

    TokenIssuer users;
    TokenIssuer services;
    std::string service_signing_key;  // a file with a private JWK

    std::string tickets_url;  // without a slash at its end
    milliseconds tickets_timeout{};
    std::set<std::string, std::less<>> transfer_statuses;
    std::chrono::minutes payment_time{};  // how long a visitor may start paying
    bool refund_duplicates = false;       // refund the second payment of a fee automatically
    bool releases_refund_runs = true;     // a second person must release them
    int refund_run_pace = 60;             // refunds a minute and processor, of all replicas
    std::string trust_file;               // PEM certificates trusted besides the system's, or ""

    SimplePayConfig simplepay;  // at least one of the two is used
    StripeConfig stripe;
    EventsConfig events;
    TracesConfig traces;
    ConsoleConfig console;
    SettlementConfig settlements;
    PersonalConfig personal;
    std::string time_zone;  // IANA name: Europe/Budapest

    // Of all settings that replicas must have alike, without secrets: 16 hex digits.
    std::string fingerprint;
};

using Texts = std::map<std::string, std::string>;  // a setting's name to its text

// A mistake stops the start. A warning does not: what it tells of may be meant.
struct Loaded {
    std::optional<Settings> settings;   // nothing when there is a mistake
    std::vector<std::string> mistakes;  // each a sentence that names the setting, never a secret
    std::vector<std::string> warnings;
};

enum class Purpose : std::uint8_t {
    serve,    // all settings, and that they fit together
    migrate,  // only what settings of the database, of settlements and of personal data say, the
              // log level and the time zone are read; the rest stays as it is
};

// The environment variables that begin with PAYMENTS_. The only place that reads the environment.
// Before other threads are started: the environment has no lock.
Texts read_environment();
// Reads and checks all settings of a purpose, and reports every mistake at once: an operator should
// not have to start five times. Depends on its arguments and on the files that `..._FILE` variables
// name, on nothing else. Both maps are by environment name: a flag --listen is given as
// PAYMENTS_LISTEN. Never throws; a file that cannot be read is a mistake.
Loaded load_settings(
    const Texts& environment, const Texts& flags, Purpose purpose = Purpose::serve
);

// Every value that must never appear in a log line or an error: for log::redact.
// A PostgreSQL URL may hold more, which libpq alone can read: app/contexts adds those.
std::vector<std::string> secrets_of(const Settings& settings);

// One row of the table, for those who print it or make flags of it.
struct SettingInfo {
    std::string_view name;      // PAYMENTS_LISTEN
    std::string_view form;      // what the text looks like
    std::string_view fallback;  // "" without one
    std::string_view sentence;  // what it does
    bool is_required = false;
    bool is_secret = false;   // can come from a file that NAME_FILE names; as a flag only so
    bool is_for_all = false;  // read for Purpose::migrate too
};
// In the order of the table, which is that of docs/operations.md.
std::vector<SettingInfo> list_settings();
// --simplepay-huf-merchant; for a secret --stripe-secret-key-file.
std::string flag_of(const SettingInfo& setting);
// The environment name that a flag stands for: PAYMENTS_STRIPE_SECRET_KEY_FILE.
std::string variable_of(const SettingInfo& setting);

// The settings that are read for a purpose, as help text; and all of them as the table of
// docs/operations.md.
// Throw std::bad_alloc alone; any thread.
std::string settings_as_text(Purpose purpose = Purpose::serve);
std::string settings_as_markdown();

}  // namespace payments
