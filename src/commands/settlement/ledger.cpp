#include "commands/settlement/ledger.hpp"

#include <filesystem>
#include <iomanip>
#include <ostream>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/input_files.hpp"
#include "commands/progress.hpp"
#include "flow/settlement/match_settlements.hpp"
#include "settlement/report_output.hpp"
#include "support/log.hpp"
#include "support/times.hpp"
#include "support/utf8.hpp"

namespace payments {
namespace {

using namespace settlement;
namespace fs = std::filesystem;

const std::string wrong_name = "must be UTF-8 without control characters";

// Our transactions and what is on record, for a command.
struct Desk {
    explicit Desk(const Settings& settings)
        : store(Stores{database_of(settings)}.of(loop)),
          settlements(settlements_of(database_of(settings), settlement_rules_of(settings))) {}

    // As of now without a moment; then it is noted too.
    Report match(std::optional<Time> as_of) {
        const auto newest = run_to_end(loop, store->newest_attempt());
        auto reporter = ProgressReporter::to_standard_error("transactions");
        const auto heard = [&](std::int64_t id) {
            if (newest) reporter.report(id, newest->id);
        };
        if (as_of) {
            const Moment then{*as_of, false};
            return run_to_end(loop, match_settlements(*store, *settlements, then, heard));
        }
        const auto now = SystemClock{}.now();
        return run_to_end(loop, match_and_note(*store, *settlements, now, heard));
    }

    boost::asio::io_context loop;
    const std::shared_ptr<ServiceStore> store;
    const std::unique_ptr<Settlements> settlements;
};

// Reads files and puts them on record, one after the other.
class Importer {
public:
    Importer(const Settings& settings, const SettlementImportOptions& options, std::ostream& err)
        : options_(options), complaints_(err), desk_(settings) {
        read_.format = format_of(options.format);
        read_.account = options.account;
        read_.payout = options.payout;
        read_.may_be_empty = options.may_be_empty;
        if (!utf8::is_printable(options.by)) complaints_.add("--by", wrong_name);
        if (options.mapping.empty()) return;
        auto mapping = bytes_of(options.mapping);
        if (mapping)
            read_.mapping = std::move(*mapping);
        else
            complaints_.add(options.mapping, mapping.error());
    }

    // Nothing when it was not taken, and why has been told.
    std::optional<TakenFile> take(const std::string& path) {
        auto bytes = settlement_bytes_of(path);
        if (!bytes) return refuse(path, bytes.error());
        SentFile sent{std::move(*bytes), read_};
        sent.options.name = fs::path{path}.filename();
        sent.at = options_.at.value_or(SystemClock{}.now());
        sent.by = actor_of(options_.by);
        sent.only_tries = options_.only_tries;
        const auto taken = run_to_end(desk_.loop, desk_.settlements->import_file(std::move(sent)));
        if (!taken) return refuse(path, taken.error());
        return TakenFile{
            path, std::string{name(taken->file.format)}, taken->accounts, taken->counts};
    }
    bool has_refused() const { return complaints_.any(); }

private:
    std::optional<TakenFile> refuse(const std::string& path, const Error& error) {
        complaints_.add(path, error);
        return std::nullopt;
    }

    const SettlementImportOptions& options_;
    Complaints complaints_;
    Desk desk_;
    ReadOptions read_;
};

void print(const TakenFile& file, bool only_tries, std::ostream& out) {
    const auto& counts = file.counts;
    out << file.name << " (" << file.format << ", " << file.account << "): " << counts.added
        << (only_tries ? " lines would be new, " : " new lines, ") << counts.known << " known, "
        << counts.conflicting << " conflicting, " << counts.skipped << " skipped\n";
}

}  // namespace

int run_settlement_import(
    const Settings& settings, const SettlementImportOptions& options, std::ostream& out,
    std::ostream& err
) {
    log::outlive_readers();
    redact_secrets(settings);
    Importer importer{settings, options, err};
    if (importer.has_refused()) return exit_code::wrong_usage;
    for (const auto& path : options.files) {
        const auto taken = importer.take(path);
        if (!taken) continue;
        if (options.as_json)
            out << json::write(json_of(*taken)) << "\n";
        else
            print(*taken, options.only_tries, out);
    }
    return importer.has_refused() ? exit_code::wrong_usage : exit_code::done;
}

int run_settlement_match(
    const Settings& settings, const SettlementMatchOptions& options, std::ostream& out
) {
    log::outlive_readers();
    redact_secrets(settings);
    const auto as_of = options.as_of.value_or(SystemClock{}.now());
    const auto report = Desk{settings}.match(options.as_of);
    if (options.format == "csv") {
        out << payouts_as_csv(report);
    } else if (options.format == "json") {
        auto document = json_of(report, {}, as_of);
        document.erase("files");
        if (options.is_report) document["accounts"] = accounts_json(report);
        out << json::write(document) << "\n";
    } else {
        out << text_of(report, {}, as_of);
    }
    return report.has_open_findings() ? exit_code::failed : exit_code::done;
}

int run_settlement_decision(
    const Settings& settings, const SettlementDecisionOptions& options, std::ostream& out,
    std::ostream& err
) {
    log::outlive_readers();
    redact_secrets(settings);
    if (!utf8::is_printable(options.by)) {
        Complaints{err}.add("--by", wrong_name);
        return exit_code::wrong_usage;
    }
    Desk desk{settings};
    FindingDecision decision{
        options.finding, options.is_accepted, options.reason, actor_of(options.by),
        options.at.value_or(SystemClock{}.now())};
    const auto finding =
        run_to_end(desk.loop, decide_finding(*desk.store, *desk.settlements, std::move(decision)));
    if (!finding) {
        const bool is_unknown = finding.error().code == Errc::unknown_finding;
        err << "ozora-payments: " << finding.error().detail
            << (is_unknown ? "; `ozora-payments settlement match` lists them\n" : "\n");
        return is_unknown ? exit_code::failed : exit_code::wrong_usage;
    }
    out << finding->key << " " << name(finding->kind) << " " << utf8::printable(finding->subject)
        << ": " << (finding->is_accepted ? "accepted" : "open") << "\n";
    return exit_code::done;
}

int run_settlement_files(const Settings& settings, bool as_json, std::ostream& out) {
    log::outlive_readers();
    redact_secrets(settings);
    Desk desk{settings};
    for (const auto& file : run_to_end(desk.loop, desk.settlements->files())) {
        if (as_json)
            out << json::write(json::object{
                       {"id", file.id},
                       {"file", file.name},
                       {"format", name(file.format)},
                       {"sha256", file.sha256},
                       {"size", file.size},
                       {"records", file.records},
                       {"at", rfc3339(file.at)},
                       {"by", file.by.name}})
                << "\n";
        else
            out << std::setw(5) << file.id << "  " << rfc3339(file.at) << "  " << std::setw(14)
                << std::left << name(file.format) << std::right << "  " << file.name << ", "
                << file.records << " records, by " << file.by.name << "\n";
    }
    return exit_code::done;
}

}  // namespace payments
