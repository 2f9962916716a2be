#include "support/scripted_world.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace payments::testing_support {

namespace asio = boost::asio;

// --------------------------------------------------------------------------- gate and clock

void Gate::open() {
    closed_ = false;
    for (const auto& timer : waiting_) timer->cancel();
    waiting_.clear();
}

Task<void> Gate::pass() {
    if (!closed_) co_return;
    const auto loop = co_await asio::this_coro::executor;
    const auto until_opened =
        std::make_shared<asio::steady_timer>(loop, asio::steady_timer::time_point::max());
    waiting_.push_back(until_opened);
    boost::system::error_code ignored;
    co_await until_opened->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

Task<void> ScriptedClock::sleep_until(Time when) {
    if (slept_until.size() >= static_cast<std::size_t>(sleeps_max)) throw SleptEnough{};
    slept_until.push_back(when);
    time = std::max(time, when);
    co_return;
}

// --------------------------------------------------------------------------------- provider

namespace {

Fact fact_about(FactKind kind, std::string provider_id, std::string account) {
    Fact fact;
    fact.kind = kind;
    fact.provider_id = std::move(provider_id);
    fact.account = std::move(account);
    return fact;
}

}  // namespace

ScriptedGateway::ScriptedGateway(Processor processor) : processor_(processor) {
    const bool is_stripe = processor == Processor::stripe;
    on_start = [=, this](const Transaction& attempt) {
        Started yes;
        yes.kind = Started::Kind::accepted;
        yes.facts = {fact_about(FactKind::accepted, id_of(attempt), attempt.account)};
        if (is_stripe)
            yes.client_secret = secret_of(attempt);
        else
            yes.redirect_url = "https://pay.example/" + id_of(attempt);
        return yes;
    };
    on_ask = [=, this](const Transaction& attempt) {
        Said said;
        said.answered = true;
        said.facts = {fact_about(FactKind::accepted, id_of(attempt), attempt.account)};
        said.cancellable = true;
        said.usable = is_stripe;
        if (is_stripe) said.client_secret = secret_of(attempt);
        return said;
    };
    on_cancel = [this](const Transaction& attempt) {
        Said said;
        said.answered = true;
        said.facts = {fact_about(FactKind::cancelled, id_of(attempt), attempt.account)};
        return said;
    };
    on_refund = [=, this](const Transaction& attempt, const RefundOrder& order) {
        auto made = fact_about(FactKind::refunded, id_of(attempt), attempt.account);
        made.subject = (is_stripe ? "re-" : "sp-") + order.name;
        made.amount = order.amount;
        made.refund = order.name;
        Refunded yes;
        yes.kind = Outcome::accepted;
        yes.facts = {std::move(made)};
        return yes;
    };
}

std::string ScriptedGateway::id_of(const Transaction& attempt) const {
    const auto number = std::to_string(attempt.id);
    return processor_ == Processor::stripe ? "pi_" + number : "50000" + number;
}

std::string ScriptedGateway::secret_of(const Transaction& attempt) const {
    return id_of(attempt) + "_secret";
}

std::string ScriptedGateway::account(Currency currency) const {
    if (processor_ == Processor::stripe) return "test";
    return "MERCHANT-" + std::string{currency.code()};
}

Task<Started> ScriptedGateway::start(Transaction attempt, Payer payer) {
    started.push_back({attempt, std::move(payer)});
    co_await start_gate.pass();
    co_return on_start(attempt);
}

Task<std::vector<Said>> ScriptedGateway::ask(std::vector<Transaction> attempts) {
    std::vector<std::int64_t> ids;
    for (const auto& attempt : attempts) ids.push_back(attempt.id);
    asked.push_back(std::move(ids));
    co_await ask_gate.pass();

    std::vector<Said> all;
    for (const auto& attempt : attempts) {
        auto said = on_ask(attempt);
        said.transaction_id = attempt.id;
        all.push_back(std::move(said));
    }
    co_return all;
}

Task<Said> ScriptedGateway::cancel(Transaction attempt) {
    cancelled.push_back(attempt.id);
    co_await cancel_gate.pass();
    auto said = on_cancel(attempt);
    said.transaction_id = attempt.id;
    co_return said;
}

Task<Refunded> ScriptedGateway::refund(Transaction attempt, RefundOrder order) {
    refunds.push_back(order);
    co_await refund_gate.pass();
    co_return on_refund(attempt, order);
}

Result<Notification> ScriptedGateway::read(
    std::string_view signature, std::string_view body, Time now
) const {
    if (signature != "good") return Error{Errc::invalid_signature, "the message is not signed"};
    const auto known = messages.find(std::string{body});
    if (known == messages.end()) return Error{Errc::malformed_json, "the message is unreadable"};
    auto heard = known->second;
    heard.at = now;
    const auto signature_of_ours = processor_ == Processor::stripe ? "" : "signed by us";
    return Notification{
        std::move(heard), {"heard: " + std::string{body}, signature_of_ours}
    };
}

Result<Notification> ScriptedGateway::read_kept_without_verifying(const KeptMessage& kept, Time now)
    const {
    return read("good", kept.message.body, now);
}

// ---------------------------------------------------------------------- tickets and returns

Task<Result<Ticket>> ScriptedTickets::get(
    std::int64_t ticket_id, std::optional<Privileges> on_behalf_of, std::string
) {
    asked_for.push_back(std::move(on_behalf_of));
    if (failure) co_return *failure;
    const auto known = tickets.find(ticket_id);
    if (known == tickets.end()) co_return Error{Errc::unknown_ticket, "there is no such ticket"};
    co_return known->second;
}

Result<Return> ScriptedReturns::read_return(std::string_view r, std::string_view s) const {
    const auto known = returns.find(r);
    if (known == returns.end() || s != "good")
        return Error{Errc::invalid_signature, "the return is not signed by SimplePay"};
    return known->second;
}

Task<Delivery> ScriptedSubscriber::deliver(OutgoingEvent event) {
    heard.push_back(event);
    co_await gate.pass();
    co_return on_event(event);
}

// ----------------------------------------------------------------------------------- store

void LosableStore::restore() {
    working_calls_.reset();
    lost_call_.clear();
}

Store& LosableStore::reach(std::string call) {
    calls.push_back(call);
    if (call == lost_call_) throw StoreDown{"lost at " + call};
    if (working_calls_ && *working_calls_ == 0) throw StoreDown{"lost before " + call};
    if (working_calls_) --*working_calls_;
    return store_;
}

Task<std::vector<std::int64_t>> LosableStore::ticket_ids(std::int64_t after, int limit) {
    return reach("ticket_ids").ticket_ids(after, limit);
}
Task<std::optional<NewestAttempt>> LosableStore::newest_attempt() {
    return reach("newest_attempt").newest_attempt();
}
Task<std::vector<Transaction>> LosableStore::transactions_of(std::int64_t ticket_id) {
    return reach("transactions_of").transactions_of(ticket_id);
}
Task<std::optional<Transaction>> LosableStore::transaction(std::int64_t id) {
    return reach("transaction").transaction(id);
}
Task<std::vector<Transaction>> LosableStore::page(PageRequest request) {
    return reach("page").page(request);
}
Task<Opened> LosableStore::open(NewAttempt attempt) {
    return reach("open").open(std::move(attempt));
}
Task<Recorded> LosableStore::record(Heard heard) {
    return reach("record").record(std::move(heard));
}
Task<std::vector<KeptMessage>> LosableStore::claim_unmatched(Time now, int limit) {
    return reach("claim_unmatched").claim_unmatched(now, limit);
}
Task<Reviews> LosableStore::reviews(ReviewQuery query) { return reach("reviews").reviews(query); }
Task<Result<ReservedRefund>> LosableStore::reserve_refund(NewRefund refund) {
    return reach("reserve_refund").reserve_refund(std::move(refund));
}
Task<std::vector<Transaction>> LosableStore::claim_due(Time now, int limit) {
    return reach("claim_due").claim_due(now, limit);
}
Task<std::optional<Time>> LosableStore::next_due() { return reach("next_due").next_due(); }
Task<std::vector<OutgoingEvent>> LosableStore::claim_events(Time now, int limit) {
    return reach("claim_events").claim_events(now, limit);
}
Task<void> LosableStore::settle_event(OutgoingEvent event, Settlement settlement) {
    return reach("settle_event").settle_event(std::move(event), std::move(settlement));
}
Task<std::vector<OutgoingEvent>> LosableStore::events(
    EventFilter which, std::int64_t after, int limit
) {
    return reach("events").events(which, after, limit);
}
Task<std::int64_t> LosableStore::replay_events(EventFilter which, Time now) {
    return reach("replay_events").replay_events(which, now);
}
Task<std::int64_t> LosableStore::skip_events(EventFilter which, Time now) {
    return reach("skip_events").skip_events(which, now);
}
Task<Backlog> LosableStore::backlog() { return reach("backlog").backlog(); }
Task<KeyClaim> LosableStore::claim_key(
    std::string scope, std::string key, std::string fingerprint, Time now
) {
    return reach("claim_key")
        .claim_key(std::move(scope), std::move(key), std::move(fingerprint), now);
}
Task<void> LosableStore::keep_answer(std::string scope, std::string key, KeptAnswer answer) {
    return reach("keep_answer").keep_answer(std::move(scope), std::move(key), std::move(answer));
}
Task<void> LosableStore::release_key(std::string scope, std::string key) {
    return reach("release_key").release_key(std::move(scope), std::move(key));
}
Task<void> LosableStore::forget_keys(Time before) {
    return reach("forget_keys").forget_keys(before);
}
Task<void> LosableStore::check_ready() { return reach("check_ready").check_ready(); }

}  // namespace payments::testing_support
