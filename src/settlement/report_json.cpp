#include <set>

#include "settlement/report_output.hpp"
#include "support/times.hpp"

namespace payments::settlement {

std::string accounts_of(const ParsedFile& file, const std::string& otherwise) {
    std::set<std::string> accounts;
    for (const auto& line : file.lines) accounts.insert(line.account);
    for (const auto& payout : file.payouts) accounts.insert(payout.account);
    for (const auto& statement : file.statements) accounts.insert(statement.account);
    std::string joined;
    for (const auto& account : accounts) joined += (joined.empty() ? "" : ", ") + account;
    return joined.empty() ? otherwise : joined;
}

json::object json_of(const Report& report, std::span<const TakenFile> files, Time as_of) {
    json::array taken, findings;
    for (const auto& file : files)
        taken.push_back(json::object{
            {"file", file.name},
            {"format", file.format},
            {"account", file.account},
            {"lines", json::object{
                          {"new", file.counts.added},
                          {"known", file.counts.known},
                          {"conflicting", file.counts.conflicting},
                          {"skipped", file.counts.skipped}}}});
    for (const auto& finding : report.findings)
        findings.push_back(json::object{
            {"key", finding.key},
            {"kind", name(finding.kind)},
            {"subject", finding.subject},
            {"amount_minor", finding.minor},
            {"currency", finding.currency.code()},
            {"processor", finding.processor},
            {"account", finding.account},
            {"detail", finding.detail},
            {"state", finding.is_accepted ? "accepted" : "open"}});
    json::object unexplained;
    for (const auto& [currency, minor] : report.unexplained_minor) unexplained[currency] = minor;
    return {
        {"as_of", rfc3339(as_of)},
        {"files", std::move(taken)},
        {"findings", std::move(findings)},
        {"unexplained", std::move(unexplained)}};
}

}  // namespace payments::settlement
