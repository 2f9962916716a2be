#pragma once

#include <functional>
#include <set>
#include <string>

#include "flow/office/records.hpp"
#include "flow/office/seen_tickets.hpp"
#include "flow/ports.hpp"
#include "flow/runs/run_store.hpp"
#include "payment/confirm.hpp"

namespace payments {

struct Settlements;
struct PersonalData;
class TraceQueue;
class PromptChecks;

// What an installation has decided (settings), as far as the flows need it. Fixed while it runs.
struct Rules {
    Accounts accounts;                            // which currencies can be taken, and by whom
    std::set<std::string> transfer_statuses;      // ticket statuses with a transfer price
    std::chrono::milliseconds payment_time;       // how long a visitor may start paying
    std::chrono::milliseconds simplepay_timeout;  // after which a call is unanswered
    std::chrono::milliseconds stripe_timeout;

    using Confirm = payments::Confirm;
    Confirm confirm = Confirm::prefer;  // whether a SimplePay IPN counts without a confirmation

    bool refund_duplicates = false;    // a second payment of a fee is given back without asking
    bool releases_refund_runs = true;  // a second person must release them
    int refund_run_pace = 60;          // refunds a minute and processor, of all replicas together
};

// Everything a flow may touch. One for each event loop, to be used on that loop's thread; what it
// refers to outlives every coroutine.
struct FlowContext {
    const Rules& rules;
    Clock& clock;
    Store& store;
    Tickets& tickets;
    Gateway& simplepay;
    Gateway& stripe;
    ReturnReader& returns;
    std::function<void(Status)> on_status;  // called when a transaction enters a status
    Subscriber* subscriber = nullptr;       // receives outgoing events; null when nobody does
    // Called after every try to deliver one, if not empty.
    std::function<void(DeliveryOutcome::Kind)> on_delivery{};
    OfficeRecords* office = nullptr;     // null where nobody of the back office calls
    RefundRunStore* runs = nullptr;      // likewise
    Settlements* settlements = nullptr;  // likewise
    PersonalData* personal = nullptr;    // likewise
    TraceQueue* traces = nullptr;        // null where nobody records any
    PromptChecks* prompt = nullptr;      // null where checks are left to keep_reconciling()
    SeenTickets seen_tickets{};
    // Before this the process asked no provider. Its accounts are those of its start.
    Time began_at = clock.now();

    Gateway& gateway(Processor processor) const {
        return processor == Processor::simplepay ? simplepay : stripe;
    }
    std::chrono::milliseconds timeout(Processor processor) const {
        return processor == Processor::simplepay ? rules.simplepay_timeout : rules.stripe_timeout;
    }
    // After so long a call to the provider has ended, also when its process died in it: 5 s more
    // than the timeout, for the clocks of two replicas differ.
    std::chrono::milliseconds call_deadline(Processor processor) const {
        return timeout(processor) + std::chrono::seconds{5};
    }
    CheckLeases check_leases() const {
        return {call_deadline(Processor::simplepay), call_deadline(Processor::stripe)};
    }
};

}  // namespace payments
