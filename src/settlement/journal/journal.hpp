#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/books.hpp"
#include "settlement/evidence.hpp"
#include "settlement/journal/kept_texts.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/report.hpp"
#include "support/time_zone.hpp"

// The movements of a period as bookings of a general ledger (docs/settlements.md, 9).
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

// A movement of money between two accounts. Texts live as long as the journal.
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
};

// The same in every file, and of no other booking: "TR1003-R1-back",
// "stripe-live-HUF-po_S1-fee-processing".
std::string row_id(const Booking& booking);
// In words of ours alone: "Refund of TR1003".
std::string text_of(const Booking& booking);

// Of an account of the ledger in one currency, in minor units.
struct Balance {
    std::string_view account;
    Currency currency;
    std::int64_t opening_minor = 0, closing_minor = 0;
};

// A merchant account at a provider in one currency, and where it stands in the ledger.
struct Holder {
    Processor processor;
    std::string_view account;
    Currency currency;
    std::string_view clearing, reserve;
};

// Whole days of the journal's zone; from the first to the last movement without them.
struct Period {
    std::optional<Day> from{};  // counts
    std::optional<Day> to{};    // does not count
};

struct Journal {
    KeptTexts texts;
    Day first, last;                  // both count
    std::vector<Booking> bookings{};  // in an order that follows from them alone
    // By account and currency: clearing accounts that were used until then, and what else is
    // carried on and is not 0 at both ends.
    std::vector<Balance> balances{};
    std::vector<Holder> holders{};  // all that books or files name, whatever the period
};

// A journal, and what matching found on the way.
struct MatchedJournal {
    Journal journal;
    Report report;
    std::vector<Day> finding_days{};  // of each finding of the report, in its order
};

// Makes the journal of what books and files say. It follows from its arguments alone: the order of
// transactions, and that of files which do not contradict each other, changes nothing. Memory grows
// with the movements of the period, and by some bits for each line. For one thread. Throws
// std::overflow_error when sums leave int64, as Spill, and std::logic_error when the clearing
// accounts would not come to what settlement check says that providers hold.
class JournalMaker {
public:
    // `evidence` and `zone` outlive it. What is not paid out yet at `as_of` is of that day. Delays
    // change findings alone.
    JournalMaker(
        Evidence& evidence, const Period& period, const TimeZone& zone, Time as_of,
        const Delays& delays = {}
    );
    JournalMaker(const JournalMaker&) = delete;
    JournalMaker& operator=(const JournalMaker&) = delete;
    ~JournalMaker();

    void hear(const OurTransaction& transaction);
    // When all were heard, once.
    Journal finish();
    // The same, with all findings that there are, whatever the period.
    MatchedJournal finish(std::span<const Decision> decisions);

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

// The same of books that are in memory.
Journal make_journal(
    const Books& books, Evidence& evidence, const Period& period, const TimeZone& zone
);

}  // namespace payments::settlement::journal
