#include "storage/postgres/verify_ledger.hpp"

#include "storage/postgres/cursor.hpp"
#include "storage/postgres/migrations.hpp"

namespace payments::postgres {
namespace {

// Triggers that keep the books as they are, and indexes that keep ids unique. The triggers are one
// for each statement, not for each row: only such a trigger also refuses TRUNCATE, and it costs the
// same for a batch as for a row.
constexpr std::string_view triggers[] = {
    "facts_stay",
    "notifications_stay",
    "notifications_bodies_stay",
    "matches_stay",
    "scopes_stay",
    "actions_stay",
    "actions_details_stay",
    "totals_days_change",
    "totals_days_delete",
    "settlement_files_stay",
    "settlement_lines_stay",
    "settlement_payouts_stay",
    "bank_statements_stay",
    "bank_lines_stay",
    "settlement_decisions_stay"};
constexpr std::string_view indexes[] = {
    "transactions_live", "transactions_provider_id", "actions_chain", "actions_key",
    "settlement_files_once"};

class PostgresLedgerReader final : public LedgerReader {
public:
    explicit PostgresLedgerReader(const ServerAddress& address) : session_(address) {
        check_schema(session_);
        open();
    }

    std::unique_ptr<LedgerRows> query(
        const std::string& sql, const std::vector<std::int64_t>& parameters
    ) override {
        std::vector<Value> values;
        for (const auto number : parameters) values.push_back(value(number));
        return std::make_unique<Cursor>(session_, "c" + std::to_string(++count_), sql, values);
    }
    // A cursor lives in a transaction, so there is always one open.
    void begin() override { renew(); }
    void end() override { renew(); }

    std::vector<std::string> damage() override {
        std::vector<std::string> found;
        const auto check = [&](std::string_view name, const std::string& sql) {
            if (session_.ask_with(sql, name).empty())
                found.push_back("the guard " + std::string{name} + " is missing");
        };
        for (const auto name : triggers)
            check(name, "SELECT 1 FROM pg_trigger WHERE tgname = $1 AND tgenabled <> 'D'");
        for (const auto name : indexes)
            check(
                name,
                "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND indisunique"
                " AND indisvalid"
            );
        return found;
    }

    std::unique_ptr<LedgerReader> another() override {
        return std::make_unique<PostgresLedgerReader>(session_.address());
    }

private:
    // One moment for all cursors of a batch, which are read side by side.
    void open() { session_.begin("ISOLATION LEVEL REPEATABLE READ, READ ONLY"); }
    void renew() {
        session_.run("COMMIT");
        open();
    }

    Session session_;
    int count_ = 0;
};

class PostgresCorrector final : public TotalsCorrector {
public:
    explicit PostgresCorrector(Session& session) : session_(session) {}

    bool correct(std::int64_t revision, std::span<const TotalsCorrection> some) override {
        session_.begin();
        const auto next = std::string{ledger::next_totals_revision} + " RETURNING revision";
        if (session_.ask_with(next, revision).empty()) {
            session_.roll_back();
            return false;
        }
        session_.run(std::string{ledger::forget_days});
        session_.ask(upsert, columns_of(some));
        session_.run("COMMIT");
        return true;
    }

private:
    // In the order in which changes are folded, so that neither waits for the other in a circle.
    inline static const std::string upsert =
        "INSERT INTO totals AS t SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],"
        " $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[])"
        " ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"
        " ON CONFLICT (grain, at, scope_id, currency, processor, fee_type, measure, reason)"
        " DO UPDATE SET n = t.n + excluded.n, minor = t.minor + excluded.minor";

    static std::vector<Value> columns_of(std::span<const TotalsCorrection> some) {
        std::vector<std::int64_t> grains, times, scopes, counts, minors;
        std::vector<std::string> currencies, processors, fee_types, measures, reasons;
        for (const auto& [grain, key, more] : some) {
            grains.push_back(static_cast<int>(grain));
            times.push_back(key.at.time_since_epoch().count());
            scopes.push_back(key.scope_id);
            currencies.push_back(key.currency);
            processors.push_back(key.processor);
            fee_types.push_back(key.fee_type);
            measures.push_back(key.measure);
            reasons.push_back(key.reason);
            counts.push_back(more.n);
            minors.push_back(more.minor);
        }
        return {numbers(grains),   numbers(times),   numbers(scopes), texts(currencies),
                texts(processors), texts(fee_types), texts(measures), texts(reasons),
                numbers(counts),   numbers(minors)};
    }

    Session& session_;  // closing it rolls back what failed
};

}  // namespace

LedgerReport verify_ledger(const ServerAddress& address, const VerifyOptions& options) try {
    PostgresLedgerReader source{address};
    return payments::verify_ledger(source, options);
} catch (const Failed& failed) {
    raise(address, failed);
}

RebuiltTotals rebuild_totals(
    const ServerAddress& address, Time now, const VerifyOptions& options
) try {
    PostgresLedgerReader source{address};
    Session writing{address};
    PostgresCorrector corrector{writing};
    return payments::rebuild_totals(source, corrector, now, options);
} catch (const Failed& failed) {
    raise(address, failed);
}

}  // namespace payments::postgres
