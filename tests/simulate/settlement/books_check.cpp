#include "simulate/settlement/books_check.hpp"

#include <algorithm>

#include "settlement/match_transaction.hpp"
#include "settlement/sums.hpp"
#include "storage/sqlite/queries.hpp"

namespace payments::simulate {
namespace {

using namespace settlement;

std::string words_of(const Finding& finding) {
    return std::string{name(finding.kind)} + " " + finding.subject + " " +
           readable(finding.minor, finding.currency) + " (" + finding.detail + ")";
}

bool is_captured(const Transaction& attempt) {
    return std::ranges::any_of(attempt.entries, [](const LedgerEntry& entry) {
        return entry.fact.kind == FactKind::captured;
    });
}

}  // namespace

void BooksCheck::equations_hold(const Report& report) const {
    for (const auto& [key, account] : report.accounts) {
        const auto what = key.account + " in " + key.currency;
        if (account.facts_left_over() != 0)
            stage_.violate("settlements: the facts of " + what + " are not its lines");
        if (account.balance_left_over() != 0)
            stage_.violate("settlements: the balance of " + what + " is not what is left");
    }
}

void BooksCheck::everything_is_explained(const Report& report) {
    equations_hold(report);
    expected_ = treasury_.expected();
    for (const auto& told : treasury_.lines()) expect_of(told);
    for (const auto& movement : treasury_.left_out()) {
        const auto ours = attempt_of(movement);
        if (!ours) continue;
        const auto minor = belief(movement, *ours);
        expect(
            FindingKind::missing_in_settlement, ours->reference(), minor.minor(), minor.currency()
        );
    }
    compare_findings(report);
    compare_sums(report);
}

// The attempt as it is on record; nothing when it was lost with the database that was set back.
std::optional<Transaction> BooksCheck::attempt_of(const ProviderMovement& movement) const {
    auto known = sqlite::transaction(reader_, movement.payment->transaction_id);
    const bool is_it = known && known->created_at == movement.payment->opened_at &&
                       known->account == movement.payment->account;
    return is_it ? std::move(known) : std::nullopt;
}

// A capture that a notice alone has told of is as large as was agreed; the largest amount counts. A
// dispute that is not in the currency of the terms is about all that was taken (payment/movements).
Money BooksCheck::belief(const ProviderMovement& movement, const Transaction& ours) const {
    const auto& payment = *movement.payment;
    auto taken = *payment.captured;
    for (const auto& entry : ours.entries) {
        const bool has_none = entry.fact.kind == FactKind::captured && !entry.fact.amount;
        if (has_none && taken.currency() == ours.amount.currency() &&
            taken.minor() < ours.amount.minor())
            taken = ours.amount;
    }
    if (movement.kind == LineKind::charge) return taken;
    const bool is_dispute =
        movement.kind == LineKind::dispute || movement.kind == LineKind::dispute_reversal;
    if (is_dispute && movement.amount.currency() != ours.amount.currency()) return taken;
    return movement.amount;
}

void BooksCheck::expect_of(const ToldLine& told) {
    const auto& line = told.line;
    if (told.mistake == Mistake::net_is_short)
        expect(FindingKind::line_arithmetic, subject_of(line), 1, line.currency);
    // SimplePay has no fractions of a forint.
    if (told.mistake == Mistake::gross_is_short && line.processor == Processor::simplepay &&
        line.currency.step() > 1)
        expect(FindingKind::line_arithmetic, subject_of(line), 1, line.currency);
    if (line.kind == LineKind::unknown)
        expect(
            FindingKind::kind_unknown, subject_of(line), absolute(line.gross_minor), line.currency
        );
    if (!told.truth) return;
    const auto ours = attempt_of(*told.truth);
    if (!ours) return expect_unclaimed(told);
    const auto gross = absolute(line.gross_minor);
    if (told.mistake == Mistake::settled_twice)
        expect(FindingKind::duplicate_settled, ours->reference(), gross, line.currency);
    else if (told.mistake == Mistake::other_account)
        expect(FindingKind::line_differs, ours->reference(), gross, line.currency);
    else
        expect_difference(told, *ours);
}

// Money of an attempt that is on no record any more. Its number may be another's meanwhile, which
// is all that such a line has in common with it.
void BooksCheck::expect_unclaimed(const ToldLine& told) {
    const auto& line = told.line;
    const auto gross = absolute(line.gross_minor);
    const auto other = sqlite::transaction(reader_, told.truth->payment->transaction_id);
    if (!other || other->code.processor != line.processor)
        return expect(FindingKind::line_unknown, subject_of(line), gross, line.currency);
    const auto kind =
        is_captured(*other) ? FindingKind::duplicate_settled : FindingKind::line_not_captured;
    expect(kind, other->reference(), gross, line.currency);
}

void BooksCheck::expect_difference(const ToldLine& told, const Transaction& ours) {
    const auto& line = told.line;
    const auto& movement = *told.truth;
    const auto believed = belief(movement, ours);
    const bool is_charge = line.kind == LineKind::charge;
    const auto subject = is_charge ? ours.reference() : movement.source_id;
    if (believed.currency() != movement.amount.currency())
        return expect(
            FindingKind::line_differs, subject, absolute(line.gross_minor), line.currency
        );
    auto difference = absolute(believed.minor() - movement.amount.minor());
    if (told.mistake == Mistake::gross_is_short) ++difference;
    if (difference != 0)
        expect(FindingKind::line_differs, subject, difference, believed.currency());
}

void BooksCheck::compare_findings(const Report& report) {
    for (const auto& finding : report.findings) stage_.tell("found: ", words_of(finding));
    for (const auto& finding : report.findings) {
        const auto found = std::ranges::find_if(expected_, [&](const ExpectedFinding& expected) {
            return expected.is(finding);
        });
        if (found != expected_.end())
            expected_.erase(found);
        else if (!treasury_.is_robbed())
            stage_.violate("settlements: nobody expects " + words_of(finding));
    }
    for (const auto& expected : expected_)
        stage_.violate(
            "settlements: nothing is found of " + std::string{name(expected.kind)} + " " +
            expected.subject + " " + readable(expected.minor, expected.currency)
        );
    if (treasury_.is_robbed() && report.findings.empty())
        stage_.violate("settlements: a bank kept what it should have booked");
}

void BooksCheck::compare_sums(const Report& report) const {
    for (const auto& [key, told] : treasury_.sums()) {
        const auto found = report.accounts.find(key);
        const auto account = found == report.accounts.end() ? AccountReport{} : found->second;
        const auto returned =
            std::ranges::count(account.payouts, PayoutState::returned, &PayoutReport::state);
        const auto differs = [&](const char* what, std::int64_t is, std::int64_t should) {
            if (is != should)
                stage_.violate(
                    "settlements: " + key.account + " in " + key.currency + " has " + what + " " +
                    std::to_string(is) + ", not " + std::to_string(should)
                );
        };
        differs("net", account.net_minor, told.net_minor);
        differs("paid out", account.paid_minor, told.paid_minor);
        differs("got back", account.returned_minor, told.returned_minor);
        differs("in reserve", account.reserve_minor, told.reserve_minor);
        differs("left", account.carry_minor + account.unpaid_minor, told.left_minor);
        differs("payouts", std::ssize(account.payouts), static_cast<std::int64_t>(told.payouts));
        differs("failed", returned, static_cast<std::int64_t>(told.returned));
        if (account.fees_minor != told.fees_minor)
            stage_.violate("settlements: the fees of " + key.account + " are not what they were");
    }
}

}  // namespace payments::simulate
