#include "commands/settlement/export_journal.hpp"

#include <ostream>
#include <streambuf>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/output_file.hpp"
#include "commands/progress.hpp"
#include "commands/settlement/files.hpp"
#include "commands/settlement/zone.hpp"
#include "flow/settlement/our_books.hpp"
#include "settlement/journal/writers.hpp"
#include "settlement/readers/days.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace settlement;

// Hands what is written to a file, which throws where it cannot.
class FileBuffer : public std::streambuf {
public:
    explicit FileBuffer(OutputFile& file) : file_(file) {}

protected:
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        file_.write({text, static_cast<std::size_t>(size)});
        return size;
    }
    int_type overflow(int_type c) override {
        const char one = traits_type::to_char_type(c);
        file_.write({&one, 1});
        return c;
    }

private:
    OutputFile& file_;
};

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

void write_file(
    const journal::Journal& made, journal::FileFormat format, const std::string& name,
    std::ostream& err
) {
    OutputFile file{name};
    FileBuffer buffer{file};
    std::ostream out{&buffer};
    out.exceptions(std::ios::badbit);
    journal::write(made, format, out);
    file.finish();
    err << made.bookings.size() << " movements\n";
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
    const auto made = journal::make_journal(files->books, files->evidence, request->period, zone);
    write_file(made, request->format, options.output, err);
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
    const auto begins = settlement_rules_of(settings).begins;
    const auto now = SystemClock{}.now();

    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    ActionDetails details{{"what", "journal"}, {"format", options.format}};
    if (!options.from.empty()) details.emplace("from", options.from);
    if (!options.to.empty()) details.emplace("to", options.to);
    NewAction action{ActionKind::exported, actor_of(options.by), now, {}, std::move(details)};
    run_to_end(loop, store->record_action(std::move(action))).value();

    auto evidence = open_settlements(database_of(settings)).evidence();
    journal::JournalMaker maker{evidence, request->period, zone, now};
    const auto newest = run_to_end(loop, store->newest_attempt());
    {
        auto reporter = ProgressReporter::to_standard_error("transactions");
        const auto hear = [&](const OurTransaction& transaction) {
            maker.hear(transaction);
            if (newest) reporter.report(transaction.id, newest->id);
        };
        run_to_end(loop, hear_our_side(*store, begins, hear));
    }
    write_file(maker.finish(), request->format, options.output, err);
    return exit_code::done;
}

}  // namespace payments
