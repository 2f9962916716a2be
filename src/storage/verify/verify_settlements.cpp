#include "storage/verify/verify_settlements.hpp"

#include "storage/rules/settlement_rows.hpp"

namespace payments {
namespace {

using ledger::SettlementTable;

// A chain as far as it went when verifying began.
struct ChainEnd {
    std::int64_t length = 0;
    std::string hash;
};

std::string select(const SettlementTable& table, const std::string& where) {
    return "SELECT " + table.names() + " FROM " + std::string{table.name} + where;
}

class SettlementsVerifier {
public:
    SettlementsVerifier(LedgerReader& source, LedgerReport& report)
        : source_(source), report_(report) {}

    void run() {
        source_.begin();
        const auto files = end_of("files");
        const auto decisions = end_of("decisions");
        source_.end();
        verify_chain(files, "settlement file", [&](std::int64_t id, const std::string& previous) {
            return file(id, previous);
        });
        verify_chain(decisions, "decision", [&](std::int64_t id, const std::string& previous) {
            return decision(id, previous);
        });
        for (const auto& table :
             {ledger::settlement_lines, ledger::settlement_payouts, ledger::bank_statements,
              ledger::bank_lines})
            find_strays(table);
        find_beyond(ledger::settlement_files, "files", "settlement file");
        find_beyond(ledger::settlement_decisions, "decisions", "decision");
    }

private:
    ChainEnd end_of(const std::string& name) {
        const auto rows =
            source_.query("SELECT length, hash FROM settlement_chains WHERE name = '" + name + "'");
        if (rows->next()) return {rows->integer(0), rows->text(1)};
        add("nothing says where the chain of settlement " + name + " ends");
        return {};
    }

    // `link` gives the hash on record of one link, having held it against its rows; nothing where
    // it is missing.
    template <class Link>
    void verify_chain(const ChainEnd& end, const std::string& what, Link link) {
        std::string previous;
        for (std::int64_t id = 1; id <= end.length; ++id) {
            source_.begin();
            auto stored = link(id, previous);
            source_.end();
            if (!stored) add(what + " " + std::to_string(id) + " is missing");
            previous = stored.value_or(previous);
        }
        if (previous != end.hash) add("the chain of " + what + "s does not end where it should");
    }

    std::optional<std::string> file(std::int64_t id, const std::string& previous) {
        const auto rows = source_.query(select(ledger::settlement_files, " WHERE id = $1"), {id});
        if (!rows->next()) return std::nullopt;
        const auto file = ledger::file_row(*rows);
        ++report_.settlement_files;
        ledger::RecordsDigest digest;
        add_rows(digest, ledger::settlement_lines, id);
        add_rows(digest, ledger::settlement_payouts, id);
        add_statements(digest, id);
        const auto label = "settlement file " + std::to_string(id);
        if (digest.count() != file.records || digest.hex() != file.records_sha256)
            add(label + " (" + file.name + ") is not what was imported");
        if (ledger::link_hash(previous, file) != file.hash) add(label + " breaks the hash chain");
        return file.hash;
    }

    void add_rows(ledger::RecordsDigest& digest, const SettlementTable& table, std::int64_t file) {
        const auto rows = source_.query(select(table, " WHERE file_id = $1 ORDER BY n"), {file});
        while (rows->next()) digest.add(table.name, ledger::read_cells(*rows, table, 2));
    }

    void add_statements(ledger::RecordsDigest& digest, std::int64_t file) {
        const auto& statements = ledger::bank_statements;
        const auto& lines = ledger::bank_lines;
        const auto rows =
            source_.query(select(statements, " WHERE file_id = $1 ORDER BY n"), {file});
        const auto entries =
            source_.query(select(lines, " WHERE file_id = $1 ORDER BY n, m"), {file});
        bool has_entry = entries->next();
        while (rows->next()) {
            digest.add(statements.name, ledger::read_cells(*rows, statements, 2));
            for (; has_entry && entries->integer(1) == rows->integer(1);
                 has_entry = entries->next())
                digest.add(lines.name, ledger::read_cells(*entries, lines, 3));
        }
        if (has_entry)
            add("settlement file " + std::to_string(file) + " has entries without a statement");
    }

    std::optional<std::string> decision(std::int64_t id, const std::string& previous) {
        const auto rows =
            source_.query(select(ledger::settlement_decisions, " WHERE id = $1"), {id});
        if (!rows->next()) return std::nullopt;
        const auto decision = ledger::decision_row(*rows);
        if (ledger::link_hash(previous, decision) != decision.hash)
            add("decision " + std::to_string(id) + " breaks the hash chain");
        return decision.hash;
    }

    // One statement, which sees one moment by itself.
    void find_strays(const SettlementTable& table) {
        const auto rows = source_.query(
            "SELECT DISTINCT file_id FROM " + std::string{table.name} +
            " AS r WHERE NOT EXISTS (SELECT 1 FROM settlement_files AS f WHERE f.id = r.file_id)"
        );
        while (rows->next())
            add("settlement file " + std::to_string(rows->integer(0)) + " is missing: there are " +
                std::string{table.name} + " of it");
    }

    // No trigger refuses a row more, and matching would count it.
    void find_beyond(
        const SettlementTable& table, const std::string& chain, const std::string& what
    ) {
        const auto rows = source_.query(
            "SELECT id FROM " + std::string{table.name} +
            " WHERE id < 1 OR id > (SELECT length FROM settlement_chains WHERE name = '" + chain +
            "')"
        );
        while (rows->next())
            add(what + " " + std::to_string(rows->integer(0)) + " is no link of the chain");
    }

    void add(std::string detail) { report_.differences.push_back({0, std::move(detail)}); }

    LedgerReader& source_;
    LedgerReport& report_;
};

}  // namespace

void verify_settlements(LedgerReader& source, LedgerReport& report) {
    SettlementsVerifier{source, report}.run();
}

}  // namespace payments
