#include "settlement/readers/stripe_words.hpp"

#include <algorithm>

#include "support/text.hpp"

namespace payments::settlement {
namespace {

struct Category {
    std::string_view name;
    LineKind kind;
};

constexpr Category categories[] = {
    {"charge", LineKind::charge},
    {"refund", LineKind::refund},
    {"refund_failure", LineKind::refund_failure},
    {"dispute", LineKind::dispute},
    {"dispute_reversal", LineKind::dispute_reversal},
    {"fee", LineKind::fee},
    {"network_cost", LineKind::fee},
    {"tax", LineKind::tax},
    {"risk_reserved_funds", LineKind::reserve},
    {"payout", LineKind::reserve},  // without a payout: a minimum balance, held or released
    {"payout_reversal", LineKind::payout_reversal},
};

}  // namespace

LineKind kind_of_category(std::string_view category) {
    const auto* found = std::ranges::find(categories, category, &Category::name);
    return found == std::end(categories) ? LineKind::unknown : found->kind;
}

bool is_own_line_of_payout(std::string_view category, std::string_view source) {
    return category == "payout" && source.starts_with("po_");
}

bool is_charge_id(std::string_view id) { return id.starts_with("ch_") || id.starts_with("py_"); }

std::string reference_of(std::string_view transaction_id) {
    const bool is_number = !transaction_id.empty() && transaction_id[0] != '0' &&
                           transaction_id.find_first_not_of("0123456789") == transaction_id.npos;
    return (is_number ? "TR" : "") + std::string{transaction_id};
}

std::string fee_part_of(std::string_view type, std::string_view description) {
    if (type == "tax") return "tax";
    if (type == "application_fee") return "application";
    if (type == "payment_method_passthrough_fee") return "network";
    if (type != "stripe_fee") return "other";
    const auto words = text::lower(description);
    if (words.find("dispute") != words.npos) return "dispute";
    return words.find("conversion") != words.npos ? "conversion" : "processing";
}

std::int64_t signed_as(std::int64_t gross_minor, std::int64_t minor) {
    return (gross_minor < 0) == (minor < 0) ? minor : -minor;
}

}  // namespace payments::settlement
