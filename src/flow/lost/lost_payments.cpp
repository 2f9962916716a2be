#include "flow/lost/lost_payments.hpp"

#include <algorithm>
#include <limits>

namespace payments {
namespace {

constexpr int numbers_at_once = 500;
constexpr std::int64_t asked_together = 50;  // SimplePay answers for no more in one call
constexpr std::int64_t unknown_in_a_row = 500;
constexpr std::int64_t last_of_all = std::numeric_limits<std::int64_t>::max();

// The first transaction on record behind `id`, if there is one.
Task<std::optional<std::int64_t>> next_after(FlowContext& context, std::int64_t id) {
    PageRequest wanted;
    wanted.after_id = id;
    wanted.limit = 1;
    const auto page = co_await context.store.page(wanted);
    if (page.empty()) co_return std::nullopt;
    co_return page.front().id;
}

// The largest number on record below `first`; 0 when there is none.
Task<std::int64_t> last_before(FlowContext& context, std::int64_t first) {
    // Something lies behind `low` and before `first`, and nothing behind `high`.
    std::int64_t low = -1, high = first - 1;
    while (high - low > 1) {
        const auto middle = low + (high - low) / 2;
        const auto next = co_await next_after(context, middle);
        (next.value_or(first) < first ? low : high) = middle;
    }
    co_return low + 1;
}

void add_between(std::vector<MissingNumbers>& missing, std::int64_t before, std::int64_t after) {
    if (after - before > 1) missing.push_back({before + 1, after - 1});
}

// An attempt that never was, under this number: whatever payment the provider knows by it is
// another's, and it says which (docs/design.md, 3.11).
Transaction nobodys_attempt(std::int64_t id, Currency currency, std::string account) {
    return Transaction{
        .id = id,
        .ticket_id = 0,
        .code = {"", currency, Processor::simplepay},
        .amount = Money::of(0, currency).value(),
        .account = std::move(account),
        .email = "",
        .metas = "{}",
        .created_at = Time::max(),
        .expires_at = Time::max(),
    };
}

struct Asked {
    bool any_known = false;
};

void take(const QueryResult& result, const Transaction& asked, LostPayments& lost, Asked& page) {
    lost.complete = lost.complete && result.answered;
    for (const auto& fact : result.facts) {
        if (fact.kind != FactKind::foreign_payment) continue;
        page.any_known = true;
        if (!fact.amount) continue;
        lost.list.push_back(
            {asked.id, Processor::simplepay, asked.account, fact.subject, *fact.amount, fact.detail}
        );
    }
}

Task<Asked> ask_page(
    FlowContext& context, std::int64_t first, std::int64_t last, LostPayments* lost
) {
    Asked page;
    const auto& gateway = context.gateway(Processor::simplepay);
    const auto used = context.rules.accounts.find(Processor::simplepay);
    if (used == context.rules.accounts.end()) co_return page;
    for (const auto& code : used->second) {
        const auto currency = Currency::of(code).value();
        std::vector<Transaction> attempts;
        for (auto id = first; id <= last; ++id)
            attempts.push_back(nobodys_attempt(id, currency, gateway.account(currency)));
        auto asked = attempts;
        auto answers = co_await context.gateway(Processor::simplepay).query(std::move(asked));
        for (std::size_t i = 0; i < answers.size(); ++i) take(answers[i], attempts[i], *lost, page);
    }
    lost->asked += static_cast<std::size_t>(last - first + 1);
    co_return page;
}

}  // namespace

Task<std::optional<Transaction>> last_on_record_before(FlowContext& context, std::int64_t id) {
    const auto before = co_await last_before(context, id);
    co_return co_await context.store.transaction(before);
}

Task<std::vector<MissingNumbers>> missing_numbers(FlowContext& context, Time opened_since) {
    std::vector<MissingNumbers> missing;
    std::optional<std::int64_t> before;
    PageRequest wanted;
    wanted.limit = numbers_at_once;
    wanted.opened_since = opened_since;
    while (true) {
        const auto page = co_await context.store.page(wanted);
        if (page.empty()) break;
        for (const auto& transaction : page) {
            if (!before) before = co_await last_before(context, transaction.id);
            add_between(missing, *before, transaction.id);
            before = transaction.id;
        }
        wanted.after_id = page.back().id;
    }
    if (!before) {
        const auto newest = co_await context.store.newest_attempt();
        before = newest ? newest->id : 0;
    }
    missing.push_back({*before + 1, last_of_all});
    co_return missing;
}

Task<LostPayments> find_lost_at_simplepay(
    FlowContext& context, std::vector<MissingNumbers> numbers, std::int64_t known_to,
    std::function<void(const LostPayments&)> progress
) {
    LostPayments lost;
    for (const auto& [first, last] : numbers) {
        std::int64_t unknown = 0;
        for (auto id = first; id <= last && unknown < unknown_in_a_row; id += asked_together) {
            const auto until = last - id < asked_together ? last : id + asked_together - 1;
            const auto page = co_await ask_page(context, id, until, &lost);
            unknown = page.any_known || id <= known_to ? 0 : unknown + asked_together;
            progress(lost);
            if (!lost.complete) co_return lost;
        }
    }
    co_return lost;
}

std::optional<LostPayment> lost_payment_in(
    const Heard& event, const std::vector<MissingNumbers>& numbers
) {
    const auto& subject = event.subject;
    if (!subject.transaction_id || !subject.opened_at) return {};
    const auto id = *subject.transaction_id;
    const bool is_missing = std::ranges::any_of(numbers, [&](const MissingNumbers& some) {
        return some.first <= id && id <= some.last;
    });
    const auto taken = std::ranges::find(event.facts, FactKind::captured, &Fact::kind);
    if (!is_missing || taken == event.facts.end() || !taken->amount) return {};
    return LostPayment{
        id,
        Processor::stripe,
        taken->account,
        subject.provider_id,
        *taken->amount,
        taken->detail,
        *subject.opened_at};
}

}  // namespace payments
