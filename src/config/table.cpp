#include "config/table.hpp"

#include "config/rows.hpp"

namespace payments::config {
namespace {

// In the order in which they are shown and in which mistakes are told.
constexpr Setting settings[] = {
    optional(
        "PAYMENTS_LISTEN", "IP:port", "127.0.0.1:8080",
        "Address to listen on; TLS ends at the proxy in front.",
        [](Text text, Settings& to) { return keep(read_address(text), to.listen); }
    ),
    optional(
        "PAYMENTS_PUBLIC_URL", "URL", "",
        "Public base URL of the service, shown in the API reference.",
        [](Text text, Settings& to) { return keep(read_base_url(text), to.public_url); }
    ),
    optional(
        "PAYMENTS_THREADS", "1 to 256", "",
        "Event loops, one thread each; one per core when not set.",
        [](Text text, Settings& to) { return keep_number(text, 1, 256, to.threads); }
    ),
    optional(
        "PAYMENTS_LOG_LEVEL", "debug, info, warning, error", "info",
        "Lowest level that is logged, on standard error.",
        [](Text text, Settings& to) { return keep(read_level(text), to.log_level); }
    ),
    optional(
        "PAYMENTS_DATABASE", "sqlite:PATH or postgresql://...", "sqlite:var/payments.db",
        "Database: an SQLite file, or a PostgreSQL URL as libpq takes it.",
        [](Text text, Settings& to) {
            // Not the whole struct: the password and the rest are settings of their own.
            const auto read = read_database(text);
            if (!read) return Result<void>{read.error()};
            to.database.path = read->path;
            to.database.url = read->url;
            return Result<void>{};
        }
    ),
    secret(
        "PAYMENTS_DATABASE_PASSWORD", "text", "PostgreSQL password, if it is not in the URL.",
        [](Text text, Settings& to) { return keep(read_text(text), to.database.password); }
    ),
    // Two at least: questions must not wait behind a change that waits for a lock.
    optional(
        "PAYMENTS_DATABASE_CONNECTIONS", "2 to 64", "3",
        "PostgreSQL connections of each event loop; two thirds of them are for writes. One more is "
        "made for searches, and two for sessions of the console.",
        [](Text text, Settings& to) { return keep_number(text, 2, 64, to.database.connections); }
    ),
    optional(
        "PAYMENTS_DATABASE_PREPARED", "on or off", "on",
        "Prepared statements; off behind a pooler in transaction mode (PgBouncer).",
        [](Text text, Settings& to) { return keep(read_switch(text), to.database.prepared); }
    ),
    optional(
        "PAYMENTS_DATABASE_TIMEOUT_MS", "1000 to 600000", "10000",
        "Timeout of a PostgreSQL statement.",
        [](Text text, Settings& to) { return keep_time(text, 1'000, 600'000, to.database.timeout); }
    ),
    optional(
        "PAYMENTS_DRAIN_MS", "0 to 600000", "10000",
        "How long running requests may take to finish after SIGTERM.",
        [](Text text, Settings& to) { return keep_time(text, 0, 600'000, to.drain_time); }
    ),
    optional(
        "PAYMENTS_ALLOWED_ORIGINS", "origins, comma list", "",
        "Origins whose pages may call the public operations (CORS), such as "
        "https://shop.example.",
        [](Text text, Settings& to) { return keep(read_origins(text), to.allowed_origins); }
    ),
    optional(
        "PAYMENTS_TRUSTED_PROXIES", "networks, comma list", "",
        "Proxies whose X-Forwarded-For is trusted, such as 10.0.0.0/8 or ::1.",
        [](Text text, Settings& to) { return keep(read_networks(text), to.trusted_proxies); }
    ),
    optional(
        "PAYMENTS_TRUST_FILE", "file", "",
        "CA certificates (PEM) trusted for outgoing calls, besides the system's.",
        [](Text text, Settings& to) { return keep(read_text(text), to.trust_file); }
    ),
    required(
        "PAYMENTS_USER_KEYS", "JWKS file or URL", "Public keys that verify user tokens.",
        [](Text text, Settings& to) { return keep(read_key_source(text), to.users.keys); }
    ),
    optional(
        "PAYMENTS_USER_ISSUER", "text", "",
        "Required iss of user tokens; not checked when not set.",
        [](Text text, Settings& to) { return keep(read_text(text), to.users.issuer); }
    ),
    optional(
        "PAYMENTS_USER_AUDIENCE", "text", "",
        "Required aud of user tokens; not checked when not set.",
        [](Text text, Settings& to) { return keep(read_text(text), to.users.audience); }
    ),
    required(
        "PAYMENTS_SERVICE_KEYS", "JWKS file or URL", "Public keys that verify service tokens.",
        [](Text text, Settings& to) { return keep(read_key_source(text), to.services.keys); }
    ),
    optional(
        "PAYMENTS_SERVICE_ISSUER", "text", "",
        "Required iss of service tokens; not checked when not set.",
        [](Text text, Settings& to) { return keep(read_text(text), to.services.issuer); }
    ),
    optional(
        "PAYMENTS_SERVICE_AUDIENCE", "text", "",
        "Required aud of service tokens; not checked when not set.",
        [](Text text, Settings& to) { return keep(read_text(text), to.services.audience); }
    ),
    required(
        "PAYMENTS_SERVICE_SIGNING_KEY", "JWK file",
        "Private key that signs our own tokens for the tickets service.",
        [](Text text, Settings& to) { return keep(read_text(text), to.service_signing_key); }
    ),
    required(
        "PAYMENTS_TICKETS_URL", "URL", "Base URL of the tickets service, without /tickets/get.",
        [](Text text, Settings& to) { return keep(read_base_url(text), to.tickets_url); }
    ),
    optional(
        "PAYMENTS_TICKETS_TIMEOUT_MS", "1 to 60000", "2000",
        "Timeout of a call to the tickets service.",
        [](Text text, Settings& to) { return keep_time(text, 1, 60'000, to.tickets_timeout); }
    ),
    optional(
        "PAYMENTS_TRANSFER_STATUSES", "names, comma list", "transferred",
        "Ticket statuses to which the transfer price applies.",
        [](Text text, Settings& to) { return keep_set(read_names(text), to.transfer_statuses); }
    ),
    optional(
        "PAYMENTS_PAYMENT_MINUTES", "5 to 1440", "30",
        "How long after the start of a payment the visitor may begin to pay.",
        [](Text text, Settings& to) { return keep_time(text, 5, 1440, to.payment_time); }
    ),
    optional(
        "PAYMENTS_REFUND_DUPLICATES", "true, false", "false",
        "Whether the second payment of a fee is refunded automatically.",
        [](Text text, Settings& to) { return keep(read_flag(text), to.refund_duplicates); }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_URL", "URL", "https://secure.simplepay.hu/payment/v2",
        "Base URL of SimplePay's API, without /start.",
        [](Text text, Settings& to) { return keep(read_base_url(text), to.simplepay.url); }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_HUF_MERCHANT", "text", "", "SimplePay merchant account for HUF.",
        [](Text text, Settings& to) {
            return keep(read_text(text), to.simplepay.accounts["HUF"].merchant);
        }
    ),
    secret(
        "PAYMENTS_SIMPLEPAY_HUF_SECRET", "text", "Secret key of that account.",
        [](Text text, Settings& to) {
            return keep(read_secret(text), to.simplepay.accounts["HUF"].secret);
        }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_EUR_MERCHANT", "text", "", "SimplePay merchant account for EUR.",
        [](Text text, Settings& to) {
            return keep(read_text(text), to.simplepay.accounts["EUR"].merchant);
        }
    ),
    secret(
        "PAYMENTS_SIMPLEPAY_EUR_SECRET", "text", "Secret key of that account.",
        [](Text text, Settings& to) {
            return keep(read_secret(text), to.simplepay.accounts["EUR"].secret);
        }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_USD_MERCHANT", "text", "", "SimplePay merchant account for USD.",
        [](Text text, Settings& to) {
            return keep(read_text(text), to.simplepay.accounts["USD"].merchant);
        }
    ),
    secret(
        "PAYMENTS_SIMPLEPAY_USD_SECRET", "text", "Secret key of that account.",
        [](Text text, Settings& to) {
            return keep(read_secret(text), to.simplepay.accounts["USD"].secret);
        }
    ),
    secret(
        "PAYMENTS_SIMPLEPAY_RETIRED_ACCOUNTS", "merchant:secret, comma list",
        "SimplePay accounts that start no payment any more; their payments are still followed.",
        [](Text text, Settings& to) { return keep(read_retired(text), to.simplepay.retired); }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_RETURN_URL", "URL", "",
        "Page of the shop to which SimplePay redirects the visitor.",
        [](Text text, Settings& to) { return keep(read_return_url(text), to.simplepay.return_url); }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_TIMEOUT_MS", "1 to 120000", "10000", "Timeout of a call to SimplePay.",
        [](Text text, Settings& to) { return keep_time(text, 1, 120'000, to.simplepay.timeout); }
    ),
    optional(
        "PAYMENTS_SIMPLEPAY_CONFIRM", "prefer, always, never", "prefer",
        "Whether a query must confirm SimplePay's IPN before a payment is paid; prefer accepts "
        "the IPN alone after 15 minutes without an answer.",
        [](Text text, Settings& to) { return keep(read_confirm(text), to.simplepay.confirm); }
    ),
    optional(
        "PAYMENTS_STRIPE_URL", "URL", "https://api.stripe.com",
        "Base URL of Stripe's API, without /v1.",
        [](Text text, Settings& to) { return keep(read_base_url(text), to.stripe.url); }
    ),
    secret(
        "PAYMENTS_STRIPE_SECRET_KEY", "text", "Secret or restricted API key of Stripe.",
        [](Text text, Settings& to) { return keep(read_stripe_key(text), to.stripe.secret_key); }
    ),
    secret(
        "PAYMENTS_STRIPE_RETIRED_SECRET_KEYS", "text, comma list",
        "Keys of Stripe accounts that start no payment any more and are still followed.",
        [](Text text, Settings& to) { return keep(read_stripe_keys(text), to.stripe.retired); }
    ),
    secret(
        "PAYMENTS_STRIPE_SETTLEMENT_KEYS", "text, comma list",
        "Restricted keys that `settlement fetch` reads payouts and balance transactions by, one "
        "for each account, instead of the keys above.",
        [](Text text, Settings& to) {
            return keep(read_stripe_keys(text), to.stripe.settlement_keys);
        }
    ),
    secret(
        "PAYMENTS_STRIPE_WEBHOOK_SECRETS", "text, comma list",
        "Signing secrets of the webhook endpoint; several while they are rotated.",
        [](Text text, Settings& to) {
            return keep(read_webhook_secrets(text), to.stripe.webhook_secrets);
        }
    ),
    optional(
        "PAYMENTS_STRIPE_CURRENCIES", "ISO 4217 codes, comma list", "HUF,EUR,USD",
        "Currencies that the Stripe account accepts.",
        [](Text text, Settings& to) {
            return keep_set(read_currencies(text), to.stripe.currencies);
        }
    ),
    optional(
        "PAYMENTS_STRIPE_TIMEOUT_MS", "1 to 120000", "10000", "Timeout of a call to Stripe.",
        [](Text text, Settings& to) { return keep_time(text, 1, 120'000, to.stripe.timeout); }
    ),
    optional(
        "PAYMENTS_EVENTS_URL", "URL", "",
        "Where outgoing events are delivered, as Standard Webhooks; they wait while it is not "
        "set.",
        [](Text text, Settings& to) { return keep(read_return_url(text), to.events.url); }
    ),
    secret(
        "PAYMENTS_EVENTS_SECRET", "comma list",
        "Signing secrets of outgoing events: whsec_ and the Base64 of 24 to 64 bytes; several "
        "while they are rotated.",
        [](Text text, Settings& to) { return keep(read_event_secrets(text), to.events.secrets); }
    ),
    // A minute at most: a worker's lease of two minutes (storage/rules/claims) must outlast a try.
    optional(
        "PAYMENTS_EVENTS_TIMEOUT_MS", "1 to 60000", "10000", "Timeout of one delivery of an event.",
        [](Text text, Settings& to) { return keep_time(text, 1, 60'000, to.events.timeout); }
    ),
    optional(
        "PAYMENTS_TRACES_URL", "URL", "",
        "OpenTelemetry collector to which traces are sent, by OTLP over HTTP, without /v1/traces; "
        "none are recorded when not set.",
        [](Text text, Settings& to) { return keep(read_base_url(text), to.traces.url); }
    ),
    optional(
        "PAYMENTS_TRACES_PERCENT", "1 to 100", "1",
        "So many of a hundred requests, and rounds of background work, are traced.",
        [](Text text, Settings& to) { return keep_number(text, 1, 100, to.traces.percent); }
    ),
    secret(
        "PAYMENTS_TRACES_TOKEN", "text", "Bearer token for the OpenTelemetry collector.",
        [](Text text, Settings& to) { return keep(read_secret(text), to.traces.token); }
    ),
    optional(
        "PAYMENTS_RATE_LIMIT_ADDRESS", "rate or off", "10/s burst 30",
        "Limit of payment starts and returns for each client address.",
        [](Text text, Settings& to) { return keep(read_rate_limit(text), to.rate_limit_address); }
    ),
    optional(
        "PAYMENTS_RATE_LIMIT_TICKET", "rate or off", "30/min burst 30",
        "Limit of payment starts for each ticket.",
        [](Text text, Settings& to) { return keep(read_rate_limit(text), to.rate_limit_ticket); }
    ),
    optional(
        "PAYMENTS_LIMIT_REQUEST_LINE", "64 to 65536", "8192",
        "Maximum bytes of the request line; else 414.",
        [](Text text, Settings& to) {
            return keep_number(text, 64, 65'536, to.limits.request_line_bytes);
        }
    ),
    optional(
        "PAYMENTS_LIMIT_HEADERS", "256 to 1048576", "16384",
        "Maximum bytes of all headers of a request; else 431.",
        [](Text text, Settings& to) {
            return keep_number(text, 256, 1'048'576, to.limits.headers_bytes);
        }
    ),
    optional(
        "PAYMENTS_LIMIT_HEADER_LINES", "8 to 10000", "100",
        "Maximum number of headers of a request; else 431.",
        [](Text text, Settings& to) { return keep_number(text, 8, 10'000, to.limits.header_lines); }
    ),
    optional(
        "PAYMENTS_LIMIT_BODY", "1024 to 16777216", "65536",
        "Maximum bytes of the body of a request; else 413.",
        [](Text text, Settings& to) {
            return keep_number(text, 1'024, 16'777'216, to.limits.body_bytes);
        }
    ),
    optional(
        "PAYMENTS_LIMIT_WEBHOOK_BODY", "1024 to 16777216", "262144",
        "Maximum bytes of the body of a notification; else 413.",
        [](Text text, Settings& to) {
            return keep_number(text, 1'024, 16'777'216, to.limits.webhook_body_bytes);
        }
    ),
    optional(
        "PAYMENTS_REQUEST_TIMEOUT_MS", "10 to 600000", "20000",
        "Time to receive a request, from its first byte to its last.",
        [](Text text, Settings& to) { return keep_time(text, 10, 600'000, to.limits.request_time); }
    ),
    optional(
        "PAYMENTS_ANSWER_TIMEOUT_MS", "10 to 600000", "30000",
        "Time a client may take to receive a response.",
        [](Text text, Settings& to) { return keep_time(text, 10, 600'000, to.limits.answer_time); }
    ),
    optional(
        "PAYMENTS_IDLE_TIMEOUT_MS", "10 to 3600000", "60000",
        "How long a connection may stay open between requests.",
        [](Text text, Settings& to) { return keep_time(text, 10, 3'600'000, to.limits.idle_time); }
    ),
    optional(
        "PAYMENTS_CONNECTIONS", "1 to 1000000", "10000",
        "Maximum number of open connections; further ones are answered 503.",
        [](Text text, Settings& to) {
            return keep_number(text, 1, 1'000'000, to.limits.connections);
        }
    ),
    optional(
        "PAYMENTS_START_WAIT_MS", "0 to 60000", "25",
        "How long work may wait for a core or for the database until starts of payments are "
        "refused (503 with Retry-After); 0 refuses none.",
        [](Text text, Settings& to) { return keep_time(text, 0, 60'000, to.limits.start_wait); }
    ),
};
static_assert(every_row_is_complete_and_unlike_the_others(settings));

}  // namespace

std::span<const Setting> table() {
    static const auto whole = [] {
        std::vector<Setting> rows{std::begin(settings), std::end(settings)};
        for (const auto part : {route_rows(), console_rows(), settlement_rows(), personal_rows()})
            rows.insert(rows.end(), part.begin(), part.end());
        return rows;
    }();
    return whole;
}

}  // namespace payments::config
