#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "storage/verify/ledger_verifier.hpp"

namespace payments::ledger {

// What stands in one column: NULL, a number, or a text.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using Cells = std::vector<Cell>;

inline Cell cell_of(Time time) { return std::int64_t{time.time_since_epoch().count()}; }
inline Cell cell_of(const std::optional<Time>& time) { return time ? cell_of(*time) : Cell{}; }

// Either database, on the caller's thread, which it blocks: for work beside the store's own.
// Statements keep to what both databases take; parameters are $1, $2, in the order of their first
// use. All but roll_back() throw StoreDown, and std::logic_error when the schema refuses what we
// write.
class BlockingDatabase {
public:
    virtual ~BlockingDatabase() = default;

    virtual bool is_postgres() const = 0;

    // One moment for all that is read until commit().
    virtual void begin_read() = 0;
    // Until commit() or roll_back(). With SQLite nobody else writes meanwhile; with PostgreSQL only
    // what was locked is ours.
    virtual void begin_change() = 0;
    virtual void commit() = 0;
    virtual void roll_back() noexcept = 0;
    // The rows that `select` gives are ours until the end; SQLite, which has one writer, is not
    // asked.
    virtual void lock(const std::string& select, const Cells& parameters) = 0;

    // Only within a transaction. Rows come as they are read: their number costs no memory.
    virtual std::unique_ptr<LedgerRows> query(
        const std::string& sql, const Cells& parameters = {}
    ) = 0;
    virtual void change(const std::string& sql, const Cells& parameters) = 0;

    // Outside of a transaction: overwrites the unused parts of some pages of the file behind page
    // `from`, which may hold what was deleted; in the same transaction `note` is called with the
    // page to go on with, 0 at the end. False when somebody reads or writes just then and it must
    // be tried again. A PostgreSQL server keeps its files to itself: it notes the end at once.
    virtual bool clean_files(
        std::int64_t from, const std::function<void(std::int64_t next)>& note
    ) = 0;
};

}  // namespace payments::ledger
