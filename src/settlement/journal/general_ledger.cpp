#include "settlement/journal/general_ledger.hpp"

#include <algorithm>
#include <tuple>

#include "settlement/journal/accounts.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement::journal {
namespace {

// `a` before `b`: by day and kind, then in the order of our transactions or of names.
bool comes_before(const Booking& a, const Booking& b) {
    const auto head = [](const Booking& x) {
        return std::tuple{x.day, x.kind, x.transaction_id, x.subject};
    };
    if (const auto order = head(a) <=> head(b); order != 0) return order < 0;
    const auto rest = [](const Booking& x) {
        return std::tuple{
            x.processor,
            x.account,
            x.amount.currency.code(),
            x.detail,
            x.reference,
            x.provider_id,
            x.payout_id,
            x.fee_type,
            x.ticket_id,
            x.debit,
            x.credit,
            x.amount.minor,
            x.facing ? x.facing->minor : 0};
    };
    return rest(a) < rest(b);
}

}  // namespace

Sides sides_of(const Booking& booking) {
    const Amount own{absolute(booking.amount.minor), booking.amount.currency};
    const auto other =
        booking.facing ? Amount{absolute(booking.facing->minor), booking.facing->currency} : own;
    if (booking.amount.minor > 0) return {own, {-other.minor, other.currency}};
    return {other, {-own.minor, own.currency}};
}

void GeneralLedger::book(const Booking& booking) {
    if (booking.amount.minor == 0) return;
    const auto [debit, credit] = sides_of(booking);
    sum_up(booking.debit, debit, booking.day);
    sum_up(booking.credit, credit, booking.day);
    if (!is_before(booking.day) && !is_behind(booking.day)) journal_.bookings.push_back(booking);
}

void GeneralLedger::sum_up(std::string_view account, Amount amount, Day day) {
    const std::pair key{account, amount.currency.code()};
    auto& sums = sums_.try_emplace(key, Sums{amount.currency}).first->second;
    add(sums.ever, amount.minor);
    if (is_behind(day)) return;
    sums.is_opened = true;
    add(sums.closing, amount.minor);
    if (is_before(day)) add(sums.opening, amount.minor);
}

std::int64_t GeneralLedger::ever(std::string_view account, std::string_view currency) const {
    const auto found = sums_.find({account, currency});
    return found == sums_.end() ? 0 : found->second.ever;
}

Journal GeneralLedger::close(Day as_of_day) {
    auto& bookings = journal_.bookings;
    std::ranges::sort(bookings, comes_before);
    const auto newest = bookings.empty() ? as_of_day : std::max(bookings.back().day, as_of_day);
    // Not before it begins, wherever that is.
    const auto last = std::max(newest, period_.from.value_or(newest));
    journal_.last = period_.to ? *period_.to - std::chrono::days{1} : last;
    const auto first = bookings.empty() ? as_of_day : bookings.front().day;
    journal_.first = period_.from ? *period_.from : std::min(first, journal_.last);
    for (const auto& [key, sums] : sums_) {
        const auto account = key.first;
        const bool is_shown =
            (is_clearing(account) && sums.is_opened) || sums.opening != 0 || sums.closing != 0;
        if (is_carried_on(account) && is_shown)
            journal_.balances.push_back({account, sums.currency, sums.opening, sums.closing});
    }
    return std::move(journal_);
}

}  // namespace payments::settlement::journal
