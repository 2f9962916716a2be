#include "commands/settlement/fetch.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/input_files.hpp"
#include "commands/output_file.hpp"
#include "commands/progress.hpp"
#include "flow/settlement/fetch_settlements.hpp"
#include "gateway/stripe/settlements.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

namespace fs = std::filesystem;
using namespace settlement;

constexpr std::chrono::days looked_back{30};

ReadOptions read_options(const SettlementDocument& document) {
    ReadOptions options;
    options.name = document.name;
    options.format = format_of(document.format);
    options.account = document.account;
    options.payout = document.payout;
    // A payout of nothing but its own line has none.
    options.may_be_empty = true;
    return options;
}

// Puts documents on record as `settlement import` does with files.
class RecordSink : public SettlementSink {
public:
    RecordSink(const Settings& settings, const std::string& by)
        : settlements_(settlements_of(database_of(settings), settlement_rules_of(settings))),
          by_(actor_of(by)) {}

    Task<bool> has_lines_of(std::string payout) override {
        if (!known_) {
            known_.emplace();
            for (const auto& file : co_await settlements_->files())
                if (file.format == Format::stripe_json) known_->insert(file.payout);
        }
        co_return known_->contains(payout);
    }

    Task<Result<void>> take(SettlementDocument document) override {
        SentFile sent{std::move(document.bytes), read_options(document)};
        sent.at = SystemClock{}.now();
        sent.by = by_;
        const auto taken = co_await settlements_->import_file(std::move(sent));
        if (!taken) co_return taken.error();
        co_return Result<void>{};
    }

private:
    const std::unique_ptr<Settlements> settlements_;
    std::optional<std::set<std::string>> known_;  // payouts; nothing until it was looked
    const Actor by_;
};

// Writes documents into a folder, and into its manifest what they are. What else the manifest has,
// reports of SimplePay say, stays in it.
class FolderSink : public SettlementSink {
public:
    explicit FolderSink(const fs::path& folder) : folder_(folder) {}

    // Errc::invalid_request when there is a manifest that cannot be read.
    Result<void> open() {
        fs::create_directories(folder_);
        if (!fs::exists(manifest())) return {};
        const auto bytes = bytes_of(manifest());
        if (!bytes) return bytes.error();
        auto tree = json::parse(*bytes);
        if (!tree) return tree.error();
        auto* list = tree->if_array();
        if (!list) return Error{Errc::invalid_request, "must be a list of files"};
        entries_ = std::move(*list);
        for (const auto& entry : entries_) {
            const auto* members = entry.if_object();
            if (!members || json::string_or(*members, "format", "") != "stripe-json") continue;
            if (fs::exists(folder_ / json::string_or(*members, "file", "")))
                known_.insert(json::string_or(*members, "payout", ""));
        }
        return {};
    }
    fs::path manifest() const { return folder_ / "manifest.json"; }

    Task<bool> has_lines_of(std::string payout) override { co_return known_.contains(payout); }

    Task<Result<void>> take(SettlementDocument document) override {
        write(folder_ / document.name, document.bytes);
        json::object entry{
            {"file", document.name}, {"format", document.format}, {"account", document.account}};
        if (!document.payout.empty()) entry["payout"] = document.payout;
        const auto is_same = [&](const json::value& other) {
            const auto* members = other.if_object();
            return members && json::string_or(*members, "file", "") == document.name;
        };
        auto* const same = std::ranges::find_if(entries_, is_same);
        if (same == entries_.end())
            entries_.push_back(std::move(entry));
        else
            *same = std::move(entry);
        std::string list = "[";
        for (std::size_t i = 0; i < entries_.size(); ++i)
            list += (i > 0 ? ",\n " : "") + json::write(entries_[i]);
        write(manifest(), list + "]\n");
        co_return Result<void>{};
    }

private:
    static void write(const fs::path& path, const std::string& bytes) {
        OutputFile file{path.string()};
        file.write(bytes);
        file.finish();
    }

    fs::path folder_;
    json::array entries_;
    std::set<std::string> known_;
};

Result<FetchResult> fetch(
    const Settings& settings, boost::asio::io_context& loop, SettlementSink& sink, Time since
) {
    gateway::HttpsSettings https;
    https.trust_file = settings.trust_file;
    https.answer_bytes = 8 * std::size_t{1024} * 1024;  // a hundred charges with all their members
    gateway::HttpsClient client{loop, std::move(https)};
    SystemClock clock;
    const auto accounts = gateway::stripe_settlements(client, clock, stripe_of(settings.stripe));
    std::vector<SettlementSource*> sources;
    for (const auto& account : accounts) sources.push_back(account.get());
    auto reporter = ProgressReporter::to_standard_error("payouts");
    const auto report = [&reporter](const FetchResult& so_far) {
        const auto done = so_far.fetched + so_far.known + so_far.not_yet + so_far.never_told;
        reporter.report(done, so_far.payouts);
    };
    return run_to_end(loop, fetch_settlements(std::move(sources), sink, since, report));
}

int print(const Result<FetchResult>& fetched, std::ostream& out, std::ostream& err) {
    if (!fetched) {
        err << "ozora-payments: " << fetched.error().detail << "\n";
        return exit_code::failed;
    }
    const auto& [payouts, news, known, not_yet, never_told] = *fetched;
    out << payouts << " payouts: of " << news << " the lines were fetched, " << known
        << " were known, " << not_yet << " are not complete yet\n";
    if (never_told > 0)
        out << "of " << never_told
            << " that were ordered by hand Stripe does not tell what is in them: import a report "
               "of the balance\n";
    return exit_code::done;
}

}  // namespace

int run_settlement_fetch(
    const Settings& settings, const SettlementFetchOptions& options, std::ostream& out,
    std::ostream& err
) {
    log::outlive_readers();
    redact_secrets(settings);
    log::set_level(std::max(settings.log_level, log::Level::warning));
    if (!settings.stripe.is_used()) {
        err << "ozora-payments: Stripe is not set up, and no other provider tells of payouts\n";
        return exit_code::wrong_usage;
    }
    const auto since = options.since.value_or(SystemClock{}.now() - looked_back);
    // It outlives who waits on it: what is on record is read on a thread beside it.
    boost::asio::io_context loop;
    if (options.folder.empty()) {
        RecordSink sink{settings, options.by};
        return print(fetch(settings, loop, sink, since), out, err);
    }
    FolderSink sink{options.folder};
    if (const auto opened = sink.open(); !opened) {
        Complaints{err}.add(sink.manifest().string(), opened.error());
        return exit_code::wrong_usage;
    }
    return print(fetch(settings, loop, sink, since), out, err);
}

}  // namespace payments
