#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <map>

#include "flow/flow_context.hpp"

namespace payments {

// Checks that were wanted at once, by a notification or a visitor, made by the event loop that
// heard of it. The commit that notes such a check claims it (Heard::claimed_for), so that nobody
// has to find it in the database and claim it there: at the opening of a sale that is a third of
// what the database does for a notice of SimplePay (docs/performance.md). Should this process die
// before it has asked, the claim ends, and whoever reconciles takes the check up.
//
// One for each event loop, used on its thread; outlives every coroutine that suspends on that loop.
class PromptChecks {
public:
    // By `clock` it waits; `executor` is the loop's.
    PromptChecks(Clock& clock, boost::asio::any_io_executor executor);

    // Whether another may wait. When a provider is so slow that none may, checks are left to
    // keep_reconciling(), where they wait in the database.
    bool has_room() const;
    // How long a check is to be claimed for that is to wait here.
    static CheckLeases leases(const FlowContext& context);
    // Asks about `attempt`, as it was recorded just now, together with the others of its account
    // that come within a tenth of a second, until there are 25, or while another question is under
    // way. What the ports throw is logged. `context` must be the same each time, and outlive every
    // coroutine.
    void add(FlowContext& context, Transaction attempt);

private:
    struct Waiting {
        Transaction attempt;
        std::chrono::milliseconds until;  // by the steady clock: later its claim may have ended
    };
    struct Account {
        std::deque<Waiting> waiting;
        bool is_gathering = false;
        bool is_asking = false;  // until nothing waits
    };

    Task<void> gather(FlowContext& context, ProviderAccount name);
    Task<void> ask(FlowContext& context, ProviderAccount name);
    void begin_to_ask(FlowContext& context, const ProviderAccount& name);
    std::vector<Transaction> take(Account& account);

    Clock& clock_;
    boost::asio::any_io_executor executor_;
    std::map<ProviderAccount, Account> accounts_;
    std::size_t waiting_ = 0;  // at all of them
};

}  // namespace payments
