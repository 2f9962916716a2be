#pragma once

#include "simulate/settlement/told.hpp"

// Writes what is told as the files that a merchant would get (docs/providers/simplepay.md, 18;
// docs/providers/stripe.md, 14; docs/bank_statements.md). Pure functions.
namespace payments::simulate {

using ToldLines = std::vector<const ToldLine*>;

// SimplePay's report; `name` without its ending is the payout's.
SettlementFile simplepay_report(
    const std::string& name, const std::string& account, const ToldLines& lines
);

// Stripe's list of balance transactions; `payout` is "" where it is of no payout.
SettlementFile stripe_list(
    const std::string& account, const std::string& payout, const ToldLines& lines
);
// Stripe's report of one payout. An old one has no ids of payments, and names the charge where
// others name the refund.
SettlementFile stripe_report(const ToldPayout& payout, const ToldLines& lines, bool is_old);
SettlementFile stripe_payouts(
    const std::string& account, const std::vector<const ToldPayout*>& payouts
);

// One statement of a bank. Texts and names have no characters that XML and CSV need to escape.
SettlementFile camt053(const settlement::Statement& statement);
SettlementFile otp_csv(const settlement::Statement& statement);

}  // namespace payments::simulate
