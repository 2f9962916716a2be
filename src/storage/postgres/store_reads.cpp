#include <algorithm>
#include <iterator>

#include "storage/postgres/claims.hpp"
#include "storage/postgres/find.hpp"
#include "storage/postgres/queries.hpp"
#include "storage/postgres/store.hpp"
#include "storage/rules/actions.hpp"
#include "storage/rules/review_list.hpp"
#include "storage/rules/rows.hpp"

// What the store reads, and changes nothing by.
namespace payments {

using postgres::ResultSet;
using postgres::Statement;

Task<std::vector<std::int64_t>> PostgresStore::ticket_ids(std::int64_t after, int limit) {
    co_return postgres::read_numbers(co_await ask(postgres::ask_ticket_ids(after, limit)));
}

Task<std::optional<NewestAttempt>> PostgresStore::newest_attempt() {
    const auto rows = co_await ask(postgres::ask_newest_attempt());
    if (rows.empty()) co_return std::nullopt;
    co_return NewestAttempt{rows[0].integer(0), rows[0].time(1)};
}

Task<std::vector<Transaction>> PostgresStore::transactions_of(std::int64_t ticket_id) {
    co_return postgres::read_transactions(co_await ask(postgres::ask_transactions_of(ticket_id)));
}

Task<std::optional<Transaction>> PostgresStore::transaction(std::int64_t id) {
    auto found = postgres::read_transactions(co_await ask(postgres::ask_transaction(id)));
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

Task<std::vector<Transaction>> PostgresStore::page(PageRequest request) {
    // Many rows: nobody who pays is to wait behind them.
    std::vector<Statement> question{postgres::ask_page(request)};
    const auto answers = co_await search(std::move(question));
    co_return postgres::read_page(request, answers.front());
}

// Each exchange sees a moment of its own, as the pages of a list do.
Task<FoundPage> PostgresStore::find(FindQuery query) {
    ledger::IdRanges ranges;
    if (auto questions = postgres::ask_ranges(query); !questions.empty()) {
        const auto answers = co_await search(std::move(questions));
        ranges = postgres::read_ranges(query, answers);
    }
    ledger::Search merge{query, ranges};
    while (!merge.asks().empty()) {
        auto questions = postgres::ask_cursors(merge, query);
        const auto answers = co_await search(std::move(questions));
        postgres::read_cursors(merge, answers);
    }
    FoundPage page{{}, merge.next()};
    if (merge.ids().empty()) co_return page;
    std::vector<Statement> question{postgres::ask_found(merge.ids())};
    const auto rows = co_await search(std::move(question));
    page.list = postgres::read_found(query, rows.front());
    co_return page;
}

Task<std::vector<KeptMessage>> PostgresStore::messages_of(std::int64_t transaction_id) {
    co_return postgres::read_messages(co_await ask(postgres::ask_messages_of(transaction_id)));
}

Task<std::optional<KeptMessage>> PostgresStore::message(std::int64_t number) {
    co_return postgres::read_message(co_await ask(postgres::ask_message(number)));
}

Task<std::vector<OutgoingEvent>> PostgresStore::events_of(std::int64_t transaction_id) {
    auto events = postgres::read_events(co_await ask(postgres::ask_events_of(transaction_id)));
    std::ranges::reverse(events);
    co_return events;
}

Task<std::vector<Action>> PostgresStore::actions_of(
    std::int64_t transaction_id, std::optional<ActionKind> kind
) {
    co_return postgres::read_actions(co_await ask(postgres::ask_actions_of(transaction_id, kind)));
}

Task<std::vector<NumberedScope>> PostgresStore::scopes() {
    const auto rows = co_await ask(Statement{ledger::select_scopes});
    std::vector<NumberedScope> all;
    for (int i = 0; i < rows.size(); ++i)
        all.push_back({rows[i].integer(0), {rows[i].text(1), rows[i].text(2), rows[i].text(3)}});
    known_scopes_.replace(all);
    co_return all;
}

Task<std::vector<AttemptOfTicket>> PostgresStore::attempts_without_scope(
    std::int64_t after, int limit
) {
    const auto rows = co_await ask(Statement::of(ledger::select_without_scope, after, limit));
    std::vector<AttemptOfTicket> attempts;
    for (int i = 0; i < rows.size(); ++i)
        attempts.push_back({rows[i].integer(0), rows[i].integer(1)});
    co_return attempts;
}

Task<std::optional<Time>> PostgresStore::next_due() {
    const auto rows = co_await ask(postgres::ask_next_due());
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].time(0);
}

Task<std::vector<OutgoingEvent>> PostgresStore::events(
    EventFilter which, std::int64_t after, int limit
) {
    co_return postgres::read_events(co_await ask(postgres::ask_events(which, after, limit)));
}

Task<Backlog> PostgresStore::backlog() {
    co_return postgres::read_backlog(co_await ask(postgres::ask_backlog()));
}

Task<Reviews> PostgresStore::reviews(ReviewQuery query) {
    const auto answers = co_await ask(postgres::ask_reviews(query.now));
    auto material = postgres::read_reviews(answers);
    co_await add_handled(&material, query.now);
    co_return list_reviews(std::move(material), query);
}

Task<std::optional<Review>> PostgresStore::review(ReviewName entry, Time now) {
    auto material = postgres::read_review(entry, co_await ask(postgres::ask_review(entry, now)));
    co_await add_handled(&material, now);
    co_return find_review(std::move(material), entry, now);
}

Task<void> PostgresStore::add_handled(ReviewMaterial* material, Time now) {
    const auto names = names_of(*material, now);
    if (names.empty()) co_return;
    postgres::read_handled(*material, co_await ask(postgres::ask_handled(names)));
}

Task<ReviewCounts> PostgresStore::review_counts(Time now) {
    co_return postgres::read_review_counts(co_await ask(postgres::ask_review_counts(now)));
}

}  // namespace payments
