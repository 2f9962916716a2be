#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "settlement/fees.hpp"
#include "settlement/journal/accounts.hpp"
#include "settlement/journal/general_ledger.hpp"
#include "settlement/journal/journal.hpp"
#include "settlement/match.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement::journal {
namespace {

BookingKind kind_of(LineKind kind) {
    switch (kind) {
        case LineKind::refund:
            return BookingKind::refund;
        case LineKind::refund_failure:
            return BookingKind::refund_failure;
        case LineKind::dispute:
            return BookingKind::dispute;
        case LineKind::dispute_reversal:
            return BookingKind::dispute_reversal;
        default:
            return BookingKind::capture;
    }
}

bool has_sign_of(std::int64_t a, std::int64_t b) { return a > 0 ? b > 0 : b < 0; }

// Its amount is the cost.
bool is_bill(const SettlementLine& line) {
    return line.kind == LineKind::fee || line.kind == LineKind::tax;
}

// A merchant account in one currency.
struct Place {
    Processor processor;
    std::string_view account;
    Currency currency;
    std::string_view clearing{};
    const AccountReport* report = nullptr;
    std::unordered_map<std::string_view, const PayoutReport*> payouts{};
    const PayoutReport* of_loose_lines = nullptr;  // the payout that those without one are in
    // Of each payout, or of what is not paid out yet, by kind.
    std::map<const PayoutReport*, std::map<std::string, std::int64_t>> fees_minor{};
    std::unordered_map<std::string_view, bool> has_return_line{};  // by payout
};

// What a line says more than our fact that it settles, or less.
struct Difference {
    const Place* place;  // of the line
    Booking booking;     // all but the day
};

}  // namespace

class JournalMaker::Parts {
public:
    Parts(
        Evidence& evidence, const Period& period, const TimeZone& zone, Time as_of,
        const Delays& delays
    )
        : zone_(zone),
          // Until the end of this day.
          as_of_day_(day_of_books(zone, as_of)),
          matching_(
              evidence, delays, as_of,
              [this](const OurTransaction& ours, const MoneyFact& fact) { take(ours, fact); }
          ),
          is_explained_(matching_.lines().count()),
          ledger_(period) {}

    void hear(const OurTransaction& ours) {
        matching_.hear(ours);
        book_losses(ours);
    }

    MatchedJournal finish(std::span<const Decision> decisions) {
        auto report = matching_.finish(decisions);
        look_up(report);
        matching_.lines().each_line([this](std::uint32_t number, const SettlementLine& line) {
            book_line(number, line);
        });
        for (auto& [place, booking] : differences_) {
            booking.day = day_of(payout_of(booking.payout_id, *place));
            ledger_.book(booking);
        }
        for (auto& [key, place] : places_) {
            for (const auto& [payout, fees] : place.fees_minor) book_fees(place, payout, fees);
            if (!place.report) continue;
            for (const auto& payout : place.report->payouts) book_payout(place, payout);
        }
        check_clearing();
        std::vector<Day> days;
        for (const auto& finding : report.findings) days.push_back(day_of(finding));
        auto journal = ledger_.close(as_of_day_);
        for (const auto& [key, place] : places_) {
            const auto& [processor, account, currency] = key;
            const auto reserve = reserve_account(processor, account, place.currency);
            journal.holders.push_back(
                {processor, account, place.currency, place.clearing,
                 journal.texts.keep_once(reserve)}
            );
        }
        return {std::move(journal), std::move(report), std::move(days)};
    }

private:
    using PlaceKey = std::tuple<Processor, std::string_view, std::string_view>;

    Day day_of(Time moment) const { return Day{zone_.day_of(moment)}; }
    // When it was due; what is not paid out yet belongs to the day of the books.
    Day day_of(const PayoutReport* payout) const {
        return payout && payout->arrival ? *payout->arrival : as_of_day_;
    }

    // That of the booking that it is about. What nobody tells is of the day of the books.
    Day day_of(const Finding& finding) const {
        if (finding.day) return *finding.day;
        if (finding.at) return day_of(*finding.at);
        for (const auto& [key, place] : places_) {
            if (name(place.processor) != finding.processor || place.account != finding.account)
                continue;
            // The amount may be in what a visitor paid, the payout in another currency.
            if (const auto payout = place.payouts.find(finding.payout_id);
                payout != place.payouts.end())
                return day_of(payout->second);
            if (finding.payout_id.empty() && place.currency == finding.currency)
                return day_of(place.of_loose_lines);
        }
        return as_of_day_;
    }

    Place& place_of(Processor processor, std::string_view account, Currency currency) {
        const auto found = places_.find({processor, account, currency.code()});
        if (found != places_.end()) return found->second;
        const auto kept = ledger_.texts().keep_once(account);
        Place place{processor, kept, currency};
        place.clearing = ledger_.texts().keep_once(clearing_account(processor, account, currency));
        return places_.emplace(PlaceKey{processor, kept, currency.code()}, std::move(place))
            .first->second;
    }
    Place& place_of(const SettlementLine& line) {
        return place_of(line.processor, line.account, line.currency);
    }
    std::string_view revenue_of(const std::string& fee_type) {
        const auto found = revenues_.find(fee_type);
        if (found != revenues_.end()) return found->second;
        return revenues_.emplace(fee_type, ledger_.texts().keep_once(revenue_account(fee_type)))
            .first->second;
    }

    // ------------------------------------------------------------------------------- facts

    Booking booking_of(const OurTransaction& ours, BookingKind kind, Time at, Amount amount) {
        Booking booking{
            .kind = kind, .day = day_of(at), .processor = ours.processor, .amount = amount};
        auto& texts = ledger_.texts();
        booking.account = texts.keep_once(ours.account);
        booking.transaction_id = ours.id;
        booking.ticket_id = ours.ticket_id;
        booking.reference = ours.reference;
        booking.fee_type = texts.keep_once(ours.fee_type);
        return booking;
    }

    // "2" where a dispute of this name did the same before.
    std::string_view number_of(const OurTransaction& ours, const Booking& booking) {
        if (ours.disputes.size() < 2) return {};
        const auto number = ++told_[{ours.id, booking.kind, std::string{booking.subject}}];
        return number < 2 ? "" : ledger_.texts().keep_once(std::to_string(number));
    }

    // The side of `ours` is debited with what is money to us.
    static void between(Booking& booking, std::string_view ours, std::string_view other) {
        booking.debit = booking.amount.minor > 0 ? ours : other;
        booking.credit = booking.amount.minor > 0 ? other : ours;
    }

    void take(const OurTransaction& ours, const MoneyFact& fact) {
        if (fact.minor == 0) return;
        const bool is_disputed =
            fact.kind == LineKind::dispute || fact.kind == LineKind::dispute_reversal;
        const auto other = is_disputed ? disputes_account : revenue_of(ours.fee_type);
        auto booking = booking_of(ours, kind_of(fact.kind), fact.at, {fact.minor, ours.currency});
        booking.subject = fact.subject;
        booking.provider_id = fact.provider_id;
        if (is_disputed) booking.detail = number_of(ours, booking);
        const auto* line = fact.line;
        if (line) booking.payout_id = ledger_.texts().keep_once(line->payout_id);
        const bool is_converted = line && has_sign_of(fact.minor, line->gross_minor) &&
                                  has_sign_of(fact.minor, fact.seen_minor);
        if (line && line->currency == ours.currency) {
            between(booking, explained(fact).clearing, other);
            if (line->gross_minor != fact.minor) note_difference(*line, booking, fact);
        } else if (is_converted) {
            booking.facing = Amount{fact.seen_minor, ours.currency};
            booking.amount = {line->gross_minor, line->currency};
            between(booking, explained(fact).clearing, other);
            if (fact.seen_minor != fact.minor) book_rest_of_facing(booking, other, fact);
        } else if (fact.is_settled) {
            // It and its line have nothing in common that could be compared.
            between(booking, suspense_account, other);
        } else {
            between(booking, place_of(ours.processor, ours.account, ours.currency).clearing, other);
        }
        ledger_.book(booking);
    }

    const Place& explained(const MoneyFact& fact) {
        is_explained_[fact.line_number] = true;
        return place_of(*fact.line);
    }

    // What is found as a difference is not explained: of this fact, and by this line.
    static void make_unexplained(Booking& booking, LineKind kind, Amount amount) {
        booking.kind = BookingKind::unexplained;
        booking.amount = amount;
        booking.detail = name(kind);
        booking.facing.reset();
    }
    void note_difference(const SettlementLine& line, Booking booking, const MoneyFact& fact) {
        make_unexplained(booking, fact.kind, {plus(line.gross_minor, -fact.minor), line.currency});
        const auto& place = place_of(line);
        between(booking, place.clearing, suspense_account);
        for (auto* text : {&booking.reference, &booking.subject, &booking.provider_id})
            *text = ledger_.texts().keep(*text);
        differences_.push_back({&place, booking});
    }
    void book_rest_of_facing(Booking booking, std::string_view other, const MoneyFact& fact) {
        make_unexplained(
            booking, fact.kind, {plus(fact.minor, -fact.seen_minor), booking.facing->currency}
        );
        between(booking, suspense_account, other);
        ledger_.book(booking);
    }

    void book_losses(const OurTransaction& ours) {
        for (const auto& dispute : ours.disputes) {
            if (!dispute.lost_at || dispute.won_at) continue;
            auto booking = booking_of(
                ours, BookingKind::dispute_loss, *dispute.lost_at, {-dispute.minor, ours.currency}
            );
            booking.subject = booking.provider_id = dispute.provider_id;
            booking.detail = number_of(ours, booking);
            between(booking, disputes_account, disputes_lost_account);
            ledger_.book(booking);
        }
    }

    // ------------------------------------------------------------------------------- lines

    void look_up(const Report& report) {
        for (const auto& [key, account] : report.accounts) {
            auto& place = place_of(key.processor, key.account, *Currency::of(key.currency));
            place.report = &account;
            for (const auto& payout : account.payouts) {
                place.payouts.emplace(payout.payout_id, &payout);
                if (payout.has_loose_lines && !place.of_loose_lines) place.of_loose_lines = &payout;
            }
        }
    }

    static const PayoutReport* payout_of(std::string_view id, const Place& place) {
        if (id.empty()) return place.of_loose_lines;
        const auto found = place.payouts.find(id);
        return found != place.payouts.end() ? found->second : nullptr;
    }

    void book_line(std::uint32_t number, const SettlementLine& line) {
        auto& place = place_of(line);
        const auto* payout = payout_of(line.payout_id, place);
        auto booking = booking_at(place, BookingKind::unexplained, line.gross_minor);
        booking.day = day_of(payout);
        booking.payout_id = ledger_.texts().keep_once(payout ? payout->payout_id : "");
        const auto name_it = [&](std::string_view subject, std::string_view detail) {
            booking.subject = subject;
            booking.detail = ledger_.texts().keep_once(detail);
        };
        if (line.kind == LineKind::reserve) {
            booking.kind = BookingKind::reserve;
            name_it(line.line_id, "");
            book_against(
                place, booking,
                ledger_.texts().keep_once(
                    reserve_account(line.processor, line.account, line.currency)
                )
            );
        } else if (line.kind == LineKind::payout_reversal) {
            booking.kind = BookingKind::payout_return;
            if (line.day) booking.day = *line.day;
            name_it(line.source_id.empty() ? line.line_id : line.source_id, line.line_id);
            booking.payout_id = ledger_.texts().keep_once(booking.subject);
            place.has_return_line.emplace(ledger_.texts().keep_once(line.source_id), true);
            book_against(place, booking, in_transit_account);
        } else if (!is_bill(line) && !is_explained_[number]) {
            name_it(line.line_id, "line");
            book_against(place, booking, suspense_account);
        }
        count_fees(line, place.fees_minor[payout]);
        const auto rest = plus(plus(line.net_minor, -line.gross_minor), line.fee_minor);
        if (rest == 0) return;
        booking.kind = BookingKind::unexplained;
        name_it(line.line_id, "arithmetic");
        booking.amount.minor = rest;
        book_against(place, booking, suspense_account);
    }

    static Booking booking_at(const Place& place, BookingKind kind, std::int64_t minor) {
        Booking booking{
            .kind = kind,
            .day = {},
            .processor = place.processor,
            .amount = {minor, place.currency}};
        booking.account = place.account;
        return booking;
    }
    void book_against(const Place& place, Booking& booking, std::string_view other) {
        between(booking, place.clearing, other);
        ledger_.book(booking);
    }

    void book_fees(
        const Place& place, const PayoutReport* payout,
        const std::map<std::string, std::int64_t>& fees
    ) {
        for (const auto& [kind, minor] : fees) {
            auto booking = booking_at(place, BookingKind::fee, -minor);
            booking.day = day_of(payout);
            booking.payout_id = ledger_.texts().keep_once(payout ? payout->payout_id : "");
            booking.subject = payout ? booking.payout_id : "unpaid";
            booking.detail = ledger_.texts().keep_once(kind);
            book_against(
                place, booking, ledger_.texts().keep_once(fee_account(place.processor, kind))
            );
        }
    }

    // ----------------------------------------------------------------------------- payouts

    void book_payout(const Place& place, const PayoutReport& payout) {
        auto booking = booking_at(place, BookingKind::payout, -payout.amount_minor);
        booking.day = day_of(&payout);
        booking.subject = booking.payout_id = ledger_.texts().keep_once(payout.payout_id);
        const auto put = [&](BookingKind kind, std::int64_t minor, std::string_view other,
                             std::string_view detail = {}) {
            booking.kind = kind;
            booking.amount.minor = minor;
            booking.detail = detail;
            book_against(place, booking, other);
        };
        put(BookingKind::unexplained, -payout.difference_minor, suspense_account, "payout");
        if (!payout.bank_minor) {
            put(BookingKind::payout, -payout.amount_minor, in_transit_account);
            const bool is_told = place.has_return_line.contains(payout.payout_id);
            if (payout.state == PayoutState::returned && !is_told)
                put(BookingKind::payout_return, payout.amount_minor, in_transit_account);
            return;
        }
        booking.day = *payout.bank_day;
        const auto bank = ledger_.texts().keep_once(bank_account(place.currency));
        const auto on_bank = plus(*payout.bank_minor, payout.bank_charges_minor);
        put(BookingKind::payout, -*payout.bank_minor, bank);
        put(BookingKind::bank_charge, -payout.bank_charges_minor, bank_charges_account);
        put(BookingKind::unexplained, plus(on_bank, -payout.amount_minor), suspense_account,
            "bank");
    }

    // What settlement check finds at the providers or waits for is what is on the accounts, or
    // money was lost on the way here.
    void check_clearing() {
        std::map<std::pair<std::string_view, std::string_view>, std::int64_t> expected;
        for (const auto& [key, place] : places_) {
            if (!place.report) continue;
            auto& sum = expected[{place.clearing, place.currency.code()}];
            for (const auto minor :
                 {place.report->carry_minor, place.report->unpaid_minor,
                  place.report->waiting.minor, place.report->overdue.minor})
                add(sum, minor);
        }
        for (const auto& [account, minor] : expected) {
            const auto& [name, currency] = account;
            const auto booked = ledger_.ever(name, currency);
            if (booked != minor)
                throw std::logic_error{
                    std::string{name} + " comes to " + readable(booked, *Currency::of(currency)) +
                    " in the journal, and to " + readable(minor, *Currency::of(currency)) +
                    " in the report"};
        }
    }

    const TimeZone& zone_;
    const Day as_of_day_;
    Matching matching_;
    std::vector<bool> is_explained_;
    GeneralLedger ledger_;
    std::map<PlaceKey, Place> places_;
    std::map<std::string, std::string_view, std::less<>> revenues_;
    std::vector<Difference> differences_;
    std::map<std::tuple<std::int64_t, BookingKind, std::string>, int> told_;
};

JournalMaker::JournalMaker(
    Evidence& evidence, const Period& period, const TimeZone& zone, Time as_of, const Delays& delays
)
    : parts_(std::make_unique<Parts>(evidence, period, zone, as_of, delays)) {}

JournalMaker::~JournalMaker() = default;

void JournalMaker::hear(const OurTransaction& transaction) { parts_->hear(transaction); }

Journal JournalMaker::finish() { return parts_->finish({}).journal; }

MatchedJournal JournalMaker::finish(std::span<const Decision> decisions) {
    return parts_->finish(decisions);
}

Journal make_journal(
    const Books& books, Evidence& evidence, const Period& period, const TimeZone& zone
) {
    JournalMaker maker{evidence, period, zone, books.as_of};
    for (const auto& transaction : books.transactions) maker.hear(transaction);
    return maker.finish();
}

}  // namespace payments::settlement::journal
