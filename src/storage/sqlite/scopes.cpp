#include "storage/sqlite/scopes.hpp"

#include "storage/rules/counting.hpp"
#include "storage/rules/scopes.hpp"
#include "storage/sqlite/books.hpp"

namespace payments::sqlite {

std::int64_t keep_scope(Database& database, const TicketScope& scope) {
    const auto id = ledger::scope_id(scope);
    database.change(ledger::insert_scope, id, scope.flag, scope.year, scope.event);
    return id;
}

std::vector<NumberedScope> scopes(Database& database) {
    auto rows = database.query(ledger::select_scopes);
    std::vector<NumberedScope> all;
    while (rows.next())
        all.push_back({rows.integer(0), {rows.text(1), rows.text(2), rows.text(3)}});
    return all;
}

void move_ticket(Database& database, std::int64_t ticket_id, std::int64_t scope_id) {
    SqliteBooks books{database};
    ledger::apply_move(books, {ticket_id, scope_id});
}

}  // namespace payments::sqlite
