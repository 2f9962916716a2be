#include "settlement/match_lines.hpp"

#include <algorithm>
#include <numeric>

#include "settlement/claims.hpp"
#include "settlement/compare.hpp"
#include "settlement/fees.hpp"
#include "settlement/match_transaction.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement {
namespace {

void look_at(const SettlementLine& line, Report& report) {
    auto& account = report.account(line.processor, line.account, line.currency);
    ++account.lines;
    count_fees(line, account.fees_minor);
    const auto note = [&](FindingKind kind, std::int64_t minor, std::string detail) {
        Finding finding{
            kind,        subject_of(line), minor, line.currency, std::string{name(line.processor)},
            line.account};
        finding.detail = std::move(detail);
        finding.payout_id = line.payout_id;
        finding.key = key_of(finding, line.line_id);
        report.findings.push_back(std::move(finding));
    };
    if (const auto error = arithmetic_error(line))
        note(
            FindingKind::line_arithmetic, *error,
            readable(line.gross_minor, line.currency) + " less a fee of " +
                readable(line.fee_minor, line.currency) + " is not " +
                readable(line.net_minor, line.currency) +
                ", or its parts are not the fee, or it has a fraction that does not exist"
        );
    if (line.kind == LineKind::unknown)
        note(
            FindingKind::kind_unknown,
            absolute(line.gross_minor == 0 ? line.net_minor : line.gross_minor),
            "lines of the kind \"" + line.kind_as_written + "\" are not known"
        );
}

}  // namespace

struct LineMatcher::Parts {
    std::span<const SettlementLine> lines;
    Report& report;
    Claims claims;
    Bookkeeper books;
    std::vector<OurTransaction> held;

    // Lines of each holder, in their order.
    std::vector<std::vector<ClaimedLine>> lines_of_held() const {
        std::vector<std::vector<ClaimedLine>> result(held.size());
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (const auto& claim = claims.of(i);
                claim.strength != Strength::none && !claim.is_tied)
                result[claim.holder].push_back({&lines[i], claim.strength});
        return result;
    }

    void note_unclaimed() {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto& line = lines[i];
            if (!is_of_customer(line.kind)) continue;
            const auto& claim = claims.of(i);
            if (claim.strength == Strength::none)
                books.note_unknown(
                    line, FindingKind::line_unknown, subject_of(line),
                    "no payment of ours has the ids or the reference \"" + line.reference +
                        "\" of this line"
                );
            if (claim.is_tied)
                books.note_unknown(
                    line, FindingKind::ambiguous, subject_of(line),
                    "may be about each of " + names_of(claims.candidates(i))
                );
        }
    }

    std::string names_of(const std::vector<std::uint32_t>& holders) const {
        std::vector<std::pair<std::int64_t, std::string_view>> sorted;
        for (const auto holder : holders)
            sorted.emplace_back(held[holder].id, held[holder].reference);
        std::ranges::sort(sorted);
        std::string names;
        for (const auto& [id, reference] : sorted)
            names.append(names.empty() ? "" : ", ").append(reference);
        return names;
    }
};

LineMatcher::LineMatcher(
    std::span<const SettlementLine> lines, const Delays& delays, Time as_of, Report& report,
    FactListener listener
)
    : parts_(new Parts{
          lines, report, Claims{lines}, Bookkeeper{delays, as_of, report, std::move(listener)}, {}}
      ) {}

LineMatcher::~LineMatcher() = default;

void LineMatcher::hear(const OurTransaction& transaction) {
    auto& [lines, report, claims, books, held] = *parts_;
    if (claims.claim(transaction, static_cast<std::uint32_t>(held.size())))
        held.push_back(transaction);
    else
        books.match(transaction, {});
}

void LineMatcher::finish() {
    const auto claimed = parts_->lines_of_held();
    for (std::size_t i = 0; i < claimed.size(); ++i)
        parts_->books.match(parts_->held[i], claimed[i]);
    parts_->note_unclaimed();
    for (const auto& line : parts_->lines) look_at(line, parts_->report);
}

}  // namespace payments::settlement
