#include "storage/sqlite/numbers.hpp"

namespace payments::sqlite {

// SQLite keeps the highest number that was ever given in a table of its own.
std::int64_t reserve_numbers(Database& database, std::int64_t last) {
    database.change(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'transactions', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'transactions')"
    );
    database.change(
        "UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'transactions' AND seq < ?1", last
    );
    auto rows = database.query("SELECT seq FROM sqlite_sequence WHERE name = 'transactions'");
    rows.next();
    return rows.integer(0);
}

}  // namespace payments::sqlite
