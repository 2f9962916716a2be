#include "flow/runs/run_store.hpp"

#include <algorithm>

namespace payments {

ItemCounts RunWithTallies::counts() const {
    ItemCounts counts{};
    for (const auto& [sum, state] : tallies) counts[static_cast<std::size_t>(state)] += sum.count;
    return counts;
}

std::vector<RefundSum> RunWithTallies::sums(std::optional<ItemState> wanted) const {
    std::vector<RefundSum> sums;
    for (const auto& tally : tallies) {
        if (wanted && tally.state != *wanted) continue;
        const auto& sum = tally.sum;
        const auto known = std::ranges::find_if(sums, [&](const RefundSum& other) {
            return other.processor == sum.processor && other.currency == sum.currency;
        });
        if (known == sums.end()) {
            sums.push_back(sum);
            continue;
        }
        known->count += sum.count;
        known->minor += sum.minor;
    }
    return sums;
}

std::string about_run(std::int64_t id) { return "run " + std::to_string(id); }

NewAction action_of(const RefundRun& run, const SteeringOrder& order) {
    return {
        ActionKind::refund_run,
        order.by,
        order.now,
        {},
        {{"do", std::string{name(order.steering)}}, {"name", run.name}},
        about_run(run.id)};
}

Error unknown_run(std::int64_t id) {
    return {Errc::unknown_run, "there is no refund run " + std::to_string(id)};
}

Error plan_changed_by(std::int64_t transaction_id) {
    return Error{
        Errc::plan_changed,
        "TR" + std::to_string(transaction_id) + " waits in another refund run by now; plan anew"}
        .about(transaction_id);
}

Error same_plan_runs(std::int64_t id) {
    return {
        Errc::run_not_steerable,
        "run " + std::to_string(id) + " cannot go on: the same plan was started again meanwhile"};
}

}  // namespace payments
