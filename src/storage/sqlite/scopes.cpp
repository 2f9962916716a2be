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

std::int64_t move_ticket(Database& database, std::int64_t ticket_id, std::int64_t scope_id) {
    SqliteBooks books{database};
    return ledger::apply_move(books, {ticket_id, scope_id});
}

std::vector<AttemptOfTicket> attempts_without_scope(
    Database& database, std::int64_t after, int limit
) {
    auto rows = database.query(ledger::select_without_scope, after, limit);
    std::vector<AttemptOfTicket> attempts;
    while (rows.next()) attempts.push_back({rows.integer(0), rows.integer(1)});
    return attempts;
}

}  // namespace payments::sqlite
