#include "config/rows.hpp"

namespace payments::config {
namespace {

constexpr Setting console_settings[] = {
    optional(
        "PAYMENTS_CONSOLE_SIGN_IN", "off, oidc, handoff, token", "off",
        "How staff sign in at /console: oidc at an identity provider; handoff at the platform, "
        "which sends them on with a code; token takes a pasted user token, for development on a "
        "loopback address; off has no console.",
        [](Text text, Settings& to) { return keep(read_sign_in(text), to.console.sign_in); }
    ),
    secret(
        "PAYMENTS_CONSOLE_KEY", "comma list",
        "Keys that seal what sessions of the console hold: each the Base64 of 32 bytes; several "
        "while they are rotated, the first seals.",
        [](Text text, Settings& to) { return keep(read_console_keys(text), to.console.keys); }
    ),
    optional(
        "PAYMENTS_CONSOLE_ISSUER", "URL", "",
        "Identity provider (OpenID Connect) at which staff sign in; its keys are "
        "PAYMENTS_USER_KEYS.",
        [](Text text, Settings& to) { return keep(read_issuer(text), to.console.issuer); }
    ),
    optional(
        "PAYMENTS_CONSOLE_CLIENT_ID", "text", "",
        "What the service is to that provider; redirect URI PAYMENTS_PUBLIC_URL/console/signed-in.",
        [](Text text, Settings& to) { return keep(read_text(text), to.console.client_id); }
    ),
    secret(
        "PAYMENTS_CONSOLE_CLIENT_SECRET", "text",
        "Its secret there (client_secret_basic); none for a public client.",
        [](Text text, Settings& to) { return keep(read_secret(text), to.console.client_secret); }
    ),
    optional(
        "PAYMENTS_CONSOLE_TOKEN", "access_token, id_token", "access_token",
        "Which of the provider's tokens is the user token, with privs.",
        [](Text text, Settings& to) {
            return keep(read_token_choice(text), to.console.takes_id_token);
        }
    ),
    optional(
        "PAYMENTS_CONSOLE_RESOURCE", "URI", "",
        "What access tokens are asked for (resource of RFC 8707); not said when not set.",
        [](Text text, Settings& to) { return keep(read_text(text), to.console.resource); }
    ),
    optional(
        "PAYMENTS_CONSOLE_HANDOFF_PAGE", "URL", "",
        "Page of the platform where staff sign in (handoff); it sends them on to "
        "/console/handoff?code=.",
        [](Text text, Settings& to) { return keep(read_page(text), to.console.handoff_page); }
    ),
    optional(
        "PAYMENTS_CONSOLE_HANDOFF_URL", "URL", "",
        "Where the platform gives the user token for such a code, to a service token of ours.",
        [](Text text, Settings& to) { return keep(read_issuer(text), to.console.handoff_url); }
    ),
    optional(
        "PAYMENTS_CONSOLE_IDLE_MINUTES", "5 to 1440", "30",
        "How long a session of the console lasts without being used.",
        [](Text text, Settings& to) { return keep_time(text, 5, 1440, to.console.idle); }
    ),
    optional(
        "PAYMENTS_CONSOLE_SESSION_MINUTES", "5 to 10080", "600",
        "How long a session of the console lasts in all.",
        [](Text text, Settings& to) { return keep_time(text, 5, 10'080, to.console.total); }
    ),
    optional(
        "PAYMENTS_CONSOLE_REFUND_AUTH_AGE", "1 to 1440", "",
        "Minutes after which whoever moves money in a session must sign in again (auth_time); not "
        "asked for when not set.",
        [](Text text, Settings& to) { return keep_time(text, 1, 1440, to.console.refund_auth_age); }
    ),
    optional(
        "PAYMENTS_REFUND_RUN_RELEASE", "second-person, none", "second-person",
        "Whether a refund run waits until somebody else than who started it has released it.",
        [](Text text, Settings& to) { return keep(read_release(text), to.releases_refund_runs); }
    ),
    optional(
        "PAYMENTS_REFUND_RUN_PACE", "1 to 6000", "60",
        "How many refunds a minute refund runs ask each processor for, all replicas together.",
        [](Text text, Settings& to) { return keep_number(text, 1, 6000, to.refund_run_pace); }
    ),
    optional(
        "PAYMENTS_TIME_ZONE", "IANA name", "Europe/Budapest",
        "Time zone in which the console shows times and counts days.",
        [](Text text, Settings& to) { return keep(read_time_zone(text), to.time_zone); }
    ),
};
static_assert(every_row_is_complete_and_unlike_the_others(console_settings));

}  // namespace

std::span<const Setting> console_rows() { return console_settings; }

}  // namespace payments::config
