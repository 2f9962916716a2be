#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "flow/ports.hpp"

// The little of SQLite's C interface that the store needs. Not thread-safe: a Database belongs to
// the thread that uses it, which it blocks. Everything here throws StoreDown, or Refused.
namespace payments::sqlite {

// A constraint, trigger or type of the schema refused the change: a caller's mistake, which a later
// try would meet again. Everything else that SQLite reports is StoreDown.
struct Refused : std::logic_error {
    using std::logic_error::logic_error;
};

struct Blob {
    std::string_view bytes;
};

// The rows of one execution of a prepared statement, which is reset when they go out of scope:
// until then the same statement cannot be run again (std::logic_error). Columns count from 0,
// parameters from 1. NULL reads as 0 or "".
class Rows {
public:
    // What happens to texts that are bound: copied, or left where they are until all rows are read.
    enum class Texts { copied, left };

    Rows(class Database& database, sqlite3_stmt* statement, Texts texts = Texts::copied)
        : database_(&database), statement_(statement), texts_(texts) {}
    Rows(Rows&& other) noexcept
        : database_(other.database_),
          statement_(std::exchange(other.statement_, nullptr)),
          texts_(other.texts_) {}
    Rows& operator=(Rows&&) = delete;
    ~Rows() { sqlite3_reset(statement_); }

    bool next();  // false after the last row

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;  // of a BLOB as well
    Time time(int column) const;
    std::optional<Time> time_or_null(int column) const;
    bool flag(int column) const { return integer(column) != 0; }

    void bind(int index, std::int64_t value);
    void bind(int index, int value) { bind(index, std::int64_t{value}); }
    void bind(int index, bool value) { bind(index, std::int64_t{value}); }
    void bind(int index, std::string_view value);
    void bind(int index, const char* value) { bind(index, std::string_view{value}); }
    void bind(int index, const std::string& value) { bind(index, std::string_view{value}); }
    void bind(int index, Blob value);
    void bind(int index, Time value) { bind(index, value.time_since_epoch().count()); }
    void bind(int index, std::nullopt_t);
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value)
            bind(index, *value);
        else
            bind(index, std::nullopt);
    }

private:
    void check(int code);
    Database* database_;
    sqlite3_stmt* statement_;
    Texts texts_;
};

// One connection, with its prepared statements and its own cache of pages. Closing it rolls back
// what was not committed.
class Database {
public:
    enum class Access {
        create,  // as `write`; a missing file is made, with mode 0600 (docs/design.md, 8)
        write,
        read,
        scratch,  // a file of our own, made likewise: what is half-written when a process dies is
                  // thrown away, so nothing protects it
    };

    // Throws StoreDown naming the path and the cause. `busy_timeout_ms` is how long to wait for
    // another process that holds the lock.
    Database(std::string path, Access access, int busy_timeout_ms);

    const std::string& path() const { return path_; }

    // One or more statements without parameters.
    void execute(const char* script);

    // Arguments are bound to ?1, ?2, ...; bytes of a Blob must live until the rows are read.
    template <class... Args>
    Rows query(std::string_view sql, const Args&... args) {
        Rows rows{*this, prepared(sql)};
        [[maybe_unused]] int index = 0;
        (rows.bind(++index, args), ...);
        return rows;
    }
    // How many rows were changed.
    template <class... Args>
    std::int64_t change(std::string_view sql, const Args&... args) {
        Rows rows{*this, prepared(sql), Rows::Texts::left};
        [[maybe_unused]] int index = 0;
        (rows.bind(++index, args), ...);
        while (rows.next()) {
        }
        return sqlite3_changes64(connection_.get());
    }

    // Every statement prepared so far, for tests that look at how SQLite runs them.
    std::vector<std::string> statements() const;

    std::int64_t last_id() const { return sqlite3_last_insert_rowid(connection_.get()); }
    // False also when SQLite has rolled back by itself, as it does when the disk is full.
    bool in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }
    // Ends a transaction if one is open; never throws.
    void roll_back() noexcept;
    // Writes all that this connection sees, as it is at one moment, over what is in `copy`, while
    // others go on writing here. Calls `progress` with how many pages are done, of how many.
    void copy_into(
        Database& copy, const std::function<void(std::int64_t done, std::int64_t of)>& progress
    );
    // Throws StoreDown when the file was deleted or replaced: what is written now would be lost.
    void check_in_place() const;
    // For what is asked of SQLite by no statement; stays this object's.
    sqlite3* raw() const { return connection_.get(); }
    // Throws what `code`, returned by SQLite just now, means.
    [[noreturn]] void fail(int code) const;

private:
    sqlite3_stmt* prepared(std::string_view sql);
    void open(int flags);

    struct Close {
        void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    std::string path_;
    std::unique_ptr<sqlite3, Close> connection_;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<
        std::string, std::unique_ptr<sqlite3_stmt, Finalize>, TextHash, std::equal_to<>>
        statements_;
};

}  // namespace payments::sqlite
