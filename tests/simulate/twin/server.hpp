#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::simulate {

// NULL, a number (a flag is 0 or 1) or bytes.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using CellRow = std::map<std::string, Cell, std::less<>>;  // by the column's name

// A PostgreSQL server as far as postgres::Batch needs one: its tables in memory, the answers to
// Batch::questions() in libpq's own form, and what Batch::writes() do to the tables. What is asked
// and written is read from the text of each statement. Where the server would take a number from a
// sequence, it is the one that SQLite has given: both shall have the same rows.
class ServerInMemory {
public:
    explicit ServerInMemory(sqlite::Database& original) : original_(original) {}

    // All tables as SQLite has them.
    void load();

    std::vector<postgres::ResultSet> answer(const std::vector<postgres::Statement>& questions);
    void write(const std::vector<postgres::Statement>& statements);

    std::vector<CellRow>& table(const std::string& name) { return tables_.at(name).rows; }
    // Where they differ from SQLite's, in words; "" when they do not. Of one attempt's row, which
    // holds the ends of its chains of facts and messages, with how many rows each other table has;
    // and of everything.
    std::string difference_of(std::int64_t transaction_id);
    std::string difference();

private:
    struct Table {
        CellRow defaults;
        std::vector<CellRow> rows;
    };
    struct Columns {
        std::vector<std::string> names;
        std::vector<std::vector<Cell>> values;  // by column
        std::vector<CellRow> rows() const;
    };

    CellRow defaults_of(const std::string& name);
    std::vector<CellRow> originals(const std::string& name, const std::string& where);
    std::int64_t next_number(const std::string& name, std::size_t how_many_later);
    postgres::ResultSet attempts(const postgres::Statement& question);
    postgres::ResultSet facts(const postgres::Statement& question);
    postgres::ResultSet messages(const postgres::Statement& question);
    postgres::ResultSet unmatched(const postgres::Statement& question);
    postgres::ResultSet attempt_numbers(const postgres::Statement& question);
    postgres::ResultSet numbers(const postgres::Statement& question, const std::string& name);
    postgres::ResultSet action_ends(const postgres::Statement& question);
    postgres::ResultSet newest_reviews(const postgres::Statement& question);
    void insert(const postgres::Statement& statement);
    void update_attempts(const postgres::Statement& statement);
    void wake(const postgres::Statement& statement);
    void move_action_ends(const postgres::Statement& statement);

    sqlite::Database& original_;
    std::map<std::string, Table> tables_;
};

// The values of an array parameter, or the one value of any other.
std::vector<Cell> cells_of(const postgres::Value& value);

}  // namespace payments::simulate
