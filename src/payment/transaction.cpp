#include "payment/transaction.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view source_names[] = {"service", "visitor", "ipn",
                                             "webhook", "query",   "staff"};
static_assert(std::size(source_names) == static_cast<std::size_t>(Source::staff) + 1);

// How long to wait after so many checks in vain; the last one repeats.
constexpr std::array<std::chrono::seconds, 10> after_unknown{2s,  5s,   10s,   20s,   40s,
                                                             60s, 5min, 15min, 60min, 60min};
constexpr std::array<std::chrono::seconds, 4> while_pending{1min, 5min, 15min, 60min};
// A visitor waits for it, and one query asks about 50 (docs/design.md, 3.6).
constexpr auto while_claimed = 3s;
// For as long as both providers send their notifications again (docs/providers/simplepay.md, 7.5;
// docs/providers/stripe.md, 9.3).
constexpr auto after_deadline = std::chrono::days{3};

// A notification said paid, and what was heard since contradicts it: perhaps the provider was asked
// too early. Whether money was taken is not known yet, so it is checked further.
bool is_claim_open(const Facts& facts) {
    return status(facts) == Status::review && facts.claimed && facts.captures_minor.empty();
}

std::chrono::seconds wait(std::span<const std::chrono::seconds> waits, int checks) {
    return waits[std::min(static_cast<std::size_t>(std::max(checks, 0)), waits.size() - 1)];
}

}  // namespace

std::string_view name(Source source) { return source_names[static_cast<std::size_t>(source)]; }

Result<Source> source_of(std::string_view text) {
    const auto* found = std::ranges::find(source_names, text);
    if (found == std::end(source_names))
        return Error{Errc::internal, "unknown source " + std::string{text}};
    return static_cast<Source>(found - source_names);
}

Facts facts_of(const Transaction& transaction) {
    Facts facts;
    for (const auto& entry : transaction.entries)
        facts = learn(std::move(facts), entry.fact, transaction.terms());
    return facts;
}

bool holds_fee(const Transaction& transaction) { return holds_fee(facts_of(transaction)); }

Error unknown_transaction(std::int64_t id) {
    return {Errc::unknown_transaction, "there is no transaction " + std::to_string(id)};
}

std::optional<std::int64_t> id_of_reference(std::string_view reference) {
    // No leading zero: one number has one reference.
    if (!reference.starts_with("TR") || reference.size() < 3 || reference[2] < '1' ||
        reference[2] > '9')
        return {};
    std::int64_t id = 0;
    const auto* end = reference.data() + reference.size();
    const auto [rest, error] = std::from_chars(reference.data() + 2, end, id);
    if (error != std::errc{} || rest != end) return {};
    return id;
}

std::optional<std::int64_t> id_as_written(const std::string& text) {
    const auto id = id_of_reference(text);
    return id ? id : id_of_reference("TR" + text);
}

std::optional<Time> next_check(
    const Transaction& transaction, const Facts& facts, int checks, Time now
) {
    const auto standing = status(facts);
    // First, also of a payment that is over: its refund holds money until its outcome is known.
    if (reserved_minor(facts) > 0) return now + wait(after_unknown, checks);
    const bool is_over = now > transaction.expires_at + after_deadline;
    if (is_claim_open(facts) && !is_over) return now + wait(after_unknown, checks);
    if (is_unrefunded_duplicate(facts) && !is_over) return now + wait(while_pending, checks);
    if (is_final(standing)) return {};
    // Without an end: a signed notice says that money was taken.
    if (facts.claimed) return now + while_claimed;
    if (is_over) return {};

    const bool unheard = standing == Status::created || standing == Status::unknown;
    return now + (unheard ? wait(after_unknown, checks) : wait(while_pending, checks));
}

std::string_view event_type(TransactionState before, TransactionState after) {
    const bool same =
        before.status == after.status && before.refunded_minor == after.refunded_minor;
    if (same) return "";
    switch (after.status) {
        case Status::paid:
            return "payment.paid";
        case Status::failed:
        case Status::cancelled:
        case Status::expired:
            return "payment.failed";
        case Status::partially_refunded:
        case Status::refunded:
            return "payment.refunded";
        case Status::disputed:
            return "payment.disputed";
        case Status::review:
            return "payment.review";
        // An attempt that is still under way is nobody else's concern.
        default:
            return "";
    }
}

}  // namespace payments
