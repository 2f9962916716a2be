#include <algorithm>

#include "settlement/journal/close_output.hpp"
#include "settlement/journal/output.hpp"
#include "settlement/report_output.hpp"
#include "support/crypto.hpp"
#include "support/times.hpp"

namespace payments::settlement::journal {
namespace {

json::object tally_json(const Tally& tally) {
    return {{"count", tally.count}, {"amount_minor", tally.minor}};
}

json::object json_of(const PayoutMove& move) {
    return {
        {"id", move.payout_id},
        {"day", date_text(move.day)},
        {"amount_minor", move.minor},
        {"is_on_bank", move.is_on_bank}};
}

json::object json_of(const AccountClose& account) {
    json::object fees;
    for (const auto& [kind, minor] : account.fees_minor) fees[kind] = minor;
    json::array payouts;
    for (const auto& move : account.payouts) payouts.push_back(json_of(move));
    return {
        {"processor", name(account.processor)},
        {"account", account.account},
        {"currency", account.currency.code()},
        {"ledger_account", account.ledger_account},
        {"opening_minor", account.opening_minor},
        {"captured", tally_json(account.captured)},
        {"refunded", tally_json(account.refunded)},
        {"refunds_failed", tally_json(account.refunds_failed)},
        {"disputed", tally_json(account.disputed)},
        {"disputes_won", tally_json(account.disputes_won)},
        {"fees_minor", std::move(fees)},
        {"reserve_minor", account.reserve_minor},
        {"paid_out", tally_json(account.paid_out)},
        {"payouts_returned", tally_json(account.payouts_returned)},
        {"unexplained_minor", account.unexplained_minor},
        {"closing_minor", account.closing_minor},
        {"payouts", std::move(payouts)}};
}

json::object json_of(const TransitClose& transit) {
    return {{"currency", transit.currency.code()},
            {"opening_minor", transit.opening_minor},
            {"paid_out_minor", transit.paid_out_minor},
            {"returned_minor", transit.returned_minor},
            {"on_bank_minor", transit.on_bank_minor},
            {"bank_charges_minor", transit.bank_charges_minor},
            {"closing_minor", transit.closing_minor}};
}

json::object json_of(const ClaimsClose& claims) {
    return {{"currency", claims.currency.code()},      {"opening_minor", claims.opening_minor},
            {"disputed_minor", claims.disputed_minor}, {"won_minor", claims.won_minor},
            {"lost_minor", claims.lost_minor},         {"closing_minor", claims.closing_minor}};
}

json::object json_of(const ReserveClose& reserve) {
    return {
        {"processor", name(reserve.processor)},
        {"account", reserve.account},
        {"currency", reserve.currency.code()},
        {"opening_minor", reserve.opening_minor},
        {"closing_minor", reserve.closing_minor}};
}

json::object json_of(const UnexplainedClose& unexplained) {
    return {
        {"currency", unexplained.currency.code()},
        {"open", tally_json(unexplained.open)},
        {"accepted", tally_json(unexplained.accepted)},
        {"suspense_opening_minor", unexplained.suspense_opening_minor},
        {"suspense_closing_minor", unexplained.suspense_closing_minor}};
}

template <class Part>
json::array list_of(const std::vector<Part>& parts) {
    json::array list;
    for (const auto& part : parts) list.push_back(json_of(part));
    return list;
}

}  // namespace

CloseRecord close_record(Time as_of, std::vector<std::string> sha256_of_files) {
    std::ranges::sort(sha256_of_files);
    const auto last = std::unique(sha256_of_files.begin(), sha256_of_files.end());
    sha256_of_files.erase(last, sha256_of_files.end());
    std::string lines;
    for (const auto& digest : sha256_of_files) lines += digest + "\n";
    return {as_of, sha256_of_files.size(), crypto::hex(crypto::sha256(lines))};
}

json::object json_of(const MonthClose& close, const CloseRecord& record) {
    json::array findings;
    for (const auto& [finding, day] : close.findings) {
        auto item = settlement::json_of(finding);
        item["day"] = date_text(day);
        findings.push_back(std::move(item));
    }
    json::value closing;
    if (const auto& by = close.closing)
        closing = json::object{
            {"at", rfc3339(by->at)}, {"by", by->by}, {"reason", by->reason}};
    return {
        {"month", month_text(close.month)},
        {"first_day", date_text(close.first)},
        {"last_day", date_text(close.last)},
        {"state", name(close.state)},
        {"closed_on", date_text(close.ready_on)},
        {"closing", std::move(closing)},
        {"open_findings", close.open_findings()},
        {"accounts", list_of(close.accounts)},
        {"in_transit", list_of(close.transit)},
        {"claims", list_of(close.claims)},
        {"reserves", list_of(close.reserves)},
        {"unexplained", list_of(close.unexplained)},
        {"findings", std::move(findings)},
        {"movements", close.movements},
        {"corrections", close.corrections},
        {"books_sha256", close.books_sha256},
        {"as_of", rfc3339(record.as_of)},
        {"files", json::object{{"count", record.files}, {"sha256", record.files_sha256}}}};
}

}  // namespace payments::settlement::journal
