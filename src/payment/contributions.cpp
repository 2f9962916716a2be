#include "payment/contributions.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace payments {
namespace {

constexpr std::string_view measure_names[] = {
    "started",     "paid",   "refunded",  "refund_returned", "disputed",
    "dispute_won", "failed", "fee_begun", "fee_paid",        "first_try"};
static_assert(std::size(measure_names) == measure_count);

Measure measure_of_movement(MovementKind kind) {
    switch (kind) {
        case MovementKind::taken:
            return Measure::paid;
        case MovementKind::given_back:
            return Measure::refunded;
        case MovementKind::came_back:
            return Measure::refund_returned;
        case MovementKind::disputed:
            return Measure::disputed;
        case MovementKind::dispute_won:
            break;
    }
    return Measure::dispute_won;
}

bool is_ending(FactKind kind) {
    return kind == FactKind::cancelled || kind == FactKind::expired || kind == FactKind::failed ||
           kind == FactKind::closed || kind == FactKind::foreign_payment;
}

// A provider's code, "insufficient_funds"; "" for a sentence or a list, of which there would be
// more than anybody can compare.
std::string_view code_in(std::string_view text) {
    constexpr std::size_t code_max = 40;
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const auto last = text.substr(text.find_last_of(' ') + 1);
    const bool is_code = last.size() <= code_max && last.find_first_not_of(letters) == last.npos;
    return is_code ? last : std::string_view{};
}

// Why an attempt ended: of several words the one that says most, whenever it was heard.
std::string reason_of(std::span<const LedgerEntry> entries) {
    const auto has = [&](FactKind kind) {
        return std::ranges::any_of(entries, [&](const auto& e) { return e.fact.kind == kind; });
    };
    if (has(FactKind::foreign_payment)) return "number_spent";
    if (has(FactKind::closed)) return "closed";
    std::string code;
    for (const auto& [at, source, fact] : entries) {
        if (fact.kind == FactKind::failed)
            code = std::max(code, std::string{code_in(fact.subject)});
        if (fact.kind != FactKind::attempt_failed) continue;
        const auto told = code_in(fact.detail);
        code = std::max(code, std::string{told.empty() ? "declined" : told});
    }
    if (!code.empty()) return code;
    if (has(FactKind::failed)) return "declined";
    return has(FactKind::expired) ? "expired" : "cancelled";
}

Facts facts_of(std::span<const LedgerEntry> entries, const Terms& terms) {
    Facts facts;
    for (const auto& entry : entries) facts = learn(std::move(facts), entry.fact, terms);
    return facts;
}

}  // namespace

std::string_view name(Measure measure) { return measure_names[static_cast<std::size_t>(measure)]; }

Result<Measure> measure_of(std::string_view text) {
    const auto* found = std::ranges::find(measure_names, text);
    if (found == std::end(measure_names))
        return Error{Errc::internal, "unknown measure " + std::string{text}};
    return static_cast<Measure>(found - measure_names);
}

std::vector<Contribution> contributions(const Transaction& transaction, std::size_t known) {
    const auto entries =
        std::span{transaction.entries}.first(std::min(known, transaction.entries.size()));
    std::vector<Contribution> all{
        {minute_of(transaction.created_at), Measure::started, "", transaction.amount}};
    for (auto& [at, kind, subject, refund, amount] : movements(transaction, known))
        all.push_back({minute_of(at), measure_of_movement(kind), "", amount});

    std::optional<Time> ended_at;
    for (const auto& [at, source, fact] : entries)
        if (is_ending(fact.kind)) ended_at = ended_at ? std::min(*ended_at, at) : at;
    if (ended_at && has_ended_unpaid(status(facts_of(entries, transaction.terms()))))
        all.push_back(
            {minute_of(*ended_at), Measure::failed, reason_of(entries), transaction.amount}
        );
    return all;
}

std::vector<Contribution> contributions_of_fee(
    const Transaction& first, bool is_first_paid, bool is_any_paid
) {
    const auto at = minute_of(first.created_at);
    std::vector<Contribution> all{{at, Measure::fee_begun, "", first.amount}};
    if (is_any_paid) all.push_back({at, Measure::fee_paid, "", first.amount});
    if (is_first_paid) all.push_back({at, Measure::first_try, "", first.amount});
    return all;
}

bool was_paid(const Transaction& transaction, std::size_t known) {
    const auto& all = transaction.entries;
    return std::ranges::any_of(
        std::span{all}.first(std::min(known, all.size())),
        [](const LedgerEntry& entry) { return entry.fact.kind == FactKind::captured; }
    );
}

}  // namespace payments
