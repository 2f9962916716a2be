#include "storage/postgres/address.hpp"

#include <algorithm>

#include "storage/postgres/libpq.hpp"
#include "support/text.hpp"

namespace payments::postgres {
namespace {

using namespace std::chrono_literals;

// For each host of the URL; libpq by itself would wait for ever.
constexpr std::string_view connect_timeout_s = "3";

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { libpq().PQconninfoFree(options); }
};
using Parsed = std::unique_ptr<PQconninfoOption, FreeOptions>;

Parsed parse(const std::string& url) {
    char* complaint = nullptr;
    Parsed parsed{libpq().PQconninfoParse(url.c_str(), &complaint)};
    if (parsed) return parsed;
    const std::string cause = complaint ? complaint : "out of memory";
    libpq().PQfreemem(complaint);
    throw std::invalid_argument{std::string{text::trim(cause)}};
}

std::string option(const Parsed& parsed, std::string_view keyword) {
    for (const auto* option = parsed.get(); option->keyword; ++option)
        if (option->keyword == keyword) return option->val ? option->val : "";
    return "";
}

// Of equal keywords the later one counts: the URL ("dbname") overrides our timeouts and name, and
// the encoding and the password of the settings override the URL.
Handle open(const ServerAddress& address) {
    // tcp_user_timeout: a server that has vanished is noticed when what was sent to it stays
    // without a sign for as long as an answer may take.
    const auto patience_ms = std::to_string(address.timeout.count());
    const char* keywords[] = {
        "connect_timeout",
        "tcp_user_timeout",
        "fallback_application_name",
        "dbname",
        "client_encoding",
        address.password.empty() ? nullptr : "password",
        nullptr};
    const char* values[] = {
        connect_timeout_s.data(),
        patience_ms.c_str(),
        "ozora-payments",
        address.url.c_str(),
        "UTF8",
        address.password.c_str(),
        nullptr};
    return Handle{libpq().PQconnectdbParams(keywords, values, 1)};
}

// A message of libpq about several hosts has a line for each; a log line or an error takes one.
std::string one_line(const char* message) {
    auto text = std::string{text::trim(message)};
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

bool begins(const std::string& state, std::string_view group) { return state.starts_with(group); }

}  // namespace

std::string ServerAddress::place() const {
    const auto parsed = parse(url);
    auto host = option(parsed, "host");
    if (host.empty()) host = option(parsed, "hostaddr");
    if (host.empty()) host = "local";
    const auto port = option(parsed, "port");
    return "postgresql://" + host + (port.empty() ? "" : ":" + port) + "/" +
           option(parsed, "dbname");
}

// A unique key too: another replica has opened the attempt or kept the message meanwhile, and the
// next look finds it.
bool Failed::is_conflict() const {
    return state == "40P01" || state == "40001" || state == "23505" || state == "55P03";
}

// 57P: the server stops. 08: the connection. 25006: it only reads, as a primary that was made a
// standby. 53300: it has no connections left.
bool Failed::ends_connection() const {
    return begins(state, "57P") || begins(state, "08") || state == "25006" || state == "53300";
}

void raise(const ServerAddress& address, const Failed& failed) {
    auto text = "database " + address.place() + ": " + failed.what();
    // No such prepared statement, or one already: another server than the one that prepared it.
    if (address.prepared && (failed.state == "26000" || failed.state == "42P05"))
        text += "; behind a pooler in transaction mode PAYMENTS_DATABASE_PREPARED must be off";
    if (begins(failed.state, "23") || begins(failed.state, "22")) throw Refused{text};
    throw StoreDown{text};
}

void Close::operator()(pg_conn* connection) const { libpq().PQfinish(connection); }

Handle connect(const ServerAddress& address) try {
    auto handle = open(address);
    if (!handle) throw StoreDown{"out of memory"};
    // libpq would write notices ("already exists, skipping") to standard error.
    libpq().PQsetNoticeProcessor(
        handle.get(), [](void*, const char*) {}, nullptr
    );
    if (libpq().PQstatus(handle.get()) != CONNECTION_OK)
        throw StoreDown{one_line(libpq().PQerrorMessage(handle.get()))};
    return handle;
} catch (const std::runtime_error& failed) {
    throw StoreDown{"database " + address.place() + ": " + failed.what()};
}

// Waits for nothing longer than the callers do. Plans once per statement and always by index: a
// plan made while a table was small, by reading all of it, would be kept while the table grows.
void settle_in(const ServerAddress& address, pg_conn* connection) {
    // A pooler's session is lent: beginning() sets what matters in each transaction instead.
    if (!address.prepared) return;
    const auto patience_ms = address.timeout.count();
    const auto script =
        "SET statement_timeout = " + std::to_string(patience_ms) +
        "; SET lock_timeout = " + std::to_string(patience_ms / 2) +
        "; SET idle_in_transaction_session_timeout = " + std::to_string(2 * patience_ms) +
        "; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off"
        "; SET jit = off";
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result{
        libpq().PQexec(connection, script.c_str()), libpq().PQclear};
    check(result.get(), connection);
}

void check(const pg_result* result, pg_conn* connection) {
    const auto status = libpq().PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN ||
        status == PGRES_EMPTY_QUERY)
        return;
    const char* state = libpq().PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* said = libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    throw Failed{
        state ? state : "08000", one_line(said ? said : libpq().PQerrorMessage(connection))};
}

void check_url(const std::string& url) { parse(url); }

std::vector<std::string> secrets_in(const std::string& url) {
    const auto parsed = parse(url);
    std::vector<std::string> secrets;
    for (const auto* keyword : {"password", "sslpassword"})
        if (auto secret = option(parsed, keyword); !secret.empty())
            secrets.push_back(std::move(secret));
    return secrets;
}

}  // namespace payments::postgres
