#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace payments::sandbox::stripe {

// What a test card does when it is charged.
struct Card {
    std::string number;
    std::string brand = "visa";
    bool challenge = false;  // asks for 3-D Secure first
    std::string error_code;  // "" when the charge goes through
    std::string decline_code;
    std::string message;
    std::string dispute_status;  // of the dispute that follows the payment; "" for none

    std::string last4() const { return number.substr(number.size() - 4); }
};

// By number, spaces allowed. A number outside the test cards is declined as a live card.
Card card_of(std::string_view number);
// By Stripe's server-side names, pm_card_visa; nothing for an unknown name.
std::optional<Card> named_card(std::string_view payment_method);

}  // namespace payments::sandbox::stripe
