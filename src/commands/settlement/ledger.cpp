#include "commands/settlement/ledger.hpp"

#include <filesystem>
#include <iomanip>
#include <ostream>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/input_files.hpp"
#include "commands/progress.hpp"
#include "commands/settlement/settings.hpp"
#include "flow/settlement/our_books.hpp"
#include "settlement/match.hpp"
#include "settlement/readers/readers.hpp"
#include "settlement/report_output.hpp"
#include "support/log.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using namespace settlement;
namespace fs = std::filesystem;

// What is on record, matched with our books.
struct Matched {
    Report report;
    Time as_of;
};
Matched matched(const Settings& settings, SettlementLedger& ledger, std::optional<Time> as_of) {
    const auto moment = as_of.value_or(SystemClock{}.now());
    const auto evidence = ledger.evidence();
    Matching matching{evidence, delays_of(settings.settlements), moment};
    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    const auto newest = run_to_end(loop, store->newest_attempt());
    auto reporter = ProgressReporter::to_standard_error("transactions");
    const auto hear = [&](const OurTransaction& transaction) {
        matching.hear(transaction);
        if (newest) reporter.report(transaction.id, newest->id);
    };
    run_to_end(loop, hear_our_side(*store, beginning_of(settings), hear));
    const auto decisions = ledger::that_count(ledger.decisions());
    return {std::move(matching).finish(decisions), moment};
}

// A bank account that the settings do not name is not ours: its entries would be findings.
std::optional<std::string> why_not_ours(const SettlementConfig& config, const ParsedFile& file) {
    if (config.bank_accounts.empty()) return std::nullopt;
    for (const auto& statement : file.statements) {
        const auto ours = config.bank_accounts.find(statement.currency.code());
        const auto key = bank_account_key(statement.account);
        const bool is_ours = ours != config.bank_accounts.end() &&
                             std::ranges::any_of(ours->second, [&](const std::string& account) {
                                 return bank_account_key(account) == key;
                             });
        if (!is_ours)
            return "is about the account " + statement.account + " in " +
                   std::string{statement.currency.code()} +
                   ", which PAYMENTS_SETTLEMENT_BANK_ACCOUNTS does not name";
    }
    return std::nullopt;
}

// Reads files and puts them on record, one after the other.
class Importer {
public:
    Importer(const Settings& settings, const SettlementImportOptions& options, std::ostream& err)
        : settings_(settings),
          options_(options),
          complaints_(err),
          ledger_(open_settlements(database_of(settings))) {
        read_.format = format_of(options.format);
        read_.account = options.account;
        read_.payout = options.payout;
        read_.may_be_empty = options.may_be_empty;
        if (options.mapping.empty()) return;
        auto mapping = bytes_of(options.mapping);
        if (mapping)
            read_.mapping = std::move(*mapping);
        else
            complaints_.add(options.mapping, mapping.error());
    }

    // Nothing when it was not taken, and why has been told.
    std::optional<TakenFile> take(const std::string& path) {
        const auto bytes = bytes_of(path);
        if (!bytes) return refuse(path, bytes.error());
        read_.name = fs::path{path}.filename();
        const auto content = read_file(*bytes, read_);
        if (!content) return refuse(path, content.error());
        if (auto why = why_not_ours(settings_.settlements, *content)) {
            complaints_.add(path, *why);
            return std::nullopt;
        }
        const auto taken = ledger_.take(*content, file_of(*bytes, *content), options_.only_tries);
        if (!taken) return refuse(path, taken.error());
        return TakenFile{
            path, std::string{name(content->format)}, accounts_of(*content, options_.account),
            taken->counts};
    }
    bool has_refused() const { return complaints_.any(); }

private:
    std::optional<TakenFile> refuse(const std::string& path, const Error& error) {
        complaints_.add(path, error);
        return std::nullopt;
    }
    ledger::KeptFile file_of(const std::string& bytes, const ParsedFile& content) const {
        ledger::KeptFile file;
        file.sha256 = ledger::body_hash(bytes);
        file.format = content.format;
        file.account = options_.account;
        file.payout = options_.payout;
        file.name = read_.name;
        file.size = std::ssize(bytes);
        if (!read_.mapping.empty()) file.mapping = ledger::body_hash(read_.mapping);
        file.at = SystemClock{}.now();
        file.by = actor_of(options_.by);
        return file;
    }

    const Settings& settings_;
    const SettlementImportOptions& options_;
    Complaints complaints_;
    SettlementLedger ledger_;
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
    auto ledger = open_settlements(database_of(settings));
    const auto [report, as_of] = matched(settings, ledger, options.as_of);
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
    auto ledger = open_settlements(database_of(settings));
    const auto [report, as_of] = matched(settings, ledger, {});
    const auto found =
        std::ranges::find(report.findings, options.finding, &settlement::Finding::key);
    if (found == report.findings.end()) {
        err << "ozora-payments: there is no finding " << options.finding
            << "; `ozora-payments settlement match` lists them\n";
        return exit_code::failed;
    }
    if (found->is_accepted != options.is_accepted) {
        ledger::KeptDecision decision;
        decision.is_accepted = options.is_accepted;
        decision.finding = found->key;
        decision.kind = name(found->kind);
        decision.subject = found->subject;
        decision.minor = found->minor;
        decision.currency = found->currency.code();
        decision.reason = options.reason;
        decision.at = as_of;
        decision.by = actor_of(options.by);
        ledger.keep(std::move(decision));
    }
    out << found->key << " " << name(found->kind) << " " << found->subject << ": "
        << (options.is_accepted ? "accepted" : "open") << "\n";
    return exit_code::done;
}

int run_settlement_files(const Settings& settings, bool as_json, std::ostream& out) {
    log::outlive_readers();
    redact_secrets(settings);
    auto ledger = open_settlements(database_of(settings));
    for (const auto& file : ledger.files()) {
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
