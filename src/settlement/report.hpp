#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "settlement/findings.hpp"
#include "settlement/records.hpp"

// What came of matching (docs/settlements.md, 6). Values; all sums in minor units of the currency
// they stand under, signed as the money is to us unless they say otherwise.
namespace payments::settlement {

struct Tally {
    std::size_t count = 0;
    std::int64_t minor = 0;

    friend bool operator==(const Tally&, const Tally&) = default;
};

enum class PayoutState : std::uint8_t {
    on_the_way,  // the bank may still tell of it
    paid_out,    // its money is on the bank, or there was none to pay
    missing,     // the bank should have told of it by now
    returned,    // it failed or was cancelled
};
std::string_view name(PayoutState state);  // "paid_out"

struct PayoutReport {
    std::string payout_id;
    std::optional<Day> arrival{};
    std::size_t lines = 0;
    std::int64_t gross_minor = 0, fee_minor = 0, net_minor = 0;  // of its lines; fees as costs
    std::int64_t carry_in_minor = 0, amount_minor = 0, carry_out_minor = 0;
    bool adds_up = true;
    // Carried in + net - amount - carried on, as far as nothing explains it.
    std::int64_t difference_minor = 0;
    bool has_loose_lines = false;  // lines that nobody attributes to a payout are in this one
    PayoutState state = PayoutState::on_the_way;
    std::optional<std::int64_t> bank_minor{};  // what the bank booked
    std::int64_t bank_charges_minor = 0;       // that it itemised, at least 0
    std::optional<Day> bank_day{};             // when
    // What finds it on the bank.
    std::string trace_id{}, descriptor{};
    bool is_arrival_told = false;  // else `arrival` is the newest day of its lines

    friend bool operator==(const PayoutReport&, const PayoutReport&) = default;
};

// One merchant account in one currency. Facts stand under the currency that visitors paid in,
// payouts under that of the settlement.
struct AccountReport {
    // Facts in scope: captured - refunded + refunds that failed - disputes + disputes that were
    // won.
    Tally captured{}, refunded{}, refunds_failed{}, disputed{}, disputes_won{};
    // Lines of customers, as visitors saw them, and how they meet the facts.
    Tally customer_lines{}, waiting{}, overdue{}, unknown{};
    std::int64_t differences_minor = 0;

    std::size_t lines = 0;
    std::map<std::string, std::int64_t> fees_minor{};  // costs by kind; less than 0 when given back
    std::vector<PayoutReport> payouts{};               // by arrival
    // Net of all lines but reserves and payouts that came back; paid out; came back.
    std::int64_t net_minor = 0, paid_minor = 0, returned_minor = 0;
    // At the provider: rest of the last payout, lines not paid out yet, reserves.
    std::int64_t carry_minor = 0, unpaid_minor = 0, reserve_minor = 0;
    std::int64_t payout_differences_minor = 0;

    // The control equation: both are 0, or a line or a fact was lost on the way.
    std::int64_t facts_minor() const;
    std::int64_t facts_left_over() const;
    std::int64_t balance_left_over() const;

    friend bool operator==(const AccountReport&, const AccountReport&) = default;
};

struct AccountKey {
    Processor processor;
    std::string account;
    std::string currency;

    friend auto operator<=>(const AccountKey&, const AccountKey&) = default;
};

struct BankReport {
    std::size_t entries = 0, matched = 0, cancelled = 0, not_ours = 0, unknown = 0;

    friend bool operator==(const BankReport&, const BankReport&) = default;
};

struct Report {
    std::map<AccountKey, AccountReport> accounts{};
    std::map<std::string, BankReport> banks{};  // by account as written and currency
    std::vector<Finding> findings{};            // by kind, subject, key
    // Sums of the open ones; of every currency that was met, 0 too.
    std::map<std::string, std::int64_t> unexplained_minor{};

    AccountReport& account(Processor processor, const std::string& account, Currency currency) {
        return accounts[{processor, account, std::string{currency.code()}}];
    }
    bool has_open_findings() const;
};

}  // namespace payments::settlement
