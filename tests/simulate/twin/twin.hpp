#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "simulate/stage.hpp"
#include "simulate/twin/server.hpp"
#include "storage/postgres/batch.hpp"

namespace payments::simulate {

// Makes the books through which the twin's changes are decided worse than they are.
using BreakBooks = std::function<std::unique_ptr<ledger::Books>(ledger::Books&)>;

// The other store's half of every change: PostgreSQL decides on books that hold a whole batch in
// memory (postgres::Batch), where SQLite reads and writes row by row. Whatever SQLite has committed
// is decided here once more, on a server in memory, in batches of what was committed together; the
// answers and the rows must be the same. What they are not is a violation.
class Twin {
public:
    Twin(Stage& stage, sqlite::Database& original, BreakBooks broken)
        : stage_(stage), server_(original), broken_(std::move(broken)) {}

    // Begins again with what SQLite has: nobody knows what became of what the process had asked for
    // when it died.
    void begin();

    // What SQLite has answered, in the order in which it did.
    void opened(NewAttempt attempt, Opened answer);
    void recorded(Heard heard, Recorded answer);
    void reserved(NewRefund refund, Result<ReservedRefund> answer);
    void handled(NewHandling handling, Result<std::optional<Handled>> answer);
    void acted(NewAction action);
    void moved(std::int64_t ticket_id, std::int64_t scope_id);
    void claimed(const DueClaim& claim, const std::vector<Transaction>& answer);
    void claimed(Time now, const std::vector<UnmatchedMessage>& answer);

    // All answers to what was committed have been given.
    void catch_up();
    // Compares everything.
    void at_rest();

private:
    // A change, and whether what the twin's books make of it is what SQLite had answered.
    struct Change {
        std::function<void(postgres::Lookups&)> add_lookups;
        std::function<std::string(ledger::Books&)> apply;
        std::set<std::int64_t> about{};  // transactions
    };
    void decide_what_waits();
    std::size_t decide_together(std::size_t first);
    void violate(const std::string& what) { stage_.violate("PostgreSQL's twin: " + what); }

    Stage& stage_;
    ServerInMemory server_;
    const BreakBooks broken_;
    std::vector<Change> waiting_;
    std::set<std::int64_t> touched_;
};

}  // namespace payments::simulate
