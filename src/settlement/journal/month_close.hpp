#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/journal/books_maker.hpp"

// The month's close: where the books of a month begin, what moved in it, and where they end, on one
// page for whoever signs it (docs/settlements.md, 11). Values and pure functions. All amounts are
// ISO minor units; more than 0 is money to us, unless something else is said.
namespace payments::settlement::journal {

// Whether the page can still change.
enum class MonthState : std::uint8_t {
    running,   // it has not ended
    settling,  // what happened in it may still be settled, or come to the bank
    ready,     // every delay has passed: only a file that is late changes it, or a decision
    closed,    // somebody has closed it: nothing does
};
std::string_view name(MonthState state);  // "settling"

// What became of a payout in the month.
struct PayoutMove {
    std::string payout_id;
    Day day;
    std::int64_t minor = 0;   // that left the provider; less than 0 when it came back
    bool is_on_bank = false;  // else it is on its way, or on its way back
};

// What a provider holds for us of one merchant account in one currency.
struct AccountClose {
    Processor processor;
    std::string account;
    Currency currency;
    std::string ledger_account;  // "assets:clearing:stripe:live-huf"
    std::int64_t opening_minor = 0;
    Tally captured{}, refunded{}, refunds_failed{}, disputed{}, disputes_won{};
    std::map<std::string, std::int64_t> fees_minor{};  // costs by kind
    std::int64_t reserve_minor = 0;                    // released less held back
    Tally paid_out{}, payouts_returned{};
    std::int64_t unexplained_minor = 0;  // what findings are about
    std::int64_t closing_minor = 0;
    std::vector<PayoutMove> payouts{};  // in the order of days

    std::int64_t fees_sum() const;
    // Opening + movements - closing: 0, or a movement was lost on the way.
    std::int64_t left_over() const;
};

// What left the providers in one currency and is not on the bank.
struct TransitClose {
    Currency currency;
    std::int64_t opening_minor = 0, paid_out_minor = 0, returned_minor = 0;  // as costs: came back
    std::int64_t on_bank_minor = 0, bank_charges_minor = 0, closing_minor = 0;

    // Opening + paid out - returned - on the bank - charges - closing: 0.
    std::int64_t left_over() const;
};

// What banks of visitors took in one currency, and may give back.
struct ClaimsClose {
    Currency currency;
    std::int64_t opening_minor = 0, disputed_minor = 0, won_minor = 0, lost_minor = 0;
    std::int64_t closing_minor = 0;

    // Opening + disputed - won - lost - closing: 0.
    std::int64_t left_over() const;
};

// What a provider holds back, besides the above.
struct ReserveClose {
    Processor processor;
    std::string account;
    Currency currency;
    std::int64_t opening_minor = 0, closing_minor = 0;
};

// What is not explained at the end of the month, in one currency.
struct UnexplainedClose {
    Currency currency;
    Tally open{}, accepted{};  // findings about days until then; amounts without a sign
    std::int64_t suspense_opening_minor = 0, suspense_closing_minor = 0;  // of the ledger
};

struct FindingOfClose {
    Finding finding;
    Day day;
};

struct MonthClose {
    Month month;
    Day first, last;  // both count
    MonthState state = MonthState::running;
    Day ready_on{};  // the day from which on every delay has passed
    std::optional<MonthClosing> closing{};  // of a month that is closed
    std::vector<AccountClose> accounts{};
    std::vector<TransitClose> transit{};
    std::vector<ClaimsClose> claims{};
    std::vector<ReserveClose> reserves{};
    std::vector<UnexplainedClose> unexplained{};
    std::vector<FindingOfClose> findings{};  // about days until its end, in the report's order
    std::size_t movements = 0;
    std::size_t corrections = 0;  // of them: what was learned of months that are closed
    // Of the books of the month as a plain table (docs/settlements.md, 9), in hex.
    std::string books_sha256{};

    std::size_t open_findings() const;
    bool has_open_findings() const { return open_findings() > 0; }
};

// Makes the close of a month from the books of that month, and so from the same movements on the
// same days as every other file of it. Errors are those of BooksMaker.
class CloseMaker {
public:
    // `zone` outlives it. `closing` of a month that is closed.
    CloseMaker(
        Month month, const TimeZone& zone, Time as_of, const Delays& delays,
        std::optional<MonthClosing> closing = {}
    );

    // What it is made from, to which all has to be added and told.
    BooksMaker& books() { return books_; }
    // When all was, once.
    MonthClose finish(std::span<const Decision> decisions);

private:
    const Month month_;
    const Day today_;
    const Delays delays_;
    const std::optional<MonthClosing> closing_;
    BooksMaker books_;
};

// Of a journal that was made for the month: all but its state and the digest.
MonthClose close_of(const MatchedJournal& made, Month month);

}  // namespace payments::settlement::journal
