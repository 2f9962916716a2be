#include "flow/checks/prompt_checks.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "flow/checks/check_attempt.hpp"
#include "flow/poll.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t asked_together = 25;
// Those that come together are asked about together, and the provider, too, has time to note what
// it has just told.
constexpr auto gathered_for = 100ms;
// A claim lasts longer by as much.
constexpr auto waits_at_most = 2s;
constexpr auto finish_pause = 10ms;  // until it is looked again whether all is done

Task<void> check_all(FlowContext& context, std::vector<Transaction> attempts, bool* has_answered) {
    const auto checked = co_await check_attempts(context, std::move(attempts));
    *has_answered =
        std::ranges::any_of(checked, [](const CheckedAttempt& one) { return one.result.answered; });
}

}  // namespace

PromptChecks::PromptChecks(Clock& clock, boost::asio::any_io_executor executor, Limits limits)
    : clock_(clock), executor_(std::move(executor)), limits_(limits), places_(limits.under_way) {}

std::optional<Shares::Share> PromptChecks::try_place(const std::string& account) {
    if (!places_.has_any(account)) note_progress(account);
    return places_.try_take(account);
}

Task<std::optional<Shares::Share>> PromptChecks::place(std::string account) {
    return places_.take_within(std::move(account), limits_.patience);
}

bool PromptChecks::may_get_a_place(const std::string& account) const {
    const auto at = progress_at_.find(account);
    return at != progress_at_.end() && clock_.steady() - at->second <= limits_.patience;
}

void PromptChecks::note_progress(const std::string& account) {
    progress_at_[account] = clock_.steady();
}

CheckLeases PromptChecks::leases(const FlowContext& context) const {
    auto leases = context.check_leases();
    leases.simplepay += limits_.patience + waits_at_most;
    leases.stripe += limits_.patience + waits_at_most;
    return leases;
}

void PromptChecks::add(FlowContext& context, Transaction attempt, Shares::Share place) {
    const auto name = account_of(attempt);
    auto& account = accounts_[name];
    account.waiting.push_back(
        {std::move(attempt), std::move(place), clock_.steady() + waits_at_most}
    );
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
PromptChecks::Question PromptChecks::take(Account& account) {
    Question taken;
    while (!account.waiting.empty() && taken.attempts.size() < asked_together) {
        auto& [attempt, place, until] = account.waiting.front();
        if (clock_.steady() <= until) {
            taken.attempts.push_back(std::move(attempt));
            taken.places.push_back(std::move(place));
        }
        account.waiting.pop_front();
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
    for (auto question = take(account); !question.attempts.empty(); question = take(account)) {
        try {
            bool has_answered = false;
            auto checking = check_all(context, std::move(question.attempts), &has_answered);
            co_await in_a_trace(context, "prompt checks", std::move(checking));
            if (has_answered) {
                note_progress(name.name);
                note_progress("");
            }
        } catch (const std::exception& broken) {
            log::error("a check is put off", "account", name.name, "reason", broken.what());
        }
    }
    account.is_asking = false;
}

bool PromptChecks::is_asking() const {
    return std::ranges::any_of(accounts_, [](const auto& account) {
        return account.second.is_asking;
    });
}

Task<void> PromptChecks::finish(FlowContext& context, std::chrono::milliseconds until) {
    for (const auto& [name, account] : accounts_) begin_to_ask(context, name);
    while (is_asking() && clock_.steady() < until)
        co_await clock_.sleep_until(clock_.now() + finish_pause);
}

}  // namespace payments
