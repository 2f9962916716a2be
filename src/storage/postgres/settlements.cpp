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

void add_to(CopyRows& rows, const ledger::Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        rows.add(*number);
    else if (const auto* text = std::get_if<std::string>(&cell))
        rows.add(std::string_view{*text});
    else
        rows.add_null();
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
    PostgresSettlements(const ServerAddress& address, bool changes_settlements)
        : session_(address), changes_settlements_(changes_settlements) {
        check_schema(session_);
    }

    bool is_postgres() const override { return true; }
    void begin_read() override {
        told(session_, [&] { session_.begin("ISOLATION LEVEL REPEATABLE READ, READ ONLY"); });
    }
    // Whoever else would change settlements waits for the row that ends a chain.
    void begin_change() override {
        told(session_, [&] {
            session_.begin();
            if (changes_settlements_)
                session_.ask("SELECT 1 FROM settlement_chains ORDER BY name FOR UPDATE");
        });
    }
    void lock(const std::string& select, const ledger::Cells& parameters) override {
        told(session_, [&] { session_.ask(select + " FOR UPDATE", values_of(parameters)); });
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
        // Text by text, by the index. Asked for all of them the server would rather read everything
        // as long as it has not counted again after a large import.
        return open(
            "SELECT found.* FROM unnest($1) AS wanted (one) CROSS JOIN LATERAL (" + select +
                " WHERE " + column + " = wanted.one OFFSET 0) AS found ORDER BY file_id, n",
            {texts(list)}
        );
    }
    void change(const std::string& sql, const ledger::Cells& parameters) override {
        told(session_, [&] { session_.ask(sql, values_of(parameters)); });
    }
    void insert(const ledger::SettlementTable& table, const std::vector<ledger::Cells>& some)
        override {
        CopyRows rows;
        for (const auto& cells : some) {
            rows.begin_row(cells.size());
            for (const auto& cell : cells) add_to(rows, cell);
        }
        const auto into = std::string{table.name} + " (" + table.names() + ")";
        told(session_, [&] { session_.copy(into, std::move(rows)); });
    }

    bool clean_files(std::int64_t, const std::function<void(std::int64_t)>& note) override {
        begin_change();
        note(0);
        commit();
        return true;
    }

private:
    std::unique_ptr<LedgerRows> open(const std::string& sql, const std::vector<Value>& values) {
        return told(session_, [&] {
            return std::make_unique<Cursor>(session_, "c" + std::to_string(++count_), sql, values);
        });
    }

    Session session_;
    const bool changes_settlements_;
    int count_ = 0;
};

}  // namespace

std::unique_ptr<ledger::SettlementDatabase> open_settlements(const ServerAddress& address) {
    return std::make_unique<PostgresSettlements>(address, true);
}

std::unique_ptr<ledger::BlockingDatabase> open_database(const ServerAddress& address) {
    return std::make_unique<PostgresSettlements>(address, false);
}

}  // namespace payments::postgres
