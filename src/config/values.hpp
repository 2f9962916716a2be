#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "payment/error.hpp"

// Reads the text of a setting. Every function returns Errc::invalid_request for a text that is
// wrong; its detail continues the words "must be", and never quotes what may be a secret. URLs are
// https, or http to loopback (support/url; docs/design.md, 6 and 7.3). Pure functions.
namespace payments::config {

Result<std::string> read_text(std::string_view text);  // one line of printable characters
// As read_text, and not blank: an HMAC under a blank key looks right and proves nothing.
Result<std::string> read_secret(std::string_view text);
// Decimal digits alone, without a sign; both bounds may be reached.
Result<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most);
Result<Address> read_address(std::string_view text);  // 127.0.0.1:8080, [::1]:8080
// sqlite:PATH or postgresql://..., as it is.
Result<DatabaseConfig> read_database(std::string_view text);
Result<bool> read_switch(std::string_view text);             // on, off
Result<std::string> read_base_url(std::string_view text);    // no query, no slash at its end
Result<std::string> read_return_url(std::string_view text);  // may have a query
Result<std::string> read_key_source(std::string_view text);  // a path or a URL
Result<std::string> read_route(std::string_view text);       // /payments/start
Result<log::Level> read_level(std::string_view text);        //
Result<SimplePayConfirm> read_confirm(std::string_view text);
Result<ConsoleConfig::SignIn> read_sign_in(std::string_view text);
Result<bool> read_release(std::string_view text);
Result<bool> read_token_choice(std::string_view text);   // whether it is id_token, or access_token
Result<std::string> read_issuer(std::string_view text);  // a URL, kept to the letter
Result<std::string> read_page(std::string_view text);    // likewise, perhaps with a query
// In the form of the IANA's names: Europe/Budapest, UTC. Whether there is such a zone is not asked.
Result<std::string> read_time_zone(std::string_view text);
Result<bool> read_flag(std::string_view text);                            // true or false
Result<std::optional<RateLimit>> read_rate_limit(std::string_view text);  // 10/s burst 30, off
// sk_live_, sk_test_, rk_live_ or rk_test_ (docs/providers/stripe.md, 2.1).
Result<std::string> read_stripe_key(std::string_view text);

// Comma lists. White space around an entry is ignored; an empty or repeated entry is an error, for
// it is more likely a slip than meant.
Result<std::vector<std::string>> read_names(std::string_view text);
Result<std::vector<std::string>> read_stripe_keys(std::string_view text);
Result<std::vector<SimplePayAccount>> read_retired(std::string_view text);  // MERCHANT:SECRET
Result<std::vector<std::string>> read_origins(std::string_view text);
// Every entry comes back with its prefix length, /32 or /128 for a single address.
Result<std::vector<std::string>> read_networks(std::string_view text);  // 10.0.0.0/8, ::1
Result<std::optional<std::chrono::year_month_day>> read_day(std::string_view text);  // 2026-06-01
// HUF:HU42117730161111101800000000, perhaps several with commas between them.
Result<std::map<std::string, std::set<std::string>, std::less<>>> read_bank_accounts(
    std::string_view text
);
Result<std::vector<std::string>> read_currencies(std::string_view text);
Result<std::vector<std::string>> read_webhook_secrets(std::string_view text);
// Base64 of 32 bytes each; come back as they were.
Result<std::vector<std::string>> read_console_keys(std::string_view text);
// whsec_ and the Base64 of 24 to 64 bytes, as Standard Webhooks has it; come back as they were.
Result<std::vector<std::string>> read_event_secrets(std::string_view text);

}  // namespace payments::config
