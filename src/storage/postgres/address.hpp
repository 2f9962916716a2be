#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "flow/ports.hpp"

struct pg_conn;
struct pg_result;

// How a PostgreSQL server is reached, and what its errors mean (docs/scaling.md).
namespace payments::postgres {

struct ServerAddress {
    std::string url;       // as libpq takes it, postgresql://...
    std::string password;  // instead of one in the URL; "" for none
    // Statements are prepared once for each connection. False behind a pooler that lends a server
    // for one transaction: the next transaction's server would not know them.
    bool prepared = true;
    // For one answer of the server; it gives up waiting for a lock after half of that, so that its
    // own error, which says more, comes first.
    std::chrono::milliseconds timeout{10'000};

    // Where it is, for people: without user, password and options. Throws std::invalid_argument
    // when the URL cannot be read.
    std::string place() const;
};

// The server refused a statement; `state` is its SQLSTATE (PostgreSQL's manual, appendix A).
struct Failed : std::runtime_error {
    Failed(std::string state_, const std::string& message)
        : std::runtime_error(message), state(std::move(state_)) {}

    // It lost to another transaction (deadlock, serialization, a unique key, a lock's timeout), and
    // may succeed when it is tried again.
    bool is_conflict() const;
    // The connection is of no more use: the server stops, has no connections left, or only reads.
    bool ends_connection() const;

    std::string state;
};

// The connection broke. Whether a commit under way was kept is not known.
struct Lost : StoreDown {
    using StoreDown::StoreDown;
};

// A constraint or trigger of the schema refused the change: a caller's mistake, which a later try
// would meet again.
struct Refused : std::logic_error {
    using std::logic_error::logic_error;
};

// Throws what a failure means to the caller of a store: Refused for a constraint, trigger or type
// (classes 22 and 23), else StoreDown; of a prepared statement that the server does not know it
// says what must be set behind a pooler.
[[noreturn]] void raise(const ServerAddress& address, const Failed& failed);

struct Close {
    void operator()(pg_conn* connection) const;
};
using Handle = std::unique_ptr<pg_conn, Close>;

// A blocking connection, ready to be used. Throws StoreDown naming the place and the cause, after 3
// s for each host of the URL at most.
Handle connect(const ServerAddress& address);
// Sets the timeouts and the planning of an event loop's session. Throws Failed.
void settle_in(const ServerAddress& address, pg_conn* connection);
// Throws Failed when the result is an error; `message` is the connection's own, for lack of one.
void check(const pg_result* result, pg_conn* connection);

// Throws std::invalid_argument saying what is wrong with the URL.
void check_url(const std::string& url);
// The passwords in it, so that no log shows them.
std::vector<std::string> secrets_in(const std::string& url);

}  // namespace payments::postgres
