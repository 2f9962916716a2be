#include "flow/checks/prompt_checks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "flow/checks/check_attempt.hpp"
#include "flow/poll.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

// What waits is in memory, each with its facts, and what is asked about takes some 20 KiB each
// until its answer is durable.
constexpr std::size_t most_waiting = 100;
constexpr std::size_t asked_together = 25;
// Those that come together are asked about together, and the provider, too, has time to note what
// it has just told.
constexpr auto gathered_for = 100ms;
// A claim lasts longer by as much.
constexpr auto waits_at_most = 2s;

Task<void> check_all(FlowContext& context, std::vector<Transaction> attempts) {
    co_await check_attempts(context, std::move(attempts));
}

}  // namespace

PromptChecks::PromptChecks(Clock& clock, boost::asio::any_io_executor executor)
    : clock_(clock), executor_(std::move(executor)) {}

bool PromptChecks::has_room() const { return waiting_ < most_waiting; }

CheckLeases PromptChecks::leases(const FlowContext& context) {
    auto leases = context.check_leases();
    leases.simplepay += waits_at_most;
    leases.stripe += waits_at_most;
    return leases;
}

void PromptChecks::add(FlowContext& context, Transaction attempt) {
    const auto name = account_of(attempt);
    auto& account = accounts_[name];
    account.waiting.push_back({std::move(attempt), clock_.steady() + waits_at_most});
    ++waiting_;
    if (!account.is_asking && !account.is_gathering) {
        account.is_gathering = true;
        boost::asio::co_spawn(executor_, gather(context, name), boost::asio::detached);
    }
    if (account.waiting.size() >= asked_together) begin_to_ask(context, name);
}

void PromptChecks::begin_to_ask(FlowContext& context, const ProviderAccount& name) {
    auto& account = accounts_.at(name);
    if (account.is_asking || account.waiting.empty()) return;
    account.is_asking = true;
    boost::asio::co_spawn(executor_, ask(context, name), boost::asio::detached);
}

// What has waited too long is left to who finds it when its claim has ended.
std::vector<Transaction> PromptChecks::take(Account& account) {
    std::vector<Transaction> taken;
    while (!account.waiting.empty() && taken.size() < asked_together) {
        auto& [attempt, until] = account.waiting.front();
        if (clock_.steady() <= until) taken.push_back(std::move(attempt));
        account.waiting.pop_front();
        --waiting_;
    }
    return taken;
}

Task<void> PromptChecks::gather(FlowContext& context, ProviderAccount name) {
    co_await clock_.sleep_until(clock_.now() + gathered_for);
    accounts_.at(name).is_gathering = false;
    begin_to_ask(context, name);
}

Task<void> PromptChecks::ask(FlowContext& context, ProviderAccount name) {
    auto& account = accounts_.at(name);
    for (auto attempts = take(account); !attempts.empty(); attempts = take(account)) {
        try {
            auto checking = check_all(context, std::move(attempts));
            co_await in_a_trace(context, "prompt checks", std::move(checking));
        } catch (const std::exception& broken) {
            log::error("a check is put off", "account", name.name, "reason", broken.what());
        }
    }
    account.is_asking = false;
}

}  // namespace payments
