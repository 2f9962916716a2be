#include "storage/settlement_ledger.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "storage/undone.hpp"

namespace payments {
namespace {

using namespace settlement;
using ledger::Cells;
using ledger::SettlementDatabase;
using ledger::SettlementTable;

constexpr std::size_t rows_together = 2'000;
constexpr std::size_t ids_together = 1'000;

std::string select(const SettlementTable& table) {
    return "SELECT " + table.names() + " FROM " + std::string{table.name};
}

// Files as far as they are read, by their number.
using Files = std::map<std::int64_t, ParsedFile>;

// Rows of a table in the order of their files, handed out file by file.
class ByFile {
public:
    explicit ByFile(std::unique_ptr<LedgerRows> rows) : rows_(std::move(rows)) { step(); }

    // Calls `take` with each row of this file. Files are asked for in ascending order; those that
    // are not are passed over.
    template <class Take>
    void of(std::int64_t file, Take take) {
        while (has_row_ && rows_->integer(0) < file) step();
        for (; has_row_ && rows_->integer(0) == file; step()) take(*rows_);
    }

private:
    void step() { has_row_ = rows_->next(); }

    std::unique_ptr<LedgerRows> rows_;
    bool has_row_ = false;
};

// Reads all files, one after the other.
class FilesReader {
public:
    explicit FilesReader(SettlementDatabase& database)
        : lines_(all_of(database, ledger::settlement_lines, "n")),
          payouts_(all_of(database, ledger::settlement_payouts, "n")),
          statements_(all_of(database, ledger::bank_statements, "n")),
          entries_(all_of(database, ledger::bank_lines, "n, m")) {}

    void each_line(const KeptFile& kept, const Evidence::LineVisitor& visit) {
        lines_.of(kept.id, [&](auto& row) { visit(ledger::line_row(row)); });
    }
    // All but its lines.
    ParsedFile rest(const KeptFile& kept) {
        ParsedFile file{kept.format};
        file.skipped = static_cast<std::size_t>(kept.skipped);
        payouts_.of(kept.id, [&](auto& row) { file.payouts.push_back(ledger::payout_row(row)); });
        statements_.of(kept.id, [&](auto& row) {
            file.statements.push_back(ledger::statement_row(row));
        });
        entries_.of(kept.id, [&](auto& row) {
            const auto n = static_cast<std::size_t>(row.integer(1));
            if (n < 1 || n > file.statements.size())
                throw from_row::Damaged{"a row is damaged: an entry without its statement"};
            file.statements[n - 1].lines.push_back(ledger::bank_line_row(row));
        });
        return file;
    }

private:
    static std::unique_ptr<LedgerRows> all_of(
        SettlementDatabase& database, const SettlementTable& table, const std::string& order
    ) {
        return database.query(select(table) + " ORDER BY file_id, " + order);
    }

    ByFile lines_, payouts_, statements_, entries_;
};

std::vector<KeptFile> read_files(SettlementDatabase& database) {
    std::vector<KeptFile> files;
    const auto rows = database.query(select(ledger::settlement_files) + " ORDER BY id");
    while (rows->next()) files.push_back(ledger::file_row(*rows));
    return files;
}

// Calls `take` with each row whose `column` is one of `texts`.
template <class Take>
void each_of(
    SettlementDatabase& database, const SettlementTable& table, const std::string& column,
    const std::set<std::string>& texts, Take take
) {
    const auto sql = select(table);
    for (auto at = texts.begin(); at != texts.end();) {
        std::vector<std::string> some;
        for (; at != texts.end() && some.size() < ids_together; ++at) some.push_back(*at);
        const auto rows = database.query_texts(sql, column, some);
        while (rows->next()) take(*rows);
    }
}

// Calls `visit` with table, place in the file and cells of all that a file says, in the order of
// its digest.
template <class Visit>
void each_record(const ParsedFile& content, Visit visit) {
    std::int64_t n = 0;
    for (const auto& line : content.lines)
        visit(ledger::settlement_lines, Cells{ledger::Cell{++n}}, ledger::cells_of(line));
    n = 0;
    for (const auto& fact : content.payouts)
        visit(ledger::settlement_payouts, Cells{ledger::Cell{++n}}, ledger::cells_of(fact));
    n = 0;
    for (const auto& statement : content.statements) {
        visit(ledger::bank_statements, Cells{ledger::Cell{++n}}, ledger::cells_of(statement));
        std::int64_t m = 0;
        for (const auto& line : statement.lines)
            visit(ledger::bank_lines, Cells{n, ++m}, ledger::cells_of(line));
    }
}

// Writes rows of one file, many at a time.
class RowsWriter {
public:
    RowsWriter(SettlementDatabase& database, std::int64_t file)
        : database_(database), file_(file) {}

    void add(const SettlementTable& table, const Cells& place, Cells cells) {
        if (table_ && table_->name != table.name) flush();
        table_ = &table;
        auto& row = rows_.emplace_back(Cells{file_});
        row.insert(row.end(), place.begin(), place.end());
        std::ranges::move(cells, std::back_inserter(row));
        if (rows_.size() == rows_together) flush();
    }
    void flush() {
        if (!rows_.empty()) database_.insert(*table_, rows_);
        rows_.clear();
    }

private:
    SettlementDatabase& database_;
    const std::int64_t file_;
    const SettlementTable* table_ = nullptr;
    std::vector<Cells> rows_;
};

}  // namespace

SettlementLedger::SettlementLedger(std::unique_ptr<SettlementDatabase> database)
    : database_(std::move(database)) {}

Result<ImportedFile> SettlementLedger::take(
    const ParsedFile& content, KeptFile file, bool only_tries
) {
    file.format = content.format;
    file.skipped = static_cast<std::int64_t>(content.skipped);
    ledger::RecordsDigest digest;
    each_record(content, [&](const SettlementTable& table, const Cells&, const Cells& cells) {
        digest.add(table.name, cells);
    });
    file.records = digest.count();
    file.records_sha256 = digest.hex();
    // All that reads and computes comes before the lock, behind which payments wait on SQLite.
    for (;;) {
        auto looked = look(content, file);
        if (!looked) return looked.error();
        auto& imported = looked->imported;
        if (imported.is_known || only_tries || insert(content, imported.file, looked->end))
            return std::move(imported);
        // Another file came meanwhile, and what this one adds depends on it: look again.
    }
}

Result<SettlementLedger::Looked> SettlementLedger::look(
    const ParsedFile& content, const KeptFile& file
) {
    Undone change{*database_};
    database_->begin_read();
    auto end = end_of("files");
    auto known = find(file);
    auto evidence = related_to(content);
    change.commit();
    const auto counts = evidence.add(content);
    if (!counts) return counts.error();
    const bool is_known = known.has_value();
    ImportedFile imported{
        known ? std::move(*known) : file, *counts, accounts_of(content, file.account), is_known};
    return Looked{std::move(imported), std::move(end)};
}

std::optional<KeptFile> SettlementLedger::find(const KeptFile& like) {
    const auto rows = database_->query(
        select(ledger::settlement_files) +
            " WHERE sha256 = $1 AND format = $2 AND account = $3 AND payout = $4 AND mapping = $5",
        {like.sha256, std::string{name(like.format)}, like.account, like.payout, like.mapping}
    );
    if (!rows->next()) return std::nullopt;
    return ledger::file_row(*rows);
}

// Of all files what may repeat or contradict this one: lines and payouts of its ids, and its banks'
// accounts. So a week's file costs in proportion to the week.
Evidence SettlementLedger::related_to(const ParsedFile& content) {
    std::set<std::string> lines, payouts, accounts;
    for (const auto& line : content.lines) lines.insert(line.line_id);
    for (const auto& payout : content.payouts) payouts.insert(payout.payout_id);
    for (const auto& statement : content.statements)
        accounts.insert(bank_account_key(statement.account));
    Files files;
    each_of(*database_, ledger::settlement_lines, "line_id", lines, [&](auto& row) {
        files[row.integer(0)].lines.push_back(ledger::line_row(row));
    });
    each_of(*database_, ledger::settlement_payouts, "payout_id", payouts, [&](auto& row) {
        files[row.integer(0)].payouts.push_back(ledger::payout_row(row));
    });
    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> places;
    each_of(*database_, ledger::bank_statements, "account_key", accounts, [&](auto& row) {
        auto& statements = files[row.integer(0)].statements;
        places[{row.integer(0), row.integer(1)}] = statements.size();
        statements.push_back(ledger::statement_row(row));
    });
    for (const auto& [place, index] : places) {
        const auto rows = database_->query(
            select(ledger::bank_lines) + " WHERE file_id = $1 AND n = $2 ORDER BY m",
            {place.first, place.second}
        );
        auto& entries = files[place.first].statements[index].lines;
        while (rows->next()) entries.push_back(ledger::bank_line_row(*rows));
    }
    Evidence evidence;
    const auto kept = files.empty() ? std::vector<KeptFile>{} : read_files(*database_);
    for (auto& [id, file] : files) {
        const auto found = std::ranges::find(kept, id, &KeptFile::id);
        if (found != kept.end()) file.format = found->format;
        // Each was taken behind those before it, so none of them is refused now.
        evidence.add(file).value();
    }
    return evidence;
}

SettlementLedger::End SettlementLedger::end_of(const std::string& chain) {
    const auto rows =
        database_->query("SELECT length, hash FROM settlement_chains WHERE name = $1", {chain});
    if (!rows->next())
        throw from_row::Damaged{"nothing says where the chain of settlement " + chain + " ends"};
    return {rows->integer(0), rows->text(1)};
}

void SettlementLedger::move_end(const std::string& chain, const End& end) {
    database_->change(
        "UPDATE settlement_chains SET length = $1, hash = $2 WHERE name = $3",
        {end.length, end.hash, chain}
    );
}

bool SettlementLedger::insert(const ParsedFile& content, KeptFile& file, const End& expected) {
    Undone change{*database_};
    database_->begin_change();
    const auto end = end_of("files");
    if (end.length != expected.length || end.hash != expected.hash) return false;
    file.id = end.length + 1;
    RowsWriter rows{*database_, file.id};
    each_record(content, [&](const SettlementTable& table, const Cells& place, Cells cells) {
        rows.add(table, place, std::move(cells));
    });
    rows.flush();
    file.hash = ledger::link_hash(end.hash, file);
    database_->insert(ledger::settlement_files, {ledger::cells_of(file)});
    move_end("files", {file.id, file.hash});
    change.commit();
    return true;
}

Evidence SettlementLedger::evidence(std::optional<std::int64_t> files) {
    Undone change{*database_};
    database_->begin_read();
    Evidence evidence;
    {
        FilesReader reader{*database_};
        for (const auto& kept : read_files(*database_)) {
            if (files && kept.id > *files) break;
            evidence.add_kept(reader.rest(kept), [&](const Evidence::LineVisitor& visit) {
                reader.each_line(kept, visit);
            });
        }
    }
    change.commit();
    return evidence;
}

std::vector<SettlementLine> SettlementLedger::lines_of(const std::string& payout_id) {
    Undone change{*database_};
    database_->begin_read();
    ParsedFile like;
    {
        const auto rows = database_->query(
            select(ledger::settlement_lines) + " WHERE payout_id = $1 ORDER BY file_id, n",
            {payout_id}
        );
        while (rows->next()) like.lines.push_back(ledger::line_row(*rows));
    }
    // A line may stand in several files, which then tell of it together; the first by name pays it.
    auto lines = related_to(like).lines();
    std::erase_if(lines, [&](const SettlementLine& line) { return line.payout_id != payout_id; });
    change.commit();
    return lines;
}

std::vector<KeptFile> SettlementLedger::files() {
    Undone change{*database_};
    database_->begin_read();
    auto files = read_files(*database_);
    change.commit();
    return files;
}

std::vector<KeptDecision> SettlementLedger::decisions() {
    Undone change{*database_};
    database_->begin_read();
    auto decisions = read_decisions();
    change.commit();
    return decisions;
}

std::vector<KeptDecision> SettlementLedger::read_decisions() {
    std::vector<KeptDecision> decisions;
    const auto rows = database_->query(select(ledger::settlement_decisions) + " ORDER BY id");
    while (rows->next()) decisions.push_back(ledger::decision_row(*rows));
    return decisions;
}

MatchResult SettlementLedger::newest_result() {
    Undone change{*database_};
    database_->begin_read();
    MatchResult result;
    {
        const auto rows = database_->query(
            "SELECT processor, currency, unexplained_minor, at FROM settlement_results"
            " ORDER BY processor, currency"
        );
        while (rows->next()) {
            result.unexplained.push_back({rows->text(0), rows->text(1), rows->integer(2)});
            result.matched_at = rows->time(3);
        }
    }
    const auto newest = [&](const char* table) {
        const auto rows = database_->query("SELECT max(at) FROM " + std::string{table});
        return rows->next() ? rows->time_or_null(0) : std::nullopt;
    };
    result.newest_file_at = newest("settlement_files");
    result.newest_decision_at = newest("settlement_decisions");
    change.commit();
    return result;
}

bool SettlementLedger::claim_matching(Time now, Time until) {
    Undone change{*database_};
    database_->begin_change();
    {
        const auto rows = database_->query("SELECT until FROM settlement_lease");
        if (!rows->next()) throw from_row::Damaged{"settlement_lease has lost its row"};
        // One that lasts much longer was given by a clock that has been set back since.
        const auto held_until = rows->time(0);
        if (held_until > now && held_until <= until + (until - now)) return false;
    }
    database_->change(
        "UPDATE settlement_lease SET until = $1", {std::int64_t{until.time_since_epoch().count()}}
    );
    change.commit();
    return true;
}

void SettlementLedger::note_result(const std::vector<Unexplained>& unexplained, Time at) {
    Undone change{*database_};
    database_->begin_change();
    database_->change("UPDATE settlement_lease SET until = 0", {});
    database_->change("DELETE FROM settlement_results", {});
    for (const auto& [processor, currency, minor] : unexplained)
        database_->change(
            "INSERT INTO settlement_results (processor, currency, unexplained_minor, at)"
            " VALUES ($1, $2, $3, $4)",
            {processor, currency, minor, std::int64_t{at.time_since_epoch().count()}}
        );
    change.commit();
}

KeptDecision SettlementLedger::keep(KeptDecision decision) {
    Undone change{*database_};
    database_->begin_change();
    append(decision);
    change.commit();
    return decision;
}

void SettlementLedger::append(KeptDecision& decision) {
    const auto end = end_of("decisions");
    decision.id = end.length + 1;
    decision.hash = ledger::link_hash(end.hash, decision);
    database_->insert(ledger::settlement_decisions, {ledger::cells_of(decision)});
    move_end("decisions", {decision.id, decision.hash});
}

Result<KeptDecision> SettlementLedger::close(
    const journal::MonthClosing& closing, const Actor& by
) {
    Undone change{*database_};
    database_->begin_change();
    const auto closings = ledger::closings_in(read_decisions());
    if (!closings.empty() && closings.back().month >= closing.month)
        return Error{
            Errc::month_not_closable,
            journal::month_text(closings.back().month) + " is closed, and with it all before"};
    if (end_of("files").length != closing.files)
        return Error{Errc::month_not_closable, "a file has come meanwhile: look at it again"};
    auto decision = ledger::decision_of(closing, by);
    append(decision);
    change.commit();
    return decision;
}

}  // namespace payments
