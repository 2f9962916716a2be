#include "payment/confirm.hpp"

namespace payments {

std::optional<Fact> capture_without_confirmation(
    Confirm rule, const Fact& claim, std::chrono::milliseconds unconfirmed_for
) {
    if (rule == Confirm::never) {
        auto captured = claim;
        captured.kind = FactKind::captured;
        captured.detail = "the signed IPN alone, by PAYMENTS_SIMPLEPAY_CONFIRM=never";
        return captured;
    }
    if (rule == Confirm::always || unconfirmed_for < confirmation_waits) return {};
    Fact captured;
    captured.kind = FactKind::captured;
    captured.detail = "the signed IPN alone: SimplePay did not answer for 15 minutes";
    return captured;
}

}  // namespace payments
