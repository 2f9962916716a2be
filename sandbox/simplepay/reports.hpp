#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/simplepay/model.hpp"

// SimplePay's weekly reports (docs/providers/simplepay.md, 18): what is transferred of a week, and
// why. Sums are hundredths of the currency's unit.
namespace payments::sandbox::simplepay {

// What SimplePay keeps of a payment. Invented: real commissions depend on the merchant's contract.
struct Commission {
    std::int64_t interchange = 0, scheme = 0, own = 0;
    std::int64_t all() const { return interchange + scheme + own; }
};
Commission commission_on(std::int64_t charged, std::string_view currency, std::int64_t id);

struct ReportLine {
    bool is_refund = false;
    std::int64_t id = 0;
    std::string order_ref;
    Time begun{}, done{};
    std::int64_t gross = 0;  // less than 0 of a refund
    Commission commission;
    std::int64_t net() const { return gross - commission.all(); }
};

// One merchant account's week.
struct WeeklyReport {
    std::string merchant, currency;
    std::chrono::sys_days day{};  // on which it was made, and its sum transferred
    std::vector<ReportLine> lines;
    std::int64_t brought = 0;      // less than 0: left by the weeks before
    std::int64_t transferred = 0;  // 0 in a week that comes to less
    std::string name() const;      // "report_20260708.csv"
};

enum class ReportHeader : std::uint8_t { of_2026, of_2021 };
std::string report_csv(
    const WeeklyReport& report, ReportHeader header, bool shows_refunds_positive
);

// The Monday after a moment, and the moment at which the report of that week is made, in Budapest.
std::chrono::sys_days week_end(Time moment);
Time made_at(std::chrono::sys_days week_end);

}  // namespace payments::sandbox::simplepay
