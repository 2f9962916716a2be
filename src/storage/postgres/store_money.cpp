#include <algorithm>
#include <iterator>

#include "storage/postgres/queries.hpp"
#include "storage/postgres/store.hpp"
#include "storage/postgres/totals.hpp"

// The store's sums of money, what they are made of, and what moves them.
namespace payments {

using postgres::Statement;
using postgres::WriteJob;

Task<MovedPage> PostgresStore::moved_page(MovedRequest request) {
    MovedPage page{{}, request.end};
    if (!page.next) {
        std::vector<Statement> end{postgres::ask_end_of_moved(request.after_id, request.limit)};
        const auto last = co_await search(std::move(end));
        if (!last[0].empty()) page.next = last[0][0].integer(0);
    }
    std::vector<Statement> questions{postgres::ask_moved(request, page.next)};
    if (page.next) questions.push_back(postgres::ask_end_of_moved(*page.next, request.limit));
    const auto rows = co_await search(std::move(questions));
    if (page.next && !rows[1].empty()) page.end_of_next = rows[1][0].integer(0);
    page.list = postgres::read_moved(rows[0]);
    co_return page;
}

Task<Sums> PostgresStore::sums(SumsQuery query) {
    std::vector<Statement> questions{postgres::ask_uncounted(1)};
    if (!query.buckets.empty()) questions.push_back(postgres::ask_sums(query));
    const auto answers = co_await search(std::move(questions));
    Sums found{{}, answers[0].empty()};
    if (answers.size() > 1) found.rows = postgres::read_sums(query, answers[1]);
    co_return found;
}

// Its attempts are locked with all others of the batch, in the order of their numbers, so that no
// two batches wait for one another in a circle. One that is opened meanwhile is left where whoever
// opens it has just been told that it is.
Task<std::int64_t> PostgresStore::move_ticket(std::int64_t ticket_id, std::int64_t scope_id) {
    const ledger::Move move{ticket_id, scope_id};
    std::int64_t moved = 0;
    WriteJob change;
    change.add_lookups = [&move](postgres::Lookups& lookups) {
        postgres::add_lookups(lookups, move);
    };
    change.apply = [&](ledger::Books& books) { moved = ledger::apply_move(books, move); };
    co_await changes_.run(std::move(change));
    co_return moved;
}

// On a connection that no payment waits for: there may be much to fold, and a batch that it is a
// part of would take as long.
Task<std::int64_t> PostgresStore::fold_totals(Time now, int limit) {
    const auto pending = co_await ask(postgres::ask_has_pending_totals());
    if (pending.empty()) co_return 0;
    std::vector<Statement> statements{postgres::fold_totals(limit), postgres::forget_minutes(now)};
    const auto answers = co_await change_session(std::move(statements));
    co_return answers[0][0].integer(0);
}

Task<std::int64_t> PostgresStore::keep_days(DaysBetween days, Time until, int limit) {
    auto questions = postgres::ask_days();
    const auto answers = co_await search(std::move(questions));
    const auto missing = postgres::days_to_keep(answers, days, until, limit);
    if (missing.empty()) co_return 0;
    auto statements = postgres::keep_days(missing);
    co_await change_session(std::move(statements));
    co_return std::ssize(missing);
}

Task<std::int64_t> PostgresStore::count_transactions(int limit) {
    const auto ids = postgres::read_numbers(co_await ask(postgres::ask_uncounted(limit)));
    if (ids.empty()) co_return 0;
    std::int64_t count = 0;
    WriteJob change;
    change.add_lookups = [&ids](postgres::Lookups& lookups) {
        std::ranges::copy(ids, std::back_inserter(lookups.transactions));
    };
    change.apply = [&](ledger::Books& books) { count = ledger::count_transactions(books, ids); };
    co_await changes_.run(std::move(change));
    co_return count;
}

}  // namespace payments
