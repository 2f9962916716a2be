#include "flow/checks/reconcile_transactions.hpp"

#include <algorithm>

#include "flow/checks/check_attempt.hpp"

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
    all.lost.insert(all.lost.end(), backfilled.lost.begin(), backfilled.lost.end());
    for (auto* changes : {&all.changes, &swept.changes})
        changes->insert(changes->end(), backfilled.changes.begin(), backfilled.changes.end());
}

// Each once, by number, and those alone that are still not on record: the service goes on beside
// us.
Task<std::vector<LostPayment>> still_lost(FlowContext& context, std::vector<LostPayment> all) {
    std::ranges::sort(all, {}, &LostPayment::transaction_id);
    std::vector<LostPayment> lost;
    for (auto& one : all) {
        if (!lost.empty() && lost.back().transaction_id == one.transaction_id) continue;
        const auto on_record = co_await context.store.transaction(one.transaction_id);
        if (!on_record) lost.push_back(std::move(one));
    }
    co_return lost;
}

// Puts those on record whose owners are known. `swept` keeps the others.
Task<void> adopt(
    FlowContext& context, const std::map<std::int64_t, PaymentOwner>* owners, ReconcileResult* swept
) {
    std::vector<LostPayment> left;
    for (auto& lost : swept->lost.list) {
        const auto owner = owners->find(lost.transaction_id);
        if (owner == owners->end()) {
            left.push_back(lost);
            continue;
        }
        auto adopting = adopt_payment(context, lost, owner->second);
        const auto adopted = co_await std::move(adopting);
        if (adopted)
            swept->adopted.push_back({lost.reference(), adopted->status});
        else
            swept->adopted.push_back({lost.reference(), adopted.error()});
        if (!adopted) left.push_back(lost);
    }
    swept->lost.list = std::move(left);
}

// What was taken for transactions that are not on record, by whichever provider.
Task<void> find_lost(
    FlowContext& context, std::vector<ProviderEventSource*> events, Time since,
    const std::function<void(const ReconcileResult&)>* progress, ReconcileResult* swept
) {
    const auto missing = co_await missing_numbers(context, since);
    for (auto* source : events) {
        std::set<std::string> none_known;
        ProviderEventQuery wanted{since, false};
        const auto backfilled =
            co_await backfill_events(context, *source, wanted, none_known, &missing);
        add(*swept, backfilled);
        (*progress)(*swept);
    }
    std::int64_t known_to = 0;
    for (const auto& lost : swept->events.lost) known_to = std::max(known_to, lost.transaction_id);
    auto found = find_lost_at_simplepay(context, missing, known_to, [=](const LostPayments& now) {
        swept->lost.asked = now.asked;
        (*progress)(*swept);
    });
    swept->lost = co_await std::move(found);
    auto all = swept->lost.list;
    all.insert(all.end(), swept->events.lost.begin(), swept->events.lost.end());
    auto looked_up = still_lost(context, std::move(all));
    swept->lost.list = co_await std::move(looked_up);
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
    if (request.opened_since) {
        auto finding =
            find_lost(context, std::move(events), *request.opened_since, &progress, &swept);
        co_await std::move(finding);
    }
    PageRequest wanted;
    wanted.limit = page_size;
    wanted.opened_since = request.opened_since;
    wanted.only_open = !request.opened_since;
    while (true) {
        auto page = co_await context.store.page(wanted);
        if (page.empty()) break;
        wanted.after_id = page.back().id;
        co_await ask_about(context, std::move(page), &swept);
        progress(swept);
    }
    // Only now, for what has ended meanwhile no longer stands in their way.
    co_await adopt(context, &request.owners, &swept);
    co_return swept;
}

}  // namespace payments
