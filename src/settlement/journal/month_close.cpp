#include "settlement/journal/month_close.hpp"

#include <algorithm>
#include <array>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/write_csv.hpp"
#include "settlement/sums.hpp"
#include "support/crypto.hpp"

namespace payments::settlement::journal {
namespace {

using Key = std::pair<std::string_view, std::string_view>;  // account of the ledger, currency

void count(Tally& tally, std::int64_t minor) {
    ++tally.count;
    add(tally.minor, minor);
}
// What is corrected was counted in its own month.
void count(Tally& tally, std::int64_t minor, const Booking& booking) {
    if (booking.corrects) return add(tally.minor, minor);
    count(tally, minor);
}

std::int64_t sum_of(std::initializer_list<std::int64_t> amounts) {
    std::int64_t sum = 0;
    for (const auto minor : amounts) add(sum, minor);
    return sum;
}

// The close of something in each currency, by its code.
template <class Close>
class ByCurrency {
public:
    Close& of(Currency currency) {
        return closes_.try_emplace(currency.code(), Close{currency}).first->second;
    }
    std::vector<Close> taken() {
        std::vector<Close> list;
        for (auto& [code, close] : closes_) list.push_back(std::move(close));
        return list;
    }

private:
    std::map<std::string_view, Close> closes_;
};

class Closing {
public:
    explicit Closing(const MatchedJournal& made) : made_(made) {}

    void fill(MonthClose& close) {
        take_balances();
        made_.journal.bookings.each([&](const Booking& booking) {
            if (booking.corrects) ++close.corrections;
            const auto [debit, credit] = sides_of(booking);
            put(booking, booking.debit, debit);
            put(booking, booking.credit, credit);
        });
        take_findings(close);
        list_accounts(close);
        close.transit = transit_.taken();
        close.claims = claims_.taken();
        close.unexplained = unexplained_.taken();
        close.movements = made_.journal.bookings.size();
    }

private:
    void take_balances() {
        for (const auto& balance : made_.journal.balances) {
            const auto [account, currency, opening, closing] = balance;
            if (account == in_transit_account) {
                auto& transit = transit_.of(currency);
                transit.opening_minor = opening;
                transit.closing_minor = closing;
            } else if (account == disputes_account) {
                auto& claims = claims_.of(currency);
                claims.opening_minor = opening;
                claims.closing_minor = closing;
            } else if (account == suspense_account) {
                auto& unexplained = unexplained_.of(currency);
                unexplained.suspense_opening_minor = opening;
                unexplained.suspense_closing_minor = closing;
            } else {
                balances_.emplace(Key{account, currency.code()}, &balance);
            }
        }
    }

    // What a booking puts on one of its two accounts.
    void put(const Booking& booking, std::string_view account, Amount amount) {
        if (is_clearing(account)) return move(booking, account, amount);
        const auto minor = amount.minor;
        if (account == disputes_account) {
            auto& claims = claims_.of(amount.currency);
            if (booking.kind == BookingKind::dispute_loss) return add(claims.lost_minor, -minor);
            return minor > 0 ? add(claims.disputed_minor, minor) : add(claims.won_minor, -minor);
        }
        if (booking.kind == BookingKind::payout && account != in_transit_account)
            add(transit_.of(amount.currency).on_bank_minor, minor);
        if (booking.kind == BookingKind::bank_charge)
            add(transit_.of(amount.currency).bank_charges_minor, minor);
        if (booking.kind == BookingKind::payout_return)
            add(transit_.of(amount.currency).returned_minor, -minor);
    }

    // On the account of a provider.
    void move(const Booking& booking, std::string_view clearing, Amount amount) {
        auto& account = account_of(booking, clearing, amount.currency);
        const auto minor = amount.minor;
        switch (booking.kind) {
            case BookingKind::capture:
                return count(account.captured, minor, booking);
            case BookingKind::refund:
                return count(account.refunded, minor, booking);
            case BookingKind::refund_failure:
                return count(account.refunds_failed, minor, booking);
            case BookingKind::dispute:
                return count(account.disputed, minor, booking);
            case BookingKind::dispute_reversal:
                return count(account.disputes_won, minor, booking);
            case BookingKind::fee:
                return add(account.fees_minor[std::string{booking.detail}], -minor);
            case BookingKind::reserve:
                return add(account.reserve_minor, minor);
            case BookingKind::payout:
            case BookingKind::bank_charge:
            case BookingKind::payout_return:
                return pay_out(account, booking, amount);
            case BookingKind::unexplained:
            case BookingKind::dispute_loss:  // never on such an account
                return add(account.unexplained_minor, minor);
        }
    }

    void pay_out(AccountClose& account, const Booking& booking, Amount amount) {
        const auto minor = amount.minor;
        if (booking.kind == BookingKind::payout_return) {
            count(account.payouts_returned, minor, booking);
        } else {
            add(account.paid_out.minor, minor);
            add(transit_.of(amount.currency).paid_out_minor, -minor);
        }
        auto& moves = account.payouts;
        if (booking.kind == BookingKind::bank_charge) {
            // Payouts of a day come before what the bank charged for them.
            const auto its = std::find_if(moves.rbegin(), moves.rend(), [&](const PayoutMove& one) {
                return one.payout_id == booking.payout_id && one.day == booking.day;
            });
            if (its != moves.rend()) return add(its->minor, -minor);
        }
        if (booking.kind != BookingKind::payout_return && !booking.corrects)
            ++account.paid_out.count;
        const bool is_in_transit =
            booking.debit == in_transit_account || booking.credit == in_transit_account;
        moves.push_back({std::string{booking.payout_id}, booking.day, -minor, !is_in_transit});
    }

    AccountClose& account_of(const Booking& booking, std::string_view clearing, Currency currency) {
        const auto found = accounts_.find({clearing, currency.code()});
        if (found != accounts_.end()) return found->second;
        AccountClose account{
            booking.processor, std::string{booking.account}, currency, std::string{clearing}};
        return accounts_.emplace(Key{clearing, currency.code()}, std::move(account)).first->second;
    }

    void take_findings(MonthClose& close) {
        // Of every currency that was met, also where nothing was found.
        for (const auto& [key, balance] : balances_) unexplained_.of(balance->currency);
        for (std::size_t i = 0; i < made_.report.findings.size(); ++i) {
            const auto& finding = made_.report.findings[i];
            const auto day = made_.finding_days[i];
            if (day > close.last) continue;
            auto& unexplained = unexplained_.of(finding.currency);
            count(finding.is_accepted ? unexplained.accepted : unexplained.open, finding.minor);
            close.findings.push_back({finding, day});
        }
    }

    // In the order of processors, accounts and currencies.
    void list_accounts(MonthClose& close) {
        for (const auto& holder : made_.journal.holders) {
            const auto code = holder.currency.code();
            if (const auto reserve = balances_.extract(Key{holder.reserve, code}))
                close.reserves.push_back(
                    {holder.processor, std::string{holder.account}, holder.currency,
                     reserve.mapped()->opening_minor, reserve.mapped()->closing_minor}
                );
            // Names of two accounts that differ in their case alone are one in the ledger.
            const auto balance = balances_.extract(Key{holder.clearing, code});
            if (!balance) continue;
            auto moved = accounts_.extract(Key{holder.clearing, code});
            auto account = moved ? std::move(moved.mapped())
                                 : AccountClose{
                                       holder.processor, std::string{holder.account},
                                       holder.currency, std::string{holder.clearing}};
            account.opening_minor = balance.mapped()->opening_minor;
            account.closing_minor = balance.mapped()->closing_minor;
            close.accounts.push_back(std::move(account));
        }
    }

    const MatchedJournal& made_;
    std::map<Key, const Balance*> balances_;  // of clearing and reserve
    std::map<Key, AccountClose> accounts_;
    ByCurrency<TransitClose> transit_;
    ByCurrency<ClaimsClose> claims_;
    ByCurrency<UnexplainedClose> unexplained_;
};

Day ready_on(Day end, const Delays& delays) {
    return end + std::chrono::days{
                     std::max({delays.simplepay_days, delays.stripe_days, delays.bank_days})};
}

// Of the plain table, in hex.
std::string digest_of(const Journal& journal) {
    crypto::RunningSha256 digest;
    digest.add(csv_head(false));
    const auto table = csv_file(journal, false);
    for (auto piece = table->next(); !piece.empty(); piece = table->next()) digest.add(piece);
    return crypto::hex(digest.taken());
}

}  // namespace

std::string_view name(MonthState state) {
    constexpr std::array<std::string_view, 4> names{"running", "settling", "ready", "closed"};
    return names.at(static_cast<std::size_t>(state));
}

std::int64_t AccountClose::fees_sum() const {
    std::int64_t sum = 0;
    for (const auto& [kind, minor] : fees_minor) add(sum, minor);
    return sum;
}

std::int64_t AccountClose::left_over() const {
    return sum_of(
        {opening_minor, captured.minor, refunded.minor, refunds_failed.minor, disputed.minor,
         disputes_won.minor, -fees_sum(), reserve_minor, paid_out.minor, payouts_returned.minor,
         unexplained_minor, -closing_minor}
    );
}

std::int64_t TransitClose::left_over() const {
    return sum_of(
        {opening_minor, paid_out_minor, -returned_minor, -on_bank_minor, -bank_charges_minor,
         -closing_minor}
    );
}

std::int64_t ClaimsClose::left_over() const {
    return sum_of({opening_minor, disputed_minor, -won_minor, -lost_minor, -closing_minor});
}

std::size_t MonthClose::open_findings() const {
    return static_cast<std::size_t>(std::ranges::count_if(findings, [](const FindingOfClose& one) {
        return !one.finding.is_accepted;
    }));
}

MonthClose close_of(const MatchedJournal& made, Month month) {
    const auto period = period_of(month);
    MonthClose close{month, *period.from, *period.to - std::chrono::days{1}};
    Closing{made}.fill(close);
    return close;
}

CloseMaker::CloseMaker(
    Month month, const TimeZone& zone, Time as_of, const Delays& delays,
    std::optional<MonthClosing> closing
)
    : month_(month),
      today_(zone.day_of(as_of)),
      delays_(delays),
      closing_(std::move(closing)),
      books_(period_of(month), zone, delays) {}

MonthClose CloseMaker::finish(std::span<const Decision> decisions) {
    const auto made = books_.finish(decisions);
    auto close = close_of(made, month_);
    const auto end = close.last + std::chrono::days{1};
    close.ready_on = ready_on(end, delays_);
    close.closing = closing_;
    close.state = closing_                  ? MonthState::closed
                  : today_ < end            ? MonthState::running
                  : today_ < close.ready_on ? MonthState::settling
                                            : MonthState::ready;
    close.books_sha256 = digest_of(made.journal);
    return close;
}

}  // namespace payments::settlement::journal
