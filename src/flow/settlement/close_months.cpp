#include "flow/settlement/close_months.hpp"

#include <algorithm>

#include "flow/settlement/export_books.hpp"
#include "flow/settlement/our_books.hpp"

namespace payments {

using namespace settlement;
using journal::MonthState;

namespace {

// A fact bears the moment at which it was heard, and is on record a little later, also by the clock
// of another replica. One that slipped in behind the books of a month would change them.
constexpr std::chrono::seconds until_recorded{3};

Task<std::shared_ptr<OpenClose>> heard_close(
    Store& store, Settlements& settlements, const TimeZone& zone, journal::Month month,
    Moment moment, std::function<void(std::int64_t)> heard
) {
    auto open = co_await settlements.open_close(month, zone, moment);
    OurSideListener hear = [&open](std::size_t part, const OurTransaction& ours) {
        open->maker.books().hear(part, ours);
    };
    OurSideRequest all{settlements.begins(), open->maker.books().moments(), std::move(heard)};
    co_await hear_our_side(store, std::move(all), std::move(hear));
    co_return open;
}

Error not_closable(std::string why) { return {Errc::month_not_closable, std::move(why)}; }

// What stands against closing it without a reason; "" for nothing.
std::string objection(const journal::MonthClose& close) {
    const auto month = journal::month_text(close.month);
    const auto open = close.open_findings();
    if (close.state == MonthState::running) return month + " has not ended";
    if (open > 0)
        return month + " has " + std::to_string(open) +
               (open == 1 ? " open finding" : " open findings") +
               ": explain or accept them, or give a reason to close it with them";
    if (close.state == MonthState::settling)
        return month + " may still be settled and paid out until " + date_text(close.ready_on) +
               ": wait, or give a reason to close it before";
    return {};
}

}  // namespace

Task<ClosedMonth> month_close(
    Store& store, Settlements& settlements, const TimeZone& zone, MonthCloseRequest request,
    std::function<void(std::int64_t)> heard
) {
    ActionDetails details{{"what", "close"}, {"month", journal::month_text(request.month)}};
    auto recorded = record_export(store, std::move(request.by), request.at, std::move(details));
    co_await std::move(recorded);
    auto open = co_await heard_close(
        store, settlements, zone, request.month, request.moment, std::move(heard)
    );
    co_return co_await settlements.finish_close(std::move(open));
}

Task<Result<ClosedMonth>> close_month(
    Store& store, Settlements& settlements, Clock& clock, const TimeZone& zone, MonthToClose what,
    std::function<void(std::int64_t)> heard
) {
    if (!what.reason.empty())
        if (const auto checked = check_reason(what.reason); !checked) co_return checked.error();
    co_await clock.sleep_until(std::min(what.at, clock.now()) + until_recorded);
    const Moment now{what.at};
    auto open = co_await heard_close(store, settlements, zone, what.month, now, std::move(heard));
    const auto files = open->files;
    auto made = co_await settlements.finish_close(std::move(open));
    if (made.close.state == MonthState::closed) co_return made;
    if (!what.books_sha256.empty() && what.books_sha256 != made.close.books_sha256)
        co_return not_closable(
            "the books of " + journal::month_text(what.month) +
            " have changed since they were looked at: look at them again"
        );
    const auto against = objection(made.close);
    const bool may_be_overruled = made.close.state != MonthState::running && !what.reason.empty();
    if (!against.empty() && !may_be_overruled) co_return not_closable(against);
    journal::MonthClosing closing{what.month, what.at, files, what.by.name, what.reason};
    made.close.closing = closing;
    made.close.state = MonthState::closed;
    const auto kept = co_await settlements.close_month(std::move(closing), std::move(what.by));
    if (!kept) co_return kept.error();
    co_return made;
}

}  // namespace payments
