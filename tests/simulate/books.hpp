#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "payment/transaction.hpp"

namespace payments::simulate {

// What a provider really did, in its own books: the truth that the service is held against.
struct MoneyBack {
    std::string id;    // the provider's
    std::string name;  // ours, "" when it was made at the provider's desk
    Money amount;
    bool failed = false;  // the money came back later
};

struct Quarrel {
    std::string id;
    FactKind state = FactKind::disputed;  // or dispute_won, dispute_lost
};

struct Payment {
    Processor processor;
    std::int64_t transaction_id;
    std::int64_t ticket_id;
    std::string fee_type;
    Money agreed;
    std::string account;
    std::string provider_id;
    std::string key;  // the Idempotency-Key that made it (Stripe)
    Time opened_at;   // of the attempt
    Time deadline;    // after which the visitor may not begin (SimplePay)

    enum class State : std::uint8_t { open, begun, captured, failed, cancelled, expired };
    State state = State::open;
    std::optional<Money> captured;
    Time captured_at{};
    std::string last_error;
    std::vector<MoneyBack> refunds;
    std::vector<Quarrel> disputes;

    bool is_payable() const { return state == State::open || state == State::begun; }
    std::int64_t refunded_minor() const;
    std::string reference() const { return "TR" + std::to_string(transaction_id); }
};
std::string_view name(Payment::State state);

// A message of a provider on its way to the service, until it is acknowledged.
struct Notice {
    std::string body;
    std::string signature;
    std::string payment;  // the provider's id of it
    bool must_arrive;     // nothing else tells of it
    int tries = 0;
    bool acknowledged = false;
};

}  // namespace payments::simulate
