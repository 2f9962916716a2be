#include "settlement/journal/books_maker.hpp"

#include <map>
#include <string>
#include <utility>

#include "settlement/journal/general_ledger.hpp"

namespace payments::settlement::journal {
namespace {

// A booking of a closed month, as it is put right on the first open day.
Booking correction_of(const Booking& booking, Day on, bool is_reversal) {
    auto made = booking;
    made.corrects = booking.day;
    made.is_reversal = is_reversal;
    made.day = on;
    if (!is_reversal) return made;
    std::swap(made.debit, made.credit);
    made.amount.minor = -made.amount.minor;
    if (made.facing) made.facing->minor = -made.facing->minor;
    return made;
}

// Bookings of days before one.
class Before {
public:
    Before(const Journal& journal, Day end) : reader_(journal.bookings), end_(end) { step(); }

    const Booking* booking() const { return booking_; }
    void step() {
        booking_ = reader_.next();
        if (booking_ && booking_->day >= end_) booking_ = nullptr;
    }

private:
    SortedBookings::Reader reader_;
    const Day end_;
    const Booking* booking_ = nullptr;
};

// What is taken back, by its name: where it comes again, whatever the day, it is a correction too.
using TakenBack = std::map<std::string, Day>;

// What was booked of days before `end`, and what should have been.
TakenBack book_corrections(const Journal& was, const Journal& is, Day end, GeneralLedger& ledger) {
    TakenBack taken_back;
    Before booked{was, end}, right{is, end};
    while (booked.booking() || right.booking()) {
        const auto order = !booked.booking()  ? std::strong_ordering::greater
                           : !right.booking() ? std::strong_ordering::less
                                              : order_of(*booked.booking(), *right.booking());
        if (order < 0) {
            ledger.book(correction_of(*booked.booking(), end, true));
            taken_back.emplace(row_id(*booked.booking()), booked.booking()->day);
        }
        if (order > 0) ledger.book(correction_of(*right.booking(), end, false));
        if (order <= 0) booked.step();
        if (order >= 0) right.step();
    }
    return taken_back;
}

void book_from(const Journal& journal, Day begin, const TakenBack& before, GeneralLedger& ledger) {
    journal.bookings.each([&](const Booking& booking) {
        if (booking.day < begin) return;
        auto made = booking;
        if (!before.empty())
            if (const auto moved = before.find(row_id(booking)); moved != before.end())
                made.corrects = moved->second;
        ledger.book(made);
    });
}

}  // namespace

BooksMaker::BooksMaker(const Period& period, const TimeZone& zone, const Delays& delays)
    : period_(period), zone_(zone), delays_(delays) {}

void BooksMaker::add(const Knowledge& known, Evidence evidence) {
    parts_.push_back({known, std::make_unique<Evidence>(std::move(evidence)), nullptr});
}

std::vector<Time> BooksMaker::moments() const {
    std::vector<Time> list;
    for (const auto& part : parts_) list.push_back(part.known.as_of);
    return list;
}

// Of several parts each needs all that was before.
void BooksMaker::begin() {
    for (auto& part : parts_) {
        auto period = period_;
        if (parts_.size() > 1) period.from.reset();
        if (const auto end = part.known.end; end && (!period.to || *end < *period.to))
            period.to = end;
        part.maker = std::make_unique<JournalMaker>(
            *part.evidence, period, zone_, part.known.as_of, delays_
        );
    }
}

void BooksMaker::hear(std::size_t part, const OurTransaction& transaction) {
    if (!parts_.front().maker) begin();
    parts_[part].maker->hear(transaction);
}

Journal BooksMaker::finish() { return finish({}).journal; }

MatchedJournal BooksMaker::finish(std::span<const Decision> decisions) {
    if (!parts_.front().maker) begin();
    const auto finished = [&](Part& part) {
        auto made = part.maker->finish(decisions);
        // They need memory and disk.
        part.maker.reset();
        part.evidence.reset();
        return made;
    };
    if (parts_.size() == 1) return finished(parts_.front());

    GeneralLedger ledger{period_};
    std::vector<KeptTexts> texts;
    std::optional<MatchedJournal> last;
    Day begin = Day::min();
    for (auto& part : parts_) {
        auto made = finished(part);
        TakenBack taken_back;
        if (last) taken_back = book_corrections(last->journal, made.journal, begin, ledger);
        book_from(made.journal, begin, taken_back, ledger);
        if (last) texts.push_back(std::move(last->journal.texts));
        begin = part.known.end.value_or(begin);
        last = std::move(made);
    }
    auto& newest = last->journal;
    auto journal = ledger.close(day_of_books(zone_, parts_.back().known.as_of));
    journal.holders = std::move(newest.holders);
    texts.push_back(std::move(newest.texts));
    journal.other_texts = std::move(texts);
    return {std::move(journal), std::move(last->report), std::move(last->finding_days)};
}

}  // namespace payments::settlement::journal
