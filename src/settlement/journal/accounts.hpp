#pragma once

#include <string>
#include <string_view>

#include "settlement/records.hpp"

// Names of the accounts of a general ledger (docs/settlements.md, 9). Parts are made of a-z, 0-9
// and '-', with ':' between them, which every program takes. Pure functions.
namespace payments::settlement::journal {

// What a provider owes us, of one merchant account: "assets:clearing:stripe:live-huf",
// "assets:clearing:simplepay:s123401". A merchant account of SimplePay has one currency.
std::string clearing_account(Processor processor, std::string_view account, Currency currency);
// What it holds back of that: "assets:reserve:stripe:live-huf".
std::string reserve_account(Processor processor, std::string_view account, Currency currency);
// "revenues:full-fee"; "revenues:other" where the fee is not told.
std::string revenue_account(std::string_view fee_type);
// "expenses:fees:stripe:processing"; "expenses:fees:simplepay" whatever the kind, for SimplePay's
// invoice has one sum.
std::string fee_account(Processor processor, std::string_view kind);
std::string bank_account(Currency currency);  // "assets:bank:huf"

inline constexpr std::string_view disputes_account = "assets:disputes";
inline constexpr std::string_view disputes_lost_account = "expenses:disputes";
inline constexpr std::string_view in_transit_account = "assets:in-transit";  // not on the bank yet
inline constexpr std::string_view bank_charges_account = "expenses:bank";
inline constexpr std::string_view suspense_account = "assets:suspense";  // nothing explains it
inline constexpr std::string_view opening_account = "equity:opening";

// Whether its balance goes on into the next period, and is known to us: not of the bank, where
// others pay too.
bool is_carried_on(std::string_view account);
bool is_clearing(std::string_view account);

// As beancount wants it: "Assets:Clearing:Stripe:Live-Huf", "Income:Full-Fee".
std::string beancount_account(std::string_view account);

// Only letters of ASCII, digits, '_', '.' and '-'; '-' for anything else, and for nothing.
std::string code_text(std::string_view text);

// "stripe", "simplepay".
std::string_view provider_word(Processor processor);

}  // namespace payments::settlement::journal
