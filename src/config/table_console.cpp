#include "config/rows.hpp"

namespace payments::config {
namespace {

constexpr Setting console_settings[] = {
    optional(
        "PAYMENTS_CONSOLE_SIGN_IN", "off, token", "off",
        "How staff sign in at /console: token takes a pasted user token, for development on a "
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
        "PAYMENTS_TIME_ZONE", "IANA name", "Europe/Budapest",
        "Time zone in which the console shows times and counts days.",
        [](Text text, Settings& to) { return keep(read_time_zone(text), to.time_zone); }
    ),
};
static_assert(every_row_is_complete_and_unlike_the_others(console_settings));

}  // namespace

std::span<const Setting> console_rows() { return console_settings; }

}  // namespace payments::config
