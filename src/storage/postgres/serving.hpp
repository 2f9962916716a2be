#pragma once

#include <functional>
#include <vector>

#include "storage/postgres/batch.hpp"
#include "storage/postgres/pool.hpp"
#include "storage/rules/group_commit.hpp"

// What a connection does with the calls that it takes together. On the loop's thread.
namespace payments::postgres {

// Questions of one caller; their answers go where `answers` points, which outlives the call.
struct ReadJob {
    std::vector<Statement> questions;
    std::vector<ResultSet>* answers;
};

// One change: a rule applied to the books of its batch (add_lookups, apply), or statements of its
// own, or work that needs the connection for itself (alone). It may be tried more than once, so it
// must overwrite its result; only the last time counts.
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

// All questions in one exchange; once more on a new connection when the old one has broken, for
// reading twice does no harm. Notes in each job what failed: StoreDown. Throws StoreDown when the
// server cannot be reached.
Task<void> serve_reads(
    const ServerAddress& address, PipelineConnection& connection, ReadPool::Jobs& jobs
);

// Group commit: all changes in one transaction of the database, without savepoints, which would
// cost an exchange each. A batch that fails is tried once more when it lost to another replica, and
// then change by change, so that a bad one undoes nothing of its neighbours. A commit during which
// the connection broke is not tried again: it may have been kept. Its changes have failed with
// StoreDown. Notes in each job what failed: StoreDown, or Refused. Throws StoreDown when the server
// cannot be reached.
Task<Group> commit_together(
    const ServerAddress& address, PipelineConnection& connection, WritePool::Jobs& jobs
);

// What begins a transaction. Behind a pooler the settings of a session may be left to another
// client, so timeouts are set for each transaction.
std::vector<Statement> beginning(const ServerAddress& address);

}  // namespace payments::postgres
