#include "sandbox/stripe/cards.hpp"

#include <algorithm>

namespace payments::sandbox::stripe {
namespace {

struct Row {
    std::string_view number, name, brand;
    bool challenge;
    std::string_view error_code, decline_code, message, dispute_status = {};
};
constexpr std::string_view declined = "Your card was declined.";
constexpr Row rows[] = {
    {"4242424242424242", "pm_card_visa", "visa", false, "", "", ""},
    {"5555555555554444", "pm_card_mastercard", "mastercard", false, "", "", ""},
    {"4000000000003220", "pm_card_threeDSecure2Required", "visa", true, "", "", ""},
    {"4000002760003184", "pm_card_authenticationRequired", "visa", true, "", "", ""},
    {"4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined", "visa", true,
     "card_declined", "generic_decline", declined},
    {"4000000000000077", "pm_card_bypassPending", "visa", false, "", "", ""},
    {"4000000000000259", "pm_card_createDispute", "visa", false, "", "", "", "needs_response"},
    {"4000000000001976", "pm_card_createDisputeInquiry", "visa", false, "", "", "",
     "warning_needs_response"},
    {"4000000000000002", "pm_card_chargeDeclined", "visa", false, "card_declined",
     "generic_decline", declined},
    {"4000000000000341", "pm_card_chargeCustomerFail", "visa", false, "card_declined",
     "generic_decline", declined},
    {"4000000000000002", "pm_card_visa_chargeDeclined", "visa", false, "card_declined",
     "generic_decline", declined},
    {"4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds", "visa", false,
     "card_declined", "insufficient_funds", "Your card has insufficient funds."},
    {"4000000000009987", "pm_card_visa_chargeDeclinedLostCard", "visa", false, "card_declined",
     "lost_card", declined},
    {"4000000000000069", "pm_card_chargeDeclinedExpiredCard", "visa", false, "expired_card", "",
     "Your card has expired."},
    {"4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", "visa", false, "incorrect_cvc", "",
     "Your card's security code is incorrect."},
    {"4000000000000119", "pm_card_chargeDeclinedProcessingError", "visa", false, "processing_error",
     "", "An error occurred while processing your card. Try again in a little bit."},
};

Card card_from(const Row& row) {
    Card card;
    card.number = row.number;
    card.brand = row.brand;
    card.challenge = row.challenge;
    card.error_code = row.error_code;
    card.decline_code = row.decline_code;
    card.message = row.message;
    card.dispute_status = row.dispute_status;
    return card;
}

bool passes_luhn(const std::string& digits) {
    int sum = 0;
    bool twice = false;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
        const int digit = *it - '0';
        sum += twice ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
    }
    return sum % 10 == 0;
}

}  // namespace

Card card_of(std::string_view number) {
    std::string digits;
    std::copy_if(number.begin(), number.end(), std::back_inserter(digits), [](char c) {
        return c >= '0' && c <= '9';
    });
    for (const auto& row : rows) {
        if (row.number == digits) return card_from(row);
    }
    Card card;
    card.number = digits.size() < 4 ? "0000" : digits;
    const bool plausible = digits.size() >= 12 && digits.size() <= 19 && passes_luhn(digits);
    card.error_code = plausible ? "card_declined" : "incorrect_number";
    card.decline_code = plausible ? "test_mode_live_card" : "";
    card.message =
        plausible ? "Your card was declined: not a test card." : "Your card number is incorrect.";
    return card;
}

std::optional<Card> named_card(std::string_view payment_method) {
    for (const auto& row : rows) {
        if (row.name == payment_method) return card_from(row);
    }
    return std::nullopt;
}

}  // namespace payments::sandbox::stripe
