#pragma once

#include <sstream>

#include "settlement/journal/writers.hpp"
#include "settlement/world.hpp"

// Journals of small worlds, in short words.
namespace payments::settlement::journal {

inline const TimeZone& budapest() {
    static const auto zone = TimeZone::load("Europe/Budapest").value();
    return zone;
}

inline Journal journal_of(
    std::vector<OurTransaction> ours, const std::vector<ParsedFile>& files,
    const Period& period = {}, Time as_of = world::soon
) {
    Evidence evidence;
    for (const auto& file : files) evidence.add(file).value();
    return make_journal(Books{as_of, std::move(ours)}, evidence, period, budapest());
}

inline std::string day_text(Day day) {
    std::ostringstream text;
    const std::chrono::year_month_day date{day};
    text << static_cast<unsigned>(date.month()) << "-" << static_cast<unsigned>(date.day());
    return text.str();
}

// "7-1 TR1001 10400000 HUF: assets:clearing:simplepay:s123401 / revenues:other", of each.
inline world::Words short_bookings(const Journal& journal) {
    world::Words words;
    journal.bookings.each([&words](const Booking& booking) {
        auto text = day_text(booking.day) + " " + row_id(booking) + " " +
                    std::to_string(booking.amount.minor) + " " +
                    std::string{booking.amount.currency.code()} + ": " +
                    std::string{booking.debit} + " / " + std::string{booking.credit};
        if (booking.facing)
            text += " (" + std::to_string(booking.facing->minor) + " " +
                    std::string{booking.facing->currency.code()} + ")";
        words.push_back(std::move(text));
    });
    return words;
}

// "assets:clearing:stripe:live-huf 0 50 HUF", of each that is not 0 at both ends.
inline world::Words short_balances(const Journal& journal) {
    world::Words words;
    for (const auto& balance : journal.balances)
        if (balance.opening_minor != 0 || balance.closing_minor != 0)
            words.push_back(
                std::string{balance.account} + " " + std::to_string(balance.opening_minor) + " " +
                std::to_string(balance.closing_minor) + " " + std::string{balance.currency.code()}
            );
    return words;
}

inline std::string written(const Journal& journal, FileFormat format) {
    auto text = head_of(format);
    const auto file = file_of(journal, format);
    for (auto piece = file->next(); !piece.empty(); piece = file->next()) text += piece;
    return text;
}

inline constexpr FileFormat all_formats[] = {
    FileFormat::csv_hu, FileFormat::csv_plain, FileFormat::hledger, FileFormat::ledger,
    FileFormat::beancount};

}  // namespace payments::settlement::journal
