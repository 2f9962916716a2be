#pragma once

#include <map>
#include <string_view>
#include <utility>

#include "settlement/journal/journal.hpp"

namespace payments::settlement::journal {

// Bookings in any order, of which those of the period are kept, and sums of all. For one thread.
class GeneralLedger {
public:
    explicit GeneralLedger(const Period& period) : period_(period) {}

    // For those texts of bookings that SortedBookings does not copy.
    KeptTexts& texts() { return journal_.texts; }
    // Nothing happens where nothing moved.
    void book(const Booking& booking);
    // What all bookings have put on an account, whatever their day.
    std::int64_t ever(std::string_view account, std::string_view currency) const;
    // Once, when all are booked. Without an end of the period it lasts until `as_of_day` at least.
    Journal close(Day as_of_day);

private:
    struct Sums {
        Currency currency;
        std::int64_t opening = 0, closing = 0, ever = 0;
        bool is_opened = false;  // by a booking of the period, or of before
        bool is_used = false;    // by one of the period
    };

    bool is_before(Day day) const { return period_.from && day < *period_.from; }
    bool is_behind(Day day) const { return period_.to && day >= *period_.to; }
    void sum_up(std::string_view account, Amount amount, Day day);
    void keep(const Booking& booking);

    const Period period_;
    Journal journal_{};
    std::optional<Day> first_booked_, last_booked_;  // in the period
    std::map<std::pair<std::string_view, std::string_view>, Sums> sums_;
};

}  // namespace payments::settlement::journal
