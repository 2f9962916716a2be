#include "flow/settlement/match_settlements.hpp"

#include <algorithm>
#include <map>

#include "flow/settlement/our_books.hpp"

namespace payments {

using namespace settlement;

Task<Report> match_settlements(
    Store& store, Settlements& settlements, Moment moment, std::function<void(std::int64_t)> heard
) {
    auto open = co_await settlements.open_matching(moment);
    OurSideListener hear = [&open](std::size_t, const OurTransaction& ours) {
        open->matching->hear(ours);
    };
    OurSideRequest all{settlements.begins(), {moment.at}, std::move(heard)};
    co_await hear_our_side(store, std::move(all), std::move(hear));
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
    const Moment moment{now};
    auto report = co_await match_settlements(store, settlements, moment, std::move(heard));
    auto unexplained = unexplained_in(report);
    co_await settlements.note_result(std::move(unexplained), now);
    co_return report;
}

Task<Result<settlement::Finding>> decide_finding(
    Store& store, Settlements& settlements, FindingDecision decision
) {
    if (const auto checked = check_reason(decision.reason); !checked) co_return checked.error();
    const Moment moment{decision.at};
    const auto report = co_await match_settlements(store, settlements, moment);
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
