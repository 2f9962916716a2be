#include "commands/settlement/month_close.hpp"

#include <ostream>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/progress.hpp"
#include "commands/settlement/files.hpp"
#include "commands/settlement/zone.hpp"
#include "flow/settlement/close_months.hpp"
#include "settlement/our_side.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace settlement;

// Nothing when it is no month, which has been told then.
std::optional<journal::Month> read_month(const MonthCloseOptions& options, std::ostream& err) {
    const auto month = journal::read_month(options.month);
    if (!month) err << "ozora-payments: --month must be one such as 2026-11\n";
    return month;
}

int print(const ClosedMonth& made, const std::string& format, std::ostream& out) {
    const auto& [close, record] = made;
    if (format == "csv")
        out << journal::csv_of(close);
    else if (format == "json")
        out << json::write(journal::json_of(close, record)) << "\n";
    else
        out << journal::text_of(close, record);
    // Of a month that is closed somebody has answered for what is open.
    const bool is_open = close.has_open_findings() && !close.closing;
    return is_open ? exit_code::failed : exit_code::done;
}

}  // namespace

int run_month_close(const MonthCloseOptions& options, std::ostream& out, std::ostream& err) {
    log::outlive_readers();
    const auto month = read_month(options, err);
    if (!month) return exit_code::wrong_usage;
    if (options.books.empty() || options.manifest.empty()) {
        err << "ozora-payments: --books and --files belong together\n";
        return exit_code::wrong_usage;
    }
    auto files = read_settlement_files(options.books, options.manifest, err);
    if (!files) return exit_code::wrong_usage;
    const auto as_of = options.as_of.value_or(files->books.as_of);
    // Whatever the settings of a service are: its money is Hungarian.
    const auto zone = load_zone("Europe/Budapest");
    const auto closing = closing_of(files->books, *month, as_of);
    std::optional<journal::MonthClosing> closed;
    if (closing) closed = month_closing(*closing);
    const auto known_until = closed ? closed->at : as_of;
    if (closed) files->sha256.resize(static_cast<std::size_t>(closed->files));
    journal::CloseMaker maker{*month, zone, known_until, Delays{}, std::move(closed)};
    fill_books(*files, journal::period_of(*month), as_of, maker.books());
    const ClosedMonth made{
        maker.finish(closing ? closing->decisions : files->books.decisions),
        journal::close_record(known_until, std::move(files->sha256))};
    return print(made, options.format, out);
}

int run_month_close(
    const Settings& settings, const MonthCloseOptions& options, std::ostream& out, std::ostream& err
) {
    log::outlive_readers();
    redact_secrets(settings);
    const auto month = read_month(options, err);
    if (!month) return exit_code::wrong_usage;
    const auto zone = load_zone(settings.time_zone);
    const auto now = options.at.value_or(SystemClock{}.now());
    if (options.closes && options.as_of) {
        err << "ozora-payments: --for-good closes with what is known now: leave out --as-of\n";
        return exit_code::wrong_usage;
    }
    if (!options.closes && !options.reason.empty()) {
        err << "ozora-payments: --reason belongs to --for-good\n";
        return exit_code::wrong_usage;
    }

    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    const auto settlements = settlements_of(database_of(settings), settlement_rules_of(settings));
    const auto newest = run_to_end(loop, store->newest_attempt());
    auto made = Result<ClosedMonth>{Error{}};
    {
        auto reporter = ProgressReporter::to_standard_error("transactions");
        const auto heard = [&](std::int64_t id) {
            if (newest) reporter.report(id, newest->id);
        };
        if (options.closes) {
            MonthToClose what{*month, options.reason, {}, actor_of(options.by), now};
            SystemClock clock;
            made = run_to_end(
                loop, close_month(*store, *settlements, clock, zone, std::move(what), heard)
            );
        } else {
            const Moment moment{options.as_of.value_or(now), !options.as_of};
            MonthCloseRequest request{*month, moment, actor_of(options.by), now};
            made = run_to_end(
                loop, month_close(*store, *settlements, zone, std::move(request), heard)
            );
        }
    }
    if (!made) {
        err << "ozora-payments: " << made.error().detail << "\n";
        return made.error().code == Errc::invalid_request ? exit_code::wrong_usage
                                                          : exit_code::failed;
    }
    return print(*made, options.format, out);
}

}  // namespace payments
