#include "settlement/match_transaction.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "settlement/compare.hpp"
#include "settlement/sums.hpp"
#include "support/times.hpp"

namespace payments::settlement {
namespace {

std::vector<MoneyFact> facts_of(const OurTransaction& transaction) {
    std::vector<MoneyFact> facts;
    const auto& t = transaction;
    if (t.paid_at && !t.is_settled_before)
        facts.push_back({LineKind::charge, t.provider_id, t.reference, t.minor, *t.paid_at});
    for (const auto& r : t.refunds) {
        facts.push_back({LineKind::refund, r.provider_id, r.name, -r.minor, r.at});
        if (r.failed_at)
            facts.push_back({LineKind::refund_failure, r.provider_id, r.name, r.minor, *r.failed_at}
            );
    }
    for (const auto& d : t.disputes) {
        facts.push_back({LineKind::dispute, d.provider_id, d.provider_id, -d.minor, d.at});
        if (d.won_at)
            facts.push_back(
                {LineKind::dispute_reversal, d.provider_id, d.provider_id, d.minor, *d.won_at}
            );
    }
    return facts;
}

Tally& tally_of(AccountReport& account, LineKind kind) {
    switch (kind) {
        case LineKind::refund:
            return account.refunded;
        case LineKind::refund_failure:
            return account.refunds_failed;
        case LineKind::dispute:
            return account.disputed;
        case LineKind::dispute_reversal:
            return account.disputes_won;
        default:
            return account.captured;
    }
}

void count(Tally& tally, std::int64_t minor) {
    ++tally.count;
    add(tally.minor, minor);
}

bool is_of_refund(LineKind kind) {
    return kind == LineKind::refund || kind == LineKind::refund_failure;
}

std::string_view words_of(LineKind kind) {
    switch (kind) {
        case LineKind::charge:
            return "the payment";
        case LineKind::refund:
            return "the refund";
        case LineKind::refund_failure:
            return "the return of a refund that failed";
        case LineKind::dispute:
            return "the dispute";
        default:
            return "the end of a dispute that was won";
    }
}

}  // namespace

std::string subject_of(const SettlementLine& line) {
    const bool has_own_name = line.processor == Processor::stripe || line.source_id.empty();
    return has_own_name ? line.line_id : line.source_id;
}

Amount seen_of(const SettlementLine& line) {
    if (line.facing && line.facing->currency != line.currency) return *line.facing;
    return {line.gross_minor, line.currency};
}

void Bookkeeper::note_unknown(
    const SettlementLine& line, FindingKind kind, std::string subject, std::string detail
) {
    Finding finding{
        kind,
        std::move(subject),
        absolute(line.gross_minor),
        line.currency,
        std::string{name(line.processor)},
        line.account};
    finding.detail = std::move(detail);
    finding.payout_id = line.payout_id;
    finding.key = key_of(finding, line.line_id);
    report_.findings.push_back(std::move(finding));
    const auto seen = seen_of(line);
    auto& account = report_.account(line.processor, line.account, seen.currency);
    count(account.customer_lines, seen.minor);
    count(account.unknown, seen.minor);
}

// The work of one call of Bookkeeper::match.
class TransactionMatcher {
public:
    TransactionMatcher(
        Bookkeeper& books, const OurTransaction& transaction, std::span<const ClaimedLine> lines
    )
        : books_(books), ours_(transaction), claimed_(lines), facts_(facts_of(transaction)) {
        for (const auto& claimed : lines) lines_of(claimed.line->kind).push_back(claimed);
    }

    void match() {
        for (const auto& fact : facts_) count(tally_of(account(), fact.kind), fact.minor);
        match_charges();
        for (const auto kind :
             {LineKind::refund, LineKind::refund_failure, LineKind::dispute,
              LineKind::dispute_reversal})
            match_by_id(kind);
        for (auto& fact : facts_) wait_for(fact);
        if (books_.listener_)
            for (const auto& fact : facts_) books_.listener_(ours_, fact);
    }

private:
    struct Group {
        std::vector<const SettlementLine*> lines;
        std::vector<MoneyFact*> facts;
    };

    std::vector<ClaimedLine>& lines_of(LineKind kind) {
        return lines_[static_cast<std::size_t>(kind)];
    }
    AccountReport& account() {
        return books_.report_.account(ours_.processor, ours_.account, ours_.currency);
    }
    Amount expected(const MoneyFact& fact) const { return {fact.minor, ours_.currency}; }

    // R4: the fact is settled, whether or not the line says what it should.
    void settle(const SettlementLine& line, MoneyFact& fact) {
        fact.is_settled = true;
        auto [seen, difference] = compare(line, expected(fact));
        const bool is_account_right = line.account == ours_.account;
        if (!is_account_right)
            difference = Difference{
                {absolute(line.gross_minor), line.currency},
                "the line is of the account " + line.account + ", our payment of " + ours_.account};
        auto& theirs = books_.report_.account(line.processor, line.account, seen.currency);
        count(theirs.customer_lines, seen.minor);
        if (is_account_right && seen.currency == ours_.currency) {
            add(theirs.differences_minor, fact.minor - seen.minor);
            fact.line = &line;
            fact.line_number = std::ranges::find(claimed_, &line, &ClaimedLine::line)->number;
            fact.seen_minor = seen.minor;
        } else {
            add(account().differences_minor, fact.minor);
            count(theirs.unknown, seen.minor);
        }
        if (!difference) return;
        Finding finding{FindingKind::line_differs,         std::string{fact.subject},
                        difference->amount.minor,          difference->amount.currency,
                        std::string{name(line.processor)}, line.account};
        finding.detail = std::move(difference->detail);
        finding.payout_id = line.payout_id;
        finding.key = key_of(finding, line.line_id);
        books_.report_.findings.push_back(std::move(finding));
    }

    void unknown(const SettlementLine& line, FindingKind kind, std::string detail) {
        books_.note_unknown(line, kind, ours_.reference, std::move(detail));
    }
    void duplicate(const SettlementLine& line) {
        unknown(
            line, FindingKind::duplicate_settled,
            std::string{words_of(line.kind)} + " was settled before this line " + line.line_id
        );
    }

    // R5. Of several lines the one that fits best is that of our capture.
    void match_charges() {
        auto& lines = lines_of(LineKind::charge);
        const auto misfit = [&](const ClaimedLine& claimed) {
            const bool differs =
                compare(*claimed.line, {ours_.minor, ours_.currency}).difference.has_value();
            return std::tuple{
                claimed.line->account != ours_.account, claimed.strength != Strength::by_id,
                differs};
        };
        std::ranges::stable_sort(lines, {}, misfit);
        bool may_come_again = ours_.is_duplicate_known;
        // Always the first where it is awaited.
        auto* capture =
            facts_.empty() || facts_.front().kind != LineKind::charge ? nullptr : &facts_.front();
        for (const auto& [line, strength, number] : lines) {
            if (!ours_.paid_at) {
                unknown(*line, FindingKind::line_not_captured, "settled, but not paid here");
            } else if (capture && !capture->is_settled) {
                settle(*line, *capture);
            } else if (may_come_again) {
                may_come_again = false;
                const auto seen = seen_of(*line);
                auto& theirs =
                    books_.report_.account(line->processor, line->account, seen.currency);
                count(theirs.customer_lines, seen.minor);
                count(theirs.unknown, seen.minor);
            } else {
                duplicate(*line);
            }
        }
    }

    // R2 of refunds and disputes; R3 for what names only the payment.
    void match_by_id(LineKind kind) {
        if (lines_of(kind).empty()) return;
        std::multimap<std::string_view, MoneyFact*> by_id;
        for (auto& fact : facts_)
            if (fact.kind == kind && !fact.provider_id.empty())
                by_id.emplace(fact.provider_id, &fact);
        std::vector<const SettlementLine*> rest;
        for (const auto& claimed : lines_of(kind)) {
            const auto& line = *claimed.line;
            const auto [first, last] = by_id.equal_range(line.source_id);
            const auto fact = std::find_if(first, last, [](const auto& entry) {
                return !entry.second->is_settled;
            });
            if (first == last)
                rest.push_back(&line);
            else if (fact == last)
                duplicate(line);
            else
                settle(line, *fact->second);
        }
        match_by_amount(kind, rest);
    }

    bool names_only_the_payment(const SettlementLine& line) const {
        const auto& id = line.source_id;
        return id.empty() || id == ours_.provider_id || id == ours_.charge_id ||
               id == line.charge_id || id == line.payment_id;
    }

    void match_by_amount(LineKind kind, const std::vector<const SettlementLine*>& lines) {
        if (lines.empty()) return;
        // A line with an id of its own is only about a fact of which we know none.
        std::map<std::pair<bool, std::int64_t>, Group> groups;
        for (auto& fact : facts_)
            if (fact.kind == kind && !fact.is_settled) {
                groups[{true, fact.minor}].facts.push_back(&fact);
                if (fact.provider_id.empty()) groups[{false, fact.minor}].facts.push_back(&fact);
            }
        for (const auto* line : lines) {
            const bool any = names_only_the_payment(*line);
            const auto group = std::ranges::find_if(groups, [&](const auto& entry) {
                return entry.first.first == any && line->account == ours_.account &&
                       !compare(*line, {entry.first.second, ours_.currency}).difference;
            });
            if (group == groups.end())
                unmatched(kind, *line);
            else
                group->second.lines.push_back(line);
        }
        for (auto& [key, group] : groups) match_group(kind, group);
    }

    // Lines and facts of one amount. Where their counts agree no guess is needed.
    void match_group(LineKind kind, Group& group) {
        std::erase_if(group.facts, [](const MoneyFact* fact) { return fact->is_settled; });
        const bool is_ambiguous = group.lines.size() < group.facts.size();
        std::string names;
        for (const auto* fact : group.facts)
            names += (names.empty() ? "" : ", ") + std::string{fact->subject};
        auto fact = group.facts.begin();
        for (const auto* line : group.lines) {
            if (fact == group.facts.end()) {
                unmatched(kind, *line);
                continue;
            }
            if (is_ambiguous) {
                (*fact)->is_settled = true;
                add(account().differences_minor, (*fact)->minor);
                unknown(*line, FindingKind::ambiguous, "may be each of " + names);
            } else {
                settle(*line, **fact);
            }
            ++fact;
        }
    }

    void unmatched(LineKind kind, const SettlementLine& line) {
        const auto finding =
            is_of_refund(kind) ? FindingKind::refund_unknown : FindingKind::dispute_unknown;
        unknown(
            line, finding,
            "we do not know of " + std::string{words_of(kind)} + " " +
                (line.source_id.empty() ? line.line_id : line.source_id)
        );
    }

    // R10. What an account takes longer for than it should is missing.
    void wait_for(const MoneyFact& fact) {
        if (fact.is_settled || fact.minor == 0) return;
        const std::chrono::days delay{books_.delays_.of(ours_.processor)};
        if (books_.as_of_ - fact.at <= delay) return count(account().waiting, fact.minor);
        count(account().overdue, fact.minor);
        Finding finding{
            FindingKind::missing_in_settlement,
            std::string{fact.subject},
            absolute(fact.minor),
            ours_.currency,
            std::string{name(ours_.processor)},
            ours_.account};
        finding.detail = std::string{words_of(fact.kind)} + " of " + rfc3339(fact.at) +
                         " is in no settlement after " + std::to_string(delay.count()) + " days";
        finding.at = fact.at;
        finding.key = key_of(finding, name(fact.kind));
        books_.report_.findings.push_back(std::move(finding));
    }

    Bookkeeper& books_;
    const OurTransaction& ours_;
    const std::span<const ClaimedLine> claimed_;
    std::vector<MoneyFact> facts_;
    std::array<std::vector<ClaimedLine>, 1 + static_cast<std::size_t>(LineKind::unknown)> lines_;
};

void Bookkeeper::match(const OurTransaction& transaction, std::span<const ClaimedLine> lines) {
    TransactionMatcher{*this, transaction, lines}.match();
}

}  // namespace payments::settlement
