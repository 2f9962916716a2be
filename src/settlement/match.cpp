#include "settlement/match.hpp"

#include "settlement/match_bank.hpp"
#include "settlement/match_payouts.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement {

Report match(const Books& books, const Evidence& evidence, const Delays& delays, Time as_of) {
    Report report;
    const auto lines = evidence.lines();
    LineMatcher matcher{lines, delays, as_of, report};
    for (const auto& transaction : books.transactions) matcher.hear(transaction);
    matcher.finish();
    match_payouts(lines, evidence.payouts(), report);
    const auto entries = evidence.bank_entries();
    match_bank(entries, delays, as_of, report);
    check_statements(evidence.statements(), report);

    const auto& conflicts = evidence.conflicts();
    report.findings.insert(report.findings.end(), conflicts.begin(), conflicts.end());
    settle(report.findings, books.decisions);
    for (const auto& [key, account] : report.accounts) report.unexplained_minor[key.currency];
    for (const auto& finding : report.findings) {
        auto& sum = report.unexplained_minor[std::string{finding.currency.code()}];
        if (!finding.is_accepted) add(sum, finding.minor);
    }
    return report;
}

}  // namespace payments::settlement
