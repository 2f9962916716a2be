#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/code.hpp"

// What providers and banks say of our money, as it was read from their files (docs/settlements.md,
// 2). Values; safe on any thread.
namespace payments::settlement {

using Day = std::chrono::sys_days;

// "2026-07-08", with what stands between; of years from 1000 to 9999.
void append_day(std::string& text, Day day, char between = '-');
std::string date_text(Day day);  // "2026-07-08"

// Signed ISO minor units: more than 0 is money to us. Of one line, payout or balance at most this
// much either way; what reads files holds to it.
inline constexpr std::int64_t amount_limit_minor = 1'000'000'000'000'000;

struct Amount {
    std::int64_t minor = 0;
    Currency currency;

    friend bool operator==(const Amount&, const Amount&) = default;
};

// A rate as it was written, without rounding: 351.2 is 3512 with 1 decimal.
struct Rate {
    std::int64_t digits = 0;  // more than 0
    int decimals = 0;         // 0 to 18

    // "351.2": digits with at most one point, more than 0 and at most 18 digits. Nothing for
    // others.
    static std::optional<Rate> parse(std::string_view text);
    friend bool operator==(const Rate&, const Rate&) = default;
};

enum class LineKind : std::uint8_t {
    charge,            // a payment of a customer
    refund,            //
    refund_failure,    // a refund that came back
    dispute,           // a bank took the money
    dispute_reversal,  // a dispute that was won
    fee,               // the provider's own bill; its amount is the gross
    tax,               // on fees; likewise
    reserve,           // held back or released by the provider, a minimum balance too
    payout_reversal,   // a payout that failed or was cancelled; source_id is the payout
    unknown,           // a status or category that we do not know
};
std::string_view name(LineKind kind);  // "dispute_reversal"
std::optional<LineKind> line_kind_of(std::string_view name);
// Money of a customer: the kinds that need a fact of ours.
bool is_of_customer(LineKind kind);

// Part of a fee, in the currency of its line.
struct FeePart {
    // "processing", "conversion", "dispute", "tax", "application", "network", "other"; of SimplePay
    // "interchange", "scheme", "merchant".
    std::string kind;
    std::int64_t minor = 0;

    friend bool operator==(const FeePart&, const FeePart&) = default;
};

// One line of a provider's settlement. What a format does not tell is empty: another file may.
// Stripe's own line of a payout is none of these but a PayoutFact, and counts as skipped.
struct SettlementLine {
    Processor processor;
    std::string account;  // as Transaction::account: SimplePay's merchant; "live" or "test"
    LineKind kind = LineKind::unknown;
    std::string kind_as_written{};  // "risk_reserved_funds", "COMPLETED"
    // Its identity within the processor and account. Stripe: "txn_…"; SimplePay: its transaction
    // id,
    // ':' and the kind.
    std::string line_id{};
    // Id at the provider of what caused it: charge, refund, dispute, payout; SimplePay's id of the
    // transaction, of a refund that of the refund.
    std::string source_id{};
    std::string charge_id{}, payment_id{};  // Stripe: "ch_…", "pi_…" of the customer's payment
    std::string reference{};                // "TR123", or what stands in its place
    Currency currency;                      // in which it is settled
    std::int64_t gross_minor = 0, fee_minor = 0, net_minor = 0;  // of a fee given back less than 0
    std::vector<FeePart> fee_parts{};                            // empty where they are not told
    // What the visitor paid or got back, signed as gross.
    std::optional<Amount> facing{};
    std::optional<Rate> rate{};  // minor units paid * rate = gross, rounded
    std::string at{};            // as written, whatever the zone: never compared
    std::optional<Day> day{};    // of `at`, as written
    std::string payout_id{};     // empty when it is not told, or not paid out yet
    std::size_t row = 0;         // line of the file, from 1
};

// Later ones count more: a payout that failed may have been called paid before.
enum class PayoutStatus : std::uint8_t { unheard, pending, in_transit, paid, cancelled, failed };
std::string_view name(PayoutStatus status);  // "in_transit"
std::optional<PayoutStatus> payout_status_of(std::string_view name);

// Something heard of a payout. The formats differ in what they tell: what is not told is empty.
struct PayoutFact {
    Processor processor;
    std::string account;
    std::string payout_id;  // "po_…"; SimplePay: the name of the file without its ending
    Currency currency;
    std::optional<std::int64_t> amount_minor{};  // less than 0 when the provider takes money
    PayoutStatus status = PayoutStatus::unheard;
    std::optional<Day> arrival{};  // expected at the bank
    std::string trace_id{}, descriptor{};
    std::optional<bool> is_automatic{};  // of others nobody can tell what is in them
    std::size_t row = 0;
};

// One booked entry of a bank account, or one part of a collective one.
struct BankLine {
    std::int64_t minor = 0;          // in the statement's currency
    std::int64_t charges_minor = 0;  // itemised, taken from it on the way; at least 0
    Day booked;
    std::string payer{}, payer_account{};
    std::string text{};       // all remittance texts, joined by a blank
    std::string reference{};  // end-to-end reference; empty for NOTPROVIDED
    // The bank's own reference, and which part of a collective entry it is, from 1. Empty where the
    // format has none: then all other members and a count of equals tell lines apart.
    std::string bank_reference{};
    int part = 0;
    bool is_reversal = false;  // takes back an entry booked before
    std::size_t row = 0;

    friend bool operator==(const BankLine&, const BankLine&) = default;
};

struct Statement {
    std::string account;  // IBAN or the bank's number, as written without blanks
    Currency currency;
    std::string id{};                 // as the bank calls it
    std::optional<int> number{};      // running number; gaps are findings
    int page = 0;                     // of a number in pages, from 1
    std::optional<Day> from{}, to{};  // the days it covers, both count
    std::optional<std::int64_t> opening_minor{}, closing_minor{};
    std::vector<BankLine> lines{};
};

enum class Format : std::uint8_t {
    simplepay,
    stripe_csv,
    stripe_json,
    stripe_payouts,
    camt053,
    mt940,
    otp_csv
};
std::string_view name(Format format);  // "stripe-csv"
std::optional<Format> format_of(std::string_view name);

// All that was read of one file; nothing is read in halves.
struct ParsedFile {
    Format format = Format::simplepay;
    std::vector<SettlementLine> lines{};
    std::vector<PayoutFact> payouts{};
    std::vector<Statement> statements{};
    std::size_t skipped = 0;  // entries not booked yet, a payout's own line
};

}  // namespace payments::settlement
