#include <set>

#include "settlement/report_output.hpp"
#include "support/times.hpp"

namespace payments::settlement {
namespace {

json::object json_of(const Tally& tally) {
    return {{"count", tally.count}, {"amount_minor", tally.minor}};
}

json::object json_of(const PayoutReport& payout) {
    json::object item{
        {"id", payout.payout_id},
        {"state", name(payout.state)},
        {"lines", payout.lines},
        {"gross_minor", payout.gross_minor},
        {"fee_minor", payout.fee_minor},
        {"net_minor", payout.net_minor},
        {"carry_in_minor", payout.carry_in_minor},
        {"amount_minor", payout.amount_minor},
        {"carry_out_minor", payout.carry_out_minor},
        {"adds_up", payout.adds_up},
        {"bank_charges_minor", payout.bank_charges_minor}};
    if (payout.arrival) item["arrival"] = rfc3339(Time{*payout.arrival}).substr(0, 10);
    if (payout.bank_minor) item["bank_minor"] = *payout.bank_minor;
    return item;
}

json::object json_of(const AccountKey& key, const AccountReport& account) {
    json::object fees;
    for (const auto& [kind, minor] : account.fees_minor) fees[kind] = minor;
    json::array payouts;
    for (const auto& payout : account.payouts) payouts.push_back(json_of(payout));
    return {
        {"processor", name(key.processor)},
        {"account", key.account},
        {"currency", key.currency},
        {"captured", json_of(account.captured)},
        {"refunded", json_of(account.refunded)},
        {"refunds_failed", json_of(account.refunds_failed)},
        {"disputed", json_of(account.disputed)},
        {"disputes_won", json_of(account.disputes_won)},
        {"customer_lines", json_of(account.customer_lines)},
        {"waiting", json_of(account.waiting)},
        {"overdue", json_of(account.overdue)},
        {"unknown", json_of(account.unknown)},
        {"differences_minor", account.differences_minor},
        {"lines", account.lines},
        {"fees_minor", std::move(fees)},
        {"payouts", std::move(payouts)},
        {"net_minor", account.net_minor},
        {"paid_minor", account.paid_minor},
        {"returned_minor", account.returned_minor},
        {"carry_minor", account.carry_minor},
        {"unpaid_minor", account.unpaid_minor},
        {"reserve_minor", account.reserve_minor},
        {"payout_differences_minor", account.payout_differences_minor},
        {"facts_left_over_minor", account.facts_left_over()},
        {"balance_left_over_minor", account.balance_left_over()}};
}

}  // namespace

json::array accounts_json(const Report& report) {
    json::array list;
    for (const auto& [key, account] : report.accounts) list.push_back(json_of(key, account));
    return list;
}

std::string accounts_of(const ParsedFile& file, const std::string& otherwise) {
    std::set<std::string> accounts;
    for (const auto& line : file.lines) accounts.insert(line.account);
    for (const auto& payout : file.payouts) accounts.insert(payout.account);
    for (const auto& statement : file.statements) accounts.insert(statement.account);
    std::string joined;
    for (const auto& account : accounts) joined += (joined.empty() ? "" : ", ") + account;
    return joined.empty() ? otherwise : joined;
}

json::object json_of(const TakenFile& file) {
    return {
        {"file", file.name},
        {"format", file.format},
        {"account", file.account},
        {"lines", json::object{
                      {"new", file.counts.added},
                      {"known", file.counts.known},
                      {"conflicting", file.counts.conflicting},
                      {"skipped", file.counts.skipped}}}};
}

json::object json_of(const Finding& finding) {
    return {
        {"key", finding.key},
        {"kind", name(finding.kind)},
        {"subject", finding.subject},
        {"amount_minor", finding.minor},
        {"currency", finding.currency.code()},
        {"processor", finding.processor},
        {"account", finding.account},
        {"detail", finding.detail},
        {"state", finding.is_accepted ? "accepted" : "open"}};
}

json::object json_of(const SettlementLine& line) {
    json::object fees;
    for (const auto& part : line.fee_parts) fees[part.kind] = part.minor;
    json::object item{
        {"id", line.line_id},
        {"kind", name(line.kind)},
        {"reference", line.reference},
        {"source_id", line.source_id},
        {"currency", line.currency.code()},
        {"gross_minor", line.gross_minor},
        {"fee_minor", line.fee_minor},
        {"net_minor", line.net_minor},
        {"fees_minor", std::move(fees)},
        {"at", line.at}};
    if (line.facing)
        item["facing"] = json::object{
            {"amount_minor", line.facing->minor}, {"currency", line.facing->currency.code()}};
    return item;
}

json::array payouts_json(const Report& report) {
    json::array list;
    for (const auto& [key, account] : report.accounts)
        for (const auto& payout : account.payouts) {
            auto item = json_of(payout);
            item["processor"] = name(key.processor);
            item["account"] = key.account;
            item["currency"] = key.currency;
            list.push_back(std::move(item));
        }
    return list;
}

json::object json_of(const Report& report, std::span<const TakenFile> files, Time as_of) {
    json::array taken, findings;
    for (const auto& file : files) taken.push_back(json_of(file));
    for (const auto& finding : report.findings) findings.push_back(json_of(finding));
    json::object unexplained;
    for (const auto& [currency, minor] : report.unexplained_minor) unexplained[currency] = minor;
    return {
        {"as_of", rfc3339(as_of)},
        {"files", std::move(taken)},
        {"findings", std::move(findings)},
        {"unexplained", std::move(unexplained)}};
}

}  // namespace payments::settlement
