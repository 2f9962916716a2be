#include "commands/settlement/export_journal.hpp"

#include <ostream>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/output_file.hpp"
#include "commands/progress.hpp"
#include "commands/settlement/files.hpp"
#include "commands/settlement/zone.hpp"
#include "flow/settlement/export_books.hpp"
#include "settlement/journal/writers.hpp"
#include "settlement/readers/days.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace settlement;

std::optional<Day> read_option(
    std::string_view flag, const std::string& text, std::vector<std::string>& wrong
) {
    if (text.empty()) return std::nullopt;
    const auto day = text.size() == 10 ? read_day_of_time(text) : std::nullopt;
    if (!day) wrong.push_back(std::string{flag} + " must be a day such as 2026-07-01");
    return day;
}

struct Request {
    journal::FileFormat format;
    journal::Period period;
};
// Nothing when something is wrong, which has been told then.
std::optional<Request> read_request(const JournalExportOptions& options, std::ostream& err) {
    std::vector<std::string> wrong;
    const auto format = journal::file_format_of(options.format, options.profile);
    if (!format)
        wrong.emplace_back(
            "--format must be csv, with --profile hu or plain, or hledger, ledger or beancount"
        );
    const journal::Period period{
        read_option("--from", options.from, wrong), read_option("--to", options.to, wrong)};
    if (period.from && period.to && *period.from >= *period.to)
        wrong.emplace_back("--to must be a day after --from: it does not count itself");
    for (const auto& mistake : wrong) err << "ozora-payments: " << mistake << "\n";
    if (!wrong.empty()) return std::nullopt;
    return Request{*format, period};
}

}  // namespace

int run_export_journal(const JournalExportOptions& options, std::ostream& err) {
    log::outlive_readers();
    const auto request = read_request(options, err);
    if (!request) return exit_code::wrong_usage;
    if (options.books.empty() || options.manifest.empty()) {
        err << "ozora-payments: --books and --files belong together\n";
        return exit_code::wrong_usage;
    }
    auto files = read_settlement_files(options.books, options.manifest, err);
    if (!files) return exit_code::wrong_usage;
    // Whatever the settings of a service are: its money is Hungarian.
    const auto zone = load_zone("Europe/Budapest");
    journal::BooksMaker maker{request->period, zone};
    fill_books(*files, request->period, files->books.as_of, maker);
    const auto made = maker.finish();
    OutputFile output{options.output};
    output.write(journal::head_of(request->format));
    const auto file = journal::file_of(made, request->format);
    for (auto piece = file->next(); !piece.empty(); piece = file->next()) output.write(piece);
    output.finish();
    err << made.bookings.size() << " movements\n";
    return exit_code::done;
}

int run_export_journal(
    const Settings& settings, const JournalExportOptions& options, std::ostream& err
) {
    log::outlive_readers();
    redact_secrets(settings);
    const auto request = read_request(options, err);
    if (!request) return exit_code::wrong_usage;
    const auto zone = load_zone(settings.time_zone);
    const auto now = SystemClock{}.now();

    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    const auto settlements = settlements_of(database_of(settings), settlement_rules_of(settings));
    ActionDetails details{{"what", "journal"}, {"format", options.format}};
    if (!options.from.empty()) details.emplace("from", options.from);
    if (!options.to.empty()) details.emplace("to", options.to);
    OutputFile output{options.output};
    NewAction action{ActionKind::exported, actor_of(options.by), now, {}, std::move(details)};
    run_to_end(loop, store->record_action(std::move(action))).value();

    const auto newest = run_to_end(loop, store->newest_attempt());
    std::size_t movements = 0;
    {
        auto reporter = ProgressReporter::to_standard_error("transactions");
        const auto heard = [&](std::int64_t id) {
            if (newest) reporter.report(id, newest->id);
        };
        const BooksRequest asked{request->period, request->format, {now}};
        BooksExport books{*store, *settlements, zone, asked, heard};
        for (auto piece = run_to_end(loop, books.next()); !piece.empty();
             piece = run_to_end(loop, books.next()))
            output.write(piece);
        movements = books.movements();
    }
    output.finish();
    err << movements << " movements\n";
    return exit_code::done;
}

}  // namespace payments
