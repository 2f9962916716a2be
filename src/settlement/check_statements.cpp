#include <algorithm>

#include "settlement/match_bank.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement {
namespace {

std::string subject_of_statement(const HeardStatement& statement) {
    if (!statement.id.empty()) return statement.id;
    if (statement.number) return std::to_string(*statement.number);
    return statement.account;
}

void note(
    const HeardStatement& statement, FindingKind kind, std::int64_t minor, std::string detail,
    std::string_view what, Report& report
) {
    Finding finding{
        kind, subject_of_statement(statement), minor, statement.currency, "", statement.account};
    finding.detail = std::move(detail);
    finding.day = statement.to ? statement.to : statement.from;
    finding.key = key_of(finding, what);
    report.findings.push_back(std::move(finding));
}

bool is_new_year(const HeardStatement& before, const HeardStatement& after) {
    const auto year = [](const HeardStatement& statement) {
        return std::chrono::year_month_day{*statement.from}.year();
    };
    return before.from && after.from && year(before) < year(after);
}

// What must hold between two statements of one account that follow each other by day.
void check_pair(const HeardStatement& before, const HeardStatement& after, Report& report) {
    if (!before.number || !after.number) return;
    const bool same = *after.number == *before.number;
    const bool goes_on = *after.number == *before.number + 1 ||
                         (*after.number == 1 && is_new_year(before, after)) ||
                         (same && after.page == before.page + 1);
    if (goes_on) {
        if (!before.closing_minor || !after.opening_minor) return;
        const auto off = plus(*after.opening_minor, -*before.closing_minor);
        if (off != 0)
            note(
                after, FindingKind::statement_does_not_add_up, absolute(off),
                "it opens with " + readable(*after.opening_minor, after.currency) +
                    ", the one before it closed with " +
                    readable(*before.closing_minor, after.currency),
                "opening", report
            );
        return;
    }
    // The same statement twice, told differently, is no gap.
    if (same) return;
    note(
        after, FindingKind::statement_gap, 0,
        "the statement before number " + std::to_string(*after.number) + " is number " +
            std::to_string(*before.number),
        std::to_string(*after.number), report
    );
}

}  // namespace

void check_statements(std::span<const HeardStatement> statements, Report& report) {
    const HeardStatement* before = nullptr;
    for (const auto& statement : statements) {
        if (statement.opening_minor && statement.closing_minor) {
            const auto end = plus(*statement.opening_minor, statement.booked_minor);
            const auto off = plus(end, -*statement.closing_minor);
            if (off != 0)
                note(
                    statement, FindingKind::statement_does_not_add_up, absolute(off),
                    "its opening balance and its entries come to " +
                        readable(end, statement.currency) + ", it closes with " +
                        readable(*statement.closing_minor, statement.currency),
                    "closing", report
                );
        }
        if (before && before->account_key == statement.account_key &&
            before->currency == statement.currency)
            check_pair(*before, statement, report);
        before = &statement;
    }
}

}  // namespace payments::settlement
