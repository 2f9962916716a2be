#include "simulate/settlement/banks.hpp"

#include <algorithm>
#include <set>

#include "settlement/banking_days.hpp"
#include "simulate/settlement/files.hpp"

namespace payments::simulate {
namespace {

using namespace settlement;

bool is_needed_in_camt(Mistake mistake) {
    return mistake == Mistake::balance_is_off || mistake == Mistake::statement_is_missing;
}

// No other payout of its provider could be taken for it.
bool is_unique(const ToldPayout& payout, const std::vector<ToldPayout>& all) {
    return std::ranges::count_if(all, [&](const ToldPayout& other) {
               return other.processor == payout.processor && other.currency == payout.currency &&
                      other.minor >= payout.minor - 1 && other.minor <= payout.minor + 1;
           }) == 1;
}

// Entries day by day, in so many parts at most.
std::vector<std::vector<BankLine>> cut(const std::vector<BankLine>& entries, int parts) {
    std::vector<std::vector<BankLine>> all;
    const auto at_least = entries.size() / static_cast<std::size_t>(parts) + 1;
    for (const auto& entry : entries) {
        const bool goes_on = !all.empty() && (all.back().size() < at_least ||
                                              all.back().back().booked == entry.booked);
        if (!goes_on) all.emplace_back();
        all.back().push_back(entry);
    }
    return all;
}

constexpr std::int64_t opening_minor = 100'000'000;

Statement statement_of(
    std::vector<BankLine> entries, Currency currency, bool is_camt, std::int64_t opening
) {
    const bool is_huf = currency.code() == "HUF";
    Statement statement{
        is_camt ? (is_huf ? "HU42117730161111101800000000" : "HU86117730161111101900000000")
                : (is_huf ? "1177301611111018" : "1177301611111019"),
        currency};
    statement.from = entries.front().booked;
    statement.to = entries.back().booked;
    statement.opening_minor = statement.closing_minor = opening;
    for (const auto& entry : entries) *statement.closing_minor += entry.minor;
    statement.lines = std::move(entries);
    return statement;
}

}  // namespace

Banks::Banks(Random& random, Mistake mistake)
    : random_(random), mistake_(mistake), names_payouts_(random.percent(50)) {}

std::vector<SettlementFile> Banks::statements(
    const std::vector<ToldPayout>& payouts, std::vector<ExpectedFinding>& expected
) {
    std::vector<SettlementFile> files;
    for (const auto* code : {"EUR", "HUF"}) {
        const auto currency = Currency::of(code).value();
        is_camt_ = is_needed_in_camt(mistake_) || random_.percent(70);
        auto entries = entries_of(payouts, currency, expected);
        if (!entries.empty()) write(std::move(entries), currency, files, expected);
    }
    return files;
}

Banks::Entries Banks::entries_of(
    const std::vector<ToldPayout>& payouts, Currency currency,
    std::vector<ExpectedFinding>& expected
) {
    std::vector<Credit> credits;
    for (const auto& payout : payouts)
        if (payout.currency == currency && !payout.has_failed && payout.minor > 0)
            credits.push_back({&payout, credit(payout)});
    if (credits.empty()) return {};
    err(credits, payouts, expected);
    Entries entries;
    for (const auto& [payout, line] : credits) {
        if (is_camt_ && random_.percent(10)) book_twice(line, entries);
        entries.push_back(line);
    }
    add_others(entries);
    std::ranges::stable_sort(entries, {}, &BankLine::booked);
    return entries;
}

BankLine Banks::credit(const ToldPayout& payout) {
    BankLine line;
    const bool is_stripe = payout.processor == Processor::stripe;
    line.booked = banking_days_from(payout.arrival, 1 + random_.below(4));
    line.payer = is_stripe ? "STRIPE TECHNOLOGY EUROPE LTD" : "SIMPLEPAY ZRT.";
    line.text = is_stripe ? "STRIPE" : "T655300777";
    if (is_stripe && names_payouts_) line.text += " TRACE-" + payout.id;
    line.bank_reference = "B" + std::to_string(++last_entry_);
    // A bank on the way has kept a little, and says so.
    if (is_camt_ && payout.currency.code() == "EUR" && payout.minor > 1'000 && random_.percent(15))
        line.charges_minor = 337;
    line.minor = payout.minor - line.charges_minor;
    return line;
}

void Banks::err(
    std::vector<Credit>& credits, const std::vector<ToldPayout>& payouts,
    std::vector<ExpectedFinding>& expected
) {
    if (has_erred_) return;
    const auto unique = std::ranges::find_if(credits, [&](const Credit& credit) {
        const bool is_named = names_payouts_ && credit.payout->processor == Processor::stripe;
        return is_unique(*credit.payout, payouts) &&
               (mistake_ != Mistake::credit_is_late || !is_named);
    });
    const bool is_short = mistake_ == Mistake::credit_is_short;
    if (is_short && unique == credits.end()) {
        has_erred_ = is_robbed_ = true;
        --credits.front().line.minor;
    } else if (is_short) {
        has_erred_ = true;
        --unique->line.minor;
        expected.push_back(
            {FindingKind::bank_differs, unique->payout->id, 1, unique->payout->currency}
        );
    } else if (mistake_ == Mistake::credit_is_late && unique != credits.end()) {
        has_erred_ = true;
        auto& [payout, line] = *unique;
        line.booked = banking_days_from(payout->arrival, 9);
        line.minor += std::exchange(line.charges_minor, 0);
        expected.push_back(
            {FindingKind::payout_not_on_bank, payout->id, payout->minor, payout->currency}
        );
        expected.push_back({FindingKind::bank_credit_unknown, "", payout->minor, payout->currency});
    }
}

// By mistake, which the bank takes back.
void Banks::book_twice(const BankLine& line, Entries& entries) {
    auto again = line;
    again.bank_reference = "B" + std::to_string(++last_entry_);
    auto back = line;
    back.bank_reference = "B" + std::to_string(++last_entry_);
    back.minor = -line.minor;
    back.charges_minor = 0;
    back.is_reversal = true;
    again.booked = back.booked = banking_days_from(line.booked, random_.below(2));
    entries.push_back(std::move(again));
    entries.push_back(std::move(back));
}

// What is no provider's business.
void Banks::add_others(Entries& entries) {
    const int others = mistake_ == Mistake::statement_is_missing ? 3 : random_.below(3);
    for (int i = 0; i < others; ++i) {
        const bool is_fee = random_.percent(50);
        BankLine line;
        line.booked = banking_days_from(entries.front().booked, i + random_.below(4));
        line.minor = is_fee ? -120'000 : 5'000'000;
        line.payer = is_fee ? "" : "KITALALT KFT.";
        line.text = is_fee ? "SZAMLAVEZETESI DIJ" : "TAMOGATAS";
        line.bank_reference = "B" + std::to_string(++last_entry_);
        entries.push_back(std::move(line));
    }
}

void Banks::write(
    Entries entries, Currency currency, std::vector<SettlementFile>& files,
    std::vector<ExpectedFinding>& expected
) {
    const auto write = [&](const Statement& statement) {
        files.push_back(is_camt_ ? camt053(statement) : otp_csv(statement));
    };
    const bool may_skip = mistake_ == Mistake::statement_is_missing;
    const auto parts = cut(entries, may_skip ? 3 : 1 + random_.below(3));
    const std::string code{currency.code()};
    auto balance = opening_minor;
    int number = 100;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto statement = statement_of(parts[i], currency, is_camt_, balance);
        balance = *statement.closing_minor;
        ++number;
        const bool is_behind_gap = may_skip && i > 0 && !std::exchange(has_erred_, true);
        if (is_behind_gap) ++number;
        statement.number = number;
        statement.id = code + "-" + std::to_string(number);
        if (is_behind_gap)
            expected.push_back({FindingKind::statement_gap, statement.id, 0, currency});
        const bool is_off = mistake_ == Mistake::balance_is_off && i + 1 == parts.size() &&
                            !std::exchange(has_erred_, true);
        if (is_off) {
            ++*statement.closing_minor;
            expected.push_back({FindingKind::statement_does_not_add_up, statement.id, 1, currency});
        }
        write(statement);
    }
    if (!random_.percent(30)) return;
    // The same days once more in one.
    auto all = statement_of(std::move(entries), currency, is_camt_, opening_minor);
    all.id = code + "-all";
    write(all);
}

}  // namespace payments::simulate
