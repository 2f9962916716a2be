#include "flow/settlement/match_settlements.hpp"

#include <algorithm>
#include <map>

#include "flow/settlement/our_books.hpp"

namespace payments {

using namespace settlement;

Task<Report> match_settlements(
    Store& store, Settlements& settlements, Time as_of, std::function<void(std::int64_t)> heard
) {
    auto open = co_await settlements.open_matching(as_of);
    std::function<void(const OurTransaction&)> hear = [&open, &heard](const OurTransaction& ours) {
        open->matching->hear(ours);
        if (heard) heard(ours.id);
    };
    co_await hear_our_side(store, settlements.begins(), std::move(hear));
    co_return co_await settlements.finish_matching(std::move(open));
}

std::vector<Unexplained> unexplained_in(const Report& report) {
    std::map<std::pair<std::string, std::string>, std::int64_t> sums;
    for (const auto& [key, account] : report.accounts)
        if (account.lines > 0 || !account.payouts.empty() || account.overdue.count > 0)
            sums[{std::string{name(key.processor)}, key.currency}];
    for (const auto& finding : report.findings)
        if (!finding.is_accepted)
            sums[{finding.processor, std::string{finding.currency.code()}}] += finding.minor;
    std::vector<Unexplained> list;
    for (const auto& [key, minor] : sums) list.push_back({key.first, key.second, minor});
    return list;
}

Task<Report> match_and_note(
    Store& store, Settlements& settlements, Time now, std::function<void(std::int64_t)> heard
) {
    auto report = co_await match_settlements(store, settlements, now, std::move(heard));
    auto unexplained = unexplained_in(report);
    co_await settlements.note_result(std::move(unexplained), now);
    co_return report;
}

namespace {

Task<void> record_export(Store& store, Actor by, Time at, ActionDetails details) {
    NewAction action{ActionKind::exported, std::move(by), at, {}, std::move(details)};
    // About no payment and without a key: nothing can be against it.
    const auto recorded = co_await store.record_action(std::move(action));
    if (!recorded) throw std::logic_error{recorded.error().detail};
}

}  // namespace

Task<std::string> export_books(
    Store& store, Settlements& settlements, const TimeZone& zone, BooksRequest request
) {
    auto recorded =
        record_export(store, std::move(request.by), request.at, std::move(request.details));
    co_await std::move(recorded);
    auto open = co_await settlements.open_journal(request.period, zone, request.at);
    std::function<void(const OurTransaction&)> hear = [&open](const OurTransaction& ours) {
        open->maker->hear(ours);
    };
    co_await hear_our_side(store, settlements.begins(), std::move(hear));
    co_return co_await settlements.finish_journal(std::move(open), request.format);
}

Task<ClosedMonth> close_month(
    Store& store, Settlements& settlements, const TimeZone& zone, MonthCloseRequest request,
    std::function<void(std::int64_t)> heard
) {
    ActionDetails details{{"what", "close"}, {"month", journal::month_text(request.month)}};
    auto recorded = record_export(store, std::move(request.by), request.at, std::move(details));
    co_await std::move(recorded);
    auto open = co_await settlements.open_close(request.month, zone, request.as_of);
    std::function<void(const OurTransaction&)> hear = [&open, &heard](const OurTransaction& ours) {
        open->maker->hear(ours);
        if (heard) heard(ours.id);
    };
    co_await hear_our_side(store, settlements.begins(), std::move(hear));
    co_return co_await settlements.finish_close(std::move(open));
}

Task<Result<settlement::Finding>> decide_finding(
    Store& store, Settlements& settlements, FindingDecision decision
) {
    if (const auto checked = check_reason(decision.reason); !checked) co_return checked.error();
    const auto report = co_await match_settlements(store, settlements, decision.at);
    const auto found = std::ranges::find(report.findings, decision.key, &settlement::Finding::key);
    if (found == report.findings.end())
        co_return Error{Errc::unknown_finding, "there is no finding " + decision.key};
    auto finding = *found;
    if (finding.is_accepted == decision.is_accepted) co_return finding;
    KeptDecision kept;
    kept.is_accepted = decision.is_accepted;
    kept.finding = finding.key;
    kept.kind = name(finding.kind);
    kept.subject = finding.subject;
    kept.minor = finding.minor;
    kept.currency = finding.currency.code();
    kept.reason = decision.reason;
    kept.at = decision.at;
    kept.by = decision.by;
    co_await settlements.keep(std::move(kept));
    finding.is_accepted = decision.is_accepted;
    co_return finding;
}

}  // namespace payments
