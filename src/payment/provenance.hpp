#pragma once

#include <optional>
#include <string>

#include "payment/transaction.hpp"

// Which payment at a provider was made for which attempt. SimplePay knows our number alone, and
// numbers start again when a database is restored from an older copy or begun anew
// (docs/design.md, 3.11). Pure; safe on any thread.
namespace payments {

// What a provider tells of a payment that has the number of an attempt.
struct PaymentEvidence {
    std::string provider_id;        // "" when it is not told
    std::optional<Time> made_at{};  // by the provider's clock, in whole seconds
    std::optional<Money> total{};   // what it is to bring

    friend bool operator==(const PaymentEvidence&, const PaymentEvidence&) = default;
};

// False when it is another attempt's: once the attempt has an id at the provider, by that alone;
// until then (nobody can have been sent there to pay) also when it was made before the attempt was
// opened, or is about another amount. What is not told proves nothing.
bool may_be_made_for(const Transaction& attempt, const PaymentEvidence& payment);
// True when the evidence shows that it is this attempt's: by the id, or by the moment.
bool is_made_for(const Transaction& attempt, const PaymentEvidence& payment);

}  // namespace payments
