#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "flow/record_facts.hpp"
#include "simulate/broken/variants.hpp"

namespace payments::simulate {
namespace {

namespace asio = boost::asio;

Task<Result<ReturnReply>> trust_the_return(FlowContext& world, std::string r, std::string s) {
    const auto back = world.returns.read_return(r, s);
    auto returned = co_await return_from_simplepay(world, r, s);
    if (!returned || back->result != "SUCCESS") co_return returned;
    Fact captured;
    captured.kind = FactKind::captured;
    auto heard = Heard::about(back->transaction_id, Source::visitor, world.clock.now(), {captured});
    co_await record_facts(world, std::move(heard));
    co_return returned;
}

Task<void> record_later(FlowContext& world, Heard heard) {
    try {
        co_await record_facts(world, std::move(heard));
    } catch (const StoreDown&) {
        co_return;
    }
}

Task<Result<Received>> acknowledge_first(
    FlowContext& world, Processor from, std::string signature, std::string body
) {
    auto& gateway = world.gateway(from);
    const auto now = world.clock.now();
    auto notification = gateway.read(signature, body, now);
    if (!notification) co_return notification.error();
    asio::co_spawn(
        co_await asio::this_coro::executor, record_later(world, std::move(notification->heard)),
        asio::detached
    );
    co_return Received{std::move(notification->acknowledgement), from};
}

Task<void> tell_and_forget(FlowContext& world) {
    while (true) {
        try {
            for (const auto& event : co_await world.store.claim_events(world.clock.now(), 16)) {
                DeliveryOutcome told;
                told.at = world.clock.now();
                co_await world.store.record_delivery(event, told);
                co_await world.subscriber->deliver(event);
            }
        } catch (const StoreDown&) {
        }
        co_await world.clock.sleep_until(world.clock.now() + std::chrono::milliseconds{200});
    }
}

// Asks once, when it begins, and then never again.
Task<void> reconcile_once(FlowContext& world) {
    try {
        co_await reconcile_due(world);
    } catch (const StoreDown&) {
    }
    while (true) co_await world.clock.sleep_until(Time::max());
}

Task<Result<Transaction>> close_unasked(FlowContext& world, CloseRequest request) {
    const auto known = co_await world.store.transaction(request.transaction_id);
    if (!known) co_return Error{Errc::unknown_transaction, "no such transaction"};
    const auto closed = request_close(*known, request.details, world.clock.now());
    if (!closed) co_return closed.error();
    std::vector<Fact> facts{*closed};
    co_return co_await record_facts_about(world, *known, Source::staff, std::move(facts));
}

}  // namespace

std::vector<Variant> broken_flows() {
    Variant trusting;
    trusting.name = "trusts the return";
    trusting.what = "SUCCESS in the address line is as good as money";
    trusting.flows.come_back = trust_the_return;
    Variant hasty;
    hasty.name = "acknowledges first";
    hasty.what = "a notice is acknowledged before it is on disk";
    hasty.flows.notify = acknowledge_first;
    Variant idle;
    idle.name = "never looks again";
    idle.what = "nobody asks the providers what became of an attempt";
    idle.flows.reconcile = reconcile_once;
    Variant talker;
    talker.name = "delivered when sent";
    talker.what = "an event counts as told before the other side has answered";
    talker.flows.tell = tell_and_forget;
    Variant fresh;
    fresh.name = "a fresh key each time";
    fresh.what = "a repeated creation at Stripe has another Idempotency-Key";
    fresh.fresh_stripe_keys = true;
    Variant unsynced;
    unsynced.name = "not synced";
    unsynced.what = "what is answered may still be in the disk's cache";
    unsynced.unsynced = true;
    Variant gullible;
    gullible.name = "believes the notice";
    gullible.what = "a signed notice counts although SimplePay, when asked, denies it";
    gullible.confirm = Rules::Confirm::never;
    Variant blind;
    blind.name = "closes unasked";
    blind.what = "what a person ends is not closed at its provider, though it answers";
    blind.flows.close = close_unasked;
    return {trusting, hasty, idle, talker, fresh, unsynced, gullible, blind};
}

std::vector<Variant> broken_variants() {
    std::vector<Variant> all;
    for (const auto& some :
         {broken_stores(), broken_gateways(), broken_flows(), broken_books(), broken_runs(),
          broken_settlements()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

}  // namespace payments::simulate
