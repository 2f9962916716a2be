#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/findings.hpp"
#include "settlement/readers/readers.hpp"
#include "simulate/books.hpp"

// What providers and banks tell of a simulated world's money, beside what is true of it.
namespace payments::simulate {

// The one thing that a provider or a bank gets wrong in some worlds. Each is a finding for people.
enum class Mistake : std::uint8_t {
    none,
    net_is_short,     // of a line, by one minor unit that is no fee
    gross_is_short,   // of a line, by one minor unit; the net, too
    other_account,    // a line stands in the report of another merchant account
    settled_twice,    // a payment is settled again, in a line of its own
    left_out,         // a payment is settled nowhere
    unknown_kind,     // a line of a kind that nobody knows
    payout_is_short,  // of Stripe, by one minor unit
    credit_is_short,  // the bank books a payout, but for one minor unit
    credit_is_late,   // the bank books a payout when nobody looks for it any more
    balance_is_off,   // a statement closes with one minor unit more than it has
    statement_is_missing,
};
inline constexpr Mistake last_mistake = Mistake::statement_is_missing;

struct ToldLine {
    settlement::SettlementLine line;          // as it is written
    std::optional<ProviderMovement> truth{};  // nothing: the provider's own business
    Mistake mistake = Mistake::none;
};

struct ToldPayout {
    Processor processor;
    std::string account, id;
    Currency currency;
    std::int64_t minor = 0;
    settlement::Day arrival{};
    bool has_failed = false;
    bool is_reversed = false;          // and that was told, in a line of its own
    std::vector<std::size_t> lines{};  // of all that were told
};

// A file as a merchant would download it.
struct SettlementFile {
    std::string bytes;
    settlement::ReadOptions options;
};

// A finding as it must be made; without a subject whatever it is about.
struct ExpectedFinding {
    settlement::FindingKind kind;
    std::string subject;
    std::int64_t minor;
    Currency currency;

    bool is(const settlement::Finding& finding) const {
        return finding.kind == kind && finding.minor == minor && finding.currency == currency &&
               (subject.empty() || finding.subject == subject);
    }
};

}  // namespace payments::simulate
