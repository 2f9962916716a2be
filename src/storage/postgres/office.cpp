#include <array>

#include "storage/postgres/queries.hpp"
#include "storage/postgres/store.hpp"
#include "storage/rules/actions.hpp"
#include "storage/rules/changes.hpp"
#include "storage/rules/office.hpp"

// What the back office asks: those of PostgresStore's members that are OfficeRecords, but for those
// that change payments' chains. Texts of statements are static: see postgres::Statement.
namespace payments {

using postgres::Lookups;
using postgres::Statement;
using postgres::WriteJob;

namespace {

constexpr ledger::Dialect outbox_dialect{"o.skipped", "NOT o.skipped"};

const std::string& actions_text(ledger::ActionsLine line) {
    using ledger::ActionsLine;
    static const std::array texts{
        ledger::actions_sql(ActionsLine::all), ledger::actions_sql(ActionsLine::transaction),
        ledger::actions_sql(ActionsLine::person), ledger::actions_sql(ActionsLine::scope)};
    return texts[static_cast<std::size_t>(line)];
}

const std::string& events_text(ledger::EventsLine line, std::optional<EventState> state) {
    constexpr std::size_t states = 5;  // none, and each of the four
    static const auto texts = [] {
        std::array<std::string, 3 * states> made;
        for (std::size_t i = 0; i < made.size(); ++i) {
            std::optional<EventState> of;
            if (i % states > 0) of = static_cast<EventState>(i % states - 1);
            made[i] =
                "SELECT " + std::string{from_row::outgoing_columns} +
                ledger::events_sql(static_cast<ledger::EventsLine>(i / states), of, outbox_dialect);
        }
        return made;
    }();
    return texts
        [static_cast<std::size_t>(line) * states +
         (state ? static_cast<std::size_t>(*state) + 1 : 0)];
}

const auto all_messages_text =
    "SELECT " + std::string{ledger::listed_kept_columns} + std::string{ledger::all_messages};
const auto unmatched_messages_text = "SELECT " + std::string{ledger::listed_kept_columns} +
                                     std::string{ledger::unmatched_messages_listed};

}  // namespace

Task<ActionsPage> PostgresStore::actions(ActionsQuery query) {
    std::vector<Statement> questions;
    ledger::with_actions(query, [&](ledger::ActionsLine line, const auto&... parameters) {
        questions.push_back(Statement::of(actions_text(line), parameters...));
    });
    std::vector<Action> found;
    if (!questions.empty()) {
        const auto answers = co_await search(std::move(questions));
        for (const auto& rows : answers)
            for (int i = 0; i < rows.size(); ++i) found.push_back(ledger::action_row(rows[i]));
    }
    co_return ledger::page_of(std::move(found), query.limit);
}

Task<EventsPage> PostgresStore::find_events(EventsQuery query) {
    std::vector<Statement> questions;
    ledger::with_events(query, [&](ledger::EventsLine line, const auto&... parameters) {
        questions.push_back(Statement::of(events_text(line, query.state), parameters...));
    });
    std::vector<OutgoingEvent> found;
    const auto answers = co_await search(std::move(questions));
    for (const auto& rows : answers)
        for (auto& event : postgres::read_events(rows)) found.push_back(std::move(event));
    co_return ledger::page_of(std::move(found), query);
}

Task<Backlog> PostgresStore::backlog_in(SightOfScopes sight) {
    static const auto sql = ledger::count_events_sql(outbox_dialect);
    const auto looked_at = sight.is_everywhere ? events_counted_max : events_looked_at_max;
    std::vector<Statement> question{
        Statement::of(sql, ledger::list_of(sight), looked_at, events_counted_max)};
    const auto answers = co_await search(std::move(question));
    const auto& row = answers.front()[0];
    co_return Backlog{row.integer(0), row.integer(1), {}};
}

Task<MessagesPage> PostgresStore::find_messages(MessagesQuery query) {
    std::vector<Statement> question{Statement::of(
        query.is_unmatched_only ? unmatched_messages_text : all_messages_text,
        query.after.value_or(std::numeric_limits<std::int64_t>::max()),
        static_cast<std::int64_t>(query.limit) + 1
    )};
    const auto answers = co_await search(std::move(question));
    std::vector<ListedKeptMessage> found;
    for (int i = 0; i < answers.front().size(); ++i)
        found.push_back(ledger::listed_kept_message(answers.front()[i]));
    co_return ledger::page_of(std::move(found), query.limit);
}

Task<std::optional<RetriableMessage>> PostgresStore::retriable_message(std::int64_t number) {
    std::vector<Statement> questions{
        Statement::of(ledger::select_retriable, number),
        Statement::of(ledger::select_waiting, number)};
    const auto answers = co_await ask(std::move(questions));
    if (answers[0].empty()) co_return std::nullopt;
    auto found = ledger::retriable_message(answers[0][0], !answers[1].empty());
    co_return found;
}

// One statement for each event, behind the actions of the same batch.
Task<std::int64_t> PostgresStore::change_events(EventsChange change) {
    std::vector<postgres::ResultSet> answers;
    WriteJob job;
    job.answers = &answers;
    for (const auto& id : change.ids) {
        EventFilter which;
        which.id = id;
        const auto sql = change.skips ? ledger::skip_filtered : ledger::replay_filtered;
        job.statements.push_back(ledger::with_filter(which, [&](const auto&... filter) {
            return Statement::of(sql, change.now, filter...);
        }));
    }
    job.add_lookups = [&change](Lookups& lookups) {
        for (const auto& action : change.actions) postgres::add_lookups(lookups, action);
    };
    job.apply = [&change](ledger::Books& books) {
        for (const auto& action : change.actions) ledger::apply_action(books, action).value();
    };
    co_await changes_.run(std::move(job));
    std::int64_t changed = 0;
    for (const auto& answer : answers) changed += answer.changed();
    co_return changed;
}

}  // namespace payments
