#include "storage/sqlite_verify.hpp"

#include "storage/ledger.hpp"
#include "storage/sqlite_migrations.hpp"
#include "storage/sqlite_queries.hpp"

namespace payments::sqlite {
namespace {

using ledger::Kept;

// The differences of one transaction, gathered as sentences.
class Findings {
public:
    Findings(Audit& audit, std::int64_t transaction_id) : audit_(audit), id_(transaction_id) {}
    void add(std::string detail) { audit_.differences.push_back({id_, std::move(detail)}); }
    template <class T>
    void expect_equal(const T& stored, const T& derived, const std::string& detail) {
        if (stored != derived) add(detail);
    }

private:
    Audit& audit_;
    std::int64_t id_;
};

void verify_facts(Database& database, const Kept& kept, Audit& audit, Findings& findings) {
    const auto& transaction = kept.transaction;
    auto hash = ledger::opening_hash(transaction);
    std::size_t count = 0;
    auto rows = database.query(
        "SELECT seq, identity, hash FROM facts WHERE transaction_id = ?1 ORDER BY seq",
        transaction.id
    );
    for (; rows.next(); ++count) {
        const auto& event = transaction.events.at(count);
        const auto number = "fact " + std::to_string(rows.integer(0));
        hash = ledger::fact_hash(hash, transaction.id, count + 1, event);
        findings.expect_equal(
            rows.integer(0), static_cast<std::int64_t>(count + 1), number + " is out of sequence"
        );
        findings.expect_equal(
            rows.text(1), event.fact.identity(), number + " has another identity than its columns"
        );
        findings.expect_equal(rows.text(2), hash, number + " breaks the hash chain");
        hash = rows.text(2);  // one broken link is one finding
    }
    audit.facts += static_cast<std::int64_t>(count);
    findings.expect_equal(kept.facts_hash, hash, "its facts do not end where the chain does");
}

// One message of a chain; returns its stored hash.
std::string verify_message(const Rows& row, std::string_view previous, Findings& findings) {
    const auto stored = row.text(5);
    const auto processor = processor_of(row.text(0));
    const auto label = "message " + row.text(1);
    if (!processor) {
        findings.add(label + " is of no known processor");
        return stored;
    }
    const RawMessage message{*processor, row.text(1), row.text(3), row.text(4)};
    findings.expect_equal(
        stored, ledger::message_hash(previous, message, row.time(2)),
        label + " breaks the hash chain"
    );
    return stored;
}

void verify_messages(Database& database, const Kept& kept, Audit& audit, Findings& findings) {
    std::string hash;
    auto rows = database.query(
        "SELECT processor, identity, received_at, signature, body, hash FROM notifications"
        " WHERE transaction_id = ?1 ORDER BY id",
        kept.transaction.id
    );
    for (; rows.next(); ++audit.messages) hash = verify_message(rows, hash, findings);
    findings.expect_equal(kept.messages_hash, hash, "its messages do not end where the chain does");
}

void verify_unmatched(Database& database, Audit& audit) {
    Findings findings{audit, 0};
    auto rows = database.query(
        "SELECT processor, identity, received_at, signature, body, hash FROM notifications"
        " WHERE transaction_id IS NULL ORDER BY id"
    );
    for (; rows.next(); ++audit.messages) verify_message(rows, "", findings);
}

// What the row says must be what its facts say.
void verify_derived(Database& database, const Kept& kept, Findings& findings) {
    auto opened = kept;
    opened.transaction.events.clear();
    opened.transaction.status = Status::created;
    opened.transaction.refunded_minor = 0;
    opened.transaction.paid_at.reset();
    const auto derived =
        ledger::change_of(std::move(opened), kept.transaction.events).after.transaction;
    const auto& stored = kept.transaction;

    findings.expect_equal(
        stored.status, derived.status,
        "status is " + std::string{name(stored.status)} + ", its facts say " +
            std::string{name(derived.status)}
    );
    findings.expect_equal(
        stored.refunded_minor, derived.refunded_minor,
        "refunded is " + std::to_string(stored.refunded_minor) + ", its facts say " +
            std::to_string(derived.refunded_minor)
    );
    findings.expect_equal(stored.paid_at, derived.paid_at, "paid_at is not that of its capture");

    auto flags =
        database.query("SELECT live, holds_fee FROM transactions WHERE id = ?1", stored.id);
    flags.next();
    if (flags.integer(0) == 1 && !is_live(derived.status)) findings.add("it is over, yet live");
    if ((flags.integer(1) == 1) != holds_fee(derived.status))
        findings.add("it holds its fee, or not, against its facts");
}

std::optional<std::int64_t> next_id(Database& database, std::int64_t last) {
    auto rows =
        database.query("SELECT id FROM transactions WHERE id > ?1 ORDER BY id LIMIT 1", last);
    if (!rows.next()) return {};
    return rows.integer(0);
}

void verify(Database& database, std::int64_t id, Audit& audit) {
    Findings findings{audit, id};
    try {
        const auto known = kept(database, id);
        if (!known) return;
        verify_facts(database, *known, audit, findings);
        verify_messages(database, *known, audit, findings);
        verify_derived(database, *known, findings);
    } catch (const StoreDown& error) {
        findings.add(error.what());
    }
    ++audit.transactions;
}

}  // namespace

Audit verify_ledger(const std::string& path, int busy_timeout_ms) {
    Database database{path, Database::Access::read, busy_timeout_ms};
    check_schema(database);
    Audit audit;
    std::optional<std::int64_t> id = next_id(database, 0);
    for (; id; id = next_id(database, *id)) {
        database.execute("BEGIN");  // so that what is read belongs together
        verify(database, *id, audit);
        database.execute("COMMIT");
    }
    verify_unmatched(database, audit);
    return audit;
}

}  // namespace payments::sqlite
