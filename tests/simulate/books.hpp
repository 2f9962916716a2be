#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "payment/transaction.hpp"
#include "settlement/records.hpp"

namespace payments::simulate {

// What a simulated provider really did, in its own books: the service is checked against these.
struct ProviderRefund {
    std::string id;    // the provider's
    std::string name;  // ours, "" when it was made on the provider's pages
    Money amount;
    bool failed = false;  // the money came back later
};

struct ProviderDispute {
    std::string id;
    FactKind state = FactKind::disputed;  // its newest word
    Time since;                           // in whole seconds
    Money amount;                         // often not what was paid
    bool withdrawn = false;               // the money is with the bank
    bool moved = false;                   // with its newest word

    bool has_money() const;
};

struct Payment {
    Processor processor;
    std::int64_t transaction_id;
    std::int64_t ticket_id;
    std::string fee_type;
    Money agreed;
    std::string account;
    std::string provider_id;
    std::string key;   // the Idempotency-Key that made it (Stripe)
    Time opened_at;    // of the attempt
    Time asked_at;     // the call that makes it was sent
    Time made_at;      // by the provider's clock, in whole seconds
    Time listed_at{};  // a query shows it from then on (SimplePay)
    Time deadline;     // after which the visitor may not begin (SimplePay)

    enum class State : std::uint8_t { open, begun, captured, failed, cancelled, expired };
    State state = State::open;
    std::optional<Money> captured;
    Time captured_at{};
    std::string last_error;
    std::vector<ProviderRefund> refunds;
    std::vector<ProviderDispute> disputes;
    bool fraud_warned = false;
    bool was_handed_out = false;  // a visitor was told where to pay it
    bool end_is_forged = false;   // somebody with the secret has signed that it is cancelled

    bool is_payable() const { return state == State::open || state == State::begun; }
    // Whether a visitor can be there, or be sent there yet. SimplePay's page is named in the answer
    // to the start alone; Stripe tells its secret whenever it is asked.
    bool can_be_reached() const { return processor == Processor::stripe || was_handed_out; }
    std::int64_t refunded_minor() const;
    std::string reference() const { return "TR" + std::to_string(transaction_id); }
};
std::string_view name(Payment::State state);

// Money that a provider took for the merchant, gave back, or lost to a bank.
struct ProviderMovement {
    settlement::LineKind kind;
    const Payment* payment;
    std::string source_id;  // its id of the charge, the refund or the dispute
    Money amount;           // as visitor and bank see it
    Time at;

    // More than 0 is money to the merchant.
    std::int64_t signed_minor() const;
};

// A notification that a provider sends until the service acknowledges it.
struct Notice {
    std::string body;
    std::string signature;
    std::string payment;  // the provider's id of it
    bool must_arrive;     // no query would show what it says
    int tries = 0;
    bool acknowledged = false;
};

}  // namespace payments::simulate
