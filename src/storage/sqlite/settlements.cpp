#include "storage/sqlite/settlements.hpp"

#include "storage/sqlite/clean_files.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/open_rows.hpp"
#include "support/json.hpp"

namespace payments::sqlite {
namespace {

constexpr int busy_timeout_ms = 10'000;

void bind(Rows& rows, const ledger::Cells& cells) {
    int index = 0;
    for (const auto& cell : cells) {
        ++index;
        if (const auto* number = std::get_if<std::int64_t>(&cell))
            rows.bind(index, *number);
        else if (const auto* text = std::get_if<std::string>(&cell))
            rows.bind(index, *text);
        else
            rows.bind(index, std::nullopt);
    }
}

class SqliteSettlements final : public ledger::SettlementDatabase {
public:
    explicit SqliteSettlements(const std::string& path)
        : database_(path, Database::Access::write, busy_timeout_ms) {
        check_schema(database_);
    }

    bool is_postgres() const override { return false; }
    void begin_read() override { database_.change("BEGIN"); }
    void begin_change() override {
        database_.check_in_place();
        database_.change("BEGIN IMMEDIATE");
    }
    void commit() override { database_.change("COMMIT"); }
    void roll_back() noexcept override { database_.roll_back(); }
    void lock(const std::string&, const ledger::Cells&) override {}

    std::unique_ptr<LedgerRows> query(const std::string& sql, const ledger::Cells& parameters)
        override {
        auto rows = database_.query(sql);
        bind(rows, parameters);
        return std::make_unique<OpenRows>(std::move(rows));
    }
    std::unique_ptr<LedgerRows> query_texts(
        const std::string& select, const std::string& column, const std::vector<std::string>& texts
    ) override {
        const json::array list(texts.begin(), texts.end());
        return query(
            select + " WHERE " + column +
                " IN (SELECT value FROM json_each($1)) ORDER BY file_id, n",
            {json::write(list)}
        );
    }
    void change(const std::string& sql, const ledger::Cells& parameters) override {
        auto rows = database_.query(sql);
        bind(rows, parameters);
        while (rows.next()) {
        }
    }
    void insert(const ledger::SettlementTable& table, const std::vector<ledger::Cells>& some)
        override {
        const auto sql = "INSERT INTO " + std::string{table.name} + " (" + table.names() +
                         ") VALUES (" + table.places() + ")";
        for (const auto& cells : some) change(sql, cells);
    }

    bool clean_files(std::int64_t from, const std::function<void(std::int64_t)>& note) override {
        return sqlite::clean_files(database_, from, note);
    }

private:
    Database database_;
};

}  // namespace

std::unique_ptr<ledger::BlockingDatabase> open_database(const std::string& path) {
    return std::make_unique<SqliteSettlements>(path);
}

std::unique_ptr<ledger::SettlementDatabase> open_settlements(const std::string& path) {
    return std::make_unique<SqliteSettlements>(path);
}

}  // namespace payments::sqlite
