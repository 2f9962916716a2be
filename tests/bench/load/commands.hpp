#pragma once

#include <cstdint>
#include <string>

// What `ozora-bench` can do. Each prints one line of JSON with what it measured, and throws
// std::exception with a sentence when it cannot.
namespace payments::bench {

enum class Kind : std::uint8_t {
    ipn,       // to the service
    webhook,   // to the service
    charge,    // a webhook of 5 KB, to the service
    start,     // to the service
    list,      // listTicketTransactions
    search,    // searchTransactions
    find,      // findTransactions, the newest page
    sums,      // sumMoney, a month by day
    health,    // to the service
    ticket,    // what the service asks the tickets service, sent by ourselves
    provider,  // what the service asks SimplePay for a start, sent by ourselves
};
Kind kind_of(const std::string& name);

// Makes a database with `count` attempts of SimplePay (ids 1 to count) and as many of Stripe (the
// ids after), which the provider has accepted and nobody has paid.
void prepare(const std::string& path, std::int64_t count);

struct Load {
    Kind kind = Kind::ipn;
    std::uint16_t port = 0;  // on 127.0.0.1
    std::int64_t first_id = 1;
    std::int64_t count = 0;      // messages at most, each of its own transaction or ticket
    std::int64_t span = 0;       // when set, ids lie scattered over so many from the first on
    std::string tokens_path;     // user tokens, one a line, taken in turn by what needs one
    double seconds = 5;          // at most
    double rate_per_second = 0;  // arrivals whether answered or not; 0: each client waits its turn
    int clients = 64;
    std::string source = "127.0.0.1";  // where the clients call from, of 127.0.0.0/8
    // A 503 counts as refused, apart, and its time is not the one of an answer.
    bool takes_refusals = false;
};
// Sends over kept connections and times every answer, from the moment it was due.
void send(const Load& load);

// The same changes as `kind` makes, through the same store, each committed before the next: what
// SQLite does without group commit. Reading and verifying messages is not timed.
void commit_singly(const std::string& path, Kind kind, std::int64_t count, double seconds);

// Times the disk's flush of a small write to a file in `directory`.
void time_flush(const std::string& directory, int count);

// One message as `send` would send it: prints its path, its header and its body.
void compose(Kind kind, std::int64_t id);

// The service's door and SimplePay's gateway on one loop, with a store that keeps nothing: what it
// costs to read, verify and acknowledge a notification. Prints its port and runs until SIGTERM.
void acknowledge_only();

// Tickets service and SimplePay that answer at once; prints its port and runs until SIGTERM.
void stand_in();

}  // namespace payments::bench
