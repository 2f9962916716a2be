#include "flow/reconcile_transactions.hpp"

#include "flow/check_attempt.hpp"

namespace payments {
namespace {

constexpr int page_size = 50;  // SimplePay answers for no more in one call

// Checks a page of them and adds what came of it to `swept`, which outlives the task.
Task<void> ask_about(
    FlowContext& context, std::vector<Transaction> attempts, ReconcileResult* swept
) {
    const auto before = attempts;
    const auto asked = co_await check_attempts(context, std::move(attempts));
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto& [now, result] = asked[i];
        ++swept->asked;
        // A zero-amount payment has no provider to ask.
        if (result.answered || now.amount.is_zero())
            ++swept->answered;
        else
            swept->silent.push_back(now.reference());
        if (now.status != before[i].status)
            swept->changes.push_back({now.reference(), before[i].status, now.status});
    }
}

void add(ReconcileResult& swept, const BackfillResult& backfilled) {
    auto& all = swept.events;
    all.heard += backfilled.heard;
    all.matched += backfilled.matched;
    all.complete = all.complete && backfilled.complete;
    for (auto* changes : {&all.changes, &swept.changes})
        changes->insert(changes->end(), backfilled.changes.begin(), backfilled.changes.end());
}

}  // namespace

Task<Result<ReconcileResult>> reconcile_transactions(
    FlowContext& context, std::vector<ProviderEventSource*> events, ReconcileRequest request,
    std::function<void(const ReconcileResult&)> progress
) {
    ReconcileResult swept;
    if (request.transaction_id) {
        auto attempt = co_await context.store.transaction(*request.transaction_id);
        if (!attempt) co_return unknown_transaction(*request.transaction_id);
        std::vector<Transaction> one{std::move(*attempt)};
        co_await ask_about(context, std::move(one), &swept);
        co_return swept;
    }
    for (auto* source : events) {
        if (!request.opened_since) break;
        std::set<std::string> none_known;
        const auto backfilled =
            co_await backfill_events(context, *source, {*request.opened_since, false}, none_known);
        add(swept, backfilled);
        progress(swept);
    }
    PageRequest wanted;
    wanted.limit = page_size;
    wanted.opened_since = request.opened_since;
    wanted.only_open = !request.opened_since;
    while (true) {
        auto page = co_await context.store.page(wanted);
        if (page.empty()) co_return swept;
        wanted.after_id = page.back().id;
        co_await ask_about(context, std::move(page), &swept);
        progress(swept);
    }
}

}  // namespace payments
