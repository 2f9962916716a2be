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
#include "settlement/journal/sorted_bookings.hpp"
#include "settlement/match_lines.hpp"
#include "settlement/report.hpp"
#include "support/time_zone.hpp"

// The movements of a period as bookings of a general ledger (docs/settlements.md, 9).
namespace payments::settlement::journal {

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
    KeptTexts texts;                       // of all but what a booking has for itself
    std::vector<KeptTexts> other_texts{};  // of journals that this one was made of
    Day first, last;  // both count
    SortedBookings bookings{};
    // Accounts that the bookings name, each in which currencies; sorted.
    std::vector<std::pair<std::string_view, Currency>> used{};
    bool is_whole = true;  // every amount of a booking is
    // By account and currency: clearing accounts that were used until then, and what else is
    // carried on and is not 0 at both ends.
    std::vector<Balance> balances{};
    std::vector<Holder> holders{};  // all that books or files name, whatever the period
};

// The day that what is not paid out yet at a moment is of.
inline Day day_of_books(const TimeZone& zone, Time as_of) {
    return Day{zone.day_of(as_of - std::chrono::milliseconds{1})};
}

// A journal, and what matching found on the way.
struct MatchedJournal {
    Journal journal;
    Report report;
    std::vector<Day> finding_days{};  // of each finding of the report, in its order
};

// Makes the journal of what books and files say. It follows from its arguments alone: the order of
// transactions, and that of files which do not contradict each other, changes nothing. Memory grows
// by some bits for each line, and with the findings. For one thread. Throws std::overflow_error
// when sums leave int64, as Spill, and std::logic_error when the clearing accounts would not come
// to what settlement check says that providers hold.
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
