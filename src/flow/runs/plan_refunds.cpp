#include "flow/runs/plan_refunds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "flow/office/sight.hpp"
#include "flow/ticket_scope.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

constexpr std::size_t found_at_once = 500;

bool is_wanted(const TicketScope& scope, const TicketScope& where) {
    const auto fits = [](const std::string& wanted, const std::string& is) {
        return wanted.empty() || wanted == is;
    };
    return fits(where.flag, scope.flag) && fits(where.year, scope.year) &&
           fits(where.event, scope.event);
}

// The query within what the caller sees, and within where it is to look.
FindQuery within(const VisibleScopes& visible, RefundChoice choice) {
    auto query = std::move(choice.query);
    query.is_everywhere = visible.is_everywhere && choice.where == TicketScope{};
    query.limit = found_at_once;
    if (query.is_everywhere) return query;
    const auto sees = [&](std::int64_t id) {
        return visible.is_everywhere ||
               std::ranges::find(visible.scope_ids, id) != visible.scope_ids.end();
    };
    query.scope_ids.clear();
    for (const auto& [id, scope] : visible.scopes)
        if (sees(id) && is_wanted(scope, choice.where)) query.scope_ids.push_back(id);
    return query;
}

// Gathers a plan, payment by payment.
class Planner {
public:
    Planner(FlowContext& context, Give give, const std::vector<std::int64_t>& in_runs)
        : context_(context), give_(give), in_runs_(in_runs.begin(), in_runs.end()) {}

    bool is_full() const { return items_.size() > run_items_max || looked_at_ > run_looked_at_max; }

    // One that was found: of what is not paid nothing but its row is needed.
    Task<void> add_found(const Transaction& found) {
        const bool is_paid =
            found.status == Status::paid || found.status == Status::partially_refunded;
        if (!is_paid) {
            leave_out(found.id, *why_left_out(found));
        } else if (const auto whole = co_await context_.store.transaction(found.id)) {
            add(*whole);
        }
    }
    void add(const Transaction& transaction) {
        const auto id = transaction.id;
        if (in_runs_.contains(id)) return leave_out(id, LeftOut::in_run);
        const auto share = share_of(transaction, give_);
        if (!share.amount) return leave_out(id, share.why);
        const auto processor = transaction.code.processor;
        if (!context_.gateway(processor).has_account(transaction.account))
            return leave_out(id, LeftOut::no_account);
        ++looked_at_;
        items_.emplace(
            id, PlannedRefund{id, processor, *share.amount, refunded_minor(facts_of(transaction))}
        );
    }
    void leave_out(std::int64_t id, LeftOut why) {
        ++looked_at_;
        left_out_[why].insert(id);
    }

    RefundPlan plan() const {
        RefundPlan made{give_, {}, {}};
        for (const auto& [id, item] : items_) made.items.push_back(item);
        for (const auto& [why, ids] : left_out_)
            made.left_out.push_back({why, {ids.begin(), ids.end()}});
        return made;
    }

private:
    FlowContext& context_;
    const Give give_;
    const std::set<std::int64_t> in_runs_;
    std::map<std::int64_t, PlannedRefund> items_;
    std::map<LeftOut, std::set<std::int64_t>> left_out_;
    std::size_t looked_at_ = 0;
};

Task<void> add_named(
    FlowContext& context, Planner& planner, const Privileges& caller, const ScopesById& scopes,
    const std::vector<std::int64_t>& ids
) {
    for (const auto id : ids) {
        const auto known = co_await context.store.transaction(id);
        if (known && may_see(caller, *known, scopes))
            planner.add(*known);
        else
            planner.leave_out(id, LeftOut::unknown);
    }
}

Task<void> add_all(FlowContext& context, Planner& planner, FindQuery query) {
    while (!planner.is_full()) {
        const auto page = co_await context.store.find(query);
        for (const auto& found : page.list) co_await planner.add_found(found);
        if (!page.next) co_return;
        query.after = page.next;
    }
}

}  // namespace

Task<Result<RefundPlan>> plan_refunds(
    FlowContext& context, Privileges caller, RefundChoice choice
) {
    auto privileges = caller;
    const auto visible = co_await visible_scopes(context, std::move(privileges));
    const auto in_runs = co_await context.runs->payments_in_runs();
    Planner planner{context, choice.give, in_runs};
    if (choice.transaction_ids.empty()) {
        auto query = within(visible, std::move(choice));
        co_await add_all(context, planner, std::move(query));
    } else {
        co_await add_named(context, planner, caller, visible.scopes, choice.transaction_ids);
    }
    if (planner.is_full())
        co_return Error{
            Errc::run_too_large, "these are more than " + std::to_string(run_items_max) +
                                     " payments; choose fewer for one run"};
    co_return planner.plan();
}

Task<Result<RefundRun>> start_run(FlowContext& context, RunOrder order, RefundPlan plan) {
    if (plan.items.empty())
        co_return Error{Errc::plan_changed, "there is nothing to give back any more; plan anew"};
    if (const auto same = check_sums(sums_of(plan), order.typed); !same) co_return same.error();
    const auto now = context.clock.now();
    RefundRun run;
    run.digest = std::move(order.digest);
    run.name = std::move(order.name);
    run.reason = std::move(order.reason);
    run.give = plan.give;
    run.state = context.rules.releases_refund_runs ? RunState::needs_release : RunState::running;
    run.started_by = order.by;
    run.started_at = now;
    ActionDetails details{{"do", "start"}, {"name", run.name}, {"give", run.give.text()}};
    NewAction action{ActionKind::refund_run, std::move(order.by), now, {}, std::move(details)};
    NewRun started{std::move(run), {}, std::move(action)};
    for (const auto& item : plan.items) started.items.emplace_back(item);
    auto sight = co_await sight_of(context, std::move(order.caller));
    auto result = co_await context.runs->start_run(std::move(started), std::move(sight));
    if (!result) co_return result.error();
    if (result->is_new)
        log::info(
            "a refund run was started", "run_id", result->run.id, "state", name(result->run.state),
            "items", std::ssize(plan.items)
        );
    co_return std::move(result->run);
}

}  // namespace payments
