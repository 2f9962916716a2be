#include "flow/checks/reconcile.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <map>
#include <memory>
#include <set>

#include "flow/checks/check_attempt.hpp"
#include "flow/poll.hpp"
#include "flow/retry_unmatched.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr std::size_t claimed_at_once = 50;  // SimplePay answers for no more in one call
constexpr auto keys_kept = 24h;
constexpr auto pause_after_failure = 5s;

// The accounts that are being asked. What asks them owns it together with the loop that claims:
// when the process ends, either may be destroyed first.
using BusyAccounts = std::set<ProviderAccount>;

// As long as the call lasts that asks about them, nobody else need ask.
DueClaim claim_now(const FlowContext& context) {
    return {context.clock.now(), static_cast<int>(claimed_at_once), context.check_leases()};
}

// Asks about attempts of one account, and about what else is due there as long as a claim comes
// back full.
Task<void> check_account(
    FlowContext& context, ProviderAccount account, std::vector<Transaction> due, bool there_is_more
) {
    while (true) {
        co_await check_attempts(context, std::move(due));
        if (!there_is_more) co_return;
        auto claim = claim_now(context);
        claim.accounts.push_back(account);
        claim.all_but_these = false;
        due = co_await context.store.claim_due(std::move(claim));
        there_is_more = due.size() == claimed_at_once;
    }
}

// The same; the account is busy until it has been done. What the ports throw must not end that.
Task<void> ask_account(
    FlowContext& context, std::vector<Transaction> due, bool there_is_more,
    std::shared_ptr<BusyAccounts> busy
) {
    const auto account = account_of(due.front());
    bool has_failed = false;
    try {
        co_await check_account(context, account, std::move(due), there_is_more);
    } catch (const std::exception& broken) {
        log::error("reconciling is put off", "account", account.name, "reason", broken.what());
        has_failed = true;
    }
    if (has_failed) co_await context.clock.sleep_until(context.clock.now() + pause_after_failure);
    busy->erase(account);
}

// Claims what is due at accounts that are not being asked yet, and has each of these asked by
// itself, so that one that is silent delays none of the others. Does not wait for them.
Task<std::chrono::milliseconds> reconcile_round(
    FlowContext& context, std::shared_ptr<BusyAccounts> busy
) {
    auto claim = claim_now(context);
    claim.accounts.assign(busy->begin(), busy->end());
    auto due = co_await context.store.claim_due(std::move(claim));
    const bool there_is_more = due.size() == claimed_at_once;
    std::map<ProviderAccount, std::vector<Transaction>> by_account;
    for (auto& attempt : due) by_account[account_of(attempt)].push_back(std::move(attempt));
    const auto executor = co_await asio::this_coro::executor;
    for (auto& [account, attempts] : by_account) {
        busy->insert(account);
        auto asking = ask_account(context, std::move(attempts), there_is_more, busy);
        asio::co_spawn(executor, std::move(asking), asio::detached);
    }
    co_await retry_unmatched(context);
    co_return there_is_more ? 0ms : poll_interval;
}

Task<std::chrono::milliseconds> forget_round(FlowContext& context) {
    co_await context.store.forget_keys(context.clock.now() - keys_kept);
    co_return 1h;
}

}  // namespace

Task<std::size_t> reconcile_due(FlowContext& context) {
    auto claim = claim_now(context);
    auto due = co_await context.store.claim_due(std::move(claim));
    const auto asked = co_await check_attempts(context, std::move(due));
    co_return asked.size();
}

Task<void> keep_reconciling(FlowContext& context) {
    Round round = [busy = std::make_shared<BusyAccounts>()](FlowContext& here) {
        return reconcile_round(here, busy);
    };
    return poll(context, "reconciling", std::move(round), pause_after_failure);
}

Task<void> keep_tidy(FlowContext& context) { return poll(context, "tidying", forget_round, 1h); }

}  // namespace payments
