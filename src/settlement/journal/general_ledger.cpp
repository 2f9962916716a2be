#include "settlement/journal/general_ledger.hpp"

#include <algorithm>

#include "settlement/journal/accounts.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement::journal {

void GeneralLedger::book(const Booking& booking) {
    if (booking.amount.minor == 0) return;
    const auto [debit, credit] = sides_of(booking);
    sum_up(booking.debit, debit, booking.day);
    sum_up(booking.credit, credit, booking.day);
    if (!is_before(booking.day) && !is_behind(booking.day)) keep(booking);
}

void GeneralLedger::keep(const Booking& booking) {
    const auto day = booking.day;
    first_booked_ = std::min(first_booked_.value_or(day), day);
    last_booked_ = std::max(last_booked_.value_or(day), day);
    journal_.is_whole = journal_.is_whole && is_whole(booking.amount);
    journal_.bookings.add(booking);
}

void GeneralLedger::sum_up(std::string_view account, Amount amount, Day day) {
    const std::pair key{account, amount.currency.code()};
    auto& sums = sums_.try_emplace(key, Sums{amount.currency}).first->second;
    add(sums.ever, amount.minor);
    if (is_behind(day)) return;
    sums.is_opened = true;
    add(sums.closing, amount.minor);
    if (is_before(day))
        add(sums.opening, amount.minor);
    else
        sums.is_used = true;
}

std::int64_t GeneralLedger::ever(std::string_view account, std::string_view currency) const {
    const auto found = sums_.find({account, currency});
    return found == sums_.end() ? 0 : found->second.ever;
}

Journal GeneralLedger::close(Day as_of_day) {
    const auto newest = std::max(last_booked_.value_or(as_of_day), as_of_day);
    // Not before it begins, wherever that is.
    const auto last = std::max(newest, period_.from.value_or(newest));
    journal_.last = period_.to ? *period_.to - std::chrono::days{1} : last;
    const auto first = first_booked_.value_or(as_of_day);
    journal_.first = period_.from ? *period_.from : std::min(first, journal_.last);
    for (const auto& [key, sums] : sums_) {
        const auto account = key.first;
        if (sums.is_used) journal_.used.emplace_back(account, sums.currency);
        const bool is_shown =
            (is_clearing(account) && sums.is_opened) || sums.opening != 0 || sums.closing != 0;
        if (is_carried_on(account) && is_shown)
            journal_.balances.push_back({account, sums.currency, sums.opening, sums.closing});
    }
    return std::move(journal_);
}

}  // namespace payments::settlement::journal
