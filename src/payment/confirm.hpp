#pragma once

#include <chrono>
#include <optional>

#include "payment/facts.hpp"

// Whether a signed SimplePay notification counts as paid by itself. It has no amount, and with a
// leaked secret it could be forged, so `query` confirms it (docs/design.md, 3.6). Pure.
namespace payments {

// PAYMENTS_SIMPLEPAY_CONFIRM: when the notification counts without a confirmation.
enum class Confirm : std::uint8_t {
    prefer,  // the notification alone counts after confirmation_waits of silence
    always,  // the notification alone never counts
    never,   // the notification alone counts at once
};

// Since the claim was heard; SimplePay is asked again and again meanwhile (docs/design.md, 3.10).
inline constexpr std::chrono::minutes confirmation_waits{15};

// The fact `captured` that `claim` (a fact of kind `claimed`) amounts to when its confirmation has
// been missing for `unconfirmed_for`, 0 at the moment it is heard; nothing while it has to wait.
std::optional<Fact> capture_without_confirmation(
    Confirm rule, const Fact& claim, std::chrono::milliseconds unconfirmed_for
);

}  // namespace payments
