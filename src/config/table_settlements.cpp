#include "config/rows.hpp"

namespace payments::config {
namespace {

constexpr Setting settlement_settings[] = {
    optional(
        "PAYMENTS_SETTLEMENT_FROM", "day", "",
        "Captures of the days before are awaited in no settlement: their files were not kept here. "
        "In PAYMENTS_TIME_ZONE.",
        [](Text text, Settings& to) { return keep(read_day(text), to.settlements.from); }
    ),
    optional(
        "PAYMENTS_SETTLEMENT_BANK_ACCOUNTS", "comma list", "",
        "Bank accounts that providers pay to, each CURRENCY:IBAN. Statements of others are "
        "refused; "
        "any is taken when not set.",
        [](Text text, Settings& to) {
            return keep(read_bank_accounts(text), to.settlements.bank_accounts);
        }
    ),
    optional(
        "PAYMENTS_SETTLEMENT_MAPPING", "path", "",
        "What the columns of other tables mean (docs/providers/simplepay.md, 18.5): a file that is "
        "none of those known is read by it.",
        [](Text text, Settings& to) { return keep(read_text(text), to.settlements.mapping); }
    ),
    optional(
        "PAYMENTS_SETTLEMENT_OVERDUE_DAYS_SIMPLE", "1 to 365", "10",
        "Days after which a payment that SimplePay has not settled is missing.",
        [](Text text, Settings& to) {
            return keep_number(text, 1, 365, to.settlements.simplepay_days);
        }
    ),
    optional(
        "PAYMENTS_SETTLEMENT_OVERDUE_DAYS_STRIPE", "1 to 365", "7",
        "Days after which a payment that Stripe has not settled is missing.",
        [](Text text, Settings& to) {
            return keep_number(text, 1, 365, to.settlements.stripe_days);
        }
    ),
    optional(
        "PAYMENTS_SETTLEMENT_OVERDUE_DAYS_BANK", "1 to 365", "10",
        "Days after which a payout that no bank account shows is missing.",
        [](Text text, Settings& to) { return keep_number(text, 1, 365, to.settlements.bank_days); }
    ),
};
static_assert(every_row_is_complete_and_unlike_the_others(settlement_settings));

}  // namespace

std::span<const Setting> settlement_rows() { return settlement_settings; }

}  // namespace payments::config
