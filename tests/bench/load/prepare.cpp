#include "commands.hpp"
#include "messages.hpp"
#include "storage/rules/changes.hpp"
#include "storage/sqlite/books.hpp"
#include "storage/sqlite/migrations.hpp"
#include "support/clock.hpp"

namespace payments::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t attempts_per_commit = 5'000;

void add_attempt(sqlite::Database& database, Processor processor, std::int64_t id, Time now) {
    const bool simplepay = processor == Processor::simplepay;
    const std::string suffix = simplepay ? "SIMPLE" : "STRIPE-INTENTS";
    const auto code = Code::parse("NORMAL-TOTAL-FEE-EUR-" + suffix).value();
    const auto amount = Money::of(price_minor, code.currency).value();
    const std::string account = simplepay ? std::string{merchant} : "test";
    NewAttempt attempt{
        id,  code,        amount,   account, "visitor@example.com", R"({"name":"A Visitor"})",
        now, now + 30min, now + 30s};
    sqlite::SqliteBooks books{database};
    const auto opened = ledger::apply_new_attempt(books, attempt).transaction.id;
    if (opened != id) throw std::runtime_error{"the database is not a new one"};

    Fact accepted;
    accepted.kind = FactKind::accepted;
    accepted.provider_id = simplepay ? simplepay_id(id) : intent_id(id);
    accepted.account = account;
    ledger::apply_heard(books, Heard::about(id, Source::service, now, {accepted}));
}

}  // namespace

void prepare(const std::string& path, std::int64_t count) {
    sqlite::migrate(path);
    sqlite::Database database{path, sqlite::Database::Access::write, 5000};
    database.execute("PRAGMA synchronous = OFF");
    const auto now = SystemClock{}.now();
    for (std::int64_t id = 1; id <= 2 * count; ++id) {
        if (id % attempts_per_commit == 1) database.execute("BEGIN IMMEDIATE");
        add_attempt(database, id <= count ? Processor::simplepay : Processor::stripe, id, now);
        if (id % attempts_per_commit == 0 || id == 2 * count) database.execute("COMMIT");
    }
    // Nobody is to be asked about these while something else is measured.
    database.change("UPDATE transactions SET check_at = NULL");
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace payments::bench
