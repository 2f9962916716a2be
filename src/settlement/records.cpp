#include "settlement/records.hpp"

#include <array>

namespace payments::settlement {
namespace {

constexpr std::array<std::string_view, 10> kind_names{
    "charge", "refund", "refund_failure", "dispute",         "dispute_reversal",
    "fee",    "tax",    "reserve",        "payout_reversal", "unknown",
};
constexpr std::array<std::string_view, 6> payout_status_names{
    "unheard", "pending", "in_transit", "paid", "cancelled", "failed",
};
constexpr std::array<std::string_view, 7> format_names{
    "simplepay", "stripe-csv", "stripe-json", "stripe-payouts", "camt053", "mt940", "otp-csv",
};

// The value of an enumeration that has this name.
template <class Enum, std::size_t n>
std::optional<Enum> named(const std::array<std::string_view, n>& names, std::string_view name) {
    for (std::size_t i = 0; i < n; ++i)
        if (names[i] == name) return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace

std::optional<Rate> Rate::parse(std::string_view text) {
    Rate rate;
    bool behind_point = false;
    int digits = 0;
    for (const char c : text) {
        if (c == '.' && !behind_point && digits > 0) {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > 18) return std::nullopt;
        rate.digits = rate.digits * 10 + (c - '0');
        rate.decimals += behind_point ? 1 : 0;
    }
    if (rate.digits == 0 || text.back() == '.') return std::nullopt;
    return rate;
}

void append_day(std::string& text, Day day, char between) {
    const std::chrono::year_month_day date{day};
    const auto number = [&](unsigned value, unsigned unit) {
        for (; unit > 0; unit /= 10) text += static_cast<char>('0' + value / unit % 10);
    };
    number(static_cast<unsigned>(static_cast<int>(date.year())), 1000);
    text += between;
    number(static_cast<unsigned>(date.month()), 10);
    text += between;
    number(static_cast<unsigned>(date.day()), 10);
}

std::string date_text(Day day) {
    std::string text;
    append_day(text, day);
    return text;
}

std::string_view name(LineKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

std::optional<LineKind> line_kind_of(std::string_view name) {
    return named<LineKind>(kind_names, name);
}

std::string_view name(PayoutStatus status) {
    return payout_status_names.at(static_cast<std::size_t>(status));
}

std::optional<PayoutStatus> payout_status_of(std::string_view name) {
    return named<PayoutStatus>(payout_status_names, name);
}

bool is_of_customer(LineKind kind) { return kind <= LineKind::dispute_reversal; }

std::string_view name(Format format) { return format_names.at(static_cast<std::size_t>(format)); }

std::optional<Format> format_of(std::string_view name) { return named<Format>(format_names, name); }

}  // namespace payments::settlement
