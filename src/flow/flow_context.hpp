#pragma once

#include <functional>
#include <set>
#include <string>

#include "flow/ports.hpp"
#include "payment/confirm.hpp"

namespace payments {

// What an installation has decided (settings), as far as the story needs it.
struct Rules {
    Accounts accounts;                            // what can be taken, and by whom
    std::set<std::string> transfer_statuses;      // ticket statuses with a transfer price
    std::chrono::milliseconds payment_time;       // how long a visitor may start paying
    std::chrono::milliseconds simplepay_timeout;  // after which a call is unanswered
    std::chrono::milliseconds stripe_timeout;

    using Confirm = payments::Confirm;
    Confirm confirm = Confirm::prefer;  // whether a SimplePay IPN counts without a confirmation

    bool refund_duplicates = false;  // the second payment of a fee is given back by itself
};

// Everything a story may touch, for one event loop. The members outlive every coroutine.
struct FlowContext {
    const Rules& rules;
    Clock& clock;
    Store& store;
    Tickets& tickets;
    Gateway& simplepay;
    Gateway& stripe;
    ReturnReader& returns;
    std::function<void(Status)> on_status;  // hears of every status a transaction enters
    Subscriber* subscriber = nullptr;       // who is told of payments, if anyone
    std::function<void(DeliveryOutcome::Kind)>
        on_delivery{};  // hears of every try to tell, if not empty

    Gateway& gateway(Processor processor) {
        return processor == Processor::simplepay ? simplepay : stripe;
    }
    std::chrono::milliseconds timeout(Processor processor) const {
        return processor == Processor::simplepay ? rules.simplepay_timeout : rules.stripe_timeout;
    }
    // After so long a call to the provider is over: its process died, or its answer was lost.
    std::chrono::milliseconds call_deadline(Processor processor) const {
        return timeout(processor) + std::chrono::seconds{5};
    }
};

}  // namespace payments
