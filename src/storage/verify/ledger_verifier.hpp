#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "payment/transaction.hpp"

// Verifying the ledger, whichever database it is in (docs/design.md, 3.14).
namespace payments {

struct Difference {
    std::int64_t transaction_id;  // 0 for what belongs to none
    std::string detail;           // a sentence for people

    friend bool operator==(const Difference&, const Difference&) = default;
};

// How many rows were read, and what is wrong with them; no differences when the ledger is sound.
struct LedgerReport {
    std::int64_t transactions = 0;
    std::int64_t facts = 0;
    std::int64_t messages = 0;
    std::int64_t actions = 0;
    std::int64_t settlement_files = 0;
    std::vector<Difference> differences;
};

// How far verifying has come.
struct VerifyProgress {
    std::int64_t transactions = 0;
    std::int64_t of = 0;  // as many as there were when it began
};

struct VerifyOptions {
    int busy_timeout_ms = 5000;  // SQLite: how long to wait for another process
    // Called after every 250 transactions and at the end, on the caller's thread; of several, of
    // which each has a connection of its own, after as many of its own.
    std::function<void(const VerifyProgress&)> progress{};
    int threads = 1;  // at least 1, the caller's
    // Transactions read as they are at one moment. A longer snapshot would keep SQLite from
    // emptying its write-ahead log, and PostgreSQL from removing old rows.
    std::int64_t together = 5'000;
};

// Rows of an answer, one after the other; the current one is read by column. Throw StoreDown, and
// from_row::Damaged (which is one) where the database itself says that it is damaged.
class LedgerRows {
public:
    // What lies in a column is the statement's to know; NULL reads as 0 or "".
    virtual ~LedgerRows() = default;
    virtual bool next() = 0;  // false after the last row
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual bool flag(int column) const = 0;
    virtual std::string text(int column) const = 0;  // of bytes as well

    Time time(int column) const { return Time{std::chrono::milliseconds{integer(column)}}; }
    std::optional<Time> time_or_null(int column) const {
        return is_null(column) ? std::nullopt : std::optional{time(column)};
    }
};

// A database that is read: several answers may be open at a time. Parameters are $1, $2, in the
// order of their first use; the statements keep to what both databases take. Throws as LedgerRows.
// On the caller's thread, which it blocks.
class LedgerReader {
public:
    virtual ~LedgerReader() = default;
    virtual std::unique_ptr<LedgerRows> query(
        const std::string& sql, const std::vector<std::int64_t>& parameters = {}
    ) = 0;
    // What is read between them is as it was at one moment.
    // A batch, so that no snapshot grows old: SQLite's log and PostgreSQL's dead rows would grow
    // with it.
    virtual void begin() = 0;
    virtual void end() = 0;
    // What is wrong with the database itself: guards that are missing, a damaged file.
    virtual std::vector<std::string> damage() = 0;
    // The same database on a connection of its own, for another thread.
    virtual std::unique_ptr<LedgerReader> another() = 0;
};

// Reads the whole database once, in its own order: recomputes every hash chain, derives every
// status, flag, refund sum and outgoing event from the facts again, and looks for ids that exist
// twice. Takes the transactions in batches, each as it is at one moment, so it may run beside the
// service; its memory does not grow with the database. What is damaged so that it cannot be read is
// a difference too. Throws StoreDown when the database cannot be read to its end for another
// reason: then nothing is said of the ledger. What is found, and in which order, is the same for
// any number of threads.
LedgerReport verify_ledger(LedgerReader& source, const VerifyOptions& options);

}  // namespace payments
