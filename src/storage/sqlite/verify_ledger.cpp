#include "storage/sqlite/verify_ledger.hpp"

#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/open_rows.hpp"

namespace payments::sqlite {
namespace {

// Triggers that keep the books as they are, and indexes that keep ids unique.
constexpr std::string_view guards[] = {
    "facts_stay",
    "facts_remain",
    "notifications_stay",
    "notifications_remain",
    "transactions_live",
    "transactions_provider_id",
    "matches_stay",
    "matches_remain",
    "scopes_stay",
    "scopes_remain",
    "actions_stay",
    "actions_remain",
    "actions_chain",
    "actions_key",
    "totals_days_insert",
    "totals_days_update",
    "totals_days_delete",
    "settlement_files_stay",
    "settlement_files_remain",
    "settlement_lines_stay",
    "settlement_lines_remain",
    "settlement_payouts_stay",
    "settlement_payouts_remain",
    "bank_statements_stay",
    "bank_statements_remain",
    "bank_lines_stay",
    "bank_lines_remain",
    "settlement_decisions_stay",
    "settlement_decisions_remain",
    "settlement_files_once",
};

class SqliteLedgerReader final : public LedgerReader {
public:
    SqliteLedgerReader(const std::string& path, int wait_ms)
        : wait_ms_(wait_ms), database_(path, Database::Access::read, wait_ms) {
        check_schema(database_);
    }

    std::unique_ptr<LedgerRows> query(
        const std::string& sql, const std::vector<std::int64_t>& parameters
    ) override {
        auto rows = database_.query(sql);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            rows.bind(static_cast<int>(i) + 1, parameters[i]);
        return std::make_unique<OpenRows>(std::move(rows));
    }
    void begin() override { database_.change("BEGIN"); }
    void end() override { database_.change("COMMIT"); }

    std::vector<std::string> damage() override {
        std::vector<std::string> found;
        for (const auto guard : guards)
            if (!database_.query("SELECT 1 FROM sqlite_schema WHERE name = ?1", guard).next())
                found.push_back("the guard " + std::string{guard} + " is missing");
        // 20 findings tell that the file is damaged; there may be millions.
        auto file = database_.query("PRAGMA integrity_check(20)");
        while (file.next())
            if (file.text(0) != "ok") found.push_back("the file: " + file.text(0));
        return found;
    }

    std::unique_ptr<LedgerReader> another() override {
        return std::make_unique<SqliteLedgerReader>(database_.path(), wait_ms_);
    }

private:
    const int wait_ms_;
    Database database_;
};

class SqliteCorrector final : public TotalsCorrector {
public:
    explicit SqliteCorrector(Database& database) : database_(database) {}

    bool correct(std::int64_t revision, std::span<const TotalsCorrection> some) override {
        database_.change("BEGIN IMMEDIATE");
        if (database_.change(ledger::next_totals_revision, revision) == 0) {
            database_.roll_back();
            return false;
        }
        database_.change(ledger::forget_days);
        for (const auto& [grain, key, more] : some)
            database_.change(
                "INSERT INTO totals VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                " ON CONFLICT DO UPDATE SET n = n + excluded.n, minor = minor + excluded.minor",
                static_cast<int>(grain), key.at, key.scope_id, key.currency, key.processor,
                key.fee_type, key.measure, key.reason, more.n, more.minor
            );
        database_.change("COMMIT");
        return true;
    }

private:
    Database& database_;  // closing it rolls back what failed
};

}  // namespace

LedgerReport verify_ledger(const std::string& path, const VerifyOptions& options) {
    SqliteLedgerReader source{path, options.busy_timeout_ms};
    return payments::verify_ledger(source, options);
}

RebuiltTotals rebuild_totals(const std::string& path, Time now, const VerifyOptions& options) {
    SqliteLedgerReader source{path, options.busy_timeout_ms};
    Database writing{path, Database::Access::write, options.busy_timeout_ms};
    SqliteCorrector corrector{writing};
    return payments::rebuild_totals(source, corrector, now, options);
}

}  // namespace payments::sqlite
