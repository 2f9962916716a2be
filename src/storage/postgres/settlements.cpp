#include "storage/postgres/settlements.hpp"

#include "storage/postgres/cursor.hpp"
#include "storage/postgres/migrations.hpp"

namespace payments::postgres {
namespace {

Value value_of(const ledger::Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return value(*number);
    if (const auto* text = std::get_if<std::string>(&cell)) return value(*text);
    return null_number();
}

std::vector<Value> values_of(const ledger::Cells& cells) {
    std::vector<Value> values;
    for (const auto& cell : cells) values.push_back(value_of(cell));
    return values;
}

// Whole columns of rows, as parameters.
std::vector<Value> arrays_of(
    const ledger::SettlementTable& table, const std::vector<ledger::Cells>& some
) {
    std::vector<Value> arrays;
    std::size_t index = 0;
    for (const auto& [name, is_number] : table.columns()) {
        Column column{is_number ? Column::Of::numbers : Column::Of::texts};
        for (const auto& cells : some) {
            if (std::holds_alternative<std::monostate>(cells[index]))
                column.add_null();
            else
                column.add(value_of(cells[index]));
        }
        arrays.push_back(column.value());
        ++index;
    }
    return arrays;
}

// What the server refuses is told as a store tells it.
template <class Work>
auto told(const Session& session, Work work) try {
    return work();
} catch (const Failed& failed) {
    raise(session.address(), failed);
}

class PostgresSettlements final : public ledger::SettlementDatabase {
public:
    explicit PostgresSettlements(const ServerAddress& address) : session_(address) {
        check_schema(session_);
    }

    void begin_read() override {
        told(session_, [&] { session_.begin("ISOLATION LEVEL REPEATABLE READ, READ ONLY"); });
    }
    // Whoever else would change settlements waits for the row that ends a chain.
    void begin_change() override {
        told(session_, [&] {
            session_.begin();
            session_.ask("SELECT 1 FROM settlement_chains ORDER BY name FOR UPDATE");
        });
    }
    void commit() override {
        told(session_, [&] { session_.run("COMMIT"); });
    }
    void roll_back() noexcept override { session_.roll_back(); }

    std::unique_ptr<LedgerRows> query(const std::string& sql, const ledger::Cells& parameters)
        override {
        return open(sql, values_of(parameters));
    }
    std::unique_ptr<LedgerRows> query_texts(
        const std::string& select, const std::string& column, const std::vector<std::string>& list
    ) override {
        return open(select + " WHERE " + column + " = ANY($1) ORDER BY file_id, n", {texts(list)});
    }
    void change(const std::string& sql, const ledger::Cells& parameters) override {
        told(session_, [&] { session_.ask(sql, values_of(parameters)); });
    }
    void insert(const ledger::SettlementTable& table, const std::vector<ledger::Cells>& some)
        override {
        std::string arrays;
        int number = 0;
        for (const auto& column : table.columns())
            arrays += (arrays.empty() ? "$" : ", $") + std::to_string(++number) +
                      (column.is_number ? "::bigint[]" : "::text[]");
        const auto sql = "INSERT INTO " + std::string{table.name} + " (" + table.names() +
                         ") SELECT * FROM unnest(" + arrays + ")";
        told(session_, [&] { session_.ask(sql, arrays_of(table, some)); });
    }

private:
    std::unique_ptr<LedgerRows> open(const std::string& sql, const std::vector<Value>& values) {
        return told(session_, [&] {
            return std::make_unique<Cursor>(session_, "c" + std::to_string(++count_), sql, values);
        });
    }

    Session session_;
    int count_ = 0;
};

}  // namespace

std::unique_ptr<ledger::SettlementDatabase> open_settlements(const ServerAddress& address) {
    return std::make_unique<PostgresSettlements>(address);
}

}  // namespace payments::postgres
