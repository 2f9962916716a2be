#include "storage/rules/refund_runs.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "storage/postgres/store.hpp"
#include "storage/rules/actions.hpp"
#include "storage/rules/office.hpp"

// Refund runs: those of PostgresStore's members that are a RefundRunStore. Each change is a
// transaction of its own, on a connection that no payment waits for. Texts of statements are
// static: see postgres::Statement.
namespace payments {

using postgres::Column;
using postgres::PipelineConnection;
using postgres::ResultSet;
using postgres::ServerAddress;
using postgres::Statement;
using postgres::Table;
using postgres::WriteJob;

namespace {

constexpr std::string_view insert_items =
    "INSERT INTO refund_items (run_id, transaction_id, processor, currency, amount_minor,"
    " refunded_minor, state, why, detail, tries, due_at, changed_at)"
    " SELECT $1, u.id, u.processor, u.currency, u.minor, u.refunded, 'waiting', '', '', 1, $2, $3"
    " FROM unnest($4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[])"
    " AS u(id, processor, currency, minor, refunded) ON CONFLICT DO NOTHING";

constexpr auto to_statement = [](const auto&... statement) { return Statement::of(statement...); };

Statement insert(const RefundRun& run, const std::vector<RefundItem>& items) {
    using Of = Column::Of;
    Table table{{Of::numbers, Of::texts, Of::texts, Of::numbers, Of::numbers}};
    for (const auto& item : items)
        table.add(
            item.transaction_id, name(item.processor), item.amount.currency().code(),
            item.amount.minor(), item.refunded_minor
        );
    auto statement = Statement::of(insert_items, run.id, ledger::first_due(run), run.started_at);
    std::ranges::move(table.values(), std::back_inserter(statement.values));
    return statement;
}

std::vector<Statement> to_change_items(std::int64_t run_id, ItemsChange change, Time now) {
    std::vector<Statement> statements;
    ledger::with_items_change(run_id, change, now, [&](const auto&... statement) {
        statements.push_back(Statement::of(statement...));
    });
    return statements;
}

std::vector<RunTally> tallies_in(const ResultSet& rows) {
    std::vector<RunTally> tallies;
    for (int i = 0; i < rows.size(); ++i) tallies.push_back(ledger::tally_row(rows[i]));
    return tallies;
}

// A transaction of the database that is decided on the way. What it refers to is in the frame of
// the coroutine that waits for it; one that is left without commit() is rolled back.
class RunChange {
public:
    RunChange(const ServerAddress& address, PipelineConnection& connection)
        : connection_(connection), next_(postgres::beginning(address)), skipped_(next_.size()) {}

    // The answers to `statements`, and to nothing before.
    Task<std::vector<ResultSet>> ask(std::vector<Statement> statements) {
        std::ranges::move(statements, std::back_inserter(next_));
        auto exchange = std::exchange(next_, {});
        auto answers = co_await connection_.exchange(std::move(exchange));
        answers.erase(
            answers.begin(),
            answers.begin() + static_cast<std::ptrdiff_t>(std::exchange(skipped_, 0))
        );
        co_return answers;
    }
    Task<std::vector<ResultSet>> ask(Statement statement) {
        std::vector<Statement> one;
        one.push_back(std::move(statement));
        return ask(std::move(one));
    }
    // Puts an action on record with what is written next.
    Task<void> record(NewAction action) {
        postgres::Batch batch;
        postgres::add_lookups(batch.lookups, action);
        auto questions = batch.questions();
        const auto answers = co_await ask(std::move(questions));
        batch.take(answers, 0);
        ledger::apply_action(batch, action).value();
        auto writes = batch.writes();
        co_await ask(std::move(writes));
    }
    Task<void> commit() {
        Statement end{"COMMIT"};
        co_await ask(std::move(end));
    }

private:
    PipelineConnection& connection_;
    std::vector<Statement> next_;
    std::size_t skipped_;
};

Task<void> start(
    const ServerAddress& address, PipelineConnection& connection, const NewRun& order,
    std::optional<Result<StartedRun>>* started
) {
    RunChange change{address, connection};
    auto run = order.run;
    auto insert_one = ledger::with_new_run(run, to_statement);
    const auto inserted = co_await change.ask(std::move(insert_one));
    started->emplace(plan_changed_by(order.items.front().transaction_id));
    if (inserted[0].empty()) co_return co_await connection.leave();
    run.id = inserted[0][0].integer(0);
    auto insert_all = insert(run, order.items);
    const auto items = co_await change.ask(std::move(insert_all));
    // Somebody else has started a run with one of them.
    if (items[0].changed() != std::ssize(order.items)) co_return co_await connection.leave();
    auto action = order.action;
    action.about = about_run(run.id);
    co_await change.record(std::move(action));
    co_await change.commit();
    started->emplace(StartedRun{std::move(run), true});
}

Task<void> steer_locked(
    const ServerAddress& address, PipelineConnection& connection, const SteeringOrder& order,
    std::optional<Result<Steered>>* steered
) {
    static const auto lock = ledger::find_run(" FOR UPDATE");
    RunChange change{address, connection};
    std::vector<Statement> questions{
        Statement::of(lock, order.run_id), Statement::of(ledger::tallies_of_run, order.run_id)};
    const auto found = co_await change.ask(std::move(questions));
    steered->emplace(unknown_run(order.run_id));
    if (found[0].empty()) co_return co_await connection.leave();
    const RunWithTallies before{ledger::run_row(found[0][0]), tallies_in(found[1])};
    auto decided = steer(before.run, before.counts(), order.steering, order.by, order.now);
    steered->emplace(decided);
    if (!decided || !decided->is_new) co_return co_await connection.leave();
    auto ask_other = Statement::of(ledger::find_open_run, before.run.digest, order.run_id);
    const auto other = co_await change.ask(std::move(ask_other));
    if (before.run.is_over() && !other[0].empty()) {
        steered->emplace(same_plan_runs(order.run_id));
        co_return co_await connection.leave();
    }
    auto statements = to_change_items(order.run_id, decided->items, order.now);
    statements.push_back(Statement::of(ledger::tallies_of_run, order.run_id));
    const auto changed = co_await change.ask(std::move(statements));
    const RunWithTallies after{decided->run, tallies_in(changed.back())};
    decided->run = ended_if_nothing_is_open(after.run, after.counts(), order.now);
    auto update = ledger::with_run(decided->run, to_statement);
    co_await change.ask(std::move(update));
    auto action = action_of(decided->run, order);
    co_await change.record(std::move(action));
    co_await change.commit();
    steered->emplace(std::move(*decided));
}

Task<void> claim_locked(
    const ServerAddress& address, PipelineConnection& connection, const ItemClaim& claim,
    std::optional<ClaimedItem>* claimed
) {
    static const auto pace = ledger::find_pace(" FOR UPDATE SKIP LOCKED");
    static const auto due = ledger::find_due_item(" FOR UPDATE SKIP LOCKED");
    static const auto run = ledger::find_run();
    RunChange change{address, connection};
    auto look = Statement::of(pace, name(claim.processor), claim.now, Time{claim.now + claim.pace});
    const auto room = co_await change.ask(std::move(look));
    if (room[0].empty()) co_return co_await connection.leave();
    auto find = Statement::of(due, name(claim.processor), claim.now);
    const auto found = co_await change.ask(std::move(find));
    if (found[0].empty()) co_return co_await connection.leave();
    const auto item = ledger::item_row(found[0][0]);
    std::vector<Statement> statements{ledger::with_claimed(item, claim, to_statement)};
    if (ledger::takes_its_pace(item))
        statements.push_back(
            Statement::of(ledger::set_pace, Time{claim.now + claim.pace}, name(claim.processor))
        );
    statements.push_back(Statement::of(run, item.run_id));
    const auto answers = co_await change.ask(std::move(statements));
    co_await change.commit();
    claimed->emplace(ClaimedItem{item, ledger::run_row(answers.back()[0])});
}

struct Settling {
    RefundItem item;
    ItemOutcome outcome;
    Time now;
};

Task<void> settle_locked(
    const ServerAddress& address, PipelineConnection& connection, const Settling& what,
    std::optional<SettledItem>* settled
) {
    static const auto lock_run = ledger::find_run(" FOR UPDATE");
    static const auto lock_item = ledger::find_item(" FOR UPDATE");
    static const auto count_others = ledger::has_others_open();
    const auto& item = what.item;
    RunChange change{address, connection};
    std::vector<Statement> questions{
        Statement::of(lock_run, item.run_id),
        Statement::of(lock_item, item.run_id, item.transaction_id),
        Statement::of(count_others, item.run_id, item.transaction_id)};
    const auto found = co_await change.ask(std::move(questions));
    const auto run = ledger::run_row(found[0][0]);
    const auto before = ledger::item_row(found[1][0]);
    if (!ledger::is_unsettled(before, item)) co_return co_await connection.leave();
    const bool others_open = found[2][0].integer(0) > 0;
    auto decided = settle(run, before, what.outcome, others_open, what.now);
    std::vector<Statement> statements{
        ledger::with_settled(item, decided, what.outcome, what.now, to_statement),
        ledger::with_run(decided.run, to_statement)};
    if (decided.run.state == RunState::paused && run.state == RunState::running)
        std::ranges::move(
            to_change_items(item.run_id, ItemsChange::hold, what.now),
            std::back_inserter(statements)
        );
    co_await change.ask(std::move(statements));
    co_await change.commit();
    settled->emplace(std::move(decided));
}

}  // namespace

template <class T, class What>
Task<std::optional<T>> PostgresStore::change_apart(
    Task<void> (*work)(const ServerAddress&, PipelineConnection&, const What&, std::optional<T>*),
    What what
) {
    std::optional<T> answer;
    WriteJob change;
    change.alone = [&](PipelineConnection& connection) {
        return work(options_.address, connection, what, &answer);
    };
    co_await session_changes_.run(std::move(change));
    co_return answer;
}

Task<Result<StartedRun>> PostgresStore::start_run(NewRun run, SightOfScopes sight) {
    // A second start at the same moment finds no room below, and then what the first one made.
    for (int tries = 0; tries < 2; ++tries) {
        auto known = co_await open_run(run.run.digest, sight);
        if (known) co_return StartedRun{std::move(known->run), false};
        auto started = co_await change_apart<Result<StartedRun>, NewRun>(start, run);
        if (*started || tries > 0) co_return std::move(*started);
    }
    co_return plan_changed_by(run.items.front().transaction_id);  // not reached
}

Task<std::optional<RunWithTallies>> PostgresStore::found_run(Statement question) {
    std::vector<Statement> questions;
    questions.push_back(std::move(question));
    const auto found = co_await search(std::move(questions));
    if (found[0].empty()) co_return std::nullopt;
    RunWithTallies one{ledger::run_row(found[0][0]), {}};
    std::vector<Statement> more{Statement::of(ledger::tallies_of_run, one.run.id)};
    const auto tallies = co_await search(std::move(more));
    one.tallies = tallies_in(tallies[0]);
    co_return one;
}

Task<std::optional<RunWithTallies>> PostgresStore::open_run(
    std::string digest, SightOfScopes sight
) {
    static const auto sql = ledger::select_runs(ledger::RunBy::digest);
    return found_run(Statement::of(sql, digest, ledger::list_of(sight)));
}

Task<std::optional<RunWithTallies>> PostgresStore::run(std::int64_t id, SightOfScopes sight) {
    static const auto sql = ledger::select_runs(ledger::RunBy::number);
    return found_run(Statement::of(sql, id, ledger::list_of(sight)));
}

Task<RunsPage> PostgresStore::runs(RunsQuery query) {
    static const auto sql = ledger::select_runs(ledger::RunBy::page);
    std::vector<Statement> questions{Statement::of(
        sql, query.after.value_or(std::numeric_limits<std::int64_t>::max()),
        ledger::list_of(query.sight), static_cast<std::int64_t>(query.limit) + 1
    )};
    const auto found = co_await search(std::move(questions));
    RunsPage page;
    std::vector<Statement> tallies;
    for (int i = 0; i < found[0].size(); ++i)
        page.list.push_back({ledger::run_row(found[0][i]), {}});
    page.is_end = page.list.size() <= query.limit;
    if (!page.is_end) page.list.pop_back();
    if (page.list.empty()) co_return page;
    for (const auto& one : page.list)
        tallies.push_back(Statement::of(ledger::tallies_of_run, one.run.id));
    const auto counted = co_await search(std::move(tallies));
    for (std::size_t i = 0; i < page.list.size(); ++i)
        page.list[i].tallies = tallies_in(counted[i]);
    co_return page;
}

Task<ItemsPage> PostgresStore::run_items(ItemsQuery query) {
    static const auto sql = ledger::select_items();
    const auto state = query.state ? name(*query.state) : std::string_view{};
    std::vector<Statement> questions{Statement::of(
        sql, query.run_id, state, query.after, static_cast<std::int64_t>(query.limit) + 1
    )};
    const auto found = co_await search(std::move(questions));
    ItemsPage page;
    for (int i = 0; i < found[0].size(); ++i) page.list.push_back(ledger::listed_item(found[0][i]));
    page.is_end = page.list.size() <= query.limit;
    if (!page.is_end) page.list.pop_back();
    co_return page;
}

Task<std::vector<std::int64_t>> PostgresStore::payments_in_runs() {
    static const auto sql = ledger::select_payments_in_runs();
    std::vector<Statement> questions{Statement::of(sql)};
    const auto found = co_await search(std::move(questions));
    std::vector<std::int64_t> ids;
    for (int i = 0; i < found[0].size(); ++i) ids.push_back(found[0][i].integer(0));
    co_return ids;
}

Task<Result<Steered>> PostgresStore::steer_run(SteeringOrder order) {
    auto steered =
        co_await change_apart<Result<Steered>, SteeringOrder>(steer_locked, std::move(order));
    co_return std::move(*steered);
}

Task<std::optional<ClaimedItem>> PostgresStore::claim_item(ItemClaim claim) {
    auto look = Statement::of(
        ledger::has_due_item, name(claim.processor), claim.now, Time{claim.now + claim.pace}
    );
    const auto due = co_await ask(std::move(look));
    if (due.empty()) co_return std::nullopt;
    auto work = change_apart<ClaimedItem, ItemClaim>(claim_locked, claim);
    co_return co_await std::move(work);
}

Task<std::optional<SettledItem>> PostgresStore::settle_item(
    RefundItem item, ItemOutcome outcome, Time now
) {
    Settling what{std::move(item), std::move(outcome), now};
    auto work = change_apart<SettledItem, Settling>(settle_locked, std::move(what));
    co_return co_await std::move(work);
}

}  // namespace payments
