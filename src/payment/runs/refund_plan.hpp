#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payment/refunds.hpp"

// What a refund run would give back (docs/refund_runs.md, 1): of each payment, in all, and of which
// nothing. Pure; safe on any thread.
namespace payments {

// What is given back of each payment: all that is left, a part of what was paid, or an amount.
struct Give {
    enum class Kind : std::uint8_t { all, percent, amount } kind = Kind::all;
    int percent = 0;                // 1 to 99, of Kind::percent
    std::optional<Money> amount{};  // more than 0, of Kind::amount

    // "all", "80 %", "50 EUR": as it is kept with a run.
    std::string text() const;
    // Nothing for any other text.
    static std::optional<Give> parse(std::string_view text);
};

// Why a run gives nothing back of a payment.
enum class LeftOut : std::uint8_t {
    unknown,          // there is no such payment that the caller may see
    not_paid,         //
    disputed,         //
    refunded,         // as much is given back already
    in_review,        //
    unknown_outcome,  // nobody knows yet whether it is paid
    reserved,         // a refund of it is under way
    in_run,           // it waits in another run
    less_left,        // less is left than is to be given back
    too_little,       // rounded down nothing remains
    changed,          // what was given back of it has changed since it was planned
    other_currency,   // what is to be given back of each is in another
    no_account,       // the account that took the payment is not set up
    stopped,          // the run was stopped before its turn
};
std::string_view name(LeftOut why);
std::optional<LeftOut> left_out_of(std::string_view name);

// Why nothing should be given back of this payment, whatever the amount. Of one that is neither
// paid nor partially refunded it looks at the status alone, for others it needs the entries.
std::optional<LeftOut> why_left_out(const Transaction& transaction);

// What a run gives back of one payment, or else why nothing. Percents are of what was paid; what
// was given back before counts towards them; the rest is rounded down to whole steps of the
// currency (docs/refund_runs.md, 1). Needs the entries.
struct Share {
    std::optional<Money> amount{};
    LeftOut why = LeftOut::unknown;  // without an amount
};
Share share_of(const Transaction& transaction, const Give& give);

struct PlannedRefund {
    std::int64_t transaction_id;
    Processor processor;
    Money amount;
    std::int64_t refunded_minor;  // that was given back before
};

// What goes back by one processor in one currency.
struct RefundSum {
    Processor processor;
    Currency currency;
    std::int64_t count = 0;
    std::int64_t minor = 0;

    friend bool operator==(const RefundSum&, const RefundSum&) = default;
};

struct LeftOutGroup {
    LeftOut why;
    std::vector<std::int64_t> transaction_ids;  // ascending
};

struct RefundPlan {
    Give give;
    std::vector<PlannedRefund> items;    // by transaction, ascending
    std::vector<LeftOutGroup> left_out;  // only reasons that occur
};
// By processor, then currency.
std::vector<RefundSum> sums_of(const RefundPlan& plan);
// Every item with its amount and what was given back of it before: two plans whose texts are equal
// are the same plan, and a run that has begun makes another of it.
std::string text_of(const RefundPlan& plan);
// What a person has typed must be the plan's sums, row by row. Errc::sums_differ names the first
// that is not.
struct TypedSum {
    Processor processor;
    Money amount;
};
Result<void> check_sums(const std::vector<RefundSum>& sums, const std::vector<TypedSum>& typed);
inline constexpr std::size_t processor_count = 2;
// How long so many refunds take at this pace, both processors at once; 0 for none.
std::int64_t minutes_for(const std::vector<RefundSum>& sums, int refunds_per_minute);

}  // namespace payments
