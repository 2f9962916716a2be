#include <initializer_list>

#include "settlement/report_output.hpp"
#include "settlement/sums.hpp"
#include "support/times.hpp"

namespace payments::settlement {
namespace {

void add_row(std::string& text, std::initializer_list<std::string> cells) {
    bool is_first = true;
    for (const auto& cell : cells) {
        if (!is_first) text += ',';
        text += cell;
        is_first = false;
    }
    text += '\n';
}

}  // namespace

std::string payouts_as_csv(const Report& report) {
    std::string text =
        "processor,account,currency,payout,arrival,state,lines,gross,fees,net,carried_in,amount,"
        "carried_on,bank,bank_charges\n";
    for (const auto& [key, account] : report.accounts) {
        const auto currency = *Currency::of(key.currency);
        const auto amount = [&](std::int64_t minor) { return signed_decimal(minor, currency); };
        for (const auto& payout : account.payouts)
            add_row(
                text,
                {std::string{name(key.processor)}, key.account, key.currency, payout.payout_id,
                 payout.arrival ? rfc3339(Time{*payout.arrival}).substr(0, 10) : "",
                 std::string{name(payout.state)}, std::to_string(payout.lines),
                 amount(payout.gross_minor), amount(payout.fee_minor), amount(payout.net_minor),
                 amount(payout.carry_in_minor), amount(payout.amount_minor),
                 amount(payout.carry_out_minor),
                 payout.bank_minor ? amount(*payout.bank_minor) : "",
                 amount(payout.bank_charges_minor)}
            );
    }
    return text;
}

}  // namespace payments::settlement
