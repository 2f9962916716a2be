#include "storage/postgres/serving.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>

#include "storage/postgres/queries.hpp"
#include "storage/rules/rows.hpp"

namespace payments::postgres {
namespace {

using QueuedWrite = WritePool::Queued;

// A batch that lost twice is divided; a change that lost four times has a neighbour that will not
// let it through, and its caller had better come again.
constexpr int tries_of_a_batch = 2;
constexpr int tries_of_one_change = 4;

// The outcome of one exchange.
struct BatchOutcome {
    std::vector<ResultSet> answers{};
    std::optional<Failed> failed{};
    std::string lost{};        // why the connection broke
    std::string damaged{};     // what makes no sense in a row that was read
    bool may_be_kept = false;  // it broke while the commit was under way

    bool is_good() const { return !failed && lost.empty() && damaged.empty(); }
};

Task<BatchOutcome> attempt(PipelineConnection& connection, std::vector<Statement> statements) {
    BatchOutcome outcome;
    try {
        outcome.answers = co_await connection.exchange(std::move(statements));
    } catch (const Failed& failed) {
        outcome.failed = failed;
    } catch (const Lost& lost) {
        outcome.lost = lost.what();
    }
    co_return outcome;
}

std::exception_ptr failure_of(const ServerAddress& address, const BatchOutcome& outcome) {
    try {
        if (outcome.failed) raise(address, *outcome.failed);
        if (!outcome.damaged.empty()) throw StoreDown{outcome.damaged};
        throw StoreDown{outcome.lost};
    } catch (...) {
        return std::current_exception();
    }
}

// Ends the transaction that failed, or closes a connection that is of no more use.
Task<void> recover(PipelineConnection& connection, const BatchOutcome& outcome) {
    if (outcome.failed && outcome.failed->ends_connection()) {
        connection.close();
        co_return;
    }
    co_await connection.leave();
}

void take(Batch& batch, BatchOutcome& looked_up, std::size_t first) try {
    batch.take(looked_up.answers, first);
} catch (const from_row::Damaged& damaged) {
    looked_up.damaged = damaged.what();
}

void apply(Batch& batch, QueuedWrite& queued) {
    // It may have been tried before: what that try left is forgotten.
    queued.failure = nullptr;
    queued.job.is_postponed = false;
    if (!queued.job.apply) return;
    try {
        queued.job.apply(batch);
    } catch (const RetryAlone&) {
        queued.job.is_postponed = true;
    } catch (...) {
        queued.failure = std::current_exception();
    }
}

// Hands each job the answers to its own statements, which come behind those of the batch.
void hand_out(
    std::vector<ResultSet>& answers, std::size_t first, const std::vector<QueuedWrite*>& jobs
) {
    auto next = answers.begin() + static_cast<std::ptrdiff_t>(first);
    for (auto* queued : jobs) {
        auto& change = queued->job;
        if (change.statements.empty()) continue;
        const auto end = next + static_cast<std::ptrdiff_t>(change.statements.size());
        if (change.answers)
            change.answers->assign(std::move_iterator{next}, std::move_iterator{end});
        next = end;
    }
}

// The changes in one transaction: looked up in one exchange, decided, written and committed in a
// second. Jobs that look nothing up need no first exchange and are a transaction without BEGIN.
// Only when the second one breaks may the changes have been kept: COMMIT was under way.
Task<BatchOutcome> try_together(
    const ServerAddress& address, PipelineConnection& connection, std::vector<QueuedWrite*> jobs
) {
    Batch batch;
    for (auto* queued : jobs)
        if (queued->job.add_lookups) queued->job.add_lookups(batch.lookups);
    const bool looks = std::ranges::any_of(jobs, [](const QueuedWrite* queued) {
        return static_cast<bool>(queued->job.add_lookups);
    });
    std::vector<Statement> writes;
    if (looks) {
        auto questions = beginning(address);
        const auto first = questions.size();
        std::ranges::move(batch.questions(), std::back_inserter(questions));
        auto looked_up = co_await attempt(connection, std::move(questions));
        if (!looked_up.is_good()) co_return looked_up;
        take(batch, looked_up, first);
        if (!looked_up.is_good()) co_return looked_up;
        for (auto* queued : jobs) apply(batch, *queued);
        writes = batch.writes();
    }
    const auto first = writes.size();
    for (const auto* queued : jobs)
        std::ranges::copy(queued->job.statements, std::back_inserter(writes));
    if (looks) writes.emplace_back("COMMIT");
    auto written = co_await attempt(connection, std::move(writes));
    written.may_be_kept = !written.lost.empty();
    if (written.is_good()) hand_out(written.answers, first, jobs);
    co_return written;
}

// Tries again as long as the next try may succeed. After one timeout of a server that says nothing
// the callers are answered StoreDown, instead of waiting for a new connection to it as well.
Task<BatchOutcome> persist(
    const ServerAddress& address, PipelineConnection& connection, std::vector<QueuedWrite*> jobs
) {
    const auto tries_max = jobs.size() == 1 ? tries_of_one_change : tries_of_a_batch;
    const auto patience_ends = std::chrono::steady_clock::now() + address.timeout;
    for (int tries = 1;; ++tries) {
        auto outcome = co_await try_together(address, connection, jobs);
        if (outcome.is_good() || outcome.may_be_kept) co_return outcome;
        if (outcome.lost.empty()) {
            co_await recover(connection, outcome);
            const bool is_conflict = outcome.failed && outcome.failed->is_conflict();
            if (!is_conflict && connection.is_open()) co_return outcome;
        }
        if (tries == tries_max || std::chrono::steady_clock::now() >= patience_ends)
            co_return outcome;
        if (!connection.is_open()) co_await connection.open();
    }
}

// Whether one change may have made the batch fail, so that the others deserve a try of their own: a
// conflict, a value or a constraint. What is wrong with the server would fail them all.
bool may_be_one_of_them(const BatchOutcome& outcome) {
    if (!outcome.damaged.empty()) return true;
    return outcome.failed &&
           (outcome.failed->is_conflict() || outcome.failed->state.starts_with("22") ||
            outcome.failed->state.starts_with("23") || outcome.failed->state.starts_with("54"));
}

// Makes a change by itself; again when it lacks a number because other replicas open and end
// attempts for the same ticket meanwhile (RetryAlone).
Task<void> persist_one(
    const ServerAddress& address, PipelineConnection& connection, QueuedWrite& queued
) {
    try {
        for (int tries = 1; tries <= tries_of_one_change; ++tries) {
            std::vector<QueuedWrite*> one{&queued};
            const auto outcome = co_await persist(address, connection, std::move(one));
            if (!outcome.is_good()) queued.failure = failure_of(address, outcome);
            if (queued.failure || !queued.job.is_postponed) co_return;
        }
        throw StoreDown{
            "database " + address.place() + ": others keep opening attempts for the same ticket"};
    } catch (...) {
        queued.failure = std::current_exception();
    }
}

Task<BatchOutcome> persist_all(
    const ServerAddress& address, PipelineConnection& connection, std::vector<QueuedWrite*> jobs
) {
    auto outcome = co_await persist(address, connection, jobs);
    const bool is_refusal = may_be_one_of_them(outcome);
    if (outcome.is_good())
        std::erase_if(jobs, [](const QueuedWrite* queued) { return !queued->job.is_postponed; });
    else if (jobs.size() == 1 || !is_refusal) {
        for (auto* queued : jobs) queued->failure = failure_of(address, outcome);
        // What was refused for itself says nothing of the server.
        if (is_refusal) co_return BatchOutcome{};
        co_return outcome;
    }
    for (auto* queued : jobs) co_await persist_one(address, connection, *queued);
    co_return BatchOutcome{};
}

Task<std::optional<Failed>> try_alone(PipelineConnection& connection, QueuedWrite& queued) {
    try {
        co_await queued.job.alone(connection);
    } catch (const Failed& failed) {
        co_return failed;
    } catch (...) {
        queued.failure = std::current_exception();
    }
    co_return std::nullopt;
}

// Another replica has committed what this one looked for and did not find yet: it will find it when
// it looks again.
bool is_overtaken(const Failed& failed) { return failed.is_conflict() || failed.state == "23505"; }

Task<void> do_alone(
    const ServerAddress& address, PipelineConnection& connection, QueuedWrite& queued
) {
    for (int tries = 1;; ++tries) {
        BatchOutcome outcome;
        outcome.failed = co_await try_alone(connection, queued);
        if (!outcome.failed) {
            if (queued.failure && connection.is_open()) co_await connection.leave();
            co_return;
        }
        co_await recover(connection, outcome);
        if (tries < tries_of_one_change && connection.is_open() && is_overtaken(*outcome.failed))
            continue;
        queued.failure = failure_of(address, outcome);
        co_return;
    }
}

}  // namespace

std::vector<Statement> beginning(const ServerAddress& address) {
    std::vector<Statement> first{Statement{"BEGIN ISOLATION LEVEL READ COMMITTED"}};
    if (address.prepared) return first;
    const auto patience_ms = address.timeout.count();
    first.push_back(Statement::of(
        "SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)",
        std::to_string(patience_ms), std::to_string(patience_ms / 2)
    ));
    return first;
}

// Whether the server has been made a standby since its connection was made.
Task<bool> only_reads_now(PipelineConnection& connection) {
    if (!connection.is_due_for_a_look()) co_return false;
    std::vector<Statement> question{ask_reads_only()};
    const auto outcome = co_await attempt(connection, std::move(question));
    co_return outcome.is_good() && outcome.answers[0][0].flag(0);
}

Task<void> serve_reads(
    const ServerAddress& address, PipelineConnection& connection, ReadPool::Jobs& jobs
) {
    std::vector<Statement> questions;
    for (const auto& queued : jobs)
        std::ranges::copy(queued.job.questions, std::back_inserter(questions));
    // With several hosts in the URL the next connection finds the one that writes
    // (target_session_attrs, docs/scaling.md).
    if (co_await only_reads_now(connection)) connection.close();
    if (!connection.is_open()) co_await connection.open();
    auto outcome = co_await attempt(connection, questions);
    const bool may_pass =
        !outcome.lost.empty() || (outcome.failed && outcome.failed->ends_connection());
    if (may_pass) {
        connection.close();
        co_await connection.open();
        outcome = co_await attempt(connection, std::move(questions));
    }
    if (!outcome.is_good()) {
        for (auto& queued : jobs) queued.failure = failure_of(address, outcome);
        co_return;
    }
    auto next = outcome.answers.begin();
    for (auto& queued : jobs) {
        const auto end = next + static_cast<std::ptrdiff_t>(queued.job.questions.size());
        queued.job.answers->assign(std::move_iterator{next}, std::move_iterator{end});
        next = end;
    }
}

Task<Group> commit_together(
    const ServerAddress& address, PipelineConnection& connection, WritePool::Jobs& jobs
) {
    const auto start = std::chrono::steady_clock::now();
    Group group;
    group.changes = jobs.size();
    group.committed = true;
    std::vector<QueuedWrite*> together;
    for (auto& queued : jobs) {
        if (!queued.job.alone) {
            together.push_back(&queued);
            continue;
        }
        if (!connection.is_open()) co_await connection.open();
        co_await do_alone(address, connection, queued);
    }
    if (!together.empty()) {
        if (!connection.is_open()) co_await connection.open();
        const auto outcome = co_await persist_all(address, connection, std::move(together));
        // Change by change it counts as committed, and each has its own failure.
        group.committed = outcome.is_good();
        group.failure = outcome.failed ? outcome.failed->what() : outcome.lost;
    }
    for (const auto& queued : jobs)
        if (queued.failure) ++group.failed;
    group.took = std::chrono::steady_clock::now() - start;
    co_return group;
}

}  // namespace payments::postgres
