#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payment/code.hpp"
#include "settlement/records.hpp"

// A movement of money between two accounts (docs/settlements.md, 9). Values and pure functions.
namespace payments::settlement::journal {

// In the order in which those of one day are written.
enum class BookingKind : std::uint8_t {
    capture,
    refund,
    refund_failure,    // a refund came back
    dispute,           // a bank took the money: it is claimed from then on
    dispute_reversal,  // and gave it back
    dispute_loss,      // and keeps it
    fee,               // of one payout and kind
    reserve,           // a provider holds money back, or releases it
    unexplained,       // what a finding is about
    payout,
    bank_charge,
    payout_return,
};
std::string_view name(BookingKind kind);  // "refund_failure"

// Texts live as long as what the booking comes from says.
struct Booking {
    BookingKind kind;
    Day day;
    Processor processor;
    std::string_view account{};       // at the provider, as SettlementLine::account
    std::int64_t transaction_id = 0;  // 0 where it is about none of ours, or none is known
    std::int64_t ticket_id = 0;       // likewise
    std::string_view reference{};     // "TR1003"
    // What the kind is about: "TR1003", "TR1003-R1", the dispute's id at the provider; a payout's
    // id, or "unpaid" before it is known; a line's.
    std::string_view subject{};
    // Of a fee its kind; of others what tells two of one subject apart, "2" of a dispute's second.
    std::string_view detail{};
    std::string_view fee_type{}, provider_id{}, payout_id{};
    std::string_view debit{}, credit{};  // accounts of the ledger
    // More than 0 when it is money to us. Whole on both accounts, but where a currency was
    // converted: the account that is not the provider's then has `facing`, of the same sign, and
    // the amount is what that came to.
    Amount amount;
    std::optional<Amount> facing{};
    // Of a correction the day, in a month that is closed, on which it should have been, or was and
    // is taken back.
    std::optional<Day> corrects{};
    bool is_reversal = false;
};

// The same in every file, and of no other booking: "TR1003-R1-back",
// "stripe-live-HUF-po_S1-fee-processing".
std::string row_id(const Booking& booking);
// In words of ours alone: "Refund of TR1003".
std::string text_of(const Booking& booking);

// In which order two stand in a file: by day and kind, then in that of our transactions or of
// names. Those that are equal move the same money between the same accounts, whatever else they
// tell.
std::strong_ordering order_of(const Booking& a, const Booking& b);
// The same, also of those.
bool comes_before(const Booking& a, const Booking& b);

// What a booking puts on its accounts: more than 0 on the debited one, less on the other.
struct Sides {
    Amount debit, credit;
};
Sides sides_of(const Booking& booking);

// Nobody pays less than a forint: true of those that have no fraction.
bool is_whole(Amount amount);

}  // namespace payments::settlement::journal
