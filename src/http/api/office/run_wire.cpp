#include "http/api/office/run_wire.hpp"

#include <algorithm>
#include <iterator>

#include "http/api/office/wire.hpp"
#include "support/times.hpp"

namespace payments::http {
namespace {

constexpr std::size_t shown_ids_max = 200;

json::array write_sums(const std::vector<RefundSum>& sums) {
    json::array list;
    for (const auto& sum : sums)
        list.push_back(json::object{
            {"processor", name(sum.processor)},
            {"currency", sum.currency.code()},
            {"count", sum.count},
            {"amount", json::amount(sum.minor, sum.currency)},
        });
    return list;
}

json::object write_give(const Give& give) {
    if (give.kind == Give::Kind::percent) return json::object{{"percent", give.percent}};
    if (give.kind == Give::Kind::all) return json::object{{"all", true}};
    return json::object{
        {"amount", json::amount(*give.amount)}, {"currency", give.amount->currency().code()}};
}

json::object write_counts(const ItemCounts& counts) {
    json::object written;
    for (std::size_t i = 0; i < item_states; ++i)
        written[name(static_cast<ItemState>(i))] = counts[i];
    return written;
}

std::vector<Permission> permissions(
    const RefundRun& run, const ItemCounts& counts, std::string_view sub
) {
    using enum Steering;
    std::vector<Permission> may;
    for (const auto steering : {release, pause, go_on, stop, again}) {
        const auto allowed = may_steer(run, counts, steering, sub);
        may.push_back({name(steering), allowed ? "" : allowed.error().detail});
    }
    return may;
}

}  // namespace

json::object write_plan(
    const RefundPlan& plan, const std::string& digest, int refunds_per_minute, bool needs_release
) {
    const auto sums = sums_of(plan);
    json::array left_out;
    for (const auto& [why, ids] : plan.left_out) {
        json::array first;
        for (std::size_t i = 0; i < std::min(ids.size(), shown_ids_max); ++i)
            first.push_back(ids[i]);
        left_out.push_back(json::object{
            {"reason", name(why)},
            {"count", std::ssize(ids)},
            {"transaction_ids", std::move(first)}});
    }
    return json::object{
        {"count", std::ssize(plan.items)},
        {"sums", write_sums(sums)},
        {"left_out", std::move(left_out)},
        {"minutes", minutes_for(sums, refunds_per_minute)},
        {"digest", digest},
        {"needs_release", needs_release},
    };
}

json::object write_run(const RunWithTallies& stored, int refunds_per_minute, std::string_view sub) {
    const auto& run = stored.run;
    const auto counts = stored.counts();
    const auto waiting = stored.sums(ItemState::waiting);
    return json::object{
        {"run_id", run.id},
        {"name", run.name},
        {"reason", run.reason},
        {"give", write_give(run.give)},
        {"state", name(run.state)},
        {"paused_because", or_null(name(run.paused_because))},
        {"digest", run.digest},
        {"started_by", write_actor(run.started_by)},
        {"started_at", rfc3339(run.started_at)},
        {"released_by",
         run.released_by ? json::value(write_actor(*run.released_by)) : json::value(nullptr)},
        {"released_at", or_null(run.released_at)},
        {"ended_at", or_null(run.ended_at)},
        {"sums", write_sums(stored.sums())},
        {"counts", write_counts(counts)},
        {"given_back", write_sums(stored.sums(ItemState::done))},
        {"minutes_left", minutes_for(waiting, refunds_per_minute)},
        {"may", write_permissions(permissions(run, counts, sub))},
    };
}

json::object write_item(const ListedItem& listed) {
    const auto& item = listed.item;
    const auto why = item.why ? name(*item.why) : std::string_view{};
    return json::object{
        {"transaction_id", item.transaction_id},
        {"reference", "TR" + std::to_string(item.transaction_id)},
        {"ticket_id", listed.ticket_id},
        {"processor", name(item.processor)},
        {"currency", item.amount.currency().code()},
        {"amount", json::amount(item.amount)},
        {"state", name(item.state)},
        {"reason", or_null(why)},
        {"detail", or_null(item.detail)},
        {"refund_id", or_null(listed.refund)},
        {"tries", item.tries},
        {"changed_at", rfc3339(item.changed_at)},
    };
}

}  // namespace payments::http
