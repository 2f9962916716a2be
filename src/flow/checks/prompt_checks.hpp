#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "flow/flow_context.hpp"
#include "flow/shares.hpp"

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
    struct Limits {
        std::size_t under_way = 150;
        std::chrono::milliseconds patience{500};  // for which a place is waited for
    };

    // By `clock` it waits; `executor` is the loop's.
    PromptChecks(Clock& clock, boost::asio::any_io_executor executor, Limits limits);
    PromptChecks(Clock& clock, boost::asio::any_io_executor executor)
        : PromptChecks(clock, std::move(executor), Limits{}) {}

    // A place for a check that is wanted now, from before its claim is recorded until its provider
    // has been asked and the answer is durable: what is asked about takes some 20 KiB. Each account
    // has its own, of those that messages name. Nothing when none is free: then the check is left
    // in the database, to keep_reconciling().
    std::optional<Shares::Share> try_place(const std::string& account);
    // Waits for one, not for long. It is better that a crowd is heard a little later than that it
    // is confirmed much later, and what only hears it would take all of the machine.
    Task<std::optional<Shares::Share>> place(std::string account);
    // Whether that is any use: the account has answered just now, or was not asked for a while.
    bool may_get_a_place(const std::string& account) const;
    // How long a check is to be claimed for that is to wait here.
    CheckLeases leases(const FlowContext& context) const;
    // Asks about `attempt`, as it was recorded just now, together with the others of its account
    // that come within a tenth of a second, until there are 25, or while another question is under
    // way. What the ports throw is logged. `context` must be the same each time, and outlive every
    // coroutine.
    void add(FlowContext& context, Transaction attempt, Shares::Share place);
    // At a stop: asks about what waits without gathering any longer, and returns when that and what
    // is under way has its answer, or at `until` by the steady clock. What has none then, or is
    // added meanwhile, is taken up by another replica, or after the next start, when its claim
    // ends. `context` as above; what the ports throw is logged.
    Task<void> finish(FlowContext& context, std::chrono::milliseconds until);

private:
    struct Waiting {
        Transaction attempt;
        Shares::Share place;
        std::chrono::milliseconds until;  // by the steady clock: later its claim may have ended
    };
    struct Question {
        std::vector<Transaction> attempts{};
        std::vector<Shares::Share> places{};
    };
    struct Account {
        std::deque<Waiting> waiting;
        bool is_gathering = false;
        bool is_asking = false;  // until nothing waits
    };

    Task<void> gather(FlowContext& context, ProviderAccount name);
    Task<void> ask(FlowContext& context, ProviderAccount name);
    void begin_to_ask(FlowContext& context, const ProviderAccount& name);
    bool is_asking() const;
    Question take(Account& account);
    void note_progress(const std::string& account);

    Clock& clock_;
    boost::asio::any_io_executor executor_;
    const Limits limits_;
    std::map<ProviderAccount, Account> accounts_;
    Shares places_;
    // When an account has answered last, or was free of questions; "": any of them.
    std::map<std::string, std::chrono::milliseconds, std::less<>> progress_at_;
};

}  // namespace payments
