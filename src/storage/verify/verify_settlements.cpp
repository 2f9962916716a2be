#include "storage/verify/verify_settlements.hpp"

#include "storage/rules/settlement_rows.hpp"

namespace payments {
namespace {

using ledger::SettlementTable;

// A chain as far as it went when verifying began.
struct Chain {
    std::string what;  // "decision"
    std::int64_t length = 0;
    std::string hash;
    std::vector<std::int64_t> links;  // those that are there, ascending
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
        const auto files = chain_of(ledger::settlement_files, "files", "settlement file");
        const auto decisions = chain_of(ledger::settlement_decisions, "decisions", "decision");
        source_.end();
        verify_chain(files, [&](std::int64_t id, const std::string& previous) {
            return file(id, previous);
        });
        verify_chain(decisions, [&](std::int64_t id, const std::string& previous) {
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
    Chain chain_of(
        const SettlementTable& table, const std::string& name, const std::string& what
    ) {
        Chain chain;
        chain.what = what;
        const auto end =
            source_.query("SELECT length, hash FROM settlement_chains WHERE name = '" + name + "'");
        if (!end->next()) {
            add("nothing says where the chain of settlement " + name + " ends");
            return chain;
        }
        chain.length = end->integer(0);
        chain.hash = end->text(1);
        const auto rows = source_.query(
            "SELECT id FROM " + std::string{table.name} + " WHERE id BETWEEN 1 AND $1 ORDER BY id",
            {chain.length}
        );
        while (rows->next()) chain.links.push_back(rows->integer(0));
        return chain;
    }

    // `link` gives the hash on record of one link, having held it against its rows. Costs no more
    // than there are links, whatever somebody wrote for the length.
    template <class Link>
    void verify_chain(const Chain& chain, Link link) {
        std::string previous;
        std::int64_t next = 1;
        for (const auto id : chain.links) {
            note_missing(chain, next, id - 1);
            next = id + 1;
            source_.begin();
            const auto stored = link(id, previous);
            source_.end();
            if (!stored) note_missing(chain, id, id);
            previous = stored.value_or(previous);
        }
        note_missing(chain, next, chain.length);
        if (previous != chain.hash)
            add("the chain of " + chain.what + "s does not end where it should");
    }

    void note_missing(const Chain& chain, std::int64_t first, std::int64_t last) {
        if (first == last) add(chain.what + " " + std::to_string(first) + " is missing");
        if (first < last)
            add(chain.what + "s " + std::to_string(first) + " to " + std::to_string(last) +
                " are missing");
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
