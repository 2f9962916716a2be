#pragma once

#include <functional>
#include <vector>

#include "storage/postgres/batch.hpp"
#include "storage/postgres/pool.hpp"
#include "storage/rules/group.hpp"

// What a connection does with the calls that it takes together.
namespace payments::postgres {

// Questions of one caller, answered where `answers` points.
struct ReadJob {
    std::vector<Statement> questions;
    std::vector<ResultSet>* answers;
};

// One change. It is decided on the books of its batch, or is statements of its own, or wants the
// connection for itself. It may be tried more than once; only the last time counts.
struct WriteJob {
    std::function<void(Lookups&)> add_lookups{};
    std::function<void(ledger::Books&)> apply{};
    std::vector<Statement> statements{};
    std::vector<ResultSet>* answers = nullptr;  // of the statements
    std::function<Task<void>(PipelineConnection&)> alone{};
    bool is_postponed = false;  // to be tried again by itself (RetryAlone)
};

using ReadPool = Pool<ReadJob>;
using WritePool = Pool<WriteJob>;

// All questions in one exchange.
Task<void> serve_reads(
    const ServerAddress& address, PipelineConnection& connection, ReadPool::Jobs& jobs
);

// Group commit: all changes in one transaction of the database. One that fails takes nothing of its
// neighbours with it: they are tried again without it. What lost to another replica is tried again.
// Each has failed with StoreDown when the connection broke during the commit: then it is not known
// whether it was kept.
Task<Group> commit_together(
    const ServerAddress& address, PipelineConnection& connection, WritePool::Jobs& jobs
);

// What begins a transaction. Behind a pooler a session's settings are another's, so that limits are
// set for each transaction.
std::vector<Statement> beginning(const ServerAddress& address);

}  // namespace payments::postgres
