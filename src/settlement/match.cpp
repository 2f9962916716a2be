#include "settlement/match.hpp"

#include "settlement/match_bank.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement {

Matching::Matching(
    Evidence& evidence, const Delays& delays, Time as_of, FactListener listener, SpillShape shape
)
    : evidence_(evidence),
      delays_(delays),
      as_of_(as_of),
      lines_(delays_, as_of, report_, std::move(listener), shape),
      payouts_(report_) {
    evidence.each_line([this](const SettlementLine& line) {
        lines_.add(line);
        payouts_.add(line);
    });
}

Report Matching::finish(std::span<const Decision> decisions) {
    lines_.finish();
    payouts_.finish(evidence_.payouts());
    const auto entries = evidence_.bank_entries();
    match_bank(entries, delays_, as_of_, report_);
    check_statements(evidence_.statements(), report_);

    const auto& conflicts = evidence_.conflicts();
    report_.findings.insert(report_.findings.end(), conflicts.begin(), conflicts.end());
    settle(report_.findings, decisions);
    for (const auto& [key, account] : report_.accounts) report_.unexplained_minor[key.currency];
    for (const auto& finding : report_.findings) {
        auto& sum = report_.unexplained_minor[std::string{finding.currency.code()}];
        if (!finding.is_accepted) add(sum, finding.minor);
    }
    return std::move(report_);
}

Report match(
    const Books& books, Evidence& evidence, const Delays& delays, Time as_of, SpillShape shape
) {
    Matching matching{evidence, delays, as_of, {}, shape};
    for (const auto& transaction : books.transactions) matching.hear(transaction);
    return matching.finish(books.decisions);
}

}  // namespace payments::settlement
